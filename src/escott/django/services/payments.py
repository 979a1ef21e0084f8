"""The payments of an order, and the trips that were to lead to one."""

from __future__ import annotations

from django.db.models import QuerySet

from escott.django.models import Payment, Trip, TripGoal, TripKind


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


def latest_authentication_of(order_reference: str) -> Trip | None:
    """The last 本人認証 that was begun to pay the order."""
    trips = Trip.objects.filter(
        order_reference=order_reference, kind=TripKind.SECURE, goal=TripGoal.PAY
    )
    return trips.order_by("-id").first()
