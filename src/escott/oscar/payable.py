"""An Oscar order as the payment module sees it."""

from __future__ import annotations

from typing import Any

from oscar.core.loading import get_class, get_model

from escott.django.models import Payment
from escott.django.orders import PayableOrder
from escott.oscar.order_moves import status_of
from escott.oscar.statuses import PAYABLE
from escott.rules.order_status import OrderStatus
from escott.rules.payment_methods import PaymentMethod
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


def waited_for_a_slip(order: Any) -> bool:
    """A slip was registered for the order, or was to be: that is why it is 保留中."""
    slips = Payment.objects.filter(method=PaymentMethod.COLLECTION, purpose="order")
    return slips.filter(order_reference=order.number).exists()


def may_be_paid(order: Any) -> bool:
    """Its status says that it is not paid yet, and may be.

    保留中 says so where a slip is why the order waits: after its 取消 it may be paid in another
    way. An order that staff hold for reasons of their own is not asked to be paid.
    """
    status = status_of(order)
    return status in PAYABLE or (status is OrderStatus.ON_HOLD and waited_for_a_slip(order))


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
    if order is None or not may_be_paid(order):
        return None
    return payable(order)
