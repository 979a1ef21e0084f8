"""Begin: a shopper has pressed the button. Charge at once, or send the browser to the gateway.

::

    settings              what begin() writes        what go_on() does
    token, no 3-D Secure  a payment (claim)          charges it
    token, 3-D Secure     a trip                     to the 本人認証; the return charges
    external link type    a payment and its trip     to the gateway's card page, which charges
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import MerchantAccount, Payment, Trip, TripGoal, TripKind
from escott.django.orders import PayableOrder
from escott.django.services.card_account import MethodUnavailable, account_for_cards
from escott.django.services.card_claims import claim_charge
from escott.django.services.claim import Claim, new_transaction_code
from escott.django.services.instruction import CardInstruction
from escott.django.services.open_trip import hosted_payment_ends, open_trip
from escott.django.services.pay import carry_out, key_of
from escott.django.services.token_check import brand_behind
from escott.gateway import Outcome, Refused, Token, advice_after_refusal
from escott.gateway.customer_actions import ADVICE, NOT_REACHED, Advice, CustomerAction
from escott.rules.instalments import LUMP_SUM, may_be_charged

Begun = Claim | Trip


class InstructionRefused(Exception):
    """The card cannot be charged as asked; nothing was written or charged.

    Attributes:
        advice: what to tell the shopper.
    """

    def __init__(self, advice: Advice) -> None:
        super().__init__(advice.english)
        self.advice = advice


def check_instruction(instruction: CardInstruction, *, clock: Clock | None = None) -> None:
    """Before anything is written: does the card's brand take this number of payments?

    Only more than 一括 is looked at. The brand of a new card is asked at the gateway, for the
    browser is no witness; where the gateway does not show it, the gateway decides.

    Raises:
        InstructionRefused: it does not, or the gateway could not be asked about the card.
        MethodUnavailable: card payment is not completely set up.
        TransactionManagementError: called inside a transaction.
    """
    if instruction.pay_type == LUMP_SUM:
        return
    refuse_inside_transaction()
    account = account_for_cards()
    if account.is_link_type:
        raise InstructionRefused(ADVICE[CustomerAction.CHANGE_PAYMENT_TYPE])
    brand = instruction.member.card_brand if instruction.member else None
    if instruction.token is not None:
        code = new_transaction_code()
        told = brand_behind(instruction.token, account, code, clock or the_clock())
        if isinstance(told, Outcome):
            raise InstructionRefused(_advice(told))
        brand = told
    if not may_be_charged(instruction.pay_type, brand, account.instalment_offer):
        raise InstructionRefused(ADVICE[CustomerAction.CHANGE_PAYMENT_TYPE])


def begin(
    order: PayableOrder,
    instruction: CardInstruction,
    *,
    next_url: str,
    clock: Clock | None = None,
) -> Begun:
    """Write down what is about to happen. A host that places the order does both in one
    transaction, and hands the result to :func:`go_on` after the commit.

    Args:
        next_url: the page of this site that shows how the order stands, as a path.

    Raises:
        InvalidTelegram: the token cannot be one; nothing was written.
        MethodUnavailable: card payment is not completely set up, or is set up otherwise than
            when the instruction was read; nothing was written.
    """
    if instruction.token is not None:
        Token(instruction.token)
    account = account_for_cards()
    _check_settings(account, instruction)
    now = (clock or the_clock()).now()
    if account.is_link_type:
        return _hosted(order, account, instruction, next_url, now)
    if account.authenticates:
        return open_trip(
            account,
            TripKind.SECURE,
            TripGoal.PAY,
            instruction,
            customer=order.customer,
            order=order,
            next_url=next_url,
            now=now,
        )
    return claim_charge(order, account, instruction, key=key_of(order, instruction), now=now)


def _check_settings(account: MerchantAccount, instruction: CardInstruction) -> None:
    """Staff may have saved other settings since the shopper's press was read."""
    has_card = instruction.token is not None or instruction.member is not None
    card_fits = instruction.token is None if account.is_link_type else has_card
    if not card_fits or (account.needs_consent and not instruction.consent_text):
        raise MethodUnavailable([_("The settings were changed while a shopper was paying.")])


def go_on(begun: Begun, *, clock: Clock | None = None) -> Payment | Trip:
    """Charge what was claimed; a trip begins when the browser opens its start page.

    Raises:
        TransactionManagementError: called inside a transaction.
    """
    return begun if isinstance(begun, Trip) else carry_out(begun, clock=clock)


def _hosted(
    order: PayableOrder,
    account: MerchantAccount,
    instruction: CardInstruction,
    next_url: str,
    now: datetime,
) -> Begun:
    """The gateway's page charges by itself, so the payment is written before the trip."""
    key = key_of(order, instruction)
    with transaction.atomic():
        claim = claim_charge(
            order,
            account,
            instruction,
            key=key,
            now=now,
            due_at=hosted_payment_ends(now),
            may_take_another_card=True,
        )
        if not claim.won:
            return claim
        return open_trip(
            account,
            TripKind.HOSTED,
            TripGoal.PAY,
            instruction,
            customer=order.customer,
            order=order,
            payment=claim.payment,
            next_url=next_url,
            now=now,
        )


def _advice(told: Outcome) -> Advice:
    if isinstance(told, Refused):
        return advice_after_refusal(CustomerAction(code.customer_action) for code in told.codes)
    return NOT_REACHED
