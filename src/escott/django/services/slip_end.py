"""What the end of an operation makes of a payment by slip.

Told inside the transaction that writes it, with the payment's row locked: a deposit may have
become known while 変更 or 削除 was under way, and neither takes a deposit back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from escott.django.models import CaseKind, Operation, OperationState, Payment, Slip
from escott.django.services.cases import close_cases, open_case
from escott.django.services.end import End, details_of, identity_of
from escott.django.services.slip_inquiry_times import asked_next
from escott.django.services.slip_lock import lock
from escott.gateway import Answer, NotSent, Ok, Outcome, Refused, Unknown
from escott.rules.collection_states import CollectionOperation
from escott.rules.due_dates import reached_reminder
from escott.rules.handling_period import last_day_of_operations
from escott.rules.payment_states import PaymentState

#: When an unknown result is first asked about.
_FIRST_INQUIRY: Final = timedelta(seconds=30)

#: What nobody has to look after once a slip has ended.
OVER_WITH_THE_SLIP: Final = (CaseKind.SLIP_GONE, CaseKind.SLIP_LINK_LOST)

#: The gateway's state of the slip is not the one of our record: it is asked which.
_STATE_CODES: Final = frozenset({"K12", "K14"})

_STATES: Final[Mapping[type[Outcome], OperationState]] = {
    Ok: OperationState.OK,
    Refused: OperationState.REFUSED,
    NotSent: OperationState.NOT_SENT,
    Unknown: OperationState.UNKNOWN,
}


def end_of_slip(operation: Operation, outcome: Outcome, now: datetime) -> End:
    """The columns to write for each of the four outcomes; locks the payment's row."""
    slip = lock(operation.payment)
    return _ENDS[operation.collection_operation](operation, slip, outcome, now)


def end_of_slip_resolved(
    operation: Operation, how: dict[str, Any], now: datetime, *, done: bool
) -> End:
    """The columns once it is known how an unknown 変更 or 削除 turned out; locks the payment.

    Args:
        how: what the operation's row tells of that.
    """
    slip = lock(operation.payment)
    return done_after_all(operation, slip, how, now) if done else not_done(operation, how, now)


def done_after_all(operation: Operation, slip: Slip, how: dict[str, Any], now: datetime) -> End:
    """An operation without an answer was carried out; a change has left us no new number."""
    columns = {**how, "state": OperationState.OK}
    if operation.collection_operation is CollectionOperation.DELETE:
        return _deleted(operation, columns, now)
    if not is_unpaid(operation.payment):
        return End(columns, {})
    due_on = operation.due_on or slip.due_on
    return End(
        columns,
        {"amount": operation.amount},
        _payable_until(operation, due_on, now),
        _note_lost_link(operation, now),
    )


def not_done(operation: Operation, how: dict[str, Any], now: datetime) -> End:
    """It was not carried out. A change counts as the one change all the same."""
    beside = _note_lost_link(operation, now)
    return End({**how, "state": OperationState.NOT_DONE}, {}, {}, beside)


def never_told(operation: Operation, slip: Slip, how: dict[str, Any], now: datetime) -> End:
    """Nobody will tell whether a change was carried out: of the two last days the later counts."""
    columns = {**how, "state": OperationState.LOST}
    if not is_unpaid(operation.payment):
        return End(columns, {})
    later = max(slip.due_on, operation.due_on or slip.due_on)
    slip_columns = _payable_until(operation, later, now)
    return End(columns, {}, slip_columns, _note_lost_link(operation, now))


def is_unpaid(payment: Payment) -> bool:
    """未入金: 変更 and 削除 change something still."""
    return payment.state == PaymentState.UNPAID


def columns_registered(operation: Operation, answer: Answer) -> dict[str, Any]:
    """The payment's columns once its slip is registered."""
    days = operation.payment.account.handling_days
    return {
        "state": PaymentState.UNPAID,
        "live": True,
        "charged_at": operation.started_at,
        "operable_until": last_day_of_operations(operation.started_at, days),
        **identity_of(answer),
    }


def slip_registered(
    operation: Operation, slip: Slip, answer: Answer, now: datetime
) -> dict[str, Any]:
    """The slip's columns once it is registered."""
    registered_at = operation.started_at
    due_at = asked_next(operation.payment, slip.due_on, now, registered_at=registered_at)
    return {
        "kessai_number": answer.kessai_number,
        "link_code": answer.free_area,
        "due_at": due_at,
        "reminded_days": reached_reminder(slip.due_on, now.date()),
    }


def slip_changed(operation: Operation, slip: Slip, answer: Answer, now: datetime) -> dict[str, Any]:
    """The slip's columns once it is changed: another number and link, and perhaps a last day."""
    return {
        "changed": True,
        "kessai_number": answer.kessai_number,
        "former_number": slip.kessai_number,
        "link_code": answer.free_area,
        "former_link_code": "",
        **_payable_until(operation, operation.due_on or slip.due_on, now),
    }


def with_former_link(slip: Slip) -> dict[str, Any]:
    """The change was given up too early: it certainly was not carried out."""
    if not slip.former_link_code:
        return {}
    return {"changed": False, "link_code": slip.former_link_code, "former_link_code": ""}


def _register(operation: Operation, slip: Slip, outcome: Outcome, now: datetime) -> End:
    columns = _columns(operation, outcome, now)
    match outcome:
        case Ok(answer):
            registered = slip_registered(operation, slip, answer, now)
            return End(columns, columns_registered(operation, answer), registered)
        case Unknown():
            columns |= {"state": OperationState.LOST, "due_at": None}
            lost = {"state": PaymentState.LOST, "live": False, **identity_of(outcome.answer)}
            return End(columns, lost)
        case Refused():
            return End(columns, {"state": PaymentState.REFUSED, "live": False})
        case NotSent():
            return End(columns, {"state": PaymentState.NOT_SENT, "live": False})


def _change(operation: Operation, slip: Slip, outcome: Outcome, now: datetime) -> End:
    columns = _columns(operation, outcome, now)
    if isinstance(outcome, Ok):
        unpaid = is_unpaid(operation.payment)
        after = slip_changed(operation, slip, outcome.answer, now) if unpaid else {"changed": True}
        return End(columns, {"amount": operation.amount} if unpaid else {}, after)
    if isinstance(outcome, Unknown):
        return End(columns, {}, _without_link(slip))
    return End(columns, {}, with_former_link(slip) | _asked_soon(outcome, now))


def _delete(operation: Operation, _slip: Slip, outcome: Outcome, now: datetime) -> End:
    columns = _columns(operation, outcome, now)
    if isinstance(outcome, Ok):
        return _deleted(operation, columns, now)
    return End(columns, {}, _asked_soon(outcome, now))


def _deleted(operation: Operation, columns: dict[str, Any], now: datetime) -> End:
    payment = operation.payment
    if is_unpaid(payment):
        deleted = {"state": PaymentState.DELETED, "live": False}
        over = (lambda: close_cases(payment, OVER_WITH_THE_SLIP, now=now),)
        return End(columns, deleted, {"due_at": None}, over)
    if payment.state == PaymentState.DEPOSITED:
        return End(columns, {}, {}, (lambda: _note_contradiction(payment, now),))
    return End(columns, {})


def _note_contradiction(payment: Payment, now: datetime) -> None:
    """The gateway has told of a deposit, and says now that it has deleted the slip."""
    open_case(payment, CaseKind.DEPOSIT_AFTER_END, now=now, state=payment.state)


def _columns(operation: Operation, outcome: Outcome, now: datetime) -> dict[str, Any]:
    unknown = isinstance(outcome, Unknown)
    return {
        **details_of(outcome),
        "state": _STATES[type(outcome)],
        "ended_at": now,
        "due_at": now + _FIRST_INQUIRY if unknown else None,
    }


def _payable_until(operation: Operation, due_on: date, now: datetime) -> dict[str, Any]:
    return {
        "due_on": due_on,
        "due_at": asked_next(operation.payment, due_on, now),
        "reminded_days": reached_reminder(due_on, now.date()),
    }


def _without_link(slip: Slip) -> dict[str, Any]:
    """The one change is used up, and the number that the shopper has may be worth nothing."""
    former = slip.link_code or slip.former_link_code
    return {"changed": True, "link_code": "", "former_link_code": former}


def _asked_soon(outcome: Outcome, now: datetime) -> dict[str, Any]:
    if isinstance(outcome, Refused) and _STATE_CODES & {code.code for code in outcome.codes}:
        return {"due_at": now}
    return {}


def _note_lost_link(operation: Operation, now: datetime) -> tuple[Callable[[], object], ...]:
    """The shopper has a number that may be worth nothing, and we have no other for them."""
    payment = operation.payment
    lost = operation.collection_operation is CollectionOperation.CHANGE and is_unpaid(payment)
    return (lambda: open_case(payment, CaseKind.SLIP_LINK_LOST, now=now),) if lost else ()


_ENDS: Final[Mapping[CollectionOperation, Callable[[Operation, Slip, Outcome, datetime], End]]] = {
    CollectionOperation.REGISTER: _register,
    CollectionOperation.CHANGE: _change,
    CollectionOperation.DELETE: _delete,
}
