"""Conclude from 2Ref: what its answer makes of a payment by slip.

The one place where a slip becomes paid, or lapses. It runs with the payment's row locked, and
decides by the row as it stands then, whatever has happened while the gateway was asked.

=============  ======================  ==========================  =========================
our state      paid                    not paid                    unknown there (K12)
=============  ======================  ==========================  =========================
UNPAID         DEPOSITED; another      asked again later; LAPSED   case SLIP_GONE; a 削除
               amount: a case          once the grace is over      without answer was done
LAPSED         DEPOSITED, or a case    asked again some times      never asked again
DELETED, LOST  a case                  nothing                     nothing
DEPOSITED      known                   nothing                     nothing
=============  ======================  ==========================  =========================
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import IntegrityError, transaction

from escott.django.models import CaseKind, Operation, OperationState, Payment, Slip
from escott.django.models.operation import UNFINISHED, ResolvedBy
from escott.django.services.announce import announce
from escott.django.services.cases import close_cases, open_case
from escott.django.services.collection.deposit import become_deposited, facts_of, seen_of
from escott.django.services.collection.inquiry import (
    Asked,
    Gone,
    NoAnswer,
    NotPaid,
    Paid,
    Untold,
)
from escott.django.services.end import End
from escott.django.services.persist import persist
from escott.django.services.slip_end import done_after_all, never_told, not_done
from escott.django.services.slip_inquiry_times import (
    asked_after_lapse,
    asked_next,
    may_lapse,
)
from escott.django.services.slip_lock import lock
from escott.django.services.write_end import (
    DOUBTS,
    announcement_due,
    bring_up_to_date,
    write_within,
)
from escott.django.update_row import update_row
from escott.rules.collection_states import CollectionOperation
from escott.rules.deposit_inquiries import FOR_STAFF, after_no_answer
from escott.rules.payment_states import PaymentState
from escott.rules.unknown_slip_outcome import (
    SlipEvidence,
    SlipVerdict,
    verdict_on_change,
    verdict_on_deletion,
)

log = logging.getLogger("escott.collection")


class Told(StrEnum):
    """What came of asking."""

    PAID = "paid"  # DEPOSITED, or known to be
    UNPAID = "unpaid"
    GONE = "gone"
    AMOUNT_DIFFERS = "amount_differs"  # another amount was paid in; staff settle it
    FOR_STAFF = "for_staff"  # paid in after its end, or beside another payment; staff settle it
    UNTOLD = "untold"  # the gateway has answered, and told nothing of this slip
    NO_ANSWER = "no_answer"
    NOT_NOW = "not_now"  # there is no slip to ask about yet, or an operation is under way


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What came of it.

    Attributes:
        verdict: what was concluded about an operation whose result was unknown.
    """

    told: Told
    verdict: SlipVerdict | None = None


def conclude(payment: Payment, asked: Asked, *, by: ResolvedBy, now: datetime) -> Conclusion:
    """Write down what follows from an answer to 2Ref, bring the object up to date, and tell.

    Args:
        by: who told of it first, a notice or an inquiry.
    """
    conclusion = persist(lambda: _conclude(payment, asked, by, now))
    announce(payment)
    return conclusion


@dataclass(frozen=True, slots=True)
class _Matter:
    """A payment whose row is locked, and what it is concluded from.

    Attributes:
        unfinished: its operation that has not ended, or whose result is unknown.
    """

    payment: Payment
    slip: Slip
    asked_at: datetime
    by: ResolvedBy
    now: datetime
    unfinished: Operation | None

    @property
    def state(self) -> PaymentState:
        return PaymentState(self.payment.state)

    def write(self, payment: dict[str, Any], slip: dict[str, Any]) -> None:
        """Write columns, and bring the objects up to date; the inquiry was answered."""
        if payment:
            payment |= {"announce_due_at": announcement_due(self.now)}
            update_row(self.payment, payment)
        slip |= {"attempts": 0, "leased_until": None}
        update_row(self.slip, slip)
        for row, columns in ((self.payment, payment), (self.slip, slip)):
            for name, value in columns.items():
                setattr(row, name, value)

    def open_case(self, kind: CaseKind, **seen: Any) -> None:
        open_case(self.payment, kind, now=self.now, **seen)

    def close_cases(self, *kinds: CaseKind) -> None:
        close_cases(self.payment, kinds, now=self.now)


def _conclude(payment: Payment, asked: Asked, by: ResolvedBy, now: datetime) -> Conclusion:
    with transaction.atomic():
        slip = lock(payment)
        matter = _Matter(payment, slip, asked.at, by, now, _unfinished(payment))
        match asked.finding:
            case Paid() as paid:
                matter, verdict = _end_unknown(matter, SlipEvidence.PAID, paid.amount)
                return Conclusion(_PAID.get(matter.state, _not_now)(matter, paid), verdict)
            case NotPaid(amount):
                matter, verdict = _end_unknown(matter, SlipEvidence.UNPAID, amount)
                return Conclusion(_NOT_PAID.get(matter.state, _still_unpaid)(matter), verdict)
            case Gone():
                matter, verdict = _end_unknown(matter, SlipEvidence.GONE, None)
                return Conclusion(_GONE.get(matter.state, _still_gone)(matter), verdict)
            case Untold():
                _ask_in_turn(matter)
                return Conclusion(Told.UNTOLD)
            case NoAnswer():
                _ask_again(matter)
                return Conclusion(Told.NO_ANSWER)


def _unfinished(payment: Payment) -> Operation | None:
    return payment.operations.filter(state__in=UNFINISHED).order_by("-number").first()


def _end_unknown(
    matter: _Matter, evidence: SlipEvidence, amount_found: int | None
) -> tuple[_Matter, SlipVerdict | None]:
    """End the operation whose result is unknown, if the answer proves how it ended."""
    operation = matter.unfinished
    if operation is None or operation.state != OperationState.UNKNOWN:
        return matter, None
    operation.payment = matter.payment
    verdict = _verdict(matter, operation, evidence, amount_found)
    end = _END_BY.get(verdict)
    if end is not None:
        ended = end(operation, matter.slip, matter.now)
        write_within(operation, ended, matter.now)
        bring_up_to_date(operation, ended, matter.now)
        matter.close_cases(*DOUBTS)
        matter = replace(matter, unfinished=None)
    return matter, verdict


def _verdict(
    matter: _Matter, operation: Operation, evidence: SlipEvidence, amount_found: int | None
) -> SlipVerdict:
    given_up_at = operation.ended_at or operation.started_at
    if operation.collection_operation is CollectionOperation.DELETE:
        return verdict_on_deletion(evidence, given_up_at=given_up_at, asked_at=matter.asked_at)
    return verdict_on_change(
        evidence,
        amount_before=matter.payment.amount,
        amount_asked=operation.amount,
        amount_found=amount_found,
        given_up_at=given_up_at,
        asked_at=matter.asked_at,
    )


def _how(resolved_by: ResolvedBy, now: datetime) -> dict[str, Any]:
    return {"resolved_by": resolved_by, "ended_at": now, "due_at": None}


#: What a verdict makes of the operation; the others leave it unknown.
_END_BY: Final[Mapping[SlipVerdict, Callable[[Operation, Slip, datetime], End]]] = {
    SlipVerdict.DONE: lambda operation, slip, now: done_after_all(
        operation, slip, _how(ResolvedBy.SEARCH, now), now
    ),
    SlipVerdict.NOT_DONE: lambda operation, _slip, now: not_done(
        operation, _how(ResolvedBy.SEARCH, now), now
    ),
    SlipVerdict.NEVER_TOLD: lambda operation, slip, now: never_told(
        operation, slip, _how(ResolvedBy.NOBODY, now), now
    ),
}


def _paid_in(matter: _Matter, paid: Paid) -> Told:
    """未入金 → 入金済, if it is the amount that the slip asks for, or that a change asks for."""
    payment, operation = matter.payment, matter.unfinished
    right = {payment.amount, operation.amount if operation else payment.amount}
    matter.write({}, facts_of(paid) | {"due_at": matter.now + FOR_STAFF})
    if paid.amount in right:
        _become_deposited(matter, paid)
        return Told.PAID
    matter.open_case(CaseKind.DEPOSIT_AMOUNT, **seen_of(paid))
    return Told.AMOUNT_DIFFERS


def _paid_after_lapse(matter: _Matter, paid: Paid) -> Told:
    """期限切れ → 入金済, where nothing else pays the order and the amount is right."""
    payment = matter.payment
    if paid.amount != payment.amount:
        return _for_staff(matter, paid, CaseKind.DEPOSIT_AFTER_END)
    try:
        with transaction.atomic():
            matter.write({}, facts_of(paid))
            _become_deposited(matter, paid)
    except IntegrityError:
        as_before = replace(matter, slip=lock(payment))
        return _for_staff(as_before, paid, CaseKind.PAID_TWICE)
    return Told.PAID


def _become_deposited(matter: _Matter, paid: Paid) -> None:
    become_deposited(
        matter.payment,
        matter.slip,
        resolved_by=matter.by,
        now=matter.now,
        transaction_id=paid.transaction_id,
    )
    log.info("payment %s: its slip was paid", matter.payment.transaction_code)


def _paid_after_end(matter: _Matter, paid: Paid) -> Told:
    return _for_staff(matter, paid, CaseKind.DEPOSIT_AFTER_END)


def _for_staff(matter: _Matter, paid: Paid, kind: CaseKind) -> Told:
    """The money is there, and the payment does not take it: staff decide."""
    log.error("payment %s: %s", matter.payment.transaction_code, kind)
    known = matter.slip.deposited_at is not None
    matter.write({}, facts_of(paid) | {"due_at": None})
    if not known:
        matter.open_case(kind, **seen_of(paid), state=matter.payment.state)
    return Told.FOR_STAFF


def _paid_and_known(matter: _Matter, _paid: Paid) -> Told:
    matter.write({}, {})
    return Told.PAID


def _not_now(_matter: _Matter, _paid: Paid) -> Told:
    return Told.NOT_NOW


def _wait_or_lapse(matter: _Matter) -> Told:
    """未入金: asked again later; 期限切れ, once the grace was over before the gateway was asked."""
    payment, slip = matter.payment, matter.slip
    matter.close_cases(CaseKind.SLIP_GONE)
    for_staff = slip.deposited_at is not None
    over = may_lapse(payment, slip.due_on, matter.asked_at)
    if over and not for_staff and matter.unfinished is None:
        due_at = asked_after_lapse(payment, slip.due_on, matter.now)
        matter.write({"state": PaymentState.LAPSED, "live": False}, {"due_at": due_at})
        matter.close_cases(CaseKind.SLIP_LINK_LOST)
        log.info("payment %s: its slip has lapsed", payment.transaction_code)
    else:
        due_at = asked_next(payment, slip.due_on, matter.now)
        matter.write({}, {"due_at": matter.now + FOR_STAFF if for_staff else due_at})
    return Told.UNPAID


def _wait_after_lapse(matter: _Matter) -> Told:
    due_at = asked_after_lapse(matter.payment, matter.slip.due_on, matter.now)
    matter.write({}, {"due_at": due_at})
    return Told.UNPAID


def _still_unpaid(matter: _Matter) -> Told:
    matter.write({}, {"due_at": None})
    return Told.UNPAID


def _gone_while_unpaid(matter: _Matter) -> Told:
    """未入金, and deleted by nobody here, unless a 削除 is under way whose answer will tell."""
    if matter.unfinished is not None:
        return Told.NOT_NOW
    matter.write({}, {"due_at": matter.now + FOR_STAFF})
    matter.open_case(CaseKind.SLIP_GONE)
    return Told.GONE


def _still_gone(matter: _Matter) -> Told:
    matter.write({}, {"due_at": None})
    return Told.GONE


def _ask_in_turn(matter: _Matter) -> None:
    """Nothing was learnt of this slip, for whatever reason: it has to wait for its next turn."""
    payment, slip, now = matter.payment, matter.slip, matter.now
    due_at = None
    if payment.state == PaymentState.UNPAID:
        due_at = asked_next(payment, slip.due_on, now)
    elif payment.state == PaymentState.LAPSED:
        due_at = asked_after_lapse(payment, slip.due_on, now)
    matter.write({}, {"due_at": due_at})


def _ask_again(matter: _Matter) -> None:
    """Nobody answered."""
    slip = matter.slip
    if matter.payment.state in ASKED_ABOUT:
        attempts = max(slip.attempts, 1)
        due_at = after_no_answer(attempts, matter.now)
        update_row(slip, {"due_at": due_at, "attempts": attempts, "leased_until": None})


#: What the worker may ask about: 取消済み only because of a notice that nobody vouches for.
ASKED_ABOUT: Final = frozenset({PaymentState.UNPAID, PaymentState.LAPSED, PaymentState.DELETED})

_PAID: Final[Mapping[PaymentState, Callable[[_Matter, Paid], Told]]] = {
    PaymentState.UNPAID: _paid_in,
    PaymentState.LAPSED: _paid_after_lapse,
    PaymentState.DELETED: _paid_after_end,
    PaymentState.LOST: _paid_after_end,
    PaymentState.DEPOSITED: _paid_and_known,
}

_NOT_PAID: Final[Mapping[PaymentState, Callable[[_Matter], Told]]] = {
    PaymentState.UNPAID: _wait_or_lapse,
    PaymentState.LAPSED: _wait_after_lapse,
}

_GONE: Final[Mapping[PaymentState, Callable[[_Matter], Told]]] = {
    PaymentState.UNPAID: _gone_while_unpaid,
}
