"""一括処理 and 出荷時に自動で売上計上: operations that the worker asks for one by one.

A plan is a row with a key of its own, so that a worker that dies half-way, a second worker and
a reload of the page never ask twice; what was stopped has not been asked for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.insert_once import insert_once
from escott.django.models import (
    Batch,
    BatchSource,
    CaseKind,
    Operation,
    OperationState,
    Payment,
    PlannedOperation,
    PlanState,
)
from escott.django.models.operation import UNFINISHED
from escott.django.services.card_claims import standing_of
from escott.django.services.cases import open_case
from escott.django.services.claim import KeyReused, NotPossible, Overtaken
from escott.django.services.operate import operate
from escott.rules.card_states import CardOperation
from escott.rules.operability import Obstacle, obstacle_to

log = logging.getLogger("escott.payments")

_LEASE: Final = timedelta(minutes=3)
_A_ROUND: Final = 20

#: An operation of this kind may end and make room: look again after a while.
_PASSING: Final = frozenset({Obstacle.UNDER_WAY})
_AGAIN_AFTER: Final = timedelta(minutes=1)
_MOST_ATTEMPTS: Final = 10


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a batch would do with one payment. ``obstacle`` is ``None`` if it would ask for it."""

    payment: Payment
    obstacle: Obstacle | None


def look_ahead(
    payments: Sequence[Payment], kind: CardOperation, *, clock: Clock | None = None
) -> list[Prospect]:
    """The dry run: what would be asked for, and what not, without asking anybody."""
    now = (clock or the_clock()).now()
    return [Prospect(payment, obstacle_to(kind, standing_of(payment), now)) for payment in payments]


def plan_batch(
    payments: Sequence[Payment],
    kind: CardOperation,
    *,
    key: str,
    actor: Any,
    source: BatchSource = BatchSource.LIST,
    clock: Clock | None = None,
) -> Batch:
    """Write down what the worker is to do; nothing is asked of the gateway here.

    Args:
        payments: those that the dry run found possible; each is looked at again in its turn.
        key: names this press; a repeat returns the first batch.
        actor: whose operations they are.
    """
    now = (clock or the_clock()).now()
    batch = Batch(kind=kind, key=key, actor=actor, source=source, created_at=now)
    with transaction.atomic():
        if not insert_once(batch):
            return Batch.objects.get(key=key)
        PlannedOperation.objects.bulk_create(
            PlannedOperation(
                batch=batch,
                payment=payment,
                kind=kind,
                key=f"batch-{batch.pk}-{payment.pk}",
                amount_seen=payment.amount,
                due_at=now,
            )
            for payment in payments
        )
    return batch


def plan_capture(payment: Payment, *, key: str, clock: Clock | None = None) -> bool:
    """The goods were sent: have the worker capture the payment. ``False`` if it is planned."""
    return insert_once(
        PlannedOperation(
            payment=payment,
            kind=CardOperation.CAPTURE,
            key=key,
            amount_seen=payment.amount,
            due_at=(clock or the_clock()).now(),
        )
    )


def stop_batch(batch_id: int, *, clock: Clock | None = None) -> int:
    """Keep what has not been asked for from being asked for; the number of plans stopped."""
    now = (clock or the_clock()).now()
    with transaction.atomic():
        Batch.objects.filter(pk=batch_id, stopped_at__isnull=True).update(stopped_at=now)
        waiting = PlannedOperation.objects.filter(
            batch=batch_id, state=PlanState.WAITING, leased_until__isnull=True
        )
        return waiting.update(state=PlanState.STOPPED, due_at=None)


def drop_captures(order_reference: str) -> int:
    """The order is closed: have the worker take no money for it; the number of plans stopped."""
    waiting = PlannedOperation.objects.filter(
        payment__order_reference=order_reference,
        kind=CardOperation.CAPTURE,
        state=PlanState.WAITING,
        leased_until__isnull=True,
    )
    return waiting.update(state=PlanState.STOPPED, due_at=None)


def carry_out_due(clock: Clock, stop: threading.Event) -> int:
    """Ask for the planned operations that are due; the number looked at."""
    done = 0
    for plan in PlannedOperation.lease_due(clock.now(), lasting=_LEASE, limit=_A_ROUND):
        _carry_out(plan, clock)
        done += 1
        if stop.is_set():
            break
    return done


def _carry_out(plan: PlannedOperation, clock: Clock) -> None:
    if plan.state != PlanState.WAITING:
        _end(plan, plan.state)
        return
    if plan.batch and plan.batch.stopped_at and not _was_asked_for(plan):
        _end(plan, PlanState.STOPPED)
        return
    try:
        operation = operate(
            plan.payment_id,
            CardOperation(plan.kind),
            key=plan.key,
            actor=plan.batch.actor if plan.batch else None,
            amount_seen=plan.amount_seen,
            clock=clock,
        )
    except NotPossible as refusal:
        if refusal.obstacle in _PASSING and plan.attempts < _MOST_ATTEMPTS:
            plan.release(due_at=clock.now() + _AGAIN_AFTER)
            return
        _leave_out(plan, refusal.obstacle, clock)
        return
    except (Overtaken, KeyReused):
        log.warning("plan %s: its payment is not what was confirmed, or its key is taken", plan.pk)
        _leave_out(plan, Obstacle.CHANGED_SINCE, clock)
        return
    _end(plan, PlanState.DONE, operation=operation)
    if operation.state not in {OperationState.OK, *UNFINISHED}:
        _tell_staff(plan, clock, operation.state)


def _leave_out(plan: PlannedOperation, obstacle: Obstacle, clock: Clock) -> None:
    _end(plan, PlanState.LEFT_OUT, obstacle=obstacle)
    _tell_staff(plan, clock, obstacle)


def _was_asked_for(plan: PlannedOperation) -> bool:
    """A worker claimed the operation and died before it could write down how it ended."""
    return Operation.objects.filter(key=plan.key).exists()


def _end(plan: PlannedOperation, state: PlanState | str, **columns: Any) -> None:
    PlannedOperation.objects.filter(pk=plan.pk).update(
        state=state, due_at=None, leased_until=None, **columns
    )


def _tell_staff(plan: PlannedOperation, clock: Clock, why: str) -> None:
    """Nobody looks at the row of a shipment's plan: it becomes a case."""
    if plan.batch is None and why != Obstacle.CAPTURED:
        open_case(
            plan.payment,
            CaseKind.OPERATION_FAILED,
            now=clock.now(),
            operation=plan.kind,
            why=str(why),
        )
