"""Pay: charge a card for an order. Claim, call, record; then tell the shop."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import Payment
from escott.django.orders import PayableOrder
from escott.django.services.announce import announce
from escott.django.services.call import send, time_left
from escott.django.services.card_account import account_for_cards
from escott.django.services.card_claims import claim_charge
from escott.django.services.card_label import note_card
from escott.django.services.claim import Claim
from escott.django.services.instruction import CardInstruction
from escott.django.services.keep_card import keep_card_of
from escott.django.services.missing_member import heal_missing_member
from escott.django.services.record import record
from escott.django.services.token_check import LONGEST_FOR_NUMBER, refusal_of
from escott.gateway import Auth, Authentication, Gathering, Outcome, Telegram, Token
from escott.gateway.secret import Secret
from escott.rules.card_states import CardOperation

_TELEGRAMS: Final[dict[CardOperation, type[Auth] | type[Gathering]]] = {
    CardOperation.AUTHORISE: Auth,
    CardOperation.GATHER: Gathering,
}


class BrowserTripNeeded(Exception):
    """The settings ask for a trip of the shopper's browser: use ``begin``, not this."""


def pay_by_token(order: PayableOrder, token: Secret, *, clock: Clock | None = None) -> Payment:
    """Charge the order's amount to the card behind a one-time token, without 3-D Secure.

    Of any number of simultaneous presses exactly one asks the gateway; the others get its
    payment, finished or not. The same token a second time gets the first result.

    Args:
        order: what to charge, placed and committed.
        token: the one-time token that the gateway's script made in the shopper's browser.
        clock: the present; the site's clock by default.

    Returns:
        The payment: paid, refused, not sent, unknown, or still started by another press.

    Raises:
        BrowserTripNeeded: 3-D Secure is on, or the card is typed on the gateway's page.
        MethodUnavailable: card payment is not completely set up; nothing was written.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    return carry_out(claim_payment(order, CardInstruction(token=token), clock=clock), clock=clock)


def claim_payment(
    order: PayableOrder, instruction: CardInstruction, *, clock: Clock | None = None
) -> Claim:
    """The first half: write the charge down. Hand the claim to :func:`carry_out` after the
    commit. A host that places the order and claims its payment does so in one transaction.

    Raises:
        BrowserTripNeeded: 3-D Secure is on, or the card is typed on the gateway's page.
        InvalidTelegram: the token cannot be one; nothing was written.
        MethodUnavailable: card payment is not completely set up; nothing was written.
    """
    if instruction.token is not None:
        Token(instruction.token)
    account = account_for_cards()
    if account.authenticates or account.is_link_type:
        raise BrowserTripNeeded
    now = (clock or the_clock()).now()
    return claim_charge(order, account, instruction, key=key_of(order, instruction), now=now)


def carry_out(
    claim: Claim,
    *,
    authentication: Authentication | None = None,
    clock: Clock | None = None,
) -> Payment:
    """The second half: ask the gateway if the claim was won, and write down what came back.

    A token is asked about first (requirements.md A112): one that is used or expired charges
    nothing; brand and last four digits of its card are noted, if the gateway tells them. Beyond
    the bound on calls nothing is sent: the payment is NOT SENT with the reason ``busy``, and the
    shopper may try again at once. A card that is to be kept is saved last; what becomes of that
    does not touch the payment.

    Args:
        authentication: the result of the 本人認証 of this card and amount, where there was one.

    Raises:
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    if not claim.won:
        return claim.payment
    clock = clock or the_clock()
    record(claim.operation, _outcome(claim, authentication, clock), now=clock.now())
    announce(claim.payment)
    heal_missing_member(claim.operation, clock)
    keep_card_of(claim.payment, clock)
    return claim.payment


def key_of(order: PayableOrder, instruction: CardInstruction) -> str:
    """Names the press: a token is good for one charge, so with its order it names one."""
    if instruction.token is not None:
        return "token-" + _digest(order, instruction.token.reveal())
    if instruction.press:
        return "press-" + _digest(order, instruction.press)
    return "once-" + secrets.token_hex(24)


def _digest(order: PayableOrder, what: str) -> str:
    return hashlib.sha256(f"{order.reference}\n{what}".encode()).hexdigest()[:48]


def _outcome(claim: Claim, authentication: Authentication | None, clock: Clock) -> Outcome:
    telegram = _telegram(claim, authentication)
    return send(claim, telegram, clock, first=lambda: _stopped(claim, clock))


def _stopped(claim: Claim, clock: Clock) -> Outcome | None:
    """Why the token cannot be charged; of one that can, the card is noted while time allows."""
    payment, token = claim.payment, claim.operation.token
    if not token:
        return None
    refusal = refusal_of(token, payment.account, payment.transaction_code, clock)
    if refusal is None and time_left(claim, clock) > LONGEST_FOR_NUMBER:
        note_card(payment, token, clock)
    return refusal


def _telegram(claim: Claim, authentication: Authentication | None) -> Telegram:
    payment, operation = claim.payment, claim.operation
    member = payment.member
    return _TELEGRAMS[payment.charge](
        transaction_code=payment.transaction_code,
        card=Token(operation.token) if member is None else member.at_the_gateway,
        amount=payment.amount,
        pay_type=payment.pay_type,
        authentication=authentication,
    )
