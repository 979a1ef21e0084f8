"""An Oscar order as the payment module sees it."""

from __future__ import annotations

from typing import Any

from oscar.core.loading import get_class, get_model

from escott.django.orders import PayableOrder
from escott.oscar.order_moves import status_of
from escott.oscar.statuses import PAYABLE
from escott.rules.yen import Yen, yen_from_decimal

Order = get_model("order", "Order")
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


def find_payable(reference: str) -> PayableOrder | None:
    """The order as it stands now; ``None`` if it is gone or may not be paid any more.

    Set ``ESCOTT["FIND_ORDER"] = "escott.oscar.payable.find_payable"``.
    """
    order = Order.objects.select_related("user").filter(number=reference).first()
    if order is None or status_of(order) not in PAYABLE:
        return None
    return payable(order)
