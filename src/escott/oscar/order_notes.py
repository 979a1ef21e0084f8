"""Notes of an order: what was done to its payment, by whom, in yen (requirements.md A099)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from escott.clock import in_japan
from escott.django.deposit_texts import institution_name
from escott.django.insert_once import insert_once
from escott.django.models import Operation, OperationState, Payment
from escott.django.models.operation import ResolvedBy
from escott.django.models.slip import slip_of
from escott.oscar.models import NotedOperation
from escott.rules.collection_states import CollectionOperation
from escott.rules.payment_methods import PaymentMethod
from escott.rules.yen import format_yen

OrderNote = get_model("order", "OrderNote")


def note(order: Any, message: str) -> None:
    """Write a note that staff can't edit."""
    OrderNote.objects.create(order=order, note_type=OrderNote.SYSTEM, message=message)


def note_by(actor: Any, order: Any, message: str) -> None:
    """The same, for what a member of staff has done on the order's page."""
    OrderNote.objects.create(
        order=order, note_type=OrderNote.SYSTEM, message=message, user=actor or None
    )


def note_operations(order: Any, payment: Payment) -> None:
    """Note every operation on the payment that was carried out, each of them once.

    The charge itself is noted with the status that the order gets from it.
    """
    done = payment.operations.filter(state=OperationState.OK, number__gt=1)
    noted = NotedOperation._default_manager.filter(operation__payment=payment).values("operation")
    for operation in done.exclude(pk__in=noted).select_related("actor").order_by("number"):
        if insert_once(NotedOperation(operation=operation)):
            operation.payment = payment
            note(order, _says(operation))


def name_of(actor: Any) -> str:
    """How a member of staff is called in a note."""
    return str(actor.get_full_name() or actor.email or actor)


def name_of_payment(payment: Payment) -> str:
    """How a payment is called in a note."""
    if payment.method == PaymentMethod.COLLECTION:
        return _("Slip %s") % payment.transaction_code
    return _("Card payment %s") % payment.transaction_code


def _says(operation: Operation) -> str:
    text = _("%(payment)s, %(operation)s: %(amount)s") % {
        "payment": name_of_payment(operation.payment),
        "operation": operation.get_kind_display(),
        "amount": format_yen(operation.amount),
    }
    parts = [text, *_of_slip(operation), _by(operation)]
    if operation.resolved_by == ResolvedBy.ELSEWHERE:
        parts.append(str(ResolvedBy.ELSEWHERE.label))
    return " · ".join(parts)


def _of_slip(operation: Operation) -> Iterator[str]:
    """The new due date of a 変更; where and when a 入金 was made."""
    if operation.due_on is not None:
        yield _("payable until %s") % f"{operation.due_on:%Y/%m/%d}"
    slip = slip_of(operation.payment)
    if operation.kind == CollectionOperation.DEPOSIT and slip and slip.deposited_at:
        where = institution_name(slip.institution)
        when = f"{in_japan(slip.deposited_at):%Y/%m/%d %H:%M}"
        yield " ".join(filter(None, (where, when)))


def _by(operation: Operation) -> str:
    if operation.kind == CollectionOperation.DEPOSIT and operation.actor is None:
        return _("paid by the customer")
    if operation.actor is None and operation.kind == CollectionOperation.DELETE:
        return _("by the shopper")
    if operation.actor is None:
        return _("by the shop's own jobs")
    return _("by %(name)s") % {"name": name_of(operation.actor)}
