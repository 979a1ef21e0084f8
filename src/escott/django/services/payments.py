"""The payments of an order."""

from __future__ import annotations

from django.db.models import QuerySet

from escott.django.models import Payment


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
