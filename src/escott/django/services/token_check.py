"""Ask about a token before it is charged: is it good (A112), and which card is behind it?

These are inquiries: they use no token up and move no money. What has to be known and is left
open stops the charge instead of making its result unknown.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from escott.clock import Clock
from escott.django.gateway_access import GatewayBusy, call_slot, client_for, timeouts
from escott.django.models import CollectionAccount, MerchantAccount
from escott.gateway import (
    Client,
    NotSent,
    NotSentReason,
    Ok,
    Outcome,
    Refused,
    Secret,
    Telegram,
    Timeouts,
    Token,
    TokenReference,
    TokenSearch,
    TokenStatus,
    Unknown,
    token_status,
)
from escott.gateway.response_codes import parse
from escott.rules.card_brands import CardBrand, brand_of

#: An inquiry is answered in a second or not at all; the charge behind it must not wait long.
_LONGEST_WAIT: Final = 10.0

#: How long it may wait for what is only nice to know, in seconds.
_PATIENCE: Final = Timeouts(connect=2.0, read=3.0)
#: In all: connecting counts twice, for TLS.
LONGEST_FOR_NUMBER: Final = timedelta(seconds=2 * _PATIENCE.connect + _PATIENCE.read)


def refusal_of(token: Secret, account: MerchantAccount, code: str, clock: Clock) -> Outcome | None:
    """Why the token cannot be charged, as the outcome of the charge; ``None`` if it can.

    Args:
        code: the payment's transaction code.
    """
    search = TokenSearch(transaction_code=code, token=Token(token))
    outcome = client_for_inquiries(account, account.mode, clock).send(search)
    if token_status(outcome) is TokenStatus.UNUSED:
        return None
    match outcome:
        case Ok(answer) if answer.token_response_cd not in {"", "OK"}:
            return Refused(answer, parse(answer.token_response_cd))
        case Refused() | NotSent():
            return outcome
        case Ok() | Unknown():
            return NotSent(NotSentReason.TOKEN_UNTOLD, "the state of the token was not told")


def brand_behind(
    token: Secret, account: MerchantAccount, code: str, clock: Clock
) -> CardBrand | Outcome | None:
    """The brand of the card behind a token.

    Returns:
        The brand; ``None`` where the gateway shows no leading digits; or the outcome of an
        inquiry that brought no card.
    """
    asked = TokenReference(transaction_code=code, token=Token(token))
    outcome = inquire(asked, account, account.mode, clock)
    if isinstance(outcome, Ok):
        return brand_of(outcome.answer.card_no)
    return outcome


def number_behind(token: Secret, account: MerchantAccount, code: str, clock: Clock) -> str:
    """The number of the card behind a token, as much of it as the gateway shows.

    Empty where it does not tell within ``LONGEST_FOR_NUMBER``. The caller holds a place for
    calls already.
    """
    client = client_for(account, account.mode, clock)
    waits = Timeouts(
        connect=min(client.timeouts.connect, _PATIENCE.connect),
        read=min(client.timeouts.read, _PATIENCE.read),
    )
    asked = TokenReference(transaction_code=code, token=Token(token))
    outcome = replace(client, timeouts=waits).send(asked)
    return outcome.answer.card_no if isinstance(outcome, Ok) else ""


def inquire(
    telegram: Telegram, account: MerchantAccount | CollectionAccount, mode: str, clock: Clock
) -> Outcome:
    """Send an inquiry on behalf of a shopper, within the bound on calls."""
    try:
        with call_slot():
            return client_for_inquiries(account, mode, clock).send(telegram)
    except GatewayBusy as busy:
        return NotSent(NotSentReason.BUSY, str(busy))


def client_for_inquiries(
    account: MerchantAccount | CollectionAccount, mode: str, clock: Clock
) -> Client:
    """A client that does not wait for an inquiry as long as for a charge."""
    client = client_for(account, mode, clock)
    waits = timeouts()
    return replace(client, timeouts=replace(waits, read=min(waits.read, _LONGEST_WAIT)))
