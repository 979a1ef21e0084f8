"""Record: write down what came back, whatever happens to the database meanwhile.

What an end makes of the payment is told by its method: ``card_end``, or ``slip_end``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from escott.django.models import Operation
from escott.django.models.operation import ResolvedBy
from escott.django.services.card_end import end_of_card, end_of_card_resolved
from escott.django.services.claim import NO_SECRET
from escott.django.services.end import End
from escott.django.services.late_answer import keep_late_answer
from escott.django.services.late_slip_answer import keep_late_answer_of_slip
from escott.django.services.persist import persist
from escott.django.services.slip_end import end_of_slip, end_of_slip_resolved
from escott.django.services.write_end import STILL_UNFINISHED, Settlement, write_end
from escott.gateway import Outcome
from escott.rules.payment_methods import PaymentMethod


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
    payment = operation.payment
    if payment.method == PaymentMethod.COLLECTION:
        _record_of_slip(operation, outcome, now, still)
        return
    end = end_of_card(operation, outcome, now)
    if not persist(lambda: write_end(operation, lambda: end, now, still=still)):
        persist(lambda: keep_late_answer(operation, end, now))


def _record_of_slip(
    operation: Operation, outcome: Outcome, now: datetime, still: Mapping[str, tuple[Any, ...]]
) -> None:
    def end_of() -> End:
        return end_of_slip(operation, outcome, now)

    if not persist(lambda: write_end(operation, end_of, now, still=still)):
        persist(lambda: keep_late_answer_of_slip(operation, outcome, now))


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
    how = {
        "resolved_by": resolved_by,
        "ended_at": now,
        "due_at": None,
        "token": NO_SECRET,
        "note": note,
    }

    def end_of() -> End:
        if operation.payment.method == PaymentMethod.COLLECTION:
            return end_of_slip_resolved(operation, how, now, done=done)
        return end_of_card_resolved(operation, how, now, done=done)

    return persist(lambda: write_end(operation, end_of, now, settlement=settlement))
