"""What came of a press of a button, and what somebody else did to the payment meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django.explanation import explain
from escott.django.models import Operation, OperationState, Payment
from escott.django.models.operation import ResolvedBy
from escott.django.panel.shown_payment import name_of, result_of, tone_of
from escott.rules.yen import format_yen


@dataclass(frozen=True, slots=True)
class Notice:
    """A message at the top of the panel.

    Attributes:
        tone: ``ok``, ``refused`` or ``unknown``; ``waits`` or ``differs`` from an inquiry.
        lines: what it means, and what to do.
    """

    tone: str
    title: str
    lines: list[str] = field(default_factory=list)


def notice_of(operation: Operation, mail_to: str) -> Notice:
    """What came of an operation, as its row tells.

    Args:
        mail_to: whom the mail goes to, if one was wished for.
    """
    done = {"operation": operation.get_kind_display(), "amount": format_yen(operation.amount)}
    if operation.resolved_by == ResolvedBy.ELSEWHERE:
        return Notice("ok", _("Taken over from the gateway: %(operation)s, %(amount)s") % done)
    if operation.state == OperationState.OK:
        told = operation.tells_customer and mail_to
        lines = [_("The customer is told by mail: %(mail)s") % {"mail": mail_to}] if told else []
        return Notice("ok", _("%(operation)s is done: %(amount)s") % done, lines)
    explained = explain(operation)
    title = f"{operation.get_kind_display()}: {result_of(operation)}"
    lines = [*explained.what, explained.money, *explained.next_steps]
    return Notice(tone_of(operation), title, lines)


def not_done(reason: str, payment: Payment) -> Notice:
    """A press that was refused here; with what was done last, for it may explain why."""
    last = payment.operations.select_related("actor").order_by("-number").first()
    lines = [] if last is None or last.is_charge else [_last_done(last)]
    return Notice("refused", _("Nothing was asked of the gateway."), [reason, *lines])


def _last_done(operation: Operation) -> str:
    words = {
        "who": name_of(operation.actor) or _("an automatic job"),
        "operation": operation.get_kind_display(),
        "amount": format_yen(operation.amount),
        "time": f"{in_japan(operation.started_at):%H:%M:%S}",
        "result": result_of(operation),
    }
    return _("Last done: %(operation)s (%(amount)s) at %(time)s by %(who)s. Result: %(result)s") % (
        words
    )
