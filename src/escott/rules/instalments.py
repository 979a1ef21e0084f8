"""支払回数: how a card payment may be split, by brand and by the shop's setting.

The table is the manual's; the gateway's contract may allow less and then answers C10 or C12.
Source: requirements.md A050 to A053, part 2 no. 5 and 6; protocol.md K.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from escott.rules.card_brands import CardBrand


class InstalmentOffer(StrEnum):
    """The shop's setting 支払回数."""

    LUMP_SUM = "lump_sum"  # 一括のみ
    INSTALMENTS = "instalments"  # 分割・リボ
    BONUS = "bonus"  # 分割・リボ・ボーナス


LUMP_SUM: Final = "01"
BONUS: Final = "80"
REVOLVING: Final = "88"

_COUNTS: Final = ("03", "05", "06", "10", "12", "15", "18", "20", "24")
_ALL: Final = (LUMP_SUM, "02", *_COUNTS, REVOLVING, BONUS)

#: What the card companies take, as PayType, in the order in which it is offered.
TAKEN: Final[Mapping[CardBrand, tuple[str, ...]]] = {
    CardBrand.VISA: _ALL,
    CardBrand.MASTERCARD: _ALL,
    CardBrand.JCB: _ALL,
    CardBrand.AMEX: (LUMP_SUM, *_COUNTS, BONUS),
    CardBrand.DINERS: (LUMP_SUM, REVOLVING, BONUS),
    CardBrand.OTHER: (LUMP_SUM,),
}

_NEVER: Final[Mapping[InstalmentOffer, frozenset[str]]] = {
    InstalmentOffer.LUMP_SUM: frozenset(_ALL) - {LUMP_SUM},
    InstalmentOffer.INSTALMENTS: frozenset({BONUS}),
    InstalmentOffer.BONUS: frozenset(),
}


def pay_types(brand: CardBrand, offer: InstalmentOffer) -> tuple[str, ...]:
    """The PayTypes that a card of the brand may be charged with, 一括 first."""
    return tuple(taken for taken in TAKEN[brand] if taken not in _NEVER[offer])


def may_be_charged(pay_type: str, brand: CardBrand | None, offer: InstalmentOffer) -> bool:
    """Whether the shop asks the gateway for this PayType.

    Args:
        brand: as the gateway shows it, or ``None`` where it shows no leading digits: what any
            brand takes may then be asked for, and the gateway decides (C10, C12).
    """
    brands = CardBrand if brand is None else (brand,)
    return any(pay_type in pay_types(each, offer) for each in brands)
