"""An Oscar order as the payment module sees it."""

from __future__ import annotations

from typing import Any

from oscar.core.loading import get_class

from escott.django.orders import PayableOrder
from escott.rules.yen import Yen, yen_from_decimal

NoShippingRequired = get_class("shipping.methods", "NoShippingRequired")


def total_of(order: Any) -> Yen:
    """The order's total in yen, tax and shipping included.

    Raises:
        NotYen: the total has a fraction of a yen; the shop must round its prices.
    """
    return yen_from_decimal(order.total_incl_tax)


def is_all_virtual(order: Any) -> bool:
    """Nothing in the order needs shipping; Oscar wrote that down as the shipping method."""
    return bool(order.shipping_code == NoShippingRequired.code)


def payable(order: Any) -> PayableOrder:
    """What is to be charged for the order.

    Raises:
        NotYen: the total is not ¥1 to ¥9,999,999, in whole yen.
    """
    return PayableOrder(
        reference=order.number,
        amount=total_of(order),
        all_virtual=is_all_virtual(order),
        email=order.email or "",
        customer=order.user,
    )
