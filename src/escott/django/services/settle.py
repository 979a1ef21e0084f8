"""Settle: what staff found in the gateway's console about an unknown result (照合済み)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from escott.clock import Clock, in_japan
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.models import AuditArea, Operation, OperationState
from escott.django.models.operation import ResolvedBy
from escott.django.services.announce import announce
from escott.django.services.cases import close_cases
from escott.django.services.record import end_resolved
from escott.django.services.write_end import DOUBTS
from escott.rules.unknown_outcome import GRACE, grace_is_over


class NotSettleable(Exception):
    """The operation's result is not unknown, or it is too early to call it not done."""


def settle(
    operation_id: int,
    *,
    done: bool,
    note: str,
    actor: Any = None,
    clock: Clock | None = None,
) -> Operation:
    """Write down how an unknown operation turned out, by the gateway's console.

    Args:
        done: the console shows the operation as carried out.
        note: what was seen there, for the record.
        actor: the member of staff.
        clock: the present; the site's clock by default.

    Raises:
        NotSettleable: the operation is not UNKNOWN; or ``done`` is false while the gateway
            may still be working on the request.
    """
    clock = clock or the_clock()
    operation = Operation.objects.select_related("payment__account").get(pk=operation_id)
    if operation.state != OperationState.UNKNOWN:
        raise NotSettleable(_("Only an operation whose result is unknown can be settled."))
    given_up_at = operation.ended_at or operation.started_at
    if not done and not grace_is_over(given_up_at, clock.now()):
        minutes = int(GRACE.total_seconds() // 60)
        raise NotSettleable(
            _(
                "The gateway may still be working on it. Look again %(minutes)d minutes after "
                "it was given up, at %(time)s (Japan time)."
            )
            % {"minutes": minutes, "time": f"{in_japan(given_up_at + GRACE):%H:%M:%S}"}
        )
    settled = end_resolved(
        operation,
        done=done,
        resolved_by=ResolvedBy.STAFF,
        now=clock.now(),
        note=_signed(note, actor),
        settlement=_ByStaff(done, note, actor),
    )
    if not settled:
        raise NotSettleable(_("It has been resolved meanwhile. Look at the payment again."))
    announce(operation.payment)
    return operation


@dataclass(frozen=True, slots=True)
class _ByStaff:
    """The end of its case, and who said so."""

    done: bool
    note: str
    actor: Any

    def write(self, operation: Operation, now: datetime) -> None:
        payment = operation.payment
        close_cases(payment, DOUBTS, now=now, actor=self.actor, note=self.note)
        record_change(
            self.actor,
            (_("Settled as carried out: %s") if self.done else _("Settled as not carried out: %s"))
            % operation.get_kind_display(),
            f"{payment.order_reference} ({payment.transaction_code})",
            {},
            area=AuditArea.CASE,
            reason=self.note,
        )


def is_settled_by(actor: Any, note: str, operation: Operation) -> bool:
    """Whether this very settlement ended the operation, such as by an earlier press."""
    return operation.resolved_by == ResolvedBy.STAFF and operation.note == _signed(note, actor)


def _signed(note: str, actor: Any) -> str:
    return (f"{actor}: {note}" if actor is not None else note)[:_NOTE_LENGTH]


#: As much of a note as the column holds.
_NOTE_LENGTH: Final = 200
