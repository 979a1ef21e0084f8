"""How a value that came from outside must look before anybody reads it.

Every function takes the fields that came and the name of one; what is not of its kind raises
:class:`~escott.gateway.errors.MalformedTelegram`, which names the field and never its value.
Source: protocol.md B, C and H.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from escott.gateway.errors import MalformedTelegram

#: Characters of a key that the gateway made; its own are shorter.
LONGEST: Final = 64


def opaque(fields: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """A text of the gateway's own making, printable and without a space; empty if none came."""
    text = fields.get(name, "")
    if len(text) > longest or not all("!" <= character <= "~" for character in text):
        raise MalformedTelegram(f"{name} is not of its kind")
    return text


def yen(fields: Mapping[str, str], name: str) -> int | None:
    """An amount of yen, or ``None`` where none came."""
    text = fields.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise MalformedTelegram(f"{name} is not a whole number of yen")
    return int(text)


def day(fields: Mapping[str, str], name: str) -> date | None:
    """A date written YYYYMMDD, or ``None`` where none came."""
    text = fields.get(name, "")
    if not text:
        return None
    try:
        if not (text.isascii() and text.isdecimal() and len(text) == 8):
            raise ValueError
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise MalformedTelegram(f"{name} is not a date written YYYYMMDD") from None
