"""Yen are whole numbers: ``int`` inside, everything else refused at the border."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NewType

Yen = NewType("Yen", int)

#: The most that one card payment may be (protocol.md L 15: 7 digits).
CARD_MAXIMUM: Final = Yen(9_999_999)

#: The most that one slip may be, its fee included: stores take no more (requirements.md A065).
COLLECTION_MAXIMUM: Final = Yen(299_999)


class NotYen(ValueError):
    """The value is not a whole, non-negative amount of yen."""


def yen(value: object) -> Yen:
    """``value`` as yen, if it is a non-negative ``int``.

    Raises:
        NotYen: for ``bool``, ``float``, ``Decimal``, text, and anything below zero.
    """
    if type(value) is not int:
        raise NotYen(f"yen are int, not {type(value).__name__}: {value!r}")
    if value < 0:
        raise NotYen(f"yen are not negative: {value}")
    return Yen(value)


def card_amount(value: object) -> Yen:
    """``value`` as what one card payment may be: ¥1 to ¥9,999,999.

    Raises:
        NotYen: it is not an ``int`` in that range.
    """
    amount = yen(value)
    if not 1 <= amount <= CARD_MAXIMUM:
        raise NotYen(f"a card payment is ¥1 to ¥{CARD_MAXIMUM:,}, not ¥{amount:,}")
    return amount


def collection_amount(value: object) -> Yen:
    """``value`` as what one slip may be, its fee included: ¥1 to ¥299,999.

    Raises:
        NotYen: it is not an ``int`` in that range.
    """
    amount = yen(value)
    if not 1 <= amount <= COLLECTION_MAXIMUM:
        raise NotYen(f"a slip is ¥1 to ¥{COLLECTION_MAXIMUM:,}, not ¥{amount:,}")
    return amount


def yen_from_decimal(value: Decimal) -> Yen:
    """A host shop's ``Decimal`` total as yen, if it is whole.

    Raises:
        NotYen: the total has a fraction of a yen, is negative, or is not a number. Rounding
            is the shop's decision, taken before it asks for money.
    """
    if not isinstance(value, Decimal):
        raise NotYen(f"expected a Decimal, not {type(value).__name__}: {value!r}")
    if not value.is_finite() or value != value.to_integral_value():
        raise NotYen(f"{value} is not a whole number of yen")
    return yen(int(value))


def format_yen(amount: int) -> str:
    """``3780`` as ``¥3,780``."""
    return f"¥{amount:,}"
