"""Recovery: ask about operations that nobody finished, or whose result is unknown.

A STARTED row older than the time-outs belongs to a process that died; it becomes UNKNOWN.
An UNKNOWN row is asked about: by ProcessId where there is one, by token for a first charge, by
2Ref for a slip, whose registration is not UNKNOWN but lost. What an inquiry cannot prove waits
for staff (design.md, invariant 3).
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import (
    call_slot,
    client_of,
    lend_connections,
    refuse_inside_transaction,
    timeouts,
)
from escott.django.models import Operation, OperationState, TripKind
from escott.django.models.operation import ResolvedBy
from escott.django.services.announce import announce
from escott.django.services.collection.conclude import Told, conclude
from escott.django.services.collection.inquiry import ask
from escott.django.services.record import end_resolved, record
from escott.gateway import (
    NotSent,
    NotSentReason,
    Ok,
    Search,
    Token,
    TokenSearch,
    TokenStatus,
    Unknown,
    UnknownReason,
    token_status,
)
from escott.rules.payment_methods import PaymentMethod
from escott.rules.unknown_outcome import (
    UNTOLD_BY_SEARCH,
    TokenEvidence,
    Verdict,
    verdict_on_confirmation,
    verdict_on_search,
    verdict_on_token,
)
from escott.rules.unknown_slip_outcome import SlipVerdict

log = logging.getLogger("escott.worker")

#: How much longer than its time-outs an inquiry holds its lease.
_LEASE_BEYOND: Final = timedelta(minutes=1)

#: How many operations one round looks at, so that a hanging gateway keeps nothing else waiting.
_A_ROUND: Final = 20

#: Pause before the next inquiry; doubled each time, up to the longest.
_PAUSE: Final = timedelta(seconds=30)
_LONGEST_PAUSE: Final = timedelta(minutes=10)

#: After so many inquiries that taught nothing, staff are asked.
_MOST_INQUIRIES: Final = 30

_EVIDENCE: Final[dict[TokenStatus, TokenEvidence]] = {
    TokenStatus.UNUSED: TokenEvidence.UNUSED,
    TokenStatus.EXPIRED: TokenEvidence.EXPIRED_UNUSED,
    TokenStatus.USED: TokenEvidence.USED,
}


def recover_due(clock: Clock, stop: threading.Event) -> int:
    """Look at the unfinished operations that are due; the number looked at."""
    looked_at = 0
    for operation in Operation.lease_due(clock.now(), lasting=_lease(), limit=_A_ROUND):
        looked_at += 1
        try:
            _look_at(operation, clock)
        except Exception:
            log.exception("operation %s could not be looked at", operation.pk)
            _give_up_for_now(operation, clock)
        if stop.is_set():
            break
    return looked_at


def ask_now(operation_id: int, *, clock: Clock | None = None) -> Operation:
    """Ask about an unknown operation at once, because staff want to know; the operation after it.

    Nothing is asked while a worker is at it. Who presses often does not use up the worker's
    attempts.

    Raises:
        GatewayBusy: as many calls as allowed are under way.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    now = clock.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    unknown = Operation.objects.filter(free, pk=operation_id, state=OperationState.UNKNOWN)
    with call_slot():
        if unknown.update(leased_until=now + _lease(), due_at=now):
            operation = Operation.objects.select_related("payment__account").get(pk=operation_id)
            lend_connections()
            _look_at(operation, clock)
    return Operation.objects.select_related("payment").get(pk=operation_id)


def asking_helps(operation: Operation) -> bool:
    """Whether an inquiry may tell yet how an unknown operation ended.

    Not where there is nothing to ask by, and not where the gateway has answered and could not
    tell; where it never answered, it may now.
    """
    if operation.state != OperationState.UNKNOWN:
        return False
    return operation.due_at is not None or operation.attempts >= _MOST_INQUIRIES


def _give_up_for_now(operation: Operation, clock: Clock) -> None:
    """Something here is broken, such as the settings: look again later, in the end tell staff."""
    if operation.attempts < _MOST_INQUIRIES:
        operation.release(due_at=clock.now() + _pause(operation.attempts))
    else:
        _ask_staff(operation)


def _ask_staff(operation: Operation) -> None:
    operation.release(due_at=None)


def _look_at(operation: Operation, clock: Clock) -> None:
    match operation.state:
        case OperationState.STARTED:
            record(operation, _why_unfinished(operation), now=clock.now())
            announce(operation.payment)
        case OperationState.UNKNOWN:
            _resolve(operation, clock)
        case _:
            operation.release(due_at=None)


def _why_unfinished(operation: Operation) -> Unknown | NotSent:
    """Nobody wrote down how it ended: the shopper stayed away, or our process died."""
    trip = operation.payment.trips.filter(kind=TripKind.HOSTED).first()
    if operation.is_charge and trip is not None:
        if trip.left_at is None:  # and its time is over, so that nobody can leave any more
            return NotSent(NotSentReason.NOT_LEFT, "the browser never left for the card page")
        detail = "the shopper did not come back from the gateway's card page"
        return Unknown(UnknownReason.NOT_RETURNED, detail)
    detail = "the process that asked the gateway did not finish"
    return Unknown(UnknownReason.PROCESS_DIED, detail)


def _lease() -> timedelta:
    waits = timeouts()
    return timedelta(seconds=waits.connect + waits.read) + _LEASE_BEYOND


def _resolve(operation: Operation, clock: Clock) -> None:
    """Ask, conclude, write down."""
    if operation.payment.method == PaymentMethod.COLLECTION:
        _resolve_of_slip(operation, clock)
    else:
        _resolve_of_card(operation, clock)


def _resolve_of_slip(operation: Operation, clock: Clock) -> None:
    """What 2Ref tells ends the operation together with whatever else it tells of the slip."""
    asked = ask(operation.payment, clock)
    found = conclude(operation.payment, asked, by=ResolvedBy.SEARCH, now=clock.now())
    nothing = found.told in {Told.NO_ANSWER, Told.UNTOLD}
    verdict = _no_answer(operation) if nothing else found.verdict
    match verdict:
        case Verdict.WAIT | SlipVerdict.WAIT:
            operation.release(due_at=clock.now() + _pause(operation.attempts))
        case Verdict.ASK_STAFF | SlipVerdict.ASK_STAFF:
            _ask_staff(operation)


def _resolve_of_card(operation: Operation, clock: Clock) -> None:
    by_token = operation.is_charge and operation.reason != UnknownReason.NOT_CONFIRMED
    verdict = _by_token(operation, clock) if by_token else _by_search(operation, clock)
    resolved_by = ResolvedBy.TOKEN_SEARCH if by_token else ResolvedBy.SEARCH
    now = clock.now()
    match verdict:
        case Verdict.WAIT:
            operation.release(due_at=now + _pause(operation.attempts))
        case Verdict.ASK_STAFF:
            _ask_staff(operation)
        case Verdict.DONE | Verdict.NOT_DONE:
            done = verdict is Verdict.DONE
            if end_resolved(operation, done=done, resolved_by=resolved_by, now=now):
                announce(operation.payment)


def _by_token(operation: Operation, clock: Clock) -> Verdict:
    """What the token of a first charge tells."""
    if not operation.token:
        return Verdict.ASK_STAFF
    payment = operation.payment
    outcome = client_of(payment, clock).send(
        TokenSearch(transaction_code=payment.transaction_code, token=Token(operation.token))
    )
    evidence = _EVIDENCE.get(token_status(outcome))
    if evidence is None:
        return _no_answer(operation)
    return verdict_on_token(evidence, given_up_at=_given_up_at(operation), now=clock.now())


def _by_search(operation: Operation, clock: Clock) -> Verdict:
    """What the gateway's record of the payment tells."""
    payment = operation.payment
    transaction = payment.transaction
    unconfirmed = operation.reason == UnknownReason.NOT_CONFIRMED
    if transaction is None or (operation.card_operation in UNTOLD_BY_SEARCH and not unconfirmed):
        return Verdict.ASK_STAFF
    outcome = client_of(payment, clock).send(
        Search(transaction_code=payment.transaction_code, transaction=transaction)
    )
    if not isinstance(outcome, Ok):
        return _no_answer(operation)
    if unconfirmed:
        return verdict_on_confirmation(operation.amount, outcome.answer.amount)
    return verdict_on_search(
        operation.card_operation,
        amount_before=payment.amount,
        amount_asked=operation.amount,
        amount_found=outcome.answer.amount,
        captured=outcome.answer.sales_date is not None,
        given_up_at=_given_up_at(operation),
        now=clock.now(),
    )


def _no_answer(operation: Operation) -> Verdict:
    """Nothing was learnt: ask again, and in the end leave it to staff."""
    return Verdict.WAIT if operation.attempts < _MOST_INQUIRIES else Verdict.ASK_STAFF


def _given_up_at(operation: Operation) -> datetime:
    return operation.ended_at or operation.started_at


def _pause(attempts: int) -> timedelta:
    doublings = min(max(attempts - 1, 0), 10)
    return min(_PAUSE * (1 << doublings), _LONGEST_PAUSE)
