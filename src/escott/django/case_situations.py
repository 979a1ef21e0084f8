"""要対応: what lies behind a case, finer than its kind, and which kinds the queue begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from escott.django.models import Case, CaseKind, Operation, OperationState
from escott.rules.collection_states import CollectionOperation
from escott.rules.drift import Drift
from escott.rules.payment_methods import PaymentMethod

#: The order of the queue: first where somebody may pay twice, or has paid for nothing, or waits.
URGENCY: Final = (
    CaseKind.RESULT_UNKNOWN,
    CaseKind.LATE_SUCCESS,
    CaseKind.LATE_DOUBT,
    CaseKind.PAID_TWICE,
    CaseKind.DEPOSIT_AFTER_END,
    CaseKind.ORDER_CLOSED,
    CaseKind.DEPOSIT_AMOUNT,
    CaseKind.DEPOSIT_CONDITION,
    CaseKind.STATE_DIFFERS,
    CaseKind.AMOUNT_DIFFERS,
    CaseKind.GONE,
    CaseKind.SLIP_GONE,
    CaseKind.SLIP_LINK_LOST,
    CaseKind.NOTICE_UNMATCHED,
    CaseKind.NOTICE_UNTRUSTED,
    CaseKind.EXPIRED,
    CaseKind.OPERATION_FAILED,
    CaseKind.TOTAL_DIFFERS,
)


class Situation(StrEnum):
    """What lies behind a case, finer than its kind."""

    CHARGE_ASKED_ABOUT = "charge_asked_about"  # the worker still asks
    CHARGE_UNTOLD = "charge_untold"  # it is the turn of staff
    OPERATION_ASKED_ABOUT = "operation_asked_about"
    OPERATION_UNTOLD = "operation_untold"
    ALREADY_KNOWN = "already_known"  # the result has come meanwhile
    LATE_SUCCESS = "late_success"
    SLIP_LATE_SUCCESS = "slip_late_success"
    LISTED_AS_CHARGED = "listed_as_charged"  # found in the console's list
    LATE_DOUBT = "late_doubt"
    ORDER_CLOSED = "order_closed"
    CAPTURED_ELSEWHERE = "captured_elsewhere"
    CANCELLED_ELSEWHERE = "cancelled_elsewhere"
    REAUTHORISED_ELSEWHERE = "reauthorised_elsewhere"
    REFUSED_BY_STATE = "refused_by_state"
    AMOUNT_DIFFERS = "amount_differs"
    GONE = "gone"
    EXPIRED = "expired"
    OPERATION_FAILED = "operation_failed"
    TOTAL_DIFFERS = "total_differs"
    SLIP_CHANGE_ASKED_ABOUT = "slip_change_asked_about"
    SLIP_CHANGE_UNTOLD = "slip_change_untold"
    SLIP_DELETION_ASKED_ABOUT = "slip_deletion_asked_about"
    SLIP_DELETION_UNTOLD = "slip_deletion_untold"
    DEPOSIT_FOR_CLOSED_ORDER = "deposit_for_closed_order"
    DEPOSIT_AMOUNT = "deposit_amount"
    DEPOSIT_AFTER_END = "deposit_after_end"
    DEPOSIT_CONTRADICTED = "deposit_contradicted"  # paid in, and deleted all the same
    DEPOSIT_CONDITION = "deposit_condition"
    DEPOSIT_DENIED = "deposit_denied"  # a genuine notice that 2Ref does not confirm
    PAID_TWICE = "paid_twice"  # the order has another payment
    PAID_AGAIN = "paid_again"  # another deposit by the same slip
    NOTICE_UNMATCHED = "notice_unmatched"
    NOTICE_NOT_READ = "notice_not_read"  # a defect here
    NOTICE_UNTRUSTED = "notice_untrusted"
    SLIP_GONE = "slip_gone"
    SLIP_LINK_LOST = "slip_link_lost"


_BY_DRIFT: Final[Mapping[str, Situation]] = {
    Drift.CAPTURED: Situation.CAPTURED_ELSEWHERE,
    Drift.CANCELLED: Situation.CANCELLED_ELSEWHERE,
    Drift.REAUTHORISED: Situation.REAUTHORISED_ELSEWHERE,
}


def situation_of(case: Case, operation: Operation | None) -> Situation:
    """What lies behind a case.

    Args:
        operation: the payment's operation whose result is unknown, if there is one.
    """
    if case.kind == CaseKind.RESULT_UNKNOWN:
        return _unknown(operation)
    if case.kind == CaseKind.STATE_DIFFERS:
        return _BY_DRIFT.get(case.seen.get("drift", ""), Situation.REFUSED_BY_STATE)
    if case.kind == CaseKind.LATE_SUCCESS and case.seen.get("listed"):
        return Situation.LISTED_AS_CHARGED
    if case.kind in _ABOUT_SLIPS and _is_about_a_slip(case):
        return _ABOUT_SLIPS[CaseKind(case.kind)]
    special = _BY_WHAT_WAS_SEEN.get(CaseKind(case.kind))
    return special[1] if special and special[0](case.seen) else Situation(case.kind)


def _is_about_a_slip(case: Case) -> bool:
    return case.payment is not None and case.payment.method == PaymentMethod.COLLECTION


#: What tells of something else where the payment is one by slip.
_ABOUT_SLIPS: Final[Mapping[CaseKind, Situation]] = {
    CaseKind.LATE_SUCCESS: Situation.SLIP_LATE_SUCCESS,
    CaseKind.ORDER_CLOSED: Situation.DEPOSIT_FOR_CLOSED_ORDER,
}


#: Kinds that tell of two things, by what the case has seen.
_BY_WHAT_WAS_SEEN: Final[
    Mapping[CaseKind, tuple[Callable[[Mapping[str, Any]], bool], Situation]]
] = {
    CaseKind.DEPOSIT_AFTER_END: (
        lambda seen: "amount" not in seen,
        Situation.DEPOSIT_CONTRADICTED,
    ),
    CaseKind.DEPOSIT_CONDITION: (
        lambda seen: seen.get("condition") == "000" and seen.get("response") == "OK",
        Situation.DEPOSIT_DENIED,
    ),
    CaseKind.PAID_TWICE: (lambda seen: "receipt" in seen, Situation.PAID_AGAIN),
    CaseKind.NOTICE_UNMATCHED: (lambda seen: "notice" in seen, Situation.NOTICE_NOT_READ),
}


def _unknown(operation: Operation | None) -> Situation:
    if operation is None or operation.state != OperationState.UNKNOWN:
        return Situation.ALREADY_KNOWN
    asked_about, untold = _of_operation(operation)
    return untold if operation.due_at is None else asked_about


def _of_operation(operation: Operation) -> tuple[Situation, Situation]:
    """While the worker asks, and once it is the turn of staff."""
    if operation.is_charge:
        return Situation.CHARGE_ASKED_ABOUT, Situation.CHARGE_UNTOLD
    usual = (Situation.OPERATION_ASKED_ABOUT, Situation.OPERATION_UNTOLD)
    return _OF_SLIPS.get(operation.kind, usual)


#: What a shopper can pay by depends on it, and not what is taken from them.
_OF_SLIPS: Final[Mapping[str, tuple[Situation, Situation]]] = {
    CollectionOperation.CHANGE: (
        Situation.SLIP_CHANGE_ASKED_ABOUT,
        Situation.SLIP_CHANGE_UNTOLD,
    ),
    CollectionOperation.DELETE: (
        Situation.SLIP_DELETION_ASKED_ABOUT,
        Situation.SLIP_DELETION_UNTOLD,
    ),
}
