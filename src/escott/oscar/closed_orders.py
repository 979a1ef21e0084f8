"""An order is either paid or closed, never both.

Whoever claims a charge holds the order's row until the claim is committed, and whoever closes
an order (staff, or the job for abandoned ones) holds it too: one of the two comes second and
sees what the first has done.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.dispatch import receiver
from oscar.core.loading import get_model

from escott.django.orders import OrderNotPayable
from escott.django.signals import charge_claimed
from escott.oscar.order_moves import word_for
from escott.oscar.order_totals import CLOSED

Order = get_model("order", "Order")


@receiver(charge_claimed, dispatch_uid="escott.oscar.no_charge_for_a_closed_order")
def no_charge_for_a_closed_order(order_reference: str, **_kwargs: Any) -> None:
    """Hold the order until the claim is committed.

    An UPDATE that changes nothing takes the row on PostgreSQL, and is harmless on SQLite, where
    the transaction has the whole database.

    Raises:
        OrderNotPayable: it is gone, cancelled or refunded.
    """
    closed = [word_for(status) for status in CLOSED]
    order = Order.objects.filter(number=order_reference).exclude(status__in=closed)
    if not order.update(status=F("status")):
        raise OrderNotPayable(order_reference)
