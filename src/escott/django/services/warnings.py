"""操作期限の警告: the last day of operations comes near; told once for each figure."""

from __future__ import annotations

import threading
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from escott.clock import Clock
from escott.django.models import Payment
from escott.django.signals import last_day_near
from escott.rules.payment_states import PaymentState
from escott.rules.watch_dates import WARNING_DAYS, warning_due


def warn_due(clock: Clock, stop: threading.Event) -> int:
    """Announce the 与信 whose last day comes near, all of a round at once; their number.

    If a receiver raises, none of them counts as told, and the next round tells them again.
    """
    today = clock.now().date()
    if stop.is_set():
        return 0
    near = Payment.objects.filter(
        _reached(today), state=PaymentState.AUTHORISED, operable_until__gte=today
    )
    due = list(near.order_by("operable_until", "id"))
    if not due:
        return 0
    with transaction.atomic():
        told = [payment for payment in due if _note(payment, today)]
        if told:
            last_day_near.send(sender=Payment, payments=told, now=today)
    return len(told)


def _reached(today: date) -> Q:
    """A figure has been reached that was not told yet."""
    reached = Q()
    for days in WARNING_DAYS:
        untold = Q(warned_days__isnull=True) | Q(warned_days__gt=days)
        reached |= Q(operable_until__lte=today + timedelta(days=days)) & untold
    return reached


def _note(payment: Payment, today: date) -> bool:
    """``False`` if another worker has told it, or it is no 与信 any more."""
    assert payment.operable_until is not None, "the query asks for it"  # noqa: S101
    days = warning_due(payment.operable_until, today, warned=payment.warned_days)
    as_read = Payment.objects.filter(
        pk=payment.pk, state=PaymentState.AUTHORISED, warned_days=payment.warned_days
    )
    if days is None or not as_read.update(warned_days=days):
        return False
    payment.warned_days = days
    return True
