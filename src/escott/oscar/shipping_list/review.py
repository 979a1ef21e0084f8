"""What each line of a shipping list means for its order: the dry run. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from oscar.core.loading import get_model

from escott.django.models import Payment, PlannedOperation, PlanState
from escott.django.services.plans import look_ahead
from escott.oscar.order_moves import status_of
from escott.oscar.order_totals import CLOSED, difference_of
from escott.oscar.shipping_list.reader import Shipment
from escott.rules.card_states import CardOperation
from escott.rules.operability import Obstacle
from escott.rules.payment_states import PaymentState

Order = get_model("order", "Order")


class Meaning(StrEnum):
    """What a line leads to."""

    CAPTURE = "capture"  # the worker captures the 与信
    NOTE = "note"  # the money was taken before: the shipment is written down
    PLANNED = "planned"  # somebody has asked for the capture already: the same
    NO_ORDER = "no_order"
    ORDER_CLOSED = "order_closed"
    NOT_PAID = "not_paid"
    TOTAL_DIFFERS = "total_differs"
    NOT_POSSIBLE = "not_possible"  # by the rule of the operations


#: What is carried out on confirmation; the rest is left to staff.
CARRIED_OUT: Final = (Meaning.CAPTURE, Meaning.NOTE, Meaning.PLANNED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        order: ``None`` where the shop has no such order.
        payment: the one that stands, if there is one.
        obstacle: why it can't be captured.
    """

    shipment: Shipment
    meaning: Meaning
    order: Any = None
    payment: Payment | None = None
    obstacle: Obstacle | None = None


def review(shipments: Sequence[Shipment], *, now: datetime) -> list[Entry]:
    """The lines with what they mean, in the order of the file."""
    numbers = [shipment.order_number for shipment in shipments]
    orders = {order.number: order for order in Order.objects.filter(number__in=numbers)}
    live = Payment.objects.filter(order_reference__in=numbers, purpose="order", live=True)
    payments = {payment.order_reference: payment for payment in live}
    planned = set(
        PlannedOperation.objects.filter(
            payment__in=list(payments.values()),
            kind=CardOperation.CAPTURE,
            state=PlanState.WAITING,
        ).values_list("payment", flat=True)
    )
    return [
        _entry(
            shipment,
            orders.get(shipment.order_number),
            payments.get(shipment.order_number),
            planned,
            now,
        )
        for shipment in shipments
    ]


def _entry(
    shipment: Shipment, order: Any, payment: Payment | None, planned: set[int], now: datetime
) -> Entry:
    if order is None:
        return Entry(shipment, Meaning.NO_ORDER)
    if status_of(order) in CLOSED:
        return Entry(shipment, Meaning.ORDER_CLOSED, order, payment)
    if payment is None:
        return Entry(shipment, Meaning.NOT_PAID, order)
    if payment.pk in planned:
        return Entry(shipment, Meaning.PLANNED, order, payment)
    if payment.state != PaymentState.AUTHORISED and payment.is_paid:
        return Entry(shipment, Meaning.NOTE, order, payment)
    [prospect] = look_ahead([payment], CardOperation.CAPTURE)
    if prospect.obstacle is not None:
        return Entry(shipment, Meaning.NOT_POSSIBLE, order, payment, prospect.obstacle)
    if difference_of(order, now) is not None:
        return Entry(shipment, Meaning.TOTAL_DIFFERS, order, payment)
    return Entry(shipment, Meaning.CAPTURE, order, payment)
