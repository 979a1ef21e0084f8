"""お支払いの確認: a mail three days and one day before the last day, and on it; once each."""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from escott.clock import Clock, in_japan
from escott.django.mail_facts import occasion_of_last_day
from escott.django.mail_queue import queue_mail
from escott.django.models import Slip
from escott.django.models.mail import MailKind
from escott.django.services.slip_lock import lock
from escott.rules.due_dates import REMINDER_DAYS, reminder_due
from escott.rules.payment_states import PaymentState

#: Nobody is reminded before this time of the day (Japan).
_FROM: Final = time(9, 0)

#: How many slips one round reminds of.
_A_ROUND: Final = 100


def remind_due(clock: Clock, stop: threading.Event) -> int:
    """Queue the reminders of today; their number."""
    now = in_japan(clock.now())
    if now.time() < _FROM:
        return 0
    waiting = Slip.objects.filter(due_at__isnull=False, payment__state=PaymentState.UNPAID)
    reminded = 0
    for slip in (
        waiting.filter(_reached(now.date()))
        .exclude(link_code="")
        .select_related("payment")[:_A_ROUND]
    ):
        if stop.is_set():
            break
        reminded += _remind(slip, now, clock)
    return reminded


def _reached(today: date) -> Q:
    """A figure has been reached that the shopper was not reminded by yet."""
    reached = Q()
    for days in REMINDER_DAYS:
        unreminded = Q(reminded_days__isnull=True) | Q(reminded_days__gt=days)
        reached |= Q(due_on__lte=today + timedelta(days=days)) & unreminded
    return reached & Q(due_on__gte=today)


def _remind(slip: Slip, now: datetime, clock: Clock) -> bool:
    """``False`` if another worker has done it, or nothing is to be paid by it any more."""
    payment = slip.payment
    with transaction.atomic():
        slip = lock(payment)
        days = reminder_due(slip.due_on, now.date(), reminded=slip.reminded_days)
        if days is None or payment.state != PaymentState.UNPAID or not slip.link_code:
            return False
        Slip.objects.filter(pk=slip.pk).update(reminded_days=days)
        occasion = occasion_of_last_day(slip.due_on, days)
        return queue_mail(MailKind.SLIP_REMINDER, payment, occasion=occasion, clock=clock)
