"""The payments of an order, and the trips that were to lead to one."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from escott.django.models import Case, CaseKind, Payment, Trip, TripGoal, TripKind

#: What says that the gateway may hold money of a payment that does not stand here.
_MAY_STAND: Final = (CaseKind.STATE_DIFFERS, CaseKind.LATE_DOUBT, CaseKind.LATE_SUCCESS)


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


def is_in_doubt(order_reference: str, purpose: str = "order") -> bool:
    """Whether an earlier payment of the order may be charged after all, and staff have yet to
    look at it. Until they have, no other charge may start.
    """
    return Case.objects.filter(
        closed_at__isnull=True,
        kind__in=_MAY_STAND,
        payment__order_reference=order_reference,
        payment__purpose=purpose,
    ).exists()


def latest_authentication_of(order_reference: str) -> Trip | None:
    """The last 本人認証 that was begun to pay the order."""
    trips = Trip.objects.filter(
        order_reference=order_reference, kind=TripKind.SECURE, goal=TripGoal.PAY
    )
    return trips.order_by("-id").first()
