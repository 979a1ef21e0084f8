"""結果不明: what an inquiry proves, and what it does not."""

from datetime import datetime, timedelta

import pytest

from escott.clock import JST
from escott.rules.card_states import CardOperation
from escott.rules.unknown_outcome import (
    GRACE,
    TokenEvidence,
    Verdict,
    verdict_on_search,
    verdict_on_token,
)

GIVEN_UP = datetime(2026, 4, 1, 12, 0, tzinfo=JST)
DURING_GRACE = GIVEN_UP + GRACE - timedelta(seconds=1)
AFTER_GRACE = GIVEN_UP + GRACE


@pytest.mark.parametrize(
    ("evidence", "now", "verdict"),
    [
        (TokenEvidence.EXPIRED_UNUSED, DURING_GRACE, Verdict.NOT_DONE),
        (TokenEvidence.UNUSED, DURING_GRACE, Verdict.WAIT),
        (TokenEvidence.UNUSED, AFTER_GRACE, Verdict.NOT_DONE),
        (TokenEvidence.USED, DURING_GRACE, Verdict.ASK_STAFF),
        (TokenEvidence.USED, AFTER_GRACE, Verdict.ASK_STAFF),
    ],
)
def test_what_a_token_proves(evidence: TokenEvidence, now: datetime, verdict: Verdict) -> None:
    assert verdict_on_token(evidence, given_up_at=GIVEN_UP, now=now) is verdict


@pytest.mark.parametrize(
    ("operation", "found", "captured", "now", "verdict"),
    [
        (CardOperation.CAPTURE, 3780, True, DURING_GRACE, Verdict.DONE),
        (CardOperation.CAPTURE, 3780, False, DURING_GRACE, Verdict.WAIT),
        (CardOperation.CAPTURE, 3780, False, AFTER_GRACE, Verdict.NOT_DONE),
        (CardOperation.CHANGE_AMOUNT, 3000, False, DURING_GRACE, Verdict.DONE),
        (CardOperation.CHANGE_AMOUNT, 3780, False, DURING_GRACE, Verdict.WAIT),
        (CardOperation.CHANGE_AMOUNT, 3780, False, AFTER_GRACE, Verdict.NOT_DONE),
        (CardOperation.CHANGE_AMOUNT, 1, False, AFTER_GRACE, Verdict.ASK_STAFF),
        (CardOperation.CHANGE_AMOUNT, None, False, AFTER_GRACE, Verdict.ASK_STAFF),
        (CardOperation.CANCEL, 3780, False, AFTER_GRACE, Verdict.ASK_STAFF),
        (CardOperation.REAUTHORISE, 3000, False, AFTER_GRACE, Verdict.ASK_STAFF),
    ],
)
def test_what_a_search_proves(
    operation: CardOperation, found: int | None, captured: bool, now: datetime, verdict: Verdict
) -> None:
    assert verdict is verdict_on_search(
        operation,
        amount_before=3780,
        amount_asked=3000,
        amount_found=found,
        captured=captured,
        given_up_at=GIVEN_UP,
        now=now,
    )
