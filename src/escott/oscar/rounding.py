"""Discounts in whole yen. Set ``OSCAR_OFFER_ROUNDING_FUNCTION`` to :func:`whole_yen`."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal


def whole_yen(amount: Decimal, _currency: str = "JPY") -> Decimal:
    """A discount without its fraction of a yen, to which Oscar would round by itself."""
    return amount.quantize(Decimal(1), ROUND_DOWN)
