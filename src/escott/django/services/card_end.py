"""What the end of an operation makes of a card payment, and when it is compared next."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from escott.clock import in_japan
from escott.django.models import Operation, OperationState
from escott.django.models.payment import CardSaving
from escott.django.services.card_label import label_of
from escott.django.services.claim import NO_SECRET
from escott.django.services.end import End, details_of, identity_of
from escott.gateway import (
    Answer,
    Category,
    CustomerAction,
    NotSent,
    Ok,
    Outcome,
    Refused,
    ResponseCode,
    Unknown,
)
from escott.rules.card_states import CardOperation, state_after
from escott.rules.handling_period import last_day_of_operations
from escott.rules.payment_states import LIVE, PaymentState

#: When an unknown result is first asked about.
FIRST_INQUIRY: Final = timedelta(seconds=30)

#: When the worker saves a card that the process which charged it did not come to save.
_SAVE_AFTER: Final = timedelta(minutes=2)

#: When a payment that stands is compared with the gateway next (状態不一致).
COMPARE_AFTER: Final = timedelta(hours=20)

_LEFT: Final = frozenset({CustomerAction.CANCELLED_BY_CUSTOMER, CustomerAction.RETRY})

_ENDS: Final[dict[type[Outcome], tuple[OperationState, PaymentState]]] = {
    Refused: (OperationState.REFUSED, PaymentState.REFUSED),
    NotSent: (OperationState.NOT_SENT, PaymentState.NOT_SENT),
    Unknown: (OperationState.UNKNOWN, PaymentState.UNKNOWN),
}


def end_of_card(operation: Operation, outcome: Outcome, now: datetime) -> End:
    """The columns to write for each of the four outcomes."""
    if isinstance(outcome, Ok):
        return _end_ok(operation, outcome, now)
    operation_state, payment_state = _ENDS[type(outcome)]
    unknown = operation_state is OperationState.UNKNOWN
    columns = {
        **details_of(outcome),
        "state": operation_state,
        "ended_at": now,
        "due_at": now + FIRST_INQUIRY if unknown else None,
    }
    if not unknown:
        columns["token"] = NO_SECRET
    if operation.is_charge:
        known = _card(operation, None)
        if isinstance(outcome, Unknown):
            known |= identity_of(outcome.answer)
        if isinstance(outcome, Refused) and has_left(outcome.codes):
            payment_state = PaymentState.WITHDRAWN
        return End(columns, {"state": payment_state, "live": payment_state in LIVE, **known})
    kept = PaymentState(operation.payment.state)
    return End(columns, {"live": kept in LIVE or unknown})


def end_of_card_resolved(
    operation: Operation, how: dict[str, Any], now: datetime, *, done: bool
) -> End:
    """The columns once it is known how an unknown operation turned out.

    Args:
        how: what the operation's row tells of that.
    """
    if done:
        return End({**how, "state": OperationState.OK}, columns_after(operation, now))
    back = PaymentState(operation.payment.state)
    if operation.is_charge:
        back = PaymentState.NOT_CHARGED
    return End({**how, "state": OperationState.NOT_DONE}, {"state": back, "live": back in LIVE})


def _end_ok(operation: Operation, outcome: Ok, now: datetime) -> End:
    answer = outcome.answer
    charged = columns_after(operation, now) | identity_of(answer) | _card(operation, answer)
    columns = {
        **details_of(outcome),
        "state": OperationState.OK,
        "ended_at": now,
        "due_at": None,
        "token": NO_SECRET,
    }
    return End(columns, charged)


def _card(operation: Operation, answer: Answer | None) -> dict[str, str]:
    """The card that was to be charged: as the answer tells it, or as was noted before."""
    if not operation.is_charge:
        return {}
    payment = operation.payment
    noted = {"card_brand": payment.card_brand, "last_four": payment.last_four}
    return label_of(answer.card_no if answer else "") or (noted if any(noted.values()) else {})


def has_left(codes: tuple[ResponseCode, ...]) -> bool:
    """Whether the shopper left the gateway's page, by its cancel button or for too long."""
    return all(
        code.category is Category.LINK_CANCEL and code.customer_action in _LEFT for code in codes
    )


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
