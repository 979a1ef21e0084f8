"""操作期限の警告: the last day of operations comes near; told once for each figure."""

from __future__ import annotations

import threading
from datetime import date, timedelta

from django.db import transaction

from escott.clock import Clock
from escott.django.models import Payment
from escott.django.signals import last_day_near
from escott.rules.payment_states import PaymentState
from escott.rules.watch_dates import NEAR_DAYS, warning_due


def warn_due(clock: Clock, stop: threading.Event) -> int:
    """Announce the 与信 whose last day comes near, all of a round at once; their number."""
    today = clock.now().date()
    near = Payment.objects.filter(
        state=PaymentState.AUTHORISED,
        operable_until__gte=today,
        operable_until__lte=today + timedelta(days=NEAR_DAYS),
    ).order_by("operable_until", "id")
    due = [
        (payment, days)
        for payment in near
        if (days := _due(payment, today)) is not None and not stop.is_set()
    ]
    if not due:
        return 0
    with transaction.atomic():
        for payment, days in due:
            Payment.objects.filter(pk=payment.pk).update(warned_days=days)
        last_day_near.send(sender=Payment, payments=[payment for payment, _days in due], now=today)
    return len(due)


def _due(payment: Payment, today: date) -> int | None:
    assert payment.operable_until is not None, "the query asks for it"  # noqa: S101
    return warning_due(payment.operable_until, today, warned=payment.warned_days)
