"""Settle many: carry out what staff have confirmed of the console's list, one row after another.

The gateway is not asked. Each row stands for itself: one that cannot be carried out says why
and holds up no other. A repeat of the same press finds its own work done and tells the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.console_list.decisions import Decision
from escott.django.console_list.finding_texts import LISTED_LABELS
from escott.django.console_list.findings import Meaning
from escott.django.models import CaseKind, Operation, Payment
from escott.django.obstacle_texts import why_not_possible
from escott.django.services.adopt import NothingToAdopt, write_over
from escott.django.services.cases import open_case
from escott.django.services.claim import NotPossible
from escott.django.services.compare import OPEN, Told, note_comparison
from escott.django.services.settle import NotSettleable, is_settled_by, settle
from escott.rules.console_evidence import ListedState
from escott.rules.yen import format_yen


class Carried(StrEnum):
    """What came of a row."""

    SETTLED_AS_DONE = "settled_as_done"
    SETTLED_AS_NOT_DONE = "settled_as_not_done"
    TAKEN_OVER = "taken_over"
    CASE_OPENED = "case_opened"
    MOVED = "moved"  # our record is not as the dry run saw it; nothing was written
    NOT_SETTLEABLE = "not_settleable"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one row.

    Attributes:
        payment: as it stands now.
        why: a sentence for staff, where the row was not carried out.
    """

    decision: Decision
    carried: Carried
    payment: Payment
    why: str = ""


def carry_out(
    decision: Decision,
    *,
    takes_over: bool,
    key: str,
    actor: Any,
    clock: Clock | None = None,
) -> RowResult:
    """Do what was decided about one payment.

    Args:
        takes_over: bring our record in line with what was done in the console; otherwise the
            difference becomes a case.
        key: names the press; a repeat tells the first result.

    Raises:
        TransactionManagementError: called inside a transaction.
    """
    clock = clock or the_clock()
    carried, why = _CARRY[Meaning(decision.meaning)](decision, takes_over, key, actor, clock)
    payment = Payment.objects.get(pk=decision.payment_id)
    return RowResult(decision, carried, payment, why)


_Told = tuple[Carried, str]


def _settle(decision: Decision, _takes_over: bool, _key: str, actor: Any, clock: Clock) -> _Told:
    done = decision.meaning == Meaning.DONE
    note = _note(decision)
    try:
        settle(decision.operation_id, done=done, note=note, actor=actor, clock=clock)
    except NotSettleable as refusal:
        ended = Operation.objects.get(pk=decision.operation_id)
        if not is_settled_by(actor, note, ended):
            return Carried.NOT_SETTLEABLE, str(refusal)
    _compare(decision, clock)
    return (Carried.SETTLED_AS_DONE if done else Carried.SETTLED_AS_NOT_DONE), ""


def _compare(decision: Decision, clock: Clock) -> None:
    """What was settled may have been operated on in the console since."""
    payment = Payment.objects.get(pk=decision.payment_id)
    if decision.found is not None and payment.state in OPEN:
        note_comparison(payment, decision.found, clock.now())


def _drift(decision: Decision, takes_over: bool, key: str, actor: Any, clock: Clock) -> _Told:
    """What was done in the console: written over our record, or a case."""
    drift, seen = decision.what_was_done, decision.operations
    assert drift is not None, "a difference is some drift"  # noqa: S101
    if takes_over:
        press = f"{key}-{decision.payment_id}"
        found, of = decision.found, decision.payment_id
        try:
            write_over(of, drift, found, key=press, actor=actor, after=seen, clock=clock)
        except NothingToAdopt:
            return _moved()
        except NotPossible as refusal:
            return Carried.NOT_POSSIBLE, why_not_possible(refusal.obstacle)
        return Carried.TAKEN_OVER, ""
    payment = Payment.objects.get(pk=decision.payment_id)
    noted = note_comparison(payment, decision.found, clock.now(), after=seen)
    return (Carried.CASE_OPENED, "") if noted.told is Told.DIFFERS else _moved()


def _moved() -> _Told:
    return Carried.MOVED, _("The payment has changed since the list was compared.")


def _charged_after_all(
    decision: Decision, _takes_over: bool, _key: str, _actor: Any, clock: Clock
) -> _Told:
    """Our record says that nothing was charged, and the console shows that it was."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=decision.payment_id)
        if payment.state != decision.state or payment.operations.count() > decision.operations:
            return _moved()
        open_case(
            payment,
            CaseKind.LATE_SUCCESS,
            now=clock.now(),
            listed=decision.listed_state,
            amount=decision.listed_amount,
            transaction_id=decision.transaction_id,
        )
    return Carried.CASE_OPENED, ""


def _note(decision: Decision) -> str:
    """Where the settlement comes from, for the history: the payment has no 処理連番 of its own."""
    if not decision.listed_state:
        return _("Console's list (CSV): the transaction is not there")
    return _("Console's list (CSV): no. %(number)s, %(state)s, %(amount)s") % {
        "number": decision.transaction_id,
        "state": LISTED_LABELS[ListedState(decision.listed_state)],
        "amount": format_yen(decision.listed_amount),
    }


_CARRY: Final[Mapping[Meaning, Callable[[Decision, bool, str, Any, Clock], _Told]]] = {
    Meaning.DONE: _settle,
    Meaning.NOT_DONE: _settle,
    Meaning.DIFFERS: _drift,
    Meaning.CHARGED_AFTER_ALL: _charged_after_all,
}
