"""Unpaid orders that were abandoned: looked up, then cancelled, their goods back on the shelf.

Only what came to this module is looked at: an order of ours has an attempt, a trip to the
gateway, or a payment link. Nothing may be live, unknown or under way, and the last sign of the
shopper, and what staff last did for the order, must be older than the setting. An order with an
unpaid slip is not abandoned; one whose slip was cancelled, or never came to be, is 保留中 and is.
An order of which something was sent, such as one whose 与信 ran out afterwards, is a matter for
staff.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override
from oscar.core.loading import get_model

from escott.clock import Clock
from escott.django.mail_queue import queue_mail
from escott.django.models import (
    AuditEntry,
    Case,
    CaseKind,
    Mail,
    MerchantAccount,
    Operation,
    Payment,
    Trip,
    TripState,
)
from escott.django.models.mail import MailKind
from escott.oscar.order_closing import give_stock_back
from escott.oscar.order_moves import move_order, word_for
from escott.oscar.order_notes import note
from escott.oscar.statuses import PAYABLE
from escott.rules.order_status import OrderStatus
from escott.rules.payment_methods import PaymentMethod

Order = get_model("order", "Order")
ShippingEvent = get_model("order", "ShippingEvent")

log = logging.getLogger("escott.oscar")

_A_ROUND: Final = 20

#: While one of these is open, nobody can say that the order was not paid.
_DOUBTS: Final = (
    CaseKind.RESULT_UNKNOWN,
    CaseKind.LATE_DOUBT,
    CaseKind.LATE_SUCCESS,
    CaseKind.ORDER_CLOSED,
    CaseKind.STATE_DIFFERS,
    CaseKind.AMOUNT_DIFFERS,
    CaseKind.DEPOSIT_AMOUNT,
    CaseKind.DEPOSIT_AFTER_END,
    CaseKind.DEPOSIT_CONDITION,
    CaseKind.PAID_TWICE,
    CaseKind.SLIP_GONE,
)


#: 保留中 counts where a slip is why the order waited.
_UNPAID: Final = PAYABLE | {OrderStatus.ON_HOLD}


def cancel_abandoned(clock: Clock, stop: threading.Event) -> int:
    """Cancel the orders that nobody has paid for longer than the setting; their number."""
    account = MerchantAccount.current_or_none()
    if account is None or not account.abandoned_after_hours:
        return 0
    before = clock.now() - timedelta(hours=account.abandoned_after_hours)
    cancelled = 0
    for pk in list(
        _abandoned(before).order_by("date_placed").values_list("pk", flat=True)[:_A_ROUND]
    ):
        if stop.is_set():
            break
        cancelled += _cancel(pk, before, clock, hours=account.abandoned_after_hours)
    return cancelled


def _cancel(pk: int, before: datetime, clock: Clock, *, hours: int) -> bool:
    """``False`` if it is not abandoned any more: held, so that nobody begins to pay meanwhile."""
    with transaction.atomic():
        order = Order.objects.select_for_update().filter(pk=pk).first()
        if order is None or not _abandoned(before).filter(pk=pk).exists():
            return False
        if not move_order(order, OrderStatus.CANCELLED, only_from=_UNPAID):
            return False
        give_stock_back(order, now=clock.now())
        with override(settings.LANGUAGE_CODE):
            text = _(
                "Nobody paid within %(hours)d hours: the order was cancelled and its goods are "
                "back on the shelf."
            )
            note(order, text % {"hours": hours})
        queue_mail(MailKind.ORDER_ABANDONED, None, order_reference=order.number, clock=clock)
    log.info("order %s was not paid within %d hours and is cancelled", order.number, hours)
    return True


def _abandoned(before: datetime) -> QuerySet[Any]:
    """Unpaid orders without a sign of life since ``before``, and without a doubt."""
    payments, trips = _of_order(Payment), _of_order(Trip)
    links = _of_order(Mail).filter(kind=MailKind.PAYMENT_REQUEST)
    doubts = Case.objects.filter(
        payment__order_reference=OuterRef("number"), kind__in=_DOUBTS, closed_at__isnull=True
    )
    operated = Operation.objects.filter(
        payment__order_reference=OuterRef("number"), ended_at__gte=before
    )
    seen_to = AuditEntry.objects.filter(subject=OuterRef("number"), at__gte=before)
    ours = Exists(payments) | Exists(trips) | Exists(links)
    alive = (
        Exists(payments.filter(Q(live=True) | Q(created_at__gte=before)))
        | Exists(trips.filter(Q(state=TripState.OPEN) | Q(opened_at__gte=before)))
        | Exists(operated)
        | Exists(links.filter(queued_at__gte=before))
        | Exists(seen_to)
        | Exists(doubts)
        | Exists(ShippingEvent.objects.filter(order=OuterRef("pk")))
    )
    slips = payments.filter(method=PaymentMethod.COLLECTION)
    on_hold = Q(status=word_for(OrderStatus.ON_HOLD)) & Exists(slips)
    unpaid = Q(status__in=[word_for(status) for status in PAYABLE]) | on_hold
    old: QuerySet[Any] = Order.objects.filter(unpaid, date_placed__lt=before)
    return old.filter(ours).exclude(alive)


def _of_order(model: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(order_reference=OuterRef("number"))
    return rows
