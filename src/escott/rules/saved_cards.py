"""When a saved card may be deleted.

The gateway wants a payment's card member on every later telegram, so a member that is deleted
too early takes 取消 and 利用額変更 of its payments with it. Source: requirements.md part 2 no. 1
and A136.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from escott.rules.card_states import CardOperation
from escott.rules.handling_period import handling_period_is_over
from escott.rules.payment_states import UNRESOLVED, PaymentState

#: 直近90日: how long a 与信 sale keeps the card, captured or not.
SALE_DAYS: Final = timedelta(days=90)


class Clause(StrEnum):
    """What stands in the way of deleting a saved card, in the order of the rule."""

    AUTHORISATION = "authorisation"  # (a) 与信 of the last 90 days, or still open
    SUBSCRIPTION = "subscription"  # (b) 定期購入
    UNFINISHED = "unfinished"  # (c) an operation that is unfinished or 結果不明
    HANDLING_PERIOD = "handling_period"  # (d) a payment made with the card, 取扱期間


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """What the rule has to know of one payment of the card's owner.

    Attributes:
        charged_by: the processing class that started it.
        charged_at: when it was first charged; ``None`` if it never was.
        operable_until: its last day of operations.
        with_this_card: it was made with the card in question.
        has_unfinished_operation: one of its operations has not ended, or is 結果不明.
    """

    state: PaymentState
    charged_by: CardOperation
    charged_at: datetime | None = None
    operable_until: date | None = None
    with_this_card: bool = False
    has_unfinished_operation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What the rule has to know of one saved card.

    Attributes:
        payments: those of the card's owner, and those made with the card.
        subscription_runs: a running subscription is paid with the card.
        operation_under_way: the card itself is being changed, or used at this moment.
    """

    payments: tuple[PaymentFacts, ...] = ()
    subscription_runs: bool = False
    operation_under_way: bool = False


#: A 与信 that came about and was not taken back.
_SALES: Final = frozenset({PaymentState.AUTHORISED, PaymentState.CAPTURED, PaymentState.EXPIRED})


def clauses_of(payment: PaymentFacts, now: datetime) -> Iterator[Clause]:
    """The clauses by which one payment keeps the card."""
    if payment.charged_by is CardOperation.AUTHORISE and _is_sale(payment, now):
        yield Clause.AUTHORISATION
    if payment.has_unfinished_operation or payment.state in UNRESOLVED:
        yield Clause.UNFINISHED
    if payment.with_this_card and _can_be_operated_on(payment, now):
        yield Clause.HANDLING_PERIOD


def clauses_in_the_way(card: CardFacts, now: datetime) -> list[Clause]:
    """Every clause that keeps the card, in the order of the rule; empty if it may be deleted.

    Args:
        now: the present (aware).
    """
    found = {clause for payment in card.payments for clause in clauses_of(payment, now)}
    found |= {Clause.SUBSCRIPTION} if card.subscription_runs else set()
    found |= {Clause.UNFINISHED} if card.operation_under_way else set()
    return [clause for clause in Clause if clause in found]


def can_delete_member(card: CardFacts, now: datetime) -> bool:
    """Whether nothing keeps the card."""
    return not clauses_in_the_way(card, now)


def _is_sale(payment: PaymentFacts, now: datetime) -> bool:
    if payment.state is PaymentState.AUTHORISED:
        return True
    since = now - SALE_DAYS
    charged_at = payment.charged_at
    return payment.state in _SALES and charged_at is not None and charged_at > since


def _can_be_operated_on(payment: PaymentFacts, now: datetime) -> bool:
    last_day = payment.operable_until
    is_charged = payment.state.card_state is not None
    return is_charged and last_day is not None and not handling_period_is_over(last_day, now)
