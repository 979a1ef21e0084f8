"""Pay: charge a card for an order. Claim, call, record; then tell the shop."""

from __future__ import annotations

import hashlib
from typing import Final

from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.conf import escott_settings
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import MerchantAccount, Mode, Payment
from escott.django.orders import PayableOrder
from escott.django.services.announce import announce
from escott.django.services.call import send
from escott.django.services.claim import Claim, claim_charge
from escott.django.services.record import record
from escott.gateway import Auth, Gathering, Telegram, Token
from escott.gateway.secret import Secret
from escott.rules.card_states import CardOperation

_TELEGRAMS: Final[dict[CardOperation, type[Auth] | type[Gathering]]] = {
    CardOperation.AUTHORISE: Auth,
    CardOperation.GATHER: Gathering,
}


class MethodUnavailable(Exception):
    """Card payment is switched off or not completely set up; ``reasons`` are for staff."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def pay_by_token(order: PayableOrder, token: Secret, *, clock: Clock | None = None) -> Payment:
    """Charge the order's amount to the card behind a one-time token.

    Of any number of simultaneous presses exactly one asks the gateway; the others get its
    payment, finished or not. The same token a second time gets the first result.

    Args:
        order: what to charge, placed and committed.
        token: the one-time token that the gateway's script made in the shopper's browser.
        clock: the present; the site's clock by default.

    Returns:
        The payment: paid, refused, not sent, unknown, or still started by another press.

    Raises:
        MethodUnavailable: card payment is not completely set up; nothing was written.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    return carry_out(claim_by_token(order, token, clock=clock), clock=clock)


def claim_by_token(order: PayableOrder, token: Secret, *, clock: Clock | None = None) -> Claim:
    """The first half of :func:`pay_by_token`, for a host that places the order and claims its
    payment in one transaction; hand the claim to :func:`carry_out` after the commit.

    Raises:
        InvalidTelegram: the token cannot be one; nothing was written.
        MethodUnavailable: card payment is not completely set up; nothing was written.
    """
    Token(token)
    account = MerchantAccount.current_or_none()
    if account is None:
        raise MethodUnavailable([_("There is no merchant account yet.")])
    if missing := account.missing_for_cards():
        raise MethodUnavailable(missing)
    if account.mode == Mode.PRODUCTION and escott_settings().clock_file:
        raise MethodUnavailable([_("A clock that can be set does not belong into production.")])
    now = (clock or the_clock()).now()
    return claim_charge(order, account, token=token, key=_key(order, token), now=now)


def carry_out(claim: Claim, *, clock: Clock | None = None) -> Payment:
    """The second half: ask the gateway if the claim was won, and write down what came back.

    Beyond the bound on calls nothing is sent: the payment is NOT SENT with the reason
    ``busy``, and the shopper may try again at once.

    Raises:
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    if not claim.won:
        return claim.payment
    clock = clock or the_clock()
    outcome = send(claim, _telegram(claim), clock)
    record(claim.operation, outcome, now=clock.now())
    announce(claim.payment)
    return claim.payment


def _telegram(claim: Claim) -> Telegram:
    payment, operation = claim.payment, claim.operation
    return _TELEGRAMS[payment.charge](
        transaction_code=payment.transaction_code,
        card=Token(operation.token),
        amount=payment.amount,
        pay_type=payment.pay_type,
    )


def _key(order: PayableOrder, token: Secret) -> str:
    """Names the press: a token is good for one charge, so with its order it names one."""
    press = f"{order.reference}\n{token.reveal()}".encode()
    return "token-" + hashlib.sha256(press).hexdigest()[:48]
