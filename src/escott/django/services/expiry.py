"""期限切れ: a 与信 past its handling period is not live any more."""

from __future__ import annotations

import threading

from django.db import transaction

from escott.clock import Clock
from escott.django.models import CaseKind, Payment
from escott.django.models.operation import UNFINISHED
from escott.django.services.announce import announce
from escott.django.services.cases import open_case
from escott.rules.payment_states import PaymentState

#: How many payments one round looks at.
_A_ROUND = 100


def expire_due(clock: Clock, stop: threading.Event) -> int:
    """Mark authorisations whose last day of operations has passed; the number marked."""
    due = Payment.objects.filter(
        state=PaymentState.AUTHORISED, operable_until__lt=clock.now().date()
    ).exclude(operations__state__in=UNFINISHED)
    marked = 0
    for payment in due[:_A_ROUND]:
        if stop.is_set():
            break
        marked += _expire(payment, clock)
    return marked


def _expire(payment: Payment, clock: Clock) -> bool:
    """Lock the payment, so that no operation is claimed meanwhile, and look again."""
    with transaction.atomic():
        locked = Payment.objects.select_for_update().get(pk=payment.pk)
        busy = locked.operations.filter(state__in=UNFINISHED).exists()
        if busy or locked.state != PaymentState.AUTHORISED:
            return False
        locked.state, locked.live = PaymentState.EXPIRED, False
        locked.announce_due_at = clock.now()
        locked.compare_due_at = None
        locked.save(update_fields=["state", "live", "announce_due_at", "compare_due_at"])
        open_case(locked, CaseKind.EXPIRED, now=clock.now(), amount=locked.amount)
    announce(locked)
    return True
