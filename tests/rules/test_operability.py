"""決済情報: state × operation × what stands in the way, every combination.

The table below is written from the manual and from requirements.md, not from the rule; what the
rule allows, the gateway's own law carries out.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from typing import Final

import pytest

from escott.clock import JST
from escott.gateway.operations import OperateId
from escott.rules.card_states import CHARGES, CardOperation
from escott.rules.operability import (
    STAFF_OPERATIONS,
    Obstacle,
    Standing,
    may_be_tried_past_the_period,
    obstacle_to,
)
from escott.rules.payment_states import PaymentState
from escott.simulator.law import LAW, State

LAST_DAY: Final = date(2026, 5, 31)
IN_TIME: Final = datetime(2026, 5, 31, 23, 59, 59, tzinfo=JST)
TOO_LATE: Final = datetime(2026, 6, 1, 0, 0, tzinfo=JST)

CAPTURE, CHANGE, CANCEL, AGAIN = STAFF_OPERATIONS

#: With nothing else in the way: what is told for 売上計上, 利用額変更, 取消, 再オーソリ.
BY_STATE: Final[dict[PaymentState, tuple[Obstacle | None, ...]]] = {
    PaymentState.STARTED: (Obstacle.UNDER_WAY,) * 4,
    PaymentState.UNKNOWN: (Obstacle.RESULT_UNKNOWN,) * 4,
    PaymentState.REFUSED: (Obstacle.NEVER_CHARGED,) * 4,
    PaymentState.NOT_SENT: (Obstacle.NEVER_CHARGED,) * 4,
    PaymentState.NOT_CHARGED: (Obstacle.NEVER_CHARGED,) * 4,
    PaymentState.WITHDRAWN: (Obstacle.NEVER_CHARGED,) * 4,
    PaymentState.AUTHORISED: (None, None, None, None),
    PaymentState.GATHERED: (Obstacle.CAPTURED, None, None, Obstacle.NOT_CANCELLED),
    PaymentState.CAPTURED: (Obstacle.CAPTURED, None, None, Obstacle.NOT_CANCELLED),
    PaymentState.CANCELLED: (
        Obstacle.CANCELLED,
        Obstacle.CANCELLED,
        Obstacle.CANCELLED,
        None,
    ),
    PaymentState.EXPIRED: (Obstacle.EXPIRED,) * 4,
    # a slip has operations of its own (test_collection_operability)
    PaymentState.LOST: (Obstacle.OTHER_METHOD,) * 4,
    PaymentState.UNPAID: (Obstacle.OTHER_METHOD,) * 4,
    PaymentState.DEPOSITED: (Obstacle.OTHER_METHOD,) * 4,
    PaymentState.DELETED: (Obstacle.OTHER_METHOD,) * 4,
    PaymentState.LAPSED: (Obstacle.OTHER_METHOD,) * 4,
}

TABLE: Final = [
    (state, operation, told)
    for state, row in BY_STATE.items()
    for operation, told in zip(STAFF_OPERATIONS, row, strict=True)
]

#: The same state in the gateway's books.
AT_THE_GATEWAY: Final = {
    PaymentState.AUTHORISED: State.AUTHORISED,
    PaymentState.GATHERED: State.GATHERED,
    PaymentState.CAPTURED: State.CAPTURED,
    PaymentState.CANCELLED: State.CANCELLED,
}

TELEGRAMS: Final = {
    CAPTURE: OperateId.CAPTURE,
    CHANGE: OperateId.CHANGE,
    CANCEL: OperateId.DELETE,
    AGAIN: OperateId.REAUTH,
}

#: A state in which the gateway holds money, or may: 取消 may be tried for it.
HOLDS_MONEY: Final = {
    PaymentState.AUTHORISED,
    PaymentState.GATHERED,
    PaymentState.CAPTURED,
    PaymentState.EXPIRED,
}

FLAGS: Final = list(product([False, True], repeat=4))


def standings() -> list[tuple[Standing, datetime]]:
    """Every state with every mixture of what may stand in the way, in time and too late."""
    return [
        (
            Standing(
                state,
                under_way=under_way,
                unknown=unknown,
                has_process_id=has_process_id,
                last_day=LAST_DAY,
                another_live=another_live,
            ),
            now,
        )
        for state in PaymentState
        for under_way, unknown, has_process_id, another_live in FLAGS
        for now in (IN_TIME, TOO_LATE)
    ]


def test_the_table_has_every_state_and_every_operation_of_staff() -> None:
    assert BY_STATE.keys() == set(PaymentState)
    assert set(STAFF_OPERATIONS) == set(CardOperation) - CHARGES.keys()


@pytest.mark.parametrize(("state", "operation", "told"), TABLE)
def test_what_the_state_says(
    state: PaymentState, operation: CardOperation, told: Obstacle | None
) -> None:
    assert obstacle_to(operation, Standing(state, last_day=LAST_DAY), IN_TIME) is told


@pytest.mark.parametrize("operation", STAFF_OPERATIONS)
def test_nothing_is_possible_while_the_last_result_is_unknown_or_awaited(
    operation: CardOperation,
) -> None:
    for state in PaymentState:
        unknown = Standing(state, unknown=True, under_way=True, last_day=LAST_DAY)
        assert obstacle_to(operation, unknown, IN_TIME) is Obstacle.RESULT_UNKNOWN
        if state is not PaymentState.UNKNOWN:
            awaited = Standing(state, under_way=True, last_day=LAST_DAY)
            assert obstacle_to(operation, awaited, IN_TIME) is Obstacle.UNDER_WAY


@pytest.mark.parametrize(("state", "operation", "told"), TABLE)
def test_every_mixture_of_obstacles_tells_the_first_that_applies(
    state: PaymentState, operation: CardOperation, told: Obstacle | None
) -> None:
    for standing, now in standings():
        if standing.state is not state:
            continue
        applies = [
            (standing.unknown or state is PaymentState.UNKNOWN, Obstacle.RESULT_UNKNOWN),
            (standing.under_way or state is PaymentState.STARTED, Obstacle.UNDER_WAY),
            (told is not None, told),
            (not standing.has_process_id, Obstacle.SETTLED_BY_HAND),
            (now is TOO_LATE, Obstacle.PERIOD_OVER),
            (operation is AGAIN and standing.another_live, Obstacle.ANOTHER_LIVE),
        ]
        expected = next((obstacle for holds, obstacle in applies if holds), None)
        assert obstacle_to(operation, standing, now) is expected, (standing, now)


def test_what_the_rule_allows_the_gateways_law_carries_out() -> None:
    allowed = [
        (standing.state, operation)
        for standing, now in standings()
        for operation in STAFF_OPERATIONS
        if obstacle_to(operation, standing, now) is None
    ]
    assert {operation for _state, operation in allowed} == set(STAFF_OPERATIONS)
    for state, operation in allowed:
        assert TELEGRAMS[operation] in LAW[AT_THE_GATEWAY[state]], (state, operation)


def test_what_the_state_refuses_the_gateways_law_refuses_as_well() -> None:
    for state, operation, told in TABLE:
        if told is not None and state in AT_THE_GATEWAY:
            assert TELEGRAMS[operation] not in LAW[AT_THE_GATEWAY[state]], (state, operation)


@pytest.mark.parametrize("operation", STAFF_OPERATIONS)
def test_a_payment_without_a_last_day_is_not_called_too_late(operation: CardOperation) -> None:
    state = PaymentState.CANCELLED if operation is AGAIN else PaymentState.AUTHORISED
    assert obstacle_to(operation, Standing(state), TOO_LATE + timedelta(days=900)) is None


def test_past_the_period_only_a_cancellation_may_be_tried_and_only_where_money_is_held() -> None:
    for standing, _now in standings():
        quiet = not (standing.under_way or standing.unknown)
        may = quiet and standing.has_process_id and standing.state in HOLDS_MONEY
        for operation in STAFF_OPERATIONS:
            tried = may_be_tried_past_the_period(operation, standing)
            assert tried is (may and operation is CANCEL), (standing, operation)


def test_what_may_be_tried_past_the_period_was_refused_for_the_period_alone() -> None:
    """The override overrides nothing else: not an unknown result, not a payment without an id."""
    for standing, now in standings():
        if may_be_tried_past_the_period(CANCEL, standing):
            told = obstacle_to(CANCEL, standing, now)
            assert told in {None, Obstacle.PERIOD_OVER, Obstacle.EXPIRED}, standing
