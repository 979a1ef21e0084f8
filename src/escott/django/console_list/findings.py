"""The dry run: what the console's list means for each payment of ours. Nothing is written.

A transaction that stands in the list is what the list says. That one is missing, or has not
moved, proves something only where the list can be trusted to tell: it reaches from before the
attempt to after the gateway's grace, every line could be read, and no payment of ours that was
certainly charged in that time is missing as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any, Final

from django.db.models import Count, Exists, Max, OuterRef, Q

from escott.clock import JST, in_japan
from escott.django.console_list.columns import DAMAGED
from escott.django.console_list.reader import BadLine, ConsoleList, Line
from escott.django.models import Operation, OperationState, Payment
from escott.django.models.operation import UNFINISHED
from escott.rules.console_evidence import (
    Asked,
    ListedState,
    Proof,
    proof_by_absence,
    proof_by_line,
)
from escott.rules.drift import Drift, drift_between
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState
from escott.rules.unknown_outcome import GRACE

#: The list is of cards; slips stand on another page of the console.
_CARDS: Final = Q(method=PaymentMethod.CARD.value)

#: How many codes are asked for in one query.
_AT_ONCE: Final = 500

#: A transaction code of ours has so many digits, zeros in front included.
_CODE_DIGITS: Final = 12

#: How many of the missing payments are named.
_NAMED: Final = 5


class Meaning(StrEnum):
    """What the list means for a payment, the first ones to be acted on."""

    DONE = "done"  # the unknown operation was carried out
    NOT_DONE = "not_done"  # it was not
    CHARGED_AFTER_ALL = "charged_after_all"  # our record says that nothing was charged
    DIFFERS = "differs"  # operated on in the console
    TWICE = "twice"  # the list has its code more than once
    OTHER_AMOUNT = "other_amount"  # it stands there with an amount that nobody asked for
    DOES_NOT_FIT = "does_not_fit"  # the list can't tell
    UNDER_WAY = "under_way"  # an operation is being carried out at this moment
    MOVED_SINCE = "moved_since"  # operated on here after the list was made
    NOT_COVERED = "not_covered"  # the list does not reach so far


#: What is carried out on confirmation; the others are told and left to staff.
ACTED_ON: Final = frozenset(
    {Meaning.DONE, Meaning.NOT_DONE, Meaning.CHARGED_AFTER_ALL, Meaning.DIFFERS}
)

#: What ends an unknown result.
SETTLES: Final = frozenset({Meaning.DONE, Meaning.NOT_DONE})

_ORDER: Final = {meaning: place for place, meaning in enumerate(Meaning)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One payment beside the list.

    Attributes:
        operation: whose result is unknown, where there is one.
        line: the payment's line; ``None`` where the list has none, or more than one.
        drift: what was done in the console.
        line_numbers: every line with the payment's code.
        operations: how many the payment has.
    """

    meaning: Meaning
    payment: Payment
    operation: Operation | None = None
    line: Line | None = None
    drift: Drift | None = None
    line_numbers: tuple[int, ...] = ()
    operations: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """The time that the list certainly covers, by the payments of ours that stand in it."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """The dry run of one file.

    Attributes:
        findings: what staff have to know, what is to be acted on first.
        agreeing: how many payments are as our record says.
        foreign: how many lines belong to no payment of ours.
        bad_lines: what could not be read.
        period: what the list covers.
        missing_count: payments of ours, charged in that time, that the list lacks.
        missing: the transaction codes of a few of them.
    """

    findings: Sequence[Finding]
    agreeing: int
    foreign: int
    bad_lines: Sequence[BadLine]
    period: Period
    missing_count: int
    missing: Sequence[str]

    @property
    def proves_absence(self) -> bool:
        """Whether a transaction that the list lacks may be taken for not there."""
        return not self.bad_lines and not self.missing_count


class NoneOfOurs(Exception):
    """No line belongs to a payment of this shop."""


class MixedModes(Exception):
    """The list holds test and production payments; no console shows both."""


def review(listed: ConsoleList, *, now: datetime) -> Review:
    """Compare the list with our record.

    Raises:
        NoneOfOurs, MixedModes: it is not this shop's list.
    """
    by_code = _by_code(listed.lines)
    payments = _payments_of(by_code)
    damaged = _damaged(by_code, payments)
    if not payments:
        raise NoneOfOurs
    modes = {payment.mode for payment in payments.values()}
    if len(modes) > 1:
        raise MixedModes
    mode = modes.pop()
    period = _period(line for code in payments for line in by_code[code])
    missing = _missing(mode, period, by_code)
    bad = sorted([*listed.bad_lines, *damaged], key=lambda line: line.number)
    judge = _Judge(by_code, period, complete=not bad and not missing, now=now)
    unknown = _unknown(mode)
    found = [judge.unknown(operation) for operation in unknown]
    asked_about = {operation.payment_id for operation in unknown}
    known = [payment for payment in payments.values() if payment.pk not in asked_about]
    told = [finding for payment in known if (finding := judge.known(payment)) is not None]
    return Review(
        findings=sorted([*found, *told], key=lambda each: _ORDER[each.meaning]),
        agreeing=len(known) - len(told),
        foreign=sum(len(lines) for code, lines in by_code.items() if code not in payments),
        bad_lines=bad,
        period=period,
        missing_count=len(missing),
        missing=missing[:_NAMED],
    )


def _by_code(lines: Iterable[Line]) -> dict[str, list[Line]]:
    by_code: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.state is not ListedState.CHECKED:
            by_code[line.transaction_code].append(line)
    return dict(by_code)


def _payments_of(codes: Iterable[str]) -> dict[str, Any]:
    """Our payments among the codes, each with its last operation's time."""
    wanted = [code for code in codes if code.isascii() and len(code) == _CODE_DIGITS]
    unfinished = Operation.objects.filter(payment=OuterRef("pk"), state__in=UNFINISHED)
    found: dict[str, Any] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        rows = (
            Payment.objects.defer("process_pass")
            .filter(_CARDS, transaction_code__in=wanted[first : first + _AT_ONCE])
            .annotate(
                last_asked_at=Max("operations__started_at"),
                operation_count=Count("operations"),
                busy=Exists(unfinished),
            )
        )
        found |= {payment.transaction_code: payment for payment in rows}
    return found


def _damaged(by_code: dict[str, list[Line]], payments: Mapping[str, Payment]) -> list[BadLine]:
    """Lines whose code has lost the zeros in front, which a spreadsheet takes away."""
    filled = {
        code.zfill(_CODE_DIGITS): code
        for code in by_code
        if code.isascii() and code.isdigit() and len(code) < _CODE_DIGITS
    }
    ours = _payments_of(code for code in filled if code not in payments)
    return [BadLine(line.number, DAMAGED) for code in ours for line in by_code.pop(filled[code])]


def _period(lines: Iterable[Line]) -> Period:
    """From the first line to the last; of one without a time of day, the part that is certain."""
    earliest, latest = zip(*(_bounds(line) for line in lines), strict=True)
    return Period(min(latest), max(earliest))


def _bounds(line: Line) -> tuple[datetime, datetime]:
    if line.has_time:
        return line.at, line.at
    return line.at, datetime.combine(line.at.date(), time(23, 59, 59), tzinfo=JST)


def _missing(mode: str, period: Period, by_code: Mapping[str, Any]) -> list[str]:
    """Payments that the gateway certainly has, and that the list lacks although it covers them."""
    charged = Payment.objects.filter(
        _CARDS, mode=mode, charged_at__gt=period.since, charged_at__lt=period.until
    ).exclude(process_id="")
    codes = charged.order_by("pk").values_list("transaction_code", flat=True)
    return [code for code in codes.iterator(2000) if code not in by_code]


def _unknown(mode: str) -> list[Operation]:
    unknown = Operation.objects.filter(
        state=OperationState.UNKNOWN, payment__mode=mode, payment__method=PaymentMethod.CARD.value
    )
    return list(unknown.select_related("payment").order_by("pk"))


def asked_by(operation: Operation) -> Asked:
    """The operation as the rule about the console's list asks for it."""
    payment = operation.payment
    return Asked(
        operation=operation.card_operation,
        amount=operation.amount,
        before=None if operation.is_charge else PaymentState(payment.state).card_state,
        amount_before=payment.amount,
        charged_by=payment.charge,
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """What the list means for one payment after another.

    Attributes:
        complete: nothing in it could not be read, and nothing is missing that must be there.
    """

    by_code: Mapping[str, list[Line]]
    period: Period
    complete: bool
    now: datetime

    def unknown(self, operation: Operation) -> Finding:
        """An operation whose result is unknown."""
        payment = operation.payment
        lines = self._lines(payment)
        if len(lines) > 1:
            return _twice(payment, lines, operation)
        line = lines[0] if lines else None
        meaning = self._by_line(operation, line) if line else self._by_absence(operation)
        numbers = (line.number,) if line else ()
        return Finding(meaning, payment, operation, line, line_numbers=numbers)

    def known(self, payment: Any) -> Finding | None:
        """Any other payment that stands in the list; ``None`` where the two agree."""
        lines = self._lines(payment)
        if len(lines) > 1:
            return _twice(payment, lines)
        [line] = lines
        drift = None
        if payment.busy:
            meaning: Meaning | None = Meaning.UNDER_WAY
        elif (state := PaymentState(payment.state).card_state) is None:
            meaning = Meaning.CHARGED_AFTER_ALL if line.state.stands else None
        elif line.state is ListedState.FAILED:
            meaning = Meaning.DOES_NOT_FIT
        else:
            drift = drift_between(state, payment.amount, line.found)
            meaning = self._of_drift(drift, payment)
        if meaning is None:
            return None
        seen = payment.operation_count
        return Finding(meaning, payment, None, line, drift, (line.number,), seen)

    def _lines(self, payment: Payment) -> list[Line]:
        """The payment's lines; on the gateway's page a card may fail before another is charged."""
        lines = self.by_code.get(payment.transaction_code, [])
        return [line for line in lines if line.state is not ListedState.FAILED] or lines[:1]

    def _by_line(self, operation: Operation, line: Line) -> Meaning:
        proof = proof_by_line(asked_by(operation), line.state, line.amount)
        if proof is Proof.NOT_DONE and not self._is_late_enough(operation, line):
            return Meaning.NOT_COVERED
        return _MEANINGS[proof]

    def _by_absence(self, operation: Operation) -> Meaning:
        proof = proof_by_absence(asked_by(operation))
        covered = _second(operation.started_at) >= self.period.since
        if proof is Proof.NOT_DONE and not (
            self.complete and covered and self._is_late_enough(operation)
        ):
            return Meaning.NOT_COVERED
        return _MEANINGS[proof]

    def _is_late_enough(self, operation: Operation, line: Line | None = None) -> bool:
        """Whether the gateway could no longer be working on it when the list was made."""
        over = (operation.ended_at or operation.started_at) + GRACE
        ended_there = operation.is_charge and line is not None
        return self.now >= over and (ended_there or self.period.until >= over)

    def _of_drift(self, drift: Drift | None, payment: Any) -> Meaning | None:
        if drift is None:
            return None
        asked_at = payment.last_asked_at
        moved = asked_at is not None and _second(asked_at) > self.period.until
        return Meaning.MOVED_SINCE if moved else Meaning.DIFFERS


_MEANINGS: Final[Mapping[Proof, Meaning]] = {
    Proof.DONE: Meaning.DONE,
    Proof.NOT_DONE: Meaning.NOT_DONE,
    Proof.OTHER_AMOUNT: Meaning.OTHER_AMOUNT,
    Proof.NOTHING: Meaning.DOES_NOT_FIT,
}


def _twice(payment: Payment, lines: list[Line], operation: Operation | None = None) -> Finding:
    numbers = tuple(line.number for line in lines)
    return Finding(Meaning.TWICE, payment, operation, None, line_numbers=numbers)


def _second(moment: datetime) -> datetime:
    """The console shows whole seconds."""
    return in_japan(moment).replace(microsecond=0)
