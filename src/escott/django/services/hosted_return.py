"""Back from the gateway's own card page (外部リンク型): it has charged, or kept, a card itself."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from escott.clock import Clock
from escott.django.models import Operation, OperationState, Payment, Trip, TripState
from escott.django.models.operation import UNFINISHED
from escott.django.services.announce import announce
from escott.django.services.end_trip import end_trip, state_of
from escott.django.services.keep_card import keep_card_of
from escott.django.services.member_reference import refresh
from escott.django.services.missing_member import look_for_missing_member
from escott.django.services.record import record
from escott.django.services.token_check import inquire
from escott.django.services.write_end import STILL_UNFINISHED
from escott.gateway import (
    Answer,
    Ok,
    Outcome,
    Refused,
    Return,
    Search,
    Transaction,
    Unknown,
    UnknownReason,
)
from escott.gateway.response_codes import Money, parse

log = logging.getLogger("escott.payments")


#: Another visit with the same ProcNo has brought a result, or still may.
_PROC_NO_USED: Final = "K89"


def finish_hosted_payment(trip: Trip, returned: Return, clock: Clock) -> None:
    """Record what the page has done; an OK is believed once 1Search confirms it.

    The browser's return and the copy from the gateway's server may come both, in any order and
    at once: the first to be recorded counts. The page may have been open twice, so a visit that
    was left says nothing about another. An OK counts whenever it comes, for the money has moved:
    also after the shopper had left the page, or staff had settled the payment.
    """
    payment = trip.payment
    operation = (
        Operation.objects.select_related("payment__account", "payment__member")
        .filter(payment=payment, number=1)
        .first()
    )
    if payment is None or operation is None or _is_known(operation):
        return
    codes = parse(returned.answer.response_cd)
    outcome = _outcome(operation.payment, returned.answer, clock)
    if outcome is None or not _is_news(operation, outcome):
        return
    record(operation, outcome, now=clock.now(), still=_still(operation, outcome))
    end_trip(
        trip,
        state_of(codes),
        clock,
        response_codes=returned.answer.response_cd,
        secure_result_code=(returned.authentication.result_code if returned.authentication else ""),
    )
    announce(operation.payment)
    look_for_missing_member(trip, clock)
    keep_card_of(operation.payment, clock)


#: Why a result is unknown where no visit has brought anything yet.
_NOTHING_CAME: Final = frozenset({UnknownReason.NOT_RETURNED, UnknownReason.PROCESS_DIED})


def _is_known(operation: Operation) -> bool:
    """It is charged, and operable; a payment that staff found charged lacks its ProcessId."""
    return operation.state == OperationState.OK and bool(operation.payment.process_id)


def _is_news(operation: Operation, outcome: Outcome) -> bool:
    """Whether the outcome of this visit tells more than what other visits have brought."""
    match outcome:
        case Ok():
            return True
        case Unknown() if operation.state not in UNFINISHED:
            return True
        case _:
            began = operation.state == OperationState.STARTED
            return began or operation.reason in _NOTHING_CAME


def _still(operation: Operation, outcome: Outcome) -> Mapping[str, tuple[Any, ...]]:
    """As what the row is overwritten: by an OK while unfinished, else only as it was read."""
    if isinstance(outcome, Ok) or operation.state not in UNFINISHED:
        return STILL_UNFINISHED
    return {"state": (operation.state,), "reason": (operation.reason,)}


def _outcome(payment: Payment, answer: Answer, clock: Clock) -> Outcome | None:
    """What the return proves; ``None`` if it proves nothing about this payment."""
    codes = parse(answer.response_cd)
    if any(code.code == _PROC_NO_USED for code in codes):
        return None
    if [code.code for code in codes] == ["OK"]:
        return _confirmed(payment, answer, clock)
    if all(code.money is Money.NONE for code in codes):
        return Refused(answer, codes)
    detail = "the gateway's page ended with a code after which money may have moved"
    return Unknown(UnknownReason.MONEY_MAY_HAVE_MOVED, detail, answer, codes)


def _confirmed(payment: Payment, answer: Answer, clock: Clock) -> Outcome | None:
    if not answer.process_id or answer.process_pass is None:
        return Unknown(UnknownReason.NO_PROCESS_ID, "the return names no ProcessId", answer)
    named = Payment.objects.filter(mode=payment.mode, process_id=answer.process_id)
    if named.exclude(pk=payment.pk).exists():
        log.error("payment %s: a return names another's ProcessId", payment.transaction_code)
        return None
    member = payment.member.at_the_gateway if payment.member else None
    search = Search(
        transaction_code=payment.transaction_code,
        transaction=Transaction(answer.process_id, answer.process_pass, member),
    )
    found = inquire(search, payment.account, payment.mode, clock)
    if isinstance(found, Ok) and found.answer.amount == payment.amount:
        return Ok(answer)
    if isinstance(found, Refused):
        log.error("payment %s: 1Search does not know the return", payment.transaction_code)
        return None
    detail = "the gateway's page said OK, and 1Search has not confirmed it yet"
    return Unknown(UnknownReason.NOT_CONFIRMED, detail, answer)


def finish_hosted_card(trip: Trip, returned: Return, clock: Clock) -> None:
    """The page has kept a card, or has not: the gateway is asked which."""
    if trip.state != TripState.OPEN or trip.member is None:
        return
    state = state_of(parse(returned.answer.response_cd))
    if not end_trip(trip, state, clock, response_codes=returned.answer.response_cd):
        return
    if state is TripState.ACCEPTED or trip.member.under_way:
        refresh(trip.member, clock)
    else:
        look_for_missing_member(trip, clock)
