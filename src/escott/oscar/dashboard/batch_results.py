"""How each row of a batch stands, and the batch as a whole: what its page shows and asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from escott.django.explanation import explain
from escott.django.models import (
    Batch,
    Operation,
    OperationState,
    Payment,
    PlannedOperation,
    PlanState,
)
from escott.django.obstacle_texts import why_not_possible


class Result(StrEnum):
    """How a row has come out."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LEFT_OUT = "left_out"
    STOPPED = "stopped"


LABELS: Final = {
    Result.WAITING: pgettext_lazy("batch result", "Waiting"),
    Result.UNDER_WAY: pgettext_lazy("batch result", "In progress"),
    Result.DONE: pgettext_lazy("batch result", "Done"),
    Result.FAILED: pgettext_lazy("batch result", "Not done"),
    Result.UNKNOWN: pgettext_lazy("batch result", "Result unknown"),
    Result.LEFT_OUT: pgettext_lazy("batch result", "Left out"),
    Result.STOPPED: pgettext_lazy("batch result", "Stopped before it was asked for"),
}

#: How the operation ended that was asked for.
_OF_OPERATION: Final[Mapping[str, Result]] = {
    OperationState.STARTED: Result.UNDER_WAY,
    OperationState.UNKNOWN: Result.UNKNOWN,
    OperationState.OK: Result.DONE,
    OperationState.REFUSED: Result.FAILED,
    OperationState.NOT_SENT: Result.FAILED,
    OperationState.NOT_DONE: Result.FAILED,
}


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One planned operation.

    Attributes:
        amount: in yen: what was asked for, or what would have been.
        told: why, or what it means for the money; empty where there is nothing to add.
    """

    pk: int
    payment: Payment
    result: Result
    amount: int
    told: str

    @property
    def label(self) -> str:
        return str(LABELS[self.result])


@dataclass(frozen=True, slots=True)
class Standing:
    """A batch as it stands.

    Attributes:
        counts: how many rows have come out how, in the order of :class:`Result`.
        done_yen: the yen of what is done.
        ended: nothing waits and nothing is being asked for.
    """

    rows: list[BatchRow]
    counts: list[tuple[Result, str, int]]
    done_yen: int
    ended: bool

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def asked(self) -> int:
        """How many rows need no more waiting for."""
        open_ones = {Result.WAITING, Result.UNDER_WAY}
        return sum(1 for row in self.rows if row.result not in open_ones)

    @property
    def says(self) -> str:
        """Where it stands, in a sentence."""
        progress = _("%(asked)d of %(total)d") % {"asked": self.asked, "total": self.total}
        parts = [f"{label} {count}" for _result, label, count in self.counts]
        return " · ".join([progress, *parts])


def standing_of(batch: Batch, now: datetime) -> Standing:
    """Every row with its result, in one query."""
    plans = batch.plans.select_related("payment", "operation__payment").defer(
        "payment__process_pass", "operation__payment__process_pass", "operation__token"
    )
    rows = [_row(plan, now) for plan in plans]
    counted = Counter(row.result for row in rows)
    return Standing(
        rows,
        [(result, str(LABELS[result]), counted[result]) for result in Result if counted[result]],
        sum(row.amount for row in rows if row.result is Result.DONE),
        not (counted[Result.WAITING] or counted[Result.UNDER_WAY]),
    )


def _row(plan: PlannedOperation, now: datetime) -> BatchRow:
    asked_for = plan.operation.amount if plan.operation is not None else plan.amount_seen
    result = _RESULTS[PlanState(plan.state)](plan, now)
    return BatchRow(plan.pk, plan.payment, result, asked_for, _told(plan, result))


def _waiting(plan: PlannedOperation, now: datetime) -> Result:
    leased = plan.leased_until is not None and plan.leased_until > now
    return Result.UNDER_WAY if leased else Result.WAITING


def _asked(plan: PlannedOperation, _now: datetime) -> Result:
    assert plan.operation is not None, "a plan that was asked for has its operation"  # noqa: S101
    return _OF_OPERATION[plan.operation.state]


_RESULTS: Final[Mapping[PlanState, Callable[[PlannedOperation, datetime], Result]]] = {
    PlanState.WAITING: _waiting,
    PlanState.DONE: _asked,
    PlanState.LEFT_OUT: lambda _plan, _now: Result.LEFT_OUT,
    PlanState.STOPPED: lambda _plan, _now: Result.STOPPED,
}


def _told(plan: PlannedOperation, result: Result) -> str:
    if plan.state == PlanState.LEFT_OUT and plan.obstacle:
        return why_not_possible(plan.obstacle)
    if result in {Result.FAILED, Result.UNKNOWN} and plan.operation is not None:
        return _of_operation(plan.operation)
    return ""


def _of_operation(operation: Operation) -> str:
    told = explain(operation)
    return " ".join([*told.what, told.money])


def as_json(standing: Standing) -> dict[str, Any]:
    """What the page's script asks for every few seconds."""
    return {
        "asked": standing.asked,
        "total": standing.total,
        "says": standing.says,
        "ended": standing.ended,
        "rows": {
            str(row.pk): {"result": row.result.value, "label": row.label, "told": row.told}
            for row in standing.rows
        },
    }
