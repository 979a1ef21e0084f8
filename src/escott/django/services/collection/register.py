"""登録: register a slip for an order (2Add). Claim, call, record; then tell the shop.

It moves no money: a registration that was not answered is LOST, and the shopper may register
again under another transaction code (design.md, invariant 3).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import endpoints_of, refuse_inside_transaction
from escott.django.insert_once import insert_once
from escott.django.models import CollectionAccount, Payment, Slip
from escott.django.orders import PayableOrder
from escott.django.services.announce import announce
from escott.django.services.call import send
from escott.django.services.claim import (
    Claim,
    insert_claim,
    new_operation,
    new_transaction_code,
    win_or_find,
)
from escott.django.services.collection.account import account_for_slips
from escott.django.services.collection.instruction import SlipInstruction
from escott.django.services.record import record
from escott.gateway import SlipAdd
from escott.rules.collection_states import CollectionOperation
from escott.rules.due_dates import due_date
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState
from escott.rules.yen import collection_amount


@dataclass(frozen=True, slots=True)
class SlipClaim(Claim):
    """The claim of a registration, with the telegram that it is about to send."""

    telegram: SlipAdd | None = None


def begin_slip(
    order: PayableOrder, instruction: SlipInstruction, *, clock: Clock | None = None
) -> Claim:
    """Write down the registration that is about to be asked for, in the caller's transaction.

    A host that places the order does both in one transaction, and hands the claim to
    :func:`go_on_with_slip` after the commit. Whoever loses gets what stands in the way: the
    first press with this key, or the order's live payment, perhaps one by card.

    Args:
        order: what to pay, its amount with the fee.

    Raises:
        MethodUnavailable: online collection is not completely set up; nothing was written.
        NotYen: the amount is more than a slip can be, or not more than its fee.
        InvalidTelegram: something cannot stand on a slip; nothing was written.
        OrderNotPayable: the host shop has closed the order; nothing was written.
    """
    collection_amount(order.amount)
    collection_amount(order.amount - instruction.fee)
    part = account_for_slips()
    now = (clock or the_clock()).now()
    key = _key_of(order, instruction)

    def attempt() -> Claim | None:
        payment = _new_payment(order, part, now)
        slip = _new_slip(payment, part, instruction, now)
        telegram = _telegram(payment, slip, part, instruction)
        operation = new_operation(payment, CollectionOperation.REGISTER, key=key, now=now)
        operation.due_on = slip.due_on
        operation.actor = instruction.actor or order.customer
        with transaction.atomic(savepoint=False):
            if not insert_claim(order, payment, operation):
                return None
            slip.payment = payment
            insert_once(slip)
        return SlipClaim(payment, operation, won=True, telegram=telegram)

    return win_or_find(order, key, attempt)


def go_on_with_slip(claim: Claim, *, clock: Clock | None = None) -> Payment:
    """Register what was claimed, and write down what came back.

    Returns:
        The payment: UNPAID, refused, not sent, lost, or what another press has made of it.

    Raises:
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    if not claim.won or not isinstance(claim, SlipClaim) or claim.telegram is None:
        return claim.payment
    clock = clock or the_clock()
    record(claim.operation, send(claim, claim.telegram, clock), now=clock.now())
    announce(claim.payment)
    return claim.payment


def slip_page_url(payment: Payment, *, from_checkout: bool) -> str:
    """The page on which the shopper chooses how to pay; empty where there is no link.

    Args:
        from_checkout: the page then leads back to the shop; a link in a mail does not.
    """
    if payment.state != PaymentState.UNPAID or not payment.slip.link_code:
        return ""
    link_code = payment.slip.link_code
    return endpoints_of(payment.mode).slip_url(link_code, from_checkout=from_checkout)


def _new_payment(order: PayableOrder, part: CollectionAccount, now: datetime) -> Payment:
    return Payment(
        transaction_code=new_transaction_code(),
        account=part.account,
        mode=part.account.mode,
        method=PaymentMethod.COLLECTION.value,
        order_reference=order.reference,
        customer=order.customer,
        email=order.email,
        all_virtual=order.all_virtual,
        amount=order.amount,
        charged_by=CollectionOperation.REGISTER.value,
        state=PaymentState.STARTED.value,
        live=True,
        created_at=now,
    )


def _new_slip(
    payment: Payment, part: CollectionAccount, instruction: SlipInstruction, now: datetime
) -> Slip:
    payer = instruction.payer
    return Slip(
        payment=payment,
        fee=instruction.fee,
        due_on=due_date(now, part.due_days),
        product=instruction.product_name,
        payer_name=payer.name,
        payer_kana=payer.kana,
        payer_telephone=payer.telephone,
    )


def _telegram(
    payment: Payment, slip: Slip, part: CollectionAccount, instruction: SlipInstruction
) -> SlipAdd:
    """Built before anything is written, so that what cannot be sent is not claimed either."""
    telegram = SlipAdd(
        transaction_code=payment.transaction_code,
        amount=payment.amount,
        pay_limit=slip.due_on,
        name=slip.payer_name,
        kana=slip.payer_kana,
        telephone=slip.payer_telephone,
        product=slip.product,
        return_url=instruction.return_url,
        texts=part.slip_texts(),
    )
    telegram.fields()
    return telegram


def _key_of(order: PayableOrder, instruction: SlipInstruction) -> str:
    if not instruction.press:
        return "slip-once-" + secrets.token_hex(24)
    named = f"{order.reference}\n{instruction.press}"
    return "slip-" + hashlib.sha256(named.encode()).hexdigest()[:48]
