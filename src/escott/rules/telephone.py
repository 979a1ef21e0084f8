"""電話番号: a Japanese telephone number, as digits.

However it was typed: hyphens, spaces and brackets are taken out, full width becomes half,
+81 and 0081 become the 0 that they stand for. Source: protocol.md H, TelNo.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

#: Digits that the gateway takes. Twelve, as in a 4-4-4 split, are no number of Japan.
DIGITS: Final = range(9, 12)

#: What stands between the figures: brackets, every kind of hyphen, white space.
_BETWEEN: Final = re.compile(r"[\s()\[\]./_ー‐-―−─━-]")
_JAPAN: Final = re.compile(r"^(?:\+|00)810?")
_ABROAD: Final = re.compile(r"\+|00")


class NotTelephoneReason(StrEnum):
    """Why a text is no telephone number of Japan."""

    EMPTY = "empty"
    ABROAD = "abroad"  # it has another country's code
    NOT_DIGITS = "not_digits"  # letters or signs stand in it
    WRONG_LENGTH = "wrong_length"
    NO_LEADING_ZERO = "no_leading_zero"  # the 0 before the area code is missing


class NotTelephone(ValueError):
    """The text is no telephone number of Japan; ``reason`` says why. Never shows the text."""

    def __init__(self, reason: NotTelephoneReason) -> None:
        super().__init__(f"not a telephone number of Japan: {reason.value}")
        self.reason: Final = reason


def telephone_digits(text: str) -> str:
    """The number as 9 to 11 half-width digits, the first of them 0.

    Raises:
        NotTelephone: it is none, or another country's.
    """
    bare = _BETWEEN.sub("", "".join(filter(_is_seen, unicodedata.normalize("NFKC", text))))
    if not bare:
        raise NotTelephone(NotTelephoneReason.EMPTY)
    number = _JAPAN.sub("0", bare)
    if not re.fullmatch(r"\+?[0-9]+", number):
        raise NotTelephone(NotTelephoneReason.NOT_DIGITS)
    if _ABROAD.match(number):
        raise NotTelephone(NotTelephoneReason.ABROAD)
    if len(number) not in DIGITS:
        raise NotTelephone(NotTelephoneReason.WRONG_LENGTH)
    if not number.startswith("0"):
        raise NotTelephone(NotTelephoneReason.NO_LEADING_ZERO)
    return number


def _is_seen(character: str) -> bool:
    """Not one of the direction marks that address books put round a number."""
    return unicodedata.category(character) != "Cf"
