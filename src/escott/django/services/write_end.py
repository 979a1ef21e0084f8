"""Write an end: the rows of an operation and its payment, in one short transaction.

Nothing of the host shop can roll it back. It writes only while the operation stands as it is
to stand, so that of two who know an end one writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from django.db import models, transaction

from escott.django.mail_queue import queue_mail_of
from escott.django.models import CaseKind, Operation, OperationState, Payment
from escott.django.models.operation import UNFINISHED
from escott.django.payment_log import log_of
from escott.django.services.cases import close_cases, open_case
from escott.django.services.end import End
from escott.django.signals import payment_changed
from escott.django.update_row import update_row

#: When the worker announces a change that its own process did not come to announce.
_ANNOUNCE_AFTER: Final = timedelta(seconds=30)

#: What an answer overwrites.
STILL_UNFINISHED: Final[Mapping[str, tuple[Any, ...]]] = {"state": UNFINISHED}

#: What is over once the result of an operation is known.
DOUBTS: Final = (CaseKind.RESULT_UNKNOWN, CaseKind.LATE_DOUBT)


class Settlement(Protocol):
    """What is written together with a result that a person has found out, or not at all."""

    def write(self, operation: Operation, now: datetime) -> None:
        """Runs in the transaction of the result."""


def write_end(
    operation: Operation,
    end_of: Callable[[], End],
    now: datetime,
    *,
    still: Mapping[str, tuple[Any, ...]] = STILL_UNFINISHED,
    settlement: Settlement | None = None,
) -> bool:
    """Write the end and bring the objects up to date; ``False`` if it had ended before.

    Args:
        end_of: tells the end; runs inside the transaction, so that it may lock rows first.
    """
    with transaction.atomic():
        end = end_of()
        if not write_within(operation, end, now, still=still, settlement=settlement):
            return False
    bring_up_to_date(operation, end, now)
    return True


def write_within(
    operation: Operation,
    end: End,
    now: datetime,
    *,
    still: Mapping[str, tuple[Any, ...]] = STILL_UNFINISHED,
    settlement: Settlement | None = None,
) -> bool:
    """The same in the caller's transaction; the objects stay as they are until its commit."""
    payment = operation.payment
    if not update_row(operation, {"leased_until": None, **end.operation}, still=still):
        return False
    update_row(payment, {**end.payment, "announce_due_at": announcement_due(now)})
    if end.slip:
        update_row(payment.slip, end.slip)
    _note_doubt(operation, end, now, settlement)
    for write in end.beside:
        write()
    if end.operation["state"] == OperationState.OK:
        queue_mail_of(operation, now=now)
    return True


def bring_up_to_date(operation: Operation, end: End, now: datetime) -> None:
    """After the commit the objects say what their rows say."""
    payment = operation.payment
    _refresh(operation, end.operation)
    _refresh(payment, {**end.payment, "announce_due_at": announcement_due(now)})
    if end.slip:
        _refresh(payment.slip, end.slip)
    log_of(payment).info(
        "payment %s: %s is %s (%s)",
        payment.transaction_code,
        operation.kind,
        operation.state,
        operation.response_codes or operation.reason or operation.resolved_by,
    )


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


def announcement_due(now: datetime) -> datetime | None:
    """When the worker is to announce the change; never, where the host shop does not listen."""
    return now + _ANNOUNCE_AFTER if payment_changed.has_listeners(Payment) else None


def _refresh(row: models.Model, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
