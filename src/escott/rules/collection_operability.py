"""What staff may do with a slip now, and what stands in the way of the rest.

One row for each obstacle, in the order in which they are told. The service refuses by it, and
the buttons of 決済情報 are drawn by it.
Source: requirements.md A089, A092, A093, A095 and A096; design.md, invariants 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from escott.rules.collection_states import ALLOWED, CollectionOperation, CollectionState
from escott.rules.handling_period import handling_period_is_over
from escott.rules.operability import Obstacle
from escott.rules.payment_states import OF_CARDS, PaymentState

#: What staff may ask for, in the order of the buttons.
STAFF_OPERATIONS: Final = (CollectionOperation.CHANGE, CollectionOperation.DELETE)


@dataclass(frozen=True, slots=True)
class CollectionStanding:
    """How a payment by slip stands.

    Attributes:
        state: the payment's state.
        under_way: an operation has been claimed and has not ended.
        unknown: the result of its last operation is unknown.
        changed: it was changed already, or a 変更 was lost.
        last_day: the last day of operations (Japan): the order's day plus the handling days.
        deposit_differs: another amount than asked for was paid in, and staff have not settled
            it yet.
    """

    state: PaymentState
    under_way: bool = False
    unknown: bool = False
    changed: bool = False
    last_day: date | None = None
    deposit_differs: bool = False


#: Why the table of collection_states does not allow an operation in a state.
_REFUSED_BY_STATE: Final[Mapping[CollectionState, Obstacle]] = {
    CollectionState.DEPOSITED: Obstacle.DEPOSITED,
    CollectionState.DELETED: Obstacle.DELETED,
    CollectionState.LAPSED: Obstacle.LAPSED,
}

_Rule = Callable[[CollectionStanding, CollectionOperation, datetime], Obstacle | None]


def _when(holds: Callable[[CollectionStanding], bool], obstacle: Obstacle) -> _Rule:
    return lambda standing, _operation, _now: obstacle if holds(standing) else None


def _by_state(
    standing: CollectionStanding, operation: CollectionOperation, _now: datetime
) -> Obstacle | None:
    if standing.state in OF_CARDS:
        return Obstacle.OTHER_METHOD
    state = standing.state.collection_state
    if state is None:
        return Obstacle.NOT_REGISTERED
    return None if operation in ALLOWED[state] else _REFUSED_BY_STATE[state]


def _by_period(
    standing: CollectionStanding, _operation: CollectionOperation, now: datetime
) -> Obstacle | None:
    last_day = standing.last_day
    over = last_day is not None and handling_period_is_over(last_day, now)
    return Obstacle.PERIOD_OVER if over else None


def _by_change(
    standing: CollectionStanding, operation: CollectionOperation, _now: datetime
) -> Obstacle | None:
    again = operation is CollectionOperation.CHANGE and standing.changed
    return Obstacle.CHANGED_ONCE if again else None


#: The first that applies is told.
_RULES: Final[tuple[_Rule, ...]] = (
    _when(lambda standing: standing.unknown, Obstacle.RESULT_UNKNOWN),
    _when(lambda standing: standing.state is PaymentState.UNKNOWN, Obstacle.RESULT_UNKNOWN),
    _when(lambda standing: standing.under_way, Obstacle.UNDER_WAY),
    _when(lambda standing: standing.state is PaymentState.STARTED, Obstacle.UNDER_WAY),
    _by_state,
    _when(lambda standing: standing.deposit_differs, Obstacle.DEPOSIT_DIFFERS),
    _by_period,
    _by_change,
)


def obstacle_to(
    operation: CollectionOperation, standing: CollectionStanding, now: datetime
) -> Obstacle | None:
    """What stands in the way of the operation; ``None`` if it may be asked for.

    Args:
        operation: 変更 or 削除.
        now: the present (aware).

    Raises:
        ValueError: another operation, which is not for staff to ask.
    """
    if operation not in STAFF_OPERATIONS:
        raise ValueError(f"{operation.value} is not for staff to ask")
    return next(
        (found for rule in _RULES if (found := rule(standing, operation, now)) is not None), None
    )
