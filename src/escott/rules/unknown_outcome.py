"""結果不明: what an inquiry proves about an operation whose answer never came.

A request that we gave up may still be carried out later, so "not done" is proven only once
the gateway can no longer be working on it. A used token proves nothing: a declined charge
uses it up as well. Source: design.md, invariant 3.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from escott.rules.card_states import CardOperation

#: How long the gateway may still carry out a request that we gave up.
GRACE: Final = timedelta(minutes=5)


#: What 1Search cannot tell about: it does not say whether a payment is cancelled (protocol.md C).
UNTOLD_BY_SEARCH: Final = frozenset(CardOperation) - {
    CardOperation.CAPTURE,
    CardOperation.CHANGE_AMOUNT,
}


class TokenEvidence(StrEnum):
    """What 1TokenSearch told about the token of a charge."""

    UNUSED = "unused"
    EXPIRED_UNUSED = "expired_unused"
    USED = "used"


class Verdict(StrEnum):
    """What may be concluded."""

    DONE = "done"
    NOT_DONE = "not_done"
    WAIT = "wait"
    ASK_STAFF = "ask_staff"


def grace_is_over(given_up_at: datetime, now: datetime) -> bool:
    """Whether the gateway can no longer be working on a request given up at that moment."""
    return now >= given_up_at + GRACE


def verdict_on_token(evidence: TokenEvidence, *, given_up_at: datetime, now: datetime) -> Verdict:
    """What the token's status proves about a charge given up at ``given_up_at``."""
    match evidence:
        case TokenEvidence.EXPIRED_UNUSED:
            return Verdict.NOT_DONE
        case TokenEvidence.USED:
            return Verdict.ASK_STAFF
        case TokenEvidence.UNUSED:
            return Verdict.NOT_DONE if grace_is_over(given_up_at, now) else Verdict.WAIT


def verdict_on_search(
    operation: CardOperation,
    *,
    amount_before: int,
    amount_asked: int,
    amount_found: int | None,
    captured: bool,
    given_up_at: datetime,
    now: datetime,
) -> Verdict:
    """What 1Search proves about an operation on a payment, given up at ``given_up_at``.

    1Search tells the amount and, once captured, the sales date. What it cannot tell is left
    to staff; so is a charge, which the gateway may have cancelled by itself (KHV).

    Args:
        amount_before: what the payment was worth before the operation, in yen.
        amount_asked: what the operation asked for, in yen.
        amount_found: what the gateway holds now, in yen.
        captured: the gateway gave a sales date.
    """
    match operation:
        case CardOperation.CAPTURE:
            done = captured
        case CardOperation.CHANGE_AMOUNT if amount_found in {amount_before, amount_asked}:
            done = amount_found == amount_asked
        case _:
            return Verdict.ASK_STAFF
    if done:
        return Verdict.DONE
    return Verdict.NOT_DONE if grace_is_over(given_up_at, now) else Verdict.WAIT


def verdict_on_confirmation(amount_asked: int, amount_found: int | None) -> Verdict:
    """What 1Search proves about a charge that the gateway's page has told to be OK.

    Args:
        amount_asked: what the payment is for, in yen.
        amount_found: what the gateway holds for it, in yen.
    """
    return Verdict.DONE if amount_found == amount_asked else Verdict.ASK_STAFF
