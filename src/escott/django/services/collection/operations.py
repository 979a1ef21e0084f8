"""変更 and 削除 of a slip (2Chg, 2Del). Claim, call, record; then tell the shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import Operation, OperationState, Payment, Slip
from escott.django.models.operation import UNFINISHED
from escott.django.services.announce import announce
from escott.django.services.call import send
from escott.django.services.claim import (
    Claim,
    FollowUp,
    NotPossible,
    SameAmount,
    audit_request,
    claim_follow_up,
)
from escott.django.services.record import record
from escott.gateway import SlipChange, SlipDelete, Telegram
from escott.rules.collection_operability import CollectionStanding, obstacle_to
from escott.rules.collection_states import CollectionOperation
from escott.rules.due_dates import may_become_due
from escott.rules.payment_states import PaymentState
from escott.rules.yen import collection_amount, format_yen


class NotADueDate(ValueError):
    """The new last day is over, or lies after the order's day 60."""


def change_slip(
    payment_id: int,
    *,
    amount: int,
    due_on: date,
    key: str,
    actor: Any,
    after: int | None = None,
    amount_seen: int | None = None,
    clock: Clock | None = None,
) -> Operation:
    """Change the amount or the last day of a slip, or both; once only. The shopper gets a mail.

    Args:
        amount: the whole new amount in yen, the fee included; the fee is not computed anew.
        due_on: the new last day (Japan), from today to the order's day 60.
        key: names this press of the button; a repeat returns the first result.
        actor: the member of staff, or ``None`` for a job.
        after: the number of the last operation that the caller has seen.
        amount_seen: the payment's amount in yen as the caller has seen it.

    Raises:
        NotPossible: by the rule (escott.rules.collection_operability).
        SameAmount: amount and last day are what they are already.
        NotADueDate, NotYen: what is asked for cannot be.
        Overtaken, KeyReused: refused here; the gateway was not asked.
        TransactionManagementError: called inside a transaction.
    """
    collection_amount(amount)
    clock = clock or the_clock()
    now = clock.now()

    def prepare(payment: Payment) -> None:
        if amount == payment.amount and due_on == payment.slip.due_on:
            raise SameAmount(f"payment {payment.transaction_code} has that amount and last day")
        ordered_at = payment.charged_at or payment.created_at
        if not may_become_due(due_on, ordered_at=ordered_at, now=now):
            raise NotADueDate(due_on.isoformat())

    asked = FollowUp(
        kind=CollectionOperation.CHANGE,
        amount=amount,
        due_on=due_on,
        key=key,
        actor=actor,
        tells_customer=True,
        after=after,
        amount_seen=amount_seen,
    )
    return _run(payment_id, asked, prepare, clock)


def delete_slip(
    payment_id: int,
    *,
    key: str,
    actor: Any,
    after: int | None = None,
    tells_customer: bool = False,
    clock: Clock | None = None,
) -> Operation:
    """Delete a slip, so that nobody can pay it any more. The button says 取消.

    Args:
        tells_customer: a mail about it goes to the shopper once it is done.

    Raises:
        NotPossible, Overtaken, KeyReused, TransactionManagementError: see :func:`change_slip`.
    """
    asked = FollowUp(
        kind=CollectionOperation.DELETE,
        key=key,
        actor=actor,
        tells_customer=tells_customer,
        after=after,
    )
    return _run(payment_id, asked, lambda _payment: None, clock or the_clock())


def _run(
    payment_id: int, asked: FollowUp, prepare: Callable[[Payment], None], clock: Clock
) -> Operation:
    refuse_inside_transaction()
    now, kind = clock.now(), CollectionOperation(asked.kind)

    def check(payment: Payment) -> None:
        obstacle = obstacle_to(kind, standing_of_slip(payment), now)
        if obstacle is not None:
            raise NotPossible(payment, obstacle)

    claim = claim_follow_up(
        payment_id,
        asked,
        now=now,
        check=check,
        prepare=prepare,
        audit=lambda operation: audit_request(operation, _changes(operation)),
    )
    if claim.won:
        outcome = send(claim, _telegram(claim, kind), clock)
        record(claim.operation, outcome, now=clock.now())
        announce(claim.payment)
    return claim.operation


def standing_of_slip(payment: Payment) -> CollectionStanding:
    """How the payment stands, as the rule asks; a card payment has no slip."""
    unfinished = payment.operations.filter(state__in=UNFINISHED).values_list("state", flat=True)
    state = unfinished.first()
    slip = Slip.objects.filter(payment_id=payment.pk).first()
    return CollectionStanding(
        state=PaymentState(payment.state),
        under_way=state == OperationState.STARTED,
        unknown=state == OperationState.UNKNOWN,
        changed=slip is not None and slip.changed,
        last_day=payment.operable_until,
        deposit_differs=slip is not None and slip.deposited_at is not None,
    )


def _telegram(claim: Claim, kind: CollectionOperation) -> Telegram:
    payment, operation = claim.payment, claim.operation
    transaction = payment.transaction
    assert transaction is not None, "an unpaid slip has a ProcessId"  # noqa: S101
    code = payment.transaction_code
    if kind is CollectionOperation.DELETE:
        return SlipDelete(transaction_code=code, transaction=transaction)
    assert operation.due_on is not None, "a change tells the last day"  # noqa: S101
    return SlipChange(
        transaction_code=code,
        transaction=transaction,
        amount=operation.amount,
        pay_limit=operation.due_on,
    )


def _changes(operation: Operation) -> dict[str, tuple[str, str]]:
    """What the audit log tells beside what was asked for."""
    payment, after = operation.payment, operation.due_on
    if after is None:
        return {}
    before = payment.slip.due_on
    return {
        _("Amount"): (format_yen(payment.amount), format_yen(operation.amount)),
        _("Payable until"): (f"{before:%Y-%m-%d}", f"{after:%Y-%m-%d}"),
    }
