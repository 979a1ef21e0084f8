"""The payments of an order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from escott.django.models import Payment

#: How often one order may be tried within an hour: more is somebody trying cards.
MOST_ATTEMPTS: Final = 10
_ATTEMPTS_WITHIN: Final = timedelta(hours=1)


def was_tried_too_often(order_reference: str, now: datetime) -> bool:
    """Whether a public page should take no further attempt for the order at this moment."""
    lately = payments_of(order_reference).filter(created_at__gt=now - _ATTEMPTS_WITHIN)
    return lately.count() >= MOST_ATTEMPTS


def payments_of(order_reference: str) -> QuerySet[Payment]:
    """Every attempt to pay the order, newest first."""
    return Payment.objects.filter(order_reference=order_reference).order_by("-id")


def live_payment_of(order_reference: str, purpose: str = "order") -> Payment | None:
    """The payment that keeps others from being started, if there is one."""
    return Payment.objects.filter(
        order_reference=order_reference, purpose=purpose, live=True
    ).first()


def current_payment_of(order_reference: str, purpose: str = "order") -> Payment | None:
    """The payment that tells how the order stands: the live one, else the newest attempt."""
    return (
        Payment.objects.filter(order_reference=order_reference, purpose=purpose)
        .order_by("-live", "-id")
        .first()
    )
