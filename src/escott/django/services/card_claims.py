"""Claim what is asked for a card: a charge, or an operation on a card payment that exists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

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
from escott.django.orders import PayableOrder
from escott.django.services.card_label import label_of_member, put_label
from escott.django.services.claim import (
    NO_SECRET,
    Claim,
    FollowUp,
    NotPossible,
    SameAmount,
    SavedCardUnusable,
    audit_request,
    claim_follow_up,
    insert_claim,
    new_operation,
    new_transaction_code,
    win_or_find,
)
from escott.django.services.instruction import CardInstruction
from escott.django.services.refunds import refunded
from escott.rules.card_states import CardOperation
from escott.rules.operability import (
    Obstacle,
    Standing,
    may_be_tried_past_the_period,
    obstacle_to,
)
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen


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
        OrderNotPayable: the host shop has closed the order; nothing was written.
    """

    def attempt() -> Claim | None:
        payment = _new_payment(order, account, instruction, now)
        if instruction.member is not None and not may_take_another_card:
            put_label(payment, label_of_member(instruction.member))
        operation = new_operation(payment, payment.charged_by, key=key, now=now)
        operation.actor = instruction.actor or order.customer
        operation.token = instruction.token or NO_SECRET
        operation.due_at = due_at or operation.due_at
        with transaction.atomic(savepoint=False):
            if instruction.member is not None:
                _hold(instruction.member, account.mode)
            won = insert_claim(order, payment, operation)
        return Claim(payment, operation, won=True) if won else None

    return win_or_find(order, key, attempt)


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
    """Claim an operation on a card payment that exists.

    Args:
        after: the number of the last operation that the caller has seen.
        amount_seen: the payment's amount in yen as the caller has seen it.

    Raises:
        NotPossible: by the rule (escott.rules.operability).
        Overtaken: another operation came between, or has changed the amount.
        SameAmount: 利用額変更 to the amount that the payment has; the gateway would answer K23.
        KeyReused: the key was used for something else.
    """

    def check(payment: Payment) -> None:
        _refuse_by_rule(payment, kind, now, past_period=past_period)
        if kind is CardOperation.CHANGE_AMOUNT and (amount or 0) < refunded(payment):
            raise NotPossible(payment, Obstacle.REFUNDED)

    def prepare(payment: Payment) -> None:
        if kind is CardOperation.CHANGE_AMOUNT and amount == payment.amount:
            raise SameAmount(f"payment {payment.transaction_code} has that amount")
        if kind is CardOperation.REAUTHORISE:
            _become_live(payment)

    asked = FollowUp(
        kind=kind,
        amount=amount,
        key=key,
        actor=actor,
        tells_customer=tells_customer,
        after=after,
        amount_seen=amount_seen,
    )
    audit = _audit_past_period if past_period else _audit
    return claim_follow_up(payment_id, asked, now=now, check=check, prepare=prepare, audit=audit)


def _audit(operation: Operation) -> None:
    audit_request(operation, _amounts(operation))


def _audit_past_period(operation: Operation) -> None:
    reason = _("After the last day of operations")
    audit_request(operation, _amounts(operation), area=AuditArea.OVERRIDE, reason=reason)


def _amounts(operation: Operation) -> dict[str, tuple[str, str]]:
    before, after = operation.payment.amount, operation.amount
    return {_("Amount"): (format_yen(before), format_yen(after))}


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


def _refuse_by_rule(
    payment: Payment, kind: CardOperation, now: datetime, *, past_period: bool
) -> None:
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
