"""お支払い案内を再送: when the customer may be told once more how to pay by the slip."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import pytest

from escott.clock import JST
from escott.rules.collection_operability import CollectionStanding
from escott.rules.operability import Obstacle
from escott.rules.payment_states import OF_CARDS, PaymentState
from escott.rules.slip_guidance import obstacle_to_guidance

DUE: Final = date(2026, 4, 8)
IN_TIME: Final = datetime(2026, 4, 8, 23, 59, 59, tzinfo=JST)
TOO_LATE: Final = datetime(2026, 4, 9, 0, 0, tzinfo=JST)

#: With nothing else in the way, by the payment's state.
BY_STATE: Final[dict[PaymentState, Obstacle | None]] = {
    PaymentState.STARTED: Obstacle.UNDER_WAY,
    PaymentState.UNKNOWN: Obstacle.RESULT_UNKNOWN,
    PaymentState.UNPAID: None,
    PaymentState.DEPOSITED: Obstacle.DEPOSITED,
    PaymentState.DELETED: Obstacle.DELETED,
    PaymentState.LAPSED: Obstacle.LAPSED,
    **dict.fromkeys(OF_CARDS, Obstacle.OTHER_METHOD),
}


def told(standing: CollectionStanding, now: datetime = IN_TIME, **changes: Any) -> Obstacle | None:
    facts = {"has_link": True, "due_on": DUE, "has_address": True, **changes}
    return obstacle_to_guidance(standing, now=now, **facts)


@pytest.mark.parametrize("state", PaymentState)
def test_only_a_slip_that_waits_for_its_deposit(state: PaymentState) -> None:
    expected = BY_STATE.get(state, Obstacle.NOT_REGISTERED)
    assert told(CollectionStanding(state)) is expected


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"has_link": False}, Obstacle.NUMBER_LOST),
        ({"has_address": False}, Obstacle.NO_ADDRESS),
        ({"has_link": False, "has_address": False}, Obstacle.NUMBER_LOST),
        ({"now": TOO_LATE}, Obstacle.PAST_DUE),
        ({"now": TOO_LATE, "has_address": False}, Obstacle.PAST_DUE),
    ],
)
def test_not_where_the_mail_would_not_help(changes: dict[str, Any], obstacle: Obstacle) -> None:
    assert told(CollectionStanding(PaymentState.UNPAID), **changes) is obstacle


@pytest.mark.parametrize(
    ("flags", "obstacle"),
    [
        ({"under_way": True}, Obstacle.UNDER_WAY),
        ({"unknown": True}, Obstacle.RESULT_UNKNOWN),
        ({"deposit_differs": True}, Obstacle.DEPOSIT_DIFFERS),
    ],
)
def test_not_while_something_about_the_slip_is_open(
    flags: dict[str, bool], obstacle: Obstacle
) -> None:
    assert told(CollectionStanding(PaymentState.UNPAID, **flags)) is obstacle


def test_a_slip_that_was_changed_and_one_past_its_last_day_of_operations_can_still_be_paid() -> (
    None
):
    changed = CollectionStanding(PaymentState.UNPAID, changed=True, last_day=date(2026, 4, 1))
    assert told(changed) is None
