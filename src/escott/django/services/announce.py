"""Announce: tell the host shop what has changed, at least once.

The change itself is already committed. The receivers run in a transaction of their own that
also takes the announcement off the list; if they raise, or the process dies, the worker
announces again.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Final

from django.db import transaction

from escott.clock import Clock
from escott.django.models import Payment
from escott.django.payment_log import log_of
from escott.django.signals import payment_changed
from escott.django.update_row import update_row

#: When a payment whose receivers failed is announced again.
_AGAIN_AFTER: Final = timedelta(minutes=1)

_A_ROUND: Final = 100


def announce(payment: Payment) -> bool:
    """Send ``payment_changed``; ``False`` if there is nothing to tell, or a receiver raised.

    What is told is the payment as it stands now: if it has changed since ``payment`` was
    read, the object is read anew.
    """
    try:
        with transaction.atomic():
            if not _take_off_the_list(payment):
                return False
            payment_changed.send(sender=Payment, payment=payment)
    except Exception:
        log = log_of(payment)
        log.exception("payment %s: a receiver of payment_changed failed", payment.transaction_code)
        return False
    return True


def _take_off_the_list(payment: Payment) -> bool:
    """Whether this call is the one to tell; ``payment`` is then as its row."""
    while payment.announce_due_at is not None:
        as_seen = {"announce_due_at": (payment.announce_due_at,), "state": (payment.state,)}
        if update_row(payment, {"announce_due_at": None}, still=as_seen):
            payment.announce_due_at = None
            return True
        payment.refresh_from_db()
    return False


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
