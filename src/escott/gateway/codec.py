"""Telegrams as text: ``key=value&key=value``, values percent-encoded UTF-8.

Source: protocol.md A, Transport.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

from escott.gateway.errors import MalformedTelegram

_NAME: Final = re.compile(r"[0-9A-Za-z_]{1,64}")
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def encode(fields: Mapping[str, str], *, keep_empty: bool = False, raw: str = "") -> str:
    """The telegram that carries ``fields``, in their order; pure ASCII.

    Args:
        keep_empty: requests leave empty fields out, as a gateway may take an empty one for
            a wrong one; answers keep them (an answer always names MerchantFree1 to 3).
        raw: characters to leave as they are; the gateway itself sends ``|`` raw.

    Raises:
        MalformedTelegram: a name that is no field name, or a text that is not Unicode.
    """
    return "&".join(
        f"{_checked_name(name)}={_escaped(name, value, raw)}"
        for name, value in fields.items()
        if value or keep_empty
    )


def decode(text: str, *, plus_is_space: bool = False) -> dict[str, str]:
    """The fields of a telegram, in their order, values stripped of white space around them.

    An empty text has no fields, and an empty piece (``a=1&&b=2``, a ``&`` at the end) is
    skipped, for it takes nothing away from what is said.

    Args:
        plus_is_space: read ``+`` as a space, as a form does. Answers do not: in them ``+``
            is part of base64.

    Raises:
        MalformedTelegram: a piece is not ``key=value``, a key stands twice (whichever were
            taken, the other may be the true one), or an escape is not UTF-8.
    """
    fields: dict[str, str] = {}
    for piece in text.strip().split("&"):
        if not piece:
            continue
        name, equals, value = piece.partition("=")
        if not equals:
            raise MalformedTelegram("a piece is not key=value")
        if _checked_name(name) in fields:
            raise MalformedTelegram(f"{name} stands twice")
        fields[name] = _unescaped(name, value.replace("+", " ") if plus_is_space else value)
    return fields


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise MalformedTelegram("a key is not a field name")
    return name


def _escaped(name: str, value: str, raw: str) -> str:
    try:
        return quote(value, safe=raw)
    except UnicodeEncodeError:
        raise MalformedTelegram(f"{name} is not Unicode text") from None


def _unescaped(name: str, value: str) -> str:
    if "%" not in value:
        return value.strip()
    if _BROKEN_ESCAPE.search(value):
        raise MalformedTelegram(f"{name} has a broken percent-encoding")
    try:
        return unquote(value, errors="strict").strip()
    except UnicodeDecodeError:
        raise MalformedTelegram(f"{name} is not UTF-8") from None
