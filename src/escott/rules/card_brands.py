"""カードブランド, told by the first digits of a number. Source: requirements.md A016, A052."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CardBrand(StrEnum):
    """The brands of the contract; every other card is ``OTHER``."""

    VISA = "visa"
    MASTERCARD = "mastercard"
    JCB = "jcb"
    AMEX = "amex"
    DINERS = "diners"
    OTHER = "other"


NAMES: Final[Mapping[CardBrand, str]] = {
    CardBrand.VISA: "VISA",
    CardBrand.MASTERCARD: "Mastercard",
    CardBrand.JCB: "JCB",
    CardBrand.AMEX: "American Express",
    CardBrand.DINERS: "Diners Club",
    CardBrand.OTHER: "",
}

#: First and last number of each range of leading digits.
LEADING_DIGITS: Final[Mapping[CardBrand, tuple[tuple[str, str], ...]]] = {
    CardBrand.VISA: (("4", "4"),),
    CardBrand.MASTERCARD: (("51", "55"), ("2221", "2720")),
    CardBrand.JCB: (("3528", "3589"),),
    CardBrand.AMEX: (("34", "34"), ("37", "37")),
    CardBrand.DINERS: (("30", "30"), ("36", "36"), ("38", "39")),
}

_SHOWN: Final = re.compile(r"[0-9]+")
_FOUR: Final = re.compile(r"[0-9]{4}")


def last_four_of(number: str) -> str:
    """The last four digits of a card number, masked or not; empty where they are not shown."""
    last_four = number[-4:]
    return last_four if _FOUR.fullmatch(last_four) else ""


def brand_of(number: str) -> CardBrand | None:
    """The brand of a card number, masked or not.

    Returns:
        ``None`` where too few leading digits are shown to tell.
    """
    shown = _SHOWN.match(number)
    if shown is None:
        return None
    digits = shown.group()
    undecided = False
    for brand, ranges in LEADING_DIGITS.items():
        for first, last in ranges:
            if len(digits) >= len(first):
                if first <= digits[: len(first)] <= last:
                    return brand
            elif first[: len(digits)] <= digits <= last[: len(digits)]:
                undecided = True
    return None if undecided else CardBrand.OTHER
