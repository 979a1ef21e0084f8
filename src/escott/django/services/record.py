"""Record: write down what came back, whatever happens to the database meanwhile.

The answer to a charge exists once. It is written in one short transaction of its own that
nothing of the host shop can roll back, and tried again on a new connection when the database
has dropped the old one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from django.db import InterfaceError, OperationalError, connections, transaction

from escott.clock import in_japan
from escott.django.mail_queue import queue_mail_of
from escott.django.models import CaseKind, Operation, OperationState, Payment
from escott.django.models.operation import UNFINISHED, ResolvedBy
from escott.django.models.payment import CardSaving
from escott.django.services.card_label import label_of
from escott.django.services.cases import close_cases, open_case
from escott.django.services.late_answer import End, keep_late_answer
from escott.django.signals import payment_changed
from escott.django.update_row import update_row
from escott.gateway import (
    Answer,
    Category,
    CustomerAction,
    NotSent,
    Ok,
    Outcome,
    Refused,
    ResponseCode,
    Secret,
    Unknown,
)
from escott.rules.card_states import CardOperation, state_after
from escott.rules.handling_period import last_day_of_operations
from escott.rules.payment_states import LIVE, PaymentState

log = logging.getLogger("escott.payments")

#: As much of the response codes as the column holds.
_CODES_LENGTH: Final = 200

NO_SECRET: Final = Secret("")

#: Pauses before another attempt to reach the database, in seconds.
_PAUSES: Final = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0)

#: When an unknown result is first asked about.
_FIRST_INQUIRY: Final = timedelta(seconds=30)

#: When the worker announces a change that its own process did not come to announce.
_ANNOUNCE_AFTER: Final = timedelta(seconds=30)

#: When the worker saves a card that the process which charged it did not come to save.
_SAVE_AFTER: Final = timedelta(minutes=2)

#: What an answer overwrites.
STILL_UNFINISHED: Final[Mapping[str, tuple[Any, ...]]] = {"state": UNFINISHED}

#: When a payment that stands is compared with the gateway next (状態不一致).
COMPARE_AFTER: Final = timedelta(hours=20)


class Settlement(Protocol):
    """What is written together with a result that a person has found out, or not at all."""

    def write(self, operation: Operation, now: datetime) -> None:
        """Runs in the transaction of the result."""


#: What is over once the result of an operation is known.
DOUBTS: Final = (CaseKind.RESULT_UNKNOWN, CaseKind.LATE_DOUBT)

_LEFT: Final = frozenset({CustomerAction.CANCELLED_BY_CUSTOMER, CustomerAction.RETRY})

_ENDS: Final[dict[type[Outcome], tuple[OperationState, PaymentState]]] = {
    Refused: (OperationState.REFUSED, PaymentState.REFUSED),
    NotSent: (OperationState.NOT_SENT, PaymentState.NOT_SENT),
    Unknown: (OperationState.UNKNOWN, PaymentState.UNKNOWN),
}


def record(
    operation: Operation,
    outcome: Outcome,
    *,
    now: datetime,
    still: Mapping[str, tuple[Any, ...]] = STILL_UNFINISHED,
) -> None:
    """Write the outcome of ``operation`` and its payment's new state, and update both objects.

    Args:
        now: the moment of the answer (JST).
        still: as what the operation must stand there; else the answer counts as a late one.
    """
    end = _end(operation, outcome, now)
    if not _persist(lambda: _write(operation, end, now, still)):
        _persist(lambda: keep_late_answer(operation, end, now))


def end_resolved(
    operation: Operation,
    *,
    done: bool,
    resolved_by: ResolvedBy,
    now: datetime,
    note: str = "",
    settlement: Settlement | None = None,
) -> bool:
    """Write how an unknown operation turned out; ``False`` if it had ended meanwhile.

    Args:
        note: what stands in the history.
        settlement: who has found it out, where a person did.
    """
    payment = operation.payment
    how = {
        "resolved_by": resolved_by,
        "ended_at": now,
        "due_at": None,
        "token": NO_SECRET,
        "note": note,
    }
    if done:
        end = End({"state": OperationState.OK, **how}, columns_after(operation, now))
    else:
        back = PaymentState.NOT_CHARGED if operation.is_charge else PaymentState(payment.state)
        end = End(
            {"state": OperationState.NOT_DONE, **how},
            {"state": back, "live": back in LIVE},
        )
    return _persist(lambda: _write(operation, end, now, settlement=settlement))


def _end(operation: Operation, outcome: Outcome, now: datetime) -> End:
    """The columns to write for each of the four outcomes."""
    if isinstance(outcome, Ok):
        return _end_ok(operation, outcome, now)
    operation_state, payment_state = _ENDS[type(outcome)]
    unknown = operation_state is OperationState.UNKNOWN
    columns = {
        **_details(outcome),
        "state": operation_state,
        "ended_at": now,
        "due_at": now + _FIRST_INQUIRY if unknown else None,
    }
    if not unknown:
        columns["token"] = NO_SECRET
    if operation.is_charge:
        known = _card(operation, None)
        if isinstance(outcome, Unknown):
            known |= _identity(outcome.answer)
        if isinstance(outcome, Refused) and has_left(outcome.codes):
            payment_state = PaymentState.WITHDRAWN
        return End(columns, {"state": payment_state, "live": payment_state in LIVE, **known})
    kept = PaymentState(operation.payment.state)
    return End(columns, {"live": kept in LIVE or unknown})


def _end_ok(operation: Operation, outcome: Ok, now: datetime) -> End:
    answer = outcome.answer
    charged = columns_after(operation, now) | _identity(answer) | _card(operation, answer)
    columns = {
        "state": OperationState.OK,
        "ended_at": now,
        "due_at": None,
        "token": NO_SECRET,
        "response_codes": answer.response_cd,
        "transaction_id": answer.transaction_id,
    }
    return End(columns, charged)


def _identity(answer: Answer | None) -> dict[str, Any]:
    """ProcessId and ProcessPass, where an answer brought them."""
    if answer is None or not answer.process_id or not answer.process_pass:
        return {}
    return {"process_id": answer.process_id, "process_pass": answer.process_pass}


def _card(operation: Operation, answer: Answer | None) -> dict[str, str]:
    """The card that was to be charged: as the answer tells it, or as was noted before."""
    if not operation.is_charge:
        return {}
    payment = operation.payment
    noted = {"card_brand": payment.card_brand, "last_four": payment.last_four}
    return label_of(answer.card_no if answer else "") or (noted if any(noted.values()) else {})


def _details(outcome: Refused | NotSent | Unknown) -> dict[str, Any]:
    """What the history tells of an outcome that is not OK."""
    match outcome:
        case Refused():
            return {
                "response_codes": _joined(outcome.codes),
                "transaction_id": outcome.answer.transaction_id,
            }
        case NotSent():
            return {"reason": outcome.reason, "detail": outcome.detail[:200]}
        case Unknown():
            return {
                "reason": outcome.reason,
                "detail": outcome.detail[:200],
                "response_codes": _joined(outcome.codes),
                "transaction_id": outcome.answer.transaction_id if outcome.answer else "",
            }


def has_left(codes: tuple[ResponseCode, ...]) -> bool:
    """Whether the shopper left the gateway's page, by its cancel button or for too long."""
    return all(
        code.category is Category.LINK_CANCEL and code.customer_action in _LEFT for code in codes
    )


def _joined(codes: tuple[ResponseCode, ...]) -> str:
    return "|".join(dict.fromkeys(code.code for code in codes))[:_CODES_LENGTH]


def columns_after(operation: Operation, now: datetime) -> dict[str, Any]:
    """The payment's columns once the operation is known to be done at ``now``."""
    payment = operation.payment
    before = None if operation.is_charge else PaymentState(payment.state).card_state
    after = state_after(operation.card_operation, state=before, charged_by=payment.charge)
    state = PaymentState(after.value)
    columns: dict[str, Any] = {
        "state": state,
        "live": state in LIVE,
        "captured_on": _sales_date(operation, state),
        "compare_due_at": now + COMPARE_AFTER,
    }
    if operation.is_charge:
        days = payment.account.handling_days
        columns |= {
            "charged_at": operation.started_at,
            "operable_until": last_day_of_operations(operation.started_at, days),
        }
        if payment.saving == CardSaving.WANTED:
            columns["saving_due_at"] = operation.started_at + _SAVE_AFTER
    if operation.card_operation in {CardOperation.CHANGE_AMOUNT, CardOperation.REAUTHORISE}:
        columns["amount"] = operation.amount
    return columns


def _sales_date(operation: Operation, state: PaymentState) -> date | None:
    """売上計上日: the day in Japan on which the money was taken, as the telegram said."""
    if state not in {PaymentState.GATHERED, PaymentState.CAPTURED}:
        return None
    if operation.card_operation is CardOperation.CHANGE_AMOUNT:
        return operation.payment.captured_on
    return in_japan(operation.started_at).date()


def _write(
    operation: Operation,
    end: End,
    now: datetime,
    still: Mapping[str, tuple[Any, ...]] = STILL_UNFINISHED,
    settlement: Settlement | None = None,
) -> bool:
    """One short transaction; ``False`` if the operation had ended before."""
    payment = operation.payment
    columns = {**end.payment, "announce_due_at": _announcement_due(now)}
    with transaction.atomic():
        won = update_row(operation, {"leased_until": None, **end.operation}, still=still)
        if won:
            update_row(payment, columns)
            _note_doubt(operation, end, now, settlement)
            if end.operation["state"] == OperationState.OK:
                queue_mail_of(operation, now=now)
    if not won:
        return False
    _refresh(operation, end.operation)
    _refresh(payment, columns)
    log.info(
        "payment %s: %s is %s (%s)",
        payment.transaction_code,
        operation.kind,
        operation.state,
        operation.response_codes or operation.reason or operation.resolved_by,
    )
    return True


def _note_doubt(
    operation: Operation, end: End, now: datetime, settlement: Settlement | None
) -> None:
    """An unknown result is a case from its first moment, and closed once it is known.

    Until ``due_at`` nobody but the process that asked looks at an operation, so that an answer
    in time has nothing to close.
    """
    if settlement is not None:
        settlement.write(operation, now)
    elif end.operation["state"] == OperationState.UNKNOWN:
        open_case(operation.payment, CaseKind.RESULT_UNKNOWN, now=now)
    elif operation.due_at is None or now >= operation.due_at:
        close_cases(operation.payment, DOUBTS, now=now)


def _announcement_due(now: datetime) -> datetime | None:
    """When the worker is to announce the change; never, where the host shop does not listen."""
    return now + _ANNOUNCE_AFTER if payment_changed.has_listeners(Payment) else None


def _refresh(row: Operation | Payment, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


def _persist(write: Callable[[], bool]) -> bool:
    """Run ``write``; when the database is gone, run it again on a new connection."""
    for pause in _PAUSES:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            log.warning("the database did not take a record (%s); again", type(error).__name__)
            _drop_dead_connections()
            time.sleep(pause)
    return write()


def _drop_dead_connections() -> None:
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
