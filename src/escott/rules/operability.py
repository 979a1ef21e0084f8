"""What staff may do with a card payment now, and what stands in the way of the rest.

One row for each obstacle, in the order in which they are told. The service refuses by it, the
buttons of 決済情報 are drawn by it, and the manual's table is made from it.
Source: requirements.md A082 to A089 and part 2 no. 7, 10 and 15; design.md, invariants 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from escott.rules.card_states import ALLOWED, CardOperation, CardState
from escott.rules.handling_period import handling_period_is_over
from escott.rules.payment_states import OF_SLIPS, PaymentState


class Obstacle(StrEnum):
    """Why an operation is not possible."""

    UNDER_WAY = "under_way"  # another operation is being carried out
    RESULT_UNKNOWN = "result_unknown"  # 結果が不明です
    NEVER_CHARGED = "never_charged"  # the gateway has no such payment
    CANCELLED = "cancelled"  # 取消済みです
    EXPIRED = "expired"  # 期限切れ
    CAPTURED = "captured"  # 売上計上済みです
    NOT_CANCELLED = "not_cancelled"  # 再オーソリ follows a 与信 or a 取消
    SETTLED_BY_HAND = "settled_by_hand"  # 照合済み: no ProcessId
    PERIOD_OVER = "period_over"  # 60日を過ぎています
    REFUNDED = "refunded"  # money went back outside the gateway: 取消 would return it twice
    ANOTHER_LIVE = "another_live"  # another payment of the order is live
    CHANGED_SINCE = "changed_since"  # it is not what was confirmed
    OTHER_METHOD = "other_method"  # a slip has other operations than a card
    NOT_REGISTERED = "not_registered"  # no slip that the gateway has confirmed
    DEPOSITED = "deposited"  # 入金済です
    DELETED = "deleted"  # 取消済みです
    LAPSED = "lapsed"  # 期限切れです
    CHANGED_ONCE = "changed_once"  # 変更は1回まで
    NUMBER_LOST = "number_lost"  # a change was lost: the customer's number may be worth nothing
    PAST_DUE = "past_due"  # 支払期限を過ぎています
    NO_ADDRESS = "no_address"  # nobody knows where to send a mail
    DEPOSIT_DIFFERS = "deposit_differs"  # another amount was paid in; staff settle it first


#: What staff may ask for, in the order of the buttons.
STAFF_OPERATIONS: Final = (
    CardOperation.CAPTURE,
    CardOperation.CHANGE_AMOUNT,
    CardOperation.CANCEL,
    CardOperation.REAUTHORISE,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a payment stands.

    Attributes:
        state: the payment's state.
        under_way: an operation has been claimed and has not ended.
        unknown: the result of its last operation is unknown.
        has_process_id: the gateway has told what names the payment.
        last_day: the last day of operations (Japan), where the payment was charged.
        refunded: money of it went back outside the gateway (返金を記録).
        another_live: another payment of the same order is live.
    """

    state: PaymentState
    under_way: bool = False
    unknown: bool = False
    has_process_id: bool = True
    last_day: date | None = None
    refunded: bool = False
    another_live: bool = False


#: Why the table of card_states does not allow an operation in a state.
_REFUSED_BY_STATE: Final[Mapping[CardState, Obstacle]] = {
    CardState.AUTHORISED: Obstacle.NOT_CANCELLED,
    CardState.GATHERED: Obstacle.CAPTURED,
    CardState.CAPTURED: Obstacle.CAPTURED,
    CardState.CANCELLED: Obstacle.CANCELLED,
    CardState.EXPIRED: Obstacle.EXPIRED,
}


def _by_state(standing: Standing, operation: CardOperation) -> Obstacle | None:
    if standing.state in OF_SLIPS | {PaymentState.LOST}:
        return Obstacle.OTHER_METHOD
    state = standing.state.card_state
    if state is None:
        return Obstacle.NEVER_CHARGED
    if operation in ALLOWED[state]:
        return None
    if operation is CardOperation.REAUTHORISE and state is not CardState.EXPIRED:
        return Obstacle.NOT_CANCELLED
    return _REFUSED_BY_STATE[state]


_Rule = Callable[[Standing, CardOperation, datetime], Obstacle | None]


def _when(holds: Callable[[Standing], bool], obstacle: Obstacle) -> _Rule:
    return lambda standing, _operation, _now: obstacle if holds(standing) else None


def _by_period(standing: Standing, _operation: CardOperation, now: datetime) -> Obstacle | None:
    last_day = standing.last_day
    over = last_day is not None and handling_period_is_over(last_day, now)
    return Obstacle.PERIOD_OVER if over else None


def _by_refund(standing: Standing, operation: CardOperation, _now: datetime) -> Obstacle | None:
    again = operation is CardOperation.CANCEL and standing.refunded
    return Obstacle.REFUNDED if again else None


def _by_other(standing: Standing, operation: CardOperation, _now: datetime) -> Obstacle | None:
    again = operation is CardOperation.REAUTHORISE
    return Obstacle.ANOTHER_LIVE if again and standing.another_live else None


#: The first that applies is told.
_RULES: Final[tuple[_Rule, ...]] = (
    _when(lambda standing: standing.unknown, Obstacle.RESULT_UNKNOWN),
    _when(lambda standing: standing.state is PaymentState.UNKNOWN, Obstacle.RESULT_UNKNOWN),
    _when(lambda standing: standing.under_way, Obstacle.UNDER_WAY),
    _when(lambda standing: standing.state is PaymentState.STARTED, Obstacle.UNDER_WAY),
    lambda standing, operation, _now: _by_state(standing, operation),
    _when(lambda standing: not standing.has_process_id, Obstacle.SETTLED_BY_HAND),
    _by_period,
    _by_refund,
    _by_other,
)


def obstacle_to(operation: CardOperation, standing: Standing, now: datetime) -> Obstacle | None:
    """What stands in the way of the operation; ``None`` if it may be asked for.

    Args:
        now: the present (aware).
    """
    return next(
        (found for rule in _RULES if (found := rule(standing, operation, now)) is not None), None
    )


def may_be_tried_past_the_period(operation: CardOperation, standing: Standing) -> bool:
    """取消 after the last day: 店長 may still try (requirements.md A089).

    A 与信 that ran out (期限切れ) included, for the issuer may still hold the money.
    """
    return (
        operation is CardOperation.CANCEL
        and standing.state.card_state
        in {CardState.AUTHORISED, CardState.GATHERED, CardState.CAPTURED, CardState.EXPIRED}
        and standing.has_process_id
        and not (standing.under_way or standing.unknown or standing.refunded)
    )
