"""変更 and 取消 of a slip: state × operation × what stands in the way, every combination.

The table is written from the manual and from requirements.md, not from the rule.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from typing import Final

import pytest

from escott.clock import JST
from escott.rules.collection_operability import (
    STAFF_OPERATIONS,
    CollectionStanding,
    obstacle_to,
)
from escott.rules.collection_states import ALLOWED, CollectionOperation
from escott.rules.operability import Obstacle
from escott.rules.payment_states import OF_CARDS, PaymentState

LAST_DAY: Final = date(2026, 5, 31)
IN_TIME: Final = datetime(2026, 5, 31, 23, 59, 59, tzinfo=JST)
TOO_LATE: Final = datetime(2026, 6, 1, 0, 0, tzinfo=JST)

CHANGE, DELETE = STAFF_OPERATIONS

#: With nothing else in the way: what is told of either operation.
BY_STATE: Final[dict[PaymentState, Obstacle | None]] = {
    PaymentState.STARTED: Obstacle.UNDER_WAY,
    PaymentState.UNKNOWN: Obstacle.RESULT_UNKNOWN,
    PaymentState.REFUSED: Obstacle.NOT_REGISTERED,
    PaymentState.NOT_SENT: Obstacle.NOT_REGISTERED,
    PaymentState.NOT_CHARGED: Obstacle.NOT_REGISTERED,
    PaymentState.WITHDRAWN: Obstacle.NOT_REGISTERED,
    PaymentState.LOST: Obstacle.NOT_REGISTERED,
    PaymentState.UNPAID: None,
    PaymentState.DEPOSITED: Obstacle.DEPOSITED,
    PaymentState.DELETED: Obstacle.DELETED,
    PaymentState.LAPSED: Obstacle.LAPSED,
    **dict.fromkeys(OF_CARDS, Obstacle.OTHER_METHOD),
}

FLAGS: Final = list(product([False, True], repeat=4))


def standings() -> list[tuple[CollectionStanding, datetime]]:
    """Every state with every mixture of what may stand in the way, in time and too late."""
    return [
        (
            CollectionStanding(
                state,
                under_way=under_way,
                unknown=unknown,
                changed=changed,
                deposit_differs=deposit_differs,
                last_day=LAST_DAY,
            ),
            now,
        )
        for state in PaymentState
        for under_way, unknown, changed, deposit_differs in FLAGS
        for now in (IN_TIME, TOO_LATE)
    ]


def test_the_table_has_every_state_and_staff_ask_for_what_is_not_the_shoppers() -> None:
    assert BY_STATE.keys() == set(PaymentState)
    assert set(STAFF_OPERATIONS) == set().union(*ALLOWED.values())


@pytest.mark.parametrize("operation", STAFF_OPERATIONS)
def test_every_mixture_of_obstacles_tells_the_first_that_applies(
    operation: CollectionOperation,
) -> None:
    for standing, now in standings():
        told = BY_STATE[standing.state]
        applies = [
            (standing.unknown or standing.state is PaymentState.UNKNOWN, Obstacle.RESULT_UNKNOWN),
            (standing.under_way or standing.state is PaymentState.STARTED, Obstacle.UNDER_WAY),
            (told is not None, told),
            (standing.deposit_differs, Obstacle.DEPOSIT_DIFFERS),
            (now is TOO_LATE, Obstacle.PERIOD_OVER),
            (operation is CHANGE and standing.changed, Obstacle.CHANGED_ONCE),
        ]
        expected = next((obstacle for holds, obstacle in applies if holds), None)
        assert obstacle_to(operation, standing, now) is expected, (standing, now)


def test_an_unpaid_slip_can_be_changed_once_and_deleted_after_that() -> None:
    fresh = CollectionStanding(PaymentState.UNPAID, last_day=LAST_DAY)
    changed = CollectionStanding(PaymentState.UNPAID, last_day=LAST_DAY, changed=True)

    assert [obstacle_to(operation, fresh, IN_TIME) for operation in STAFF_OPERATIONS] == [
        None,
        None,
    ]
    assert obstacle_to(CHANGE, changed, IN_TIME) is Obstacle.CHANGED_ONCE
    assert obstacle_to(DELETE, changed, IN_TIME) is None


@pytest.mark.parametrize("state", [PaymentState.DEPOSITED, PaymentState.DELETED])
def test_nothing_is_possible_any_more_once_it_is_paid_or_deleted(state: PaymentState) -> None:
    for operation in STAFF_OPERATIONS:
        assert obstacle_to(operation, CollectionStanding(state), IN_TIME) is not None


@pytest.mark.parametrize("operation", STAFF_OPERATIONS)
def test_a_slip_without_a_last_day_is_not_called_too_late(operation: CollectionOperation) -> None:
    standing = CollectionStanding(PaymentState.UNPAID)

    assert obstacle_to(operation, standing, TOO_LATE + timedelta(days=900)) is None


@pytest.mark.parametrize("operation", [CollectionOperation.REGISTER, CollectionOperation.DEPOSIT])
def test_registering_and_depositing_are_not_for_staff_to_ask(
    operation: CollectionOperation,
) -> None:
    with pytest.raises(ValueError, match=operation.value):
        obstacle_to(operation, CollectionStanding(PaymentState.UNPAID), IN_TIME)
