"""What staff decide about a slip that is not as our record says; the reason stands in the log.

``accept_deposit``: what was paid in is taken, though it is another amount than the slip asked
for, or came after the slip had ended. ``adopt_deletion``: the gateway does not know the slip any
more, for somebody has deleted it in its console.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.insert_once import insert_once
from escott.django.models import AuditArea, Operation, OperationState, Payment, Slip
from escott.django.models.operation import UNFINISHED, ResolvedBy
from escott.django.services.announce import announce
from escott.django.services.cases import close_cases
from escott.django.services.claim import KeyReused, NotPossible
from escott.django.services.collection.conclude import Told, conclude
from escott.django.services.collection.deposit import become_deposited
from escott.django.services.collection.inquiry import Gone, ask
from escott.django.services.slip_end import OVER_WITH_THE_SLIP
from escott.django.services.slip_lock import lock
from escott.django.services.write_end import announcement_due
from escott.django.update_row import update_row
from escott.rules.collection_states import CollectionOperation
from escott.rules.operability import Obstacle
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen


class NothingToTakeOver(Exception):
    """No deposit stands open, or the gateway knows the slip after all.

    Attributes:
        told: what the gateway told, where it was asked.
    """

    def __init__(self, told: Told | None = None) -> None:
        super().__init__(told or "nothing was paid in that is not settled")
        self.told = told


def accept_deposit(
    payment_id: int, *, actor: Any, reason: str, key: str, clock: Clock | None = None
) -> Operation:
    """Take what was paid in for the payment: it is 入金済 with that amount.

    Args:
        reason: why, for the audit log.
        key: names this press; a repeat returns the first result.

    Raises:
        NothingToTakeOver: nothing was paid in, or it is settled already.
        NotPossible: another payment of the order is live, or an operation is under way.
        KeyReused: the key names a press about something else.
    """
    now = (clock or the_clock()).now()
    with transaction.atomic():
        payment, slip = _locked(payment_id)
        first = _earlier_press(key, payment_id, CollectionOperation.DEPOSIT)
        if first is not None:
            return first
        if payment.state == PaymentState.DEPOSITED or slip.deposited_amount is None:
            raise NothingToTakeOver
        _refuse_if_busy(payment)
        before = payment.amount
        try:
            with transaction.atomic():
                operation = become_deposited(
                    payment,
                    slip,
                    resolved_by=ResolvedBy.STAFF,
                    now=now,
                    key=key,
                    actor=actor,
                    note=reason[:200],
                )
        except IntegrityError:
            raise NotPossible(payment, Obstacle.ANOTHER_LIVE) from None
        record_change(
            actor,
            _("Accepted what was paid in"),
            f"{payment.order_reference} ({payment.transaction_code})",
            {_("Amount"): (format_yen(before), format_yen(payment.amount))},
            area=AuditArea.CASE,
            reason=reason,
            clock=clock,
        )
    announce(payment)
    return operation


def adopt_deletion(
    payment_id: int, *, actor: Any, key: str, clock: Clock | None = None
) -> Operation:
    """Take over that the slip was deleted in the gateway's console, which is asked once more.

    Raises:
        NothingToTakeOver: the gateway knows the slip, or did not answer.
        NotPossible: an operation is under way, or the payment is not 未入金 any more.
        KeyReused: the key names a press about something else.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    first = _earlier_press(key, payment_id, CollectionOperation.DELETE)
    if first is not None:
        return first
    payment = Payment.objects.select_related("account__collection").get(pk=payment_id)
    if payment.state != PaymentState.UNPAID:
        raise NotPossible(payment, Obstacle.CHANGED_SINCE)
    asked = ask(payment, clock)
    told = conclude(payment, asked, by=ResolvedBy.SEARCH, now=clock.now()).told
    if not isinstance(asked.finding, Gone):
        raise NothingToTakeOver(told)
    with transaction.atomic():
        payment, slip = _locked(payment_id)
        first = _earlier_press(key, payment_id, CollectionOperation.DELETE)
        if first is not None:
            return first
        operation = _write_deletion(payment, slip, key=key, actor=actor, clock=clock)
    announce(payment)
    return operation


def _write_deletion(
    payment: Payment, slip: Slip, *, key: str, actor: Any, clock: Clock
) -> Operation:
    _refuse_if_busy(payment)
    if payment.state != PaymentState.UNPAID:
        raise NotPossible(payment, Obstacle.CHANGED_SINCE)
    now = clock.now()
    operation = Operation(
        payment=payment,
        number=payment.operations.count() + 1,
        kind=CollectionOperation.DELETE,
        amount=payment.amount,
        key=key,
        actor=actor,
        state=OperationState.OK,
        started_at=now,
        ended_at=now,
        resolved_by=ResolvedBy.ELSEWHERE,
    )
    if not insert_once(operation):
        raise KeyReused(f"the key {key!r} was used for another operation")
    columns = {
        "state": PaymentState.DELETED,
        "live": False,
        "announce_due_at": announcement_due(now),
    }
    update_row(payment, columns)
    for name, value in columns.items():
        setattr(payment, name, value)
    update_row(slip, {"due_at": None})
    close_cases(payment, OVER_WITH_THE_SLIP, now=now, actor=actor)
    record_change(
        actor,
        _("Taken over from the gateway: %s") % operation.get_kind_display(),
        f"{payment.order_reference} ({payment.transaction_code})",
        {},
        area=AuditArea.CASE,
        clock=clock,
    )
    return operation


def _locked(payment_id: int) -> tuple[Payment, Slip]:
    payment = Payment.objects.get(pk=payment_id)
    if payment.method != PaymentMethod.COLLECTION:
        raise NotPossible(payment, Obstacle.OTHER_METHOD)
    return payment, lock(payment)


def _refuse_if_busy(payment: Payment) -> None:
    state = payment.operations.filter(state__in=UNFINISHED).values_list("state", flat=True).first()
    if state is not None:
        unknown = state == OperationState.UNKNOWN
        raise NotPossible(payment, Obstacle.RESULT_UNKNOWN if unknown else Obstacle.UNDER_WAY)


def _earlier_press(key: str, payment_id: int, kind: CollectionOperation) -> Operation | None:
    first = Operation.objects.select_related("payment").filter(key=key).first()
    if first is not None and (first.payment_id != payment_id or first.kind != kind):
        raise KeyReused(f"the key {key!r} was used for another operation")
    return first
