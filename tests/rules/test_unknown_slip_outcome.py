"""What 2Ref proves about 変更 and 削除 whose answer never came."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.rules.unknown_outcome import GRACE
from escott.rules.unknown_slip_outcome import (
    SlipEvidence,
    SlipVerdict,
    verdict_on_change,
    verdict_on_deletion,
)

GIVEN_UP = datetime(2026, 4, 1, 12, tzinfo=JST)
SOON, LATER = GIVEN_UP + GRACE - timedelta(seconds=1), GIVEN_UP + GRACE

UNPAID, PAID, GONE = SlipEvidence.UNPAID, SlipEvidence.PAID, SlipEvidence.GONE
DONE, NOT_DONE, WAIT = SlipVerdict.DONE, SlipVerdict.NOT_DONE, SlipVerdict.WAIT
NEVER_TOLD, ASK_STAFF = SlipVerdict.NEVER_TOLD, SlipVerdict.ASK_STAFF


@pytest.mark.parametrize(
    ("evidence", "soon", "later"),
    [(GONE, DONE, DONE), (PAID, NOT_DONE, NOT_DONE), (UNPAID, WAIT, NOT_DONE)],
)
def test_a_deletion(evidence: SlipEvidence, soon: SlipVerdict, later: SlipVerdict) -> None:
    assert verdict_on_deletion(evidence, given_up_at=GIVEN_UP, asked_at=SOON) is soon
    assert verdict_on_deletion(evidence, given_up_at=GIVEN_UP, asked_at=LATER) is later


@pytest.mark.parametrize(
    ("evidence", "asked", "found", "soon", "later"),
    [
        (UNPAID, 4000, 4000, DONE, DONE),
        (UNPAID, 4000, 3780, WAIT, NOT_DONE),
        (UNPAID, 4000, 5000, ASK_STAFF, ASK_STAFF),
        (UNPAID, 4000, None, ASK_STAFF, ASK_STAFF),
        (UNPAID, 3780, 3780, WAIT, NEVER_TOLD),
        (PAID, 4000, 4000, DONE, DONE),
        (PAID, 4000, 3780, NOT_DONE, NOT_DONE),
        (PAID, 4000, 5000, NEVER_TOLD, NEVER_TOLD),
        (PAID, 3780, 3780, NEVER_TOLD, NEVER_TOLD),
        (GONE, 4000, None, NEVER_TOLD, NEVER_TOLD),
    ],
)
def test_a_change_of_a_slip_of_3780_yen(
    evidence: SlipEvidence, asked: int, found: int | None, soon: SlipVerdict, later: SlipVerdict
) -> None:
    for asked_at, verdict in ((SOON, soon), (LATER, later)):
        assert (
            verdict_on_change(
                evidence,
                amount_before=3780,
                amount_asked=asked,
                amount_found=found,
                given_up_at=GIVEN_UP,
                asked_at=asked_at,
            )
            is verdict
        )


@given(st.sampled_from(SlipEvidence), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_what_was_asked_before_the_grace_was_over_never_proves_that_an_unpaid_slip_is_unchanged(
    evidence: SlipEvidence, before: int, asked: int, found: int
) -> None:
    verdict = verdict_on_change(
        evidence,
        amount_before=before,
        amount_asked=asked,
        amount_found=found,
        given_up_at=GIVEN_UP,
        asked_at=SOON,
    )
    assert not (evidence is UNPAID and verdict is NOT_DONE)
