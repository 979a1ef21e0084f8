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

from escott.django.gateway_access import timeouts
from escott.django.insert_once import insert_once
from escott.django.models import (
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
from escott.django.orders import PayableOrder
from escott.django.services.instruction import CardInstruction
from escott.gateway.secret import Secret
from escott.rules.card_states import CardOperation, check_allowed
from escott.rules.handling_period import handling_period_is_over
from escott.rules.payment_states import PaymentState

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


class OperationUnfinished(Exception):
    """Another operation on the payment is under way, or its result is unknown."""


class SavedCardUnusable(Exception):
    """The saved card is being changed or deleted, or is gone; nothing was written."""


class AnotherPaymentIsLive(Exception):
    """再オーソリ would give the order a second live payment."""


def claim_charge(
    order: PayableOrder,
    account: MerchantAccount,
    instruction: CardInstruction,
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
) -> Claim:
    """Claim the charge of an order.

    Args:
        key: names this press; a repeat gets the first one's row.
        now: the present (JST).
        due_at: when recovery looks at it; by default when the time-outs are over.

    Raises:
        SavedCardUnusable: the saved card is being changed or deleted, or is gone.
    """
    while True:
        payment = _new_payment(order, account, instruction, now)
        operation = _new_operation(payment, account.card_charge, key=key, now=now)
        operation.actor = order.customer
        operation.token = instruction.token or NO_SECRET
        operation.due_at = due_at or operation.due_at
        with transaction.atomic(savepoint=False):
            if instruction.member is not None:
                _hold(instruction.member, account.mode)
            if insert_once(payment):
                operation.payment = payment
                if insert_once(operation):
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
        charged_by=account.card_charge,
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
) -> Claim:
    """Claim an operation on a payment that exists.

    Raises:
        OperationNotAllowed: the payment's state does not allow it.
        HandlingPeriodOver: the last day of operations has passed.
        NothingToOperateOn: the payment has no ProcessId (照合済み).
        OperationUnfinished: another operation has not ended, or its result is unknown.
        AnotherPaymentIsLive: 再オーソリ while another payment of the order is live.
        KeyReused: the key was used for something else.
    """
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        repeat = Operation.objects.select_related("payment").filter(key=key).first()
        if repeat is not None:
            return _repeated(repeat, payment_id, kind, amount)
        if payment.operations.filter(state__in=UNFINISHED).exists():
            raise OperationUnfinished(f"payment {payment.transaction_code} has one unfinished")
        _check(payment, kind, now)
        if kind is CardOperation.REAUTHORISE:
            _become_live(payment)
        operation = _new_operation(payment, kind, key=key, now=now)
        operation.number = payment.operations.count() + 1
        operation.amount = payment.amount if amount is None else amount
        operation.actor = actor
        if not insert_once(operation):
            raise KeyReused(f"the key {key!r} was used for another operation")
        return Claim(payment, operation, won=True)


def _repeated(first: Operation, payment_id: int, kind: CardOperation, amount: int | None) -> Claim:
    """The first press with this key, if it asked for the same."""
    same = first.payment_id == payment_id and first.kind == kind
    if not same or amount not in {None, first.amount}:
        raise KeyReused(f"the key {first.key!r} was used for another operation")
    return Claim(first.payment, first, won=False)


class KeyReused(Exception):
    """The key of a press names an operation that asked for something else."""


class HandlingPeriodOver(Exception):
    """取扱期間が過ぎています: the gateway would answer K12."""


class NothingToOperateOn(Exception):
    """The payment has no ProcessId; operate on it in the gateway's console."""


def _check(payment: Payment, kind: CardOperation, now: datetime) -> None:
    state = PaymentState(payment.state).card_state
    if state is None:
        raise NothingToOperateOn(f"payment {payment.transaction_code} was never charged")
    check_allowed(state, kind)
    if payment.transaction is None:
        raise NothingToOperateOn(f"payment {payment.transaction_code} has no ProcessId")
    last_day = payment.operable_until
    if last_day is not None and handling_period_is_over(last_day, now):
        raise HandlingPeriodOver(
            f"payment {payment.transaction_code} could be operated on until {last_day:%Y-%m-%d}"
        )


def _become_live(payment: Payment) -> None:
    """Let the constraint decide whether the order has room for this payment."""
    try:
        with transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(live=True)
    except IntegrityError:
        raise AnotherPaymentIsLive(
            f"order {payment.order_reference} has another live payment"
        ) from None


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
