"""What a trip asks of the gateway: the operation that goes out, and that must come back."""

from __future__ import annotations

from typing import Final

from escott.django.models import Trip, TripGoal, TripKind
from escott.gateway import OperateId
from escott.rules.card_states import CardOperation

_KEEPS: Final = {
    TripGoal.ADD_CARD: OperateId.MEMBER_ADD,
    TripGoal.CHANGE_CARD: OperateId.MEMBER_CHANGE,
}
_CHARGES: Final = {
    CardOperation.AUTHORISE: OperateId.AUTH,
    CardOperation.GATHER: OperateId.GATHERING,
}


def operation_of(trip: Trip) -> OperateId:
    """3Secure, or what the gateway's card page carries out."""
    if trip.kind == TripKind.SECURE:
        return OperateId.SECURE
    if trip.payment is not None:
        return _CHARGES[trip.payment.charge]
    return _KEEPS[TripGoal(trip.goal)]
