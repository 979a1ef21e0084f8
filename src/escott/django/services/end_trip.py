"""End a trip, once: whoever turns it from open into something else does what follows."""

from __future__ import annotations

import threading
from typing import Any, Final

from escott.clock import Clock
from escott.django.models import Trip, TripGoal, TripKind, TripState
from escott.django.services.claim import NO_SECRET
from escott.django.signals import authentication_failed
from escott.django.update_row import update_row
from escott.gateway import CustomerAction, ResponseCode

_A_ROUND: Final = 100


def end_trip(trip: Trip, state: TripState, clock: Clock, **columns: Any) -> bool:
    """Write how an open trip ended; ``False`` if it had ended before. Updates the object."""
    changes = {
        "state": state,
        "returned_at": clock.now(),
        "due_at": None,
        "leased_until": None,
        **columns,
    }
    if not update_row(trip, changes, still={"state": (TripState.OPEN,)}):
        trip.refresh_from_db(fields=["state", "response_codes", "secure_result_code"])
        return False
    for name, value in changes.items():
        setattr(trip, name, value)
    if state != TripState.ACCEPTED and (trip.kind, trip.goal) == (TripKind.SECURE, TripGoal.PAY):
        authentication_failed.send_robust(sender=Trip, trip=trip)
    return True


def state_of(codes: tuple[ResponseCode, ...]) -> TripState:
    """How a trip that brought these codes has ended."""
    if {code.customer_action for code in codes} == {CustomerAction.CANCELLED_BY_CUSTOMER}:
        return TripState.CANCELLED
    return TripState.ACCEPTED if [code.code for code in codes] == ["OK"] else TripState.REFUSED


def expire_trips(clock: Clock, stop: threading.Event) -> int:
    """Close the trips that nobody came back from, and forget their tokens; how many."""
    due = Trip.objects.filter(state=TripState.OPEN, due_at__lte=clock.now())
    ended = 0
    for trip in due.order_by("due_at")[:_A_ROUND]:
        if stop.is_set():
            break
        ended += end_trip(
            trip, TripState.EXPIRED, clock, returned_at=None, token=NO_SECRET, holder_name=NO_SECRET
        )
    return ended
