"""Announce: tell the host shop what has changed, at least once.

The change itself is already committed. The receivers run in a transaction of their own that
also takes the announcement off the list; if they raise, or the process dies, the worker
announces again.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Final

from django.db import transaction

from escott.clock import Clock
from escott.django.models import Payment
from escott.django.signals import payment_changed

log = logging.getLogger("escott.payments")

#: When a payment whose receivers failed is announced again.
_AGAIN_AFTER: Final = timedelta(minutes=1)

_A_ROUND: Final = 100


def announce(payment: Payment) -> bool:
    """Send ``payment_changed``; ``False`` if somebody else did, or a receiver raised."""
    try:
        with transaction.atomic():
            mine = Payment.objects.filter(pk=payment.pk, announce_due_at__isnull=False)
            if not mine.update(announce_due_at=None):
                return False
            payment.announce_due_at = None
            payment_changed.send(sender=Payment, payment=payment)
    except Exception:
        log.exception("payment %s: a receiver of payment_changed failed", payment.transaction_code)
        return False
    return True


def announce_due(clock: Clock, stop: threading.Event) -> int:
    """Announce what a process did not come to announce; the number of payments announced.

    One whose receivers fail waits a while, so that it does not keep the others back.
    """
    due = Payment.objects.filter(announce_due_at__lte=clock.now()).order_by("announce_due_at")
    announced = 0
    for payment in due[:_A_ROUND]:
        if stop.is_set():
            break
        if announce(payment):
            announced += 1
        else:
            Payment.objects.filter(pk=payment.pk, announce_due_at__isnull=False).update(
                announce_due_at=clock.now() + _AGAIN_AFTER
            )
    return announced
