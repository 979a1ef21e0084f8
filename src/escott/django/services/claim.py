"""Claim: write the operation down before anything is sent, and be the only one to do so.

Two constraints decide, not the order in which threads happen to look: one live payment per
order and purpose, one unfinished operation per payment. The loser of a race gets the row of
the winner.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from escott.django.audit import record_change
from escott.django.gateway_access import timeouts
from escott.django.insert_once import insert_once
from escott.django.models import (
    AuditArea,
    Consent,
    Member,
    MemberState,
    MerchantAccount,
    Operation,
    OperationState,
    Payment,
)
from escott.django.models.member import MemberOperation
from escott.django.models.operation import UNFINISHED
from escott.django.models.payment import CardSaving
from escott.django.orders import OrderNotPayable, PayableOrder
from escott.django.services.card_label import label_of_member, put_label
from escott.django.services.instruction import CardInstruction
from escott.django.services.payments import is_in_doubt
from escott.django.services.refunds import refunded
from escott.django.signals import charge_claimed
from escott.gateway.secret import Secret
from escott.rules.card_states import CardOperation
from escott.rules.operability import (
    Obstacle,
    Standing,
    may_be_tried_past_the_period,
    obstacle_to,
)
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen

#: Beyond the time-outs, how long a process may take to write down what came back.
_TIME_TO_RECORD: Final = timedelta(seconds=30)

_CODE_DIGITS: Final = 12

NO_SECRET: Final = Secret("")


@dataclass(frozen=True, slots=True)
class Claim:
    """The row that describes the operation. ``won`` tells whether this caller may send it."""

    payment: Payment
    operation: Operation
    won: bool
    counted_from: float = field(default_factory=time.monotonic, repr=False)


class NotPossible(Exception):
    """The rule refuses the operation as the payment stands; the gateway was not asked.

    Attributes:
        obstacle: what stands in the way.
    """

    def __init__(self, payment: Payment, obstacle: Obstacle) -> None:
        super().__init__(f"payment {payment.transaction_code}: {obstacle}")
        self.obstacle = obstacle


class SavedCardUnusable(Exception):
    """The saved card is being changed or deleted, or is gone; nothing was written."""


def claim_charge(
    order: PayableOrder,
    account: MerchantAccount,
    instruction: CardInstruction,
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    may_take_another_card: bool = False,
) -> Claim:
    """Claim the charge of an order.

    Args:
        key: names this press; a repeat gets the first one's row.
        now: the present (JST).
        due_at: when recovery looks at it; by default when the time-outs are over.
        may_take_another_card: the gateway's page lets the shopper choose a card beside the
            saved one, so that nobody knows yet which it will be.

    Raises:
        SavedCardUnusable: the saved card is being changed or deleted, or is gone.
        OrderNotPayable: the host shop has closed the order, or an earlier payment of it may be
            charged after all; nothing was written.
    """
    while True:
        payment = _new_payment(order, account, instruction, now)
        if instruction.member is not None and not may_take_another_card:
            put_label(payment, label_of_member(instruction.member))
        operation = _new_operation(payment, payment.charged_by, key=key, now=now)
        operation.actor = instruction.actor or order.customer
        operation.token = instruction.token or NO_SECRET
        operation.due_at = due_at or operation.due_at
        with transaction.atomic(savepoint=False):
            if instruction.member is not None:
                _hold(instruction.member, account.mode)
            if insert_once(payment):
                operation.payment = payment
                if insert_once(operation):
                    if is_in_doubt(order.reference):
                        raise OrderNotPayable(order.reference)
                    charge_claimed.send(sender=Payment, order_reference=order.reference)
                    return Claim(payment, operation, won=True)
                payment.delete()
        earlier = _earlier(order, key)
        if earlier is not None:
            return earlier


def _hold(member: Member, mode: str) -> None:
    """Keep the saved card from being deleted until the payment made with it is written.

    It must still be the card that the caller has read, for that is what was agreed to.
    """
    usable = Member.objects.select_for_update().filter(
        pk=member.pk,
        mode=mode,
        state=MemberState.VALID,
        under_way=MemberOperation.NONE,
        changed_at=member.changed_at,
    )
    if not usable.exists():
        raise SavedCardUnusable(f"member {member.kaiin_id} can't be charged at this moment")


def _earlier(order: PayableOrder, key: str) -> Claim | None:
    """What stood in the way; ``None`` if it has gone meanwhile or the code was taken."""
    operations = Operation.objects.select_related("payment")
    same_press = operations.filter(key=key).first()
    if same_press is None:
        same_press = operations.filter(
            payment__order_reference=order.reference, payment__purpose="order", payment__live=True
        ).first()
    if same_press is None:
        return None
    return Claim(same_press.payment, same_press, won=False)


def _new_payment(
    order: PayableOrder, account: MerchantAccount, instruction: CardInstruction, now: datetime
) -> Payment:
    text = instruction.consent_text
    return Payment(
        transaction_code=new_transaction_code(),
        account=account,
        mode=account.mode,
        order_reference=order.reference,
        customer=order.customer,
        email=order.email,
        all_virtual=order.all_virtual,
        amount=order.amount,
        pay_type=instruction.pay_type,
        member=instruction.member,
        consent=Consent.to(text) if text else None,
        saving=CardSaving.WANTED if instruction.saves_card else CardSaving.NO,
        charged_by=instruction.charge or account.card_charge,
        state=PaymentState.STARTED.value,
        live=True,
        created_at=now,
    )


def new_transaction_code() -> str:
    """A code that goes out as MerchantFree1: twelve digits, by chance."""
    return f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"


def claim_operation(
    payment_id: int,
    kind: CardOperation,
    *,
    amount: int | None,
    key: str,
    actor: Any,
    now: datetime,
    past_period: bool = False,
    tells_customer: bool = False,
    after: int | None = None,
    amount_seen: int | None = None,
) -> Claim:
    """Claim an operation on a payment that exists.

    Args:
        after: the number of the last operation that the caller has seen.
        amount_seen: the payment's amount in yen as the caller has seen it.

    Raises:
        NotPossible: by the rule (escott.rules.operability).
        Overtaken: another operation came between, or has changed the amount.
        SameAmount: 利用額変更 to the amount that the payment has; the gateway would answer K23.
        KeyReused: the key was used for something else.
    """
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        repeat = Operation.objects.select_related("payment").filter(key=key).first()
        if repeat is not None:
            return _repeated(repeat, payment_id, kind, amount)
        _check(payment, kind, now, past_period=past_period)
        if kind is CardOperation.CHANGE_AMOUNT and (amount or 0) < refunded(payment):
            raise NotPossible(payment, Obstacle.REFUNDED)
        number = payment.operations.count() + 1
        if amount_seen not in {None, payment.amount}:
            raise Overtaken(f"payment {payment.transaction_code} is not ¥{amount_seen} any more")
        if after is not None and number > after + 1:
            raise Overtaken(
                f"payment {payment.transaction_code}: operation {number - 1} came between"
            )
        if kind is CardOperation.CHANGE_AMOUNT and amount == payment.amount:
            raise SameAmount(f"payment {payment.transaction_code} has that amount")
        if kind is CardOperation.REAUTHORISE:
            _become_live(payment)
        operation = _new_operation(payment, kind, key=key, now=now)
        operation.number = number
        operation.amount = payment.amount if amount is None else amount
        operation.actor = actor
        operation.tells_customer = tells_customer
        if not insert_once(operation):
            raise KeyReused(f"the key {key!r} was used for another operation")
        _audit(operation, past_period=past_period)
        return Claim(payment, operation, won=True)


def _audit(operation: Operation, *, past_period: bool) -> None:
    """What a person has asked for stands in the audit log; a job's work in the history alone."""
    if operation.actor is None:
        return
    payment = operation.payment
    record_change(
        operation.actor,
        _("Asked for: %s") % operation.get_kind_display(),
        f"{payment.order_reference} ({payment.transaction_code})",
        {_("Amount"): (format_yen(payment.amount), format_yen(operation.amount))},
        area=AuditArea.OVERRIDE if past_period else AuditArea.OPERATION,
        reason=_("After the last day of operations") if past_period else "",
    )


def _repeated(first: Operation, payment_id: int, kind: CardOperation, amount: int | None) -> Claim:
    """The first press with this key, if it asked for the same."""
    same = first.payment_id == payment_id and first.kind == kind
    if not same or amount not in {None, first.amount}:
        raise KeyReused(f"the key {first.key!r} was used for another operation")
    return Claim(first.payment, first, won=False)


class KeyReused(Exception):
    """The key of a press names an operation that asked for something else."""


class Overtaken(Exception):
    """The payment is not the one that was confirmed: somebody else has operated on it since."""


class SameAmount(Exception):
    """利用額変更 to the amount that the payment has already."""


def standing_of(payment: Payment) -> Standing:
    """How the payment stands, as the rule asks."""
    unfinished = payment.operations.filter(state__in=UNFINISHED).values_list("state", flat=True)
    state = unfinished.first()
    others = Payment.objects.filter(
        order_reference=payment.order_reference, purpose=payment.purpose, live=True
    ).exclude(pk=payment.pk)
    return Standing(
        state=PaymentState(payment.state),
        under_way=state == OperationState.STARTED,
        unknown=state == OperationState.UNKNOWN,
        has_process_id=bool(payment.process_id),
        last_day=payment.operable_until,
        refunded=payment.refunds.exists(),
        another_live=not payment.live and others.exists(),
    )


def _check(payment: Payment, kind: CardOperation, now: datetime, *, past_period: bool) -> None:
    standing = standing_of(payment)
    obstacle = obstacle_to(kind, standing, now)
    if obstacle is None or (past_period and may_be_tried_past_the_period(kind, standing)):
        return
    raise NotPossible(payment, obstacle)


def _become_live(payment: Payment) -> None:
    """Let the constraint decide whether the order has room for this payment."""
    try:
        with transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(live=True)
    except IntegrityError:
        raise NotPossible(payment, Obstacle.ANOTHER_LIVE) from None


def _new_operation(payment: Payment, kind: str, *, key: str, now: datetime) -> Operation:
    waits = timeouts()
    return Operation(
        payment=payment,
        number=1,
        kind=kind,
        amount=payment.amount,
        key=key,
        state=OperationState.STARTED.value,
        started_at=now,
        due_at=now + timedelta(seconds=waits.connect + waits.read) + _TIME_TO_RECORD,
    )
