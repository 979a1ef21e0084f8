"""カード会員情報の削除: one rule, four clauses (requirements.md part 2 no. 1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from escott.clock import JST
from escott.rules.card_states import CardOperation
from escott.rules.payment_states import PaymentState
from escott.rules.saved_cards import (
    CardFacts,
    Clause,
    PaymentFacts,
    can_delete_member,
    clauses_in_the_way,
)

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=JST)
TODAY = NOW.date()
OVER = TODAY - timedelta(days=1)


def payment(
    state: PaymentState,
    charged_by: CardOperation = CardOperation.AUTHORISE,
    *,
    days_ago: int = 0,
    operable_until: date = OVER,
    with_this_card: bool = False,
    unfinished: bool = False,
) -> PaymentFacts:
    """A payment that was charged so many days ago."""
    return PaymentFacts(
        state=state,
        charged_by=charged_by,
        charged_at=NOW - timedelta(days=days_ago),
        operable_until=operable_until,
        with_this_card=with_this_card,
        has_unfinished_operation=unfinished,
    )


def clauses(*payments: PaymentFacts) -> list[Clause]:
    return clauses_in_the_way(CardFacts(payments=payments), NOW)


def test_a_card_that_nothing_needs_may_be_deleted() -> None:
    assert can_delete_member(CardFacts(), NOW)
    old = payment(PaymentState.GATHERED, CardOperation.GATHER, days_ago=61, with_this_card=True)
    assert can_delete_member(CardFacts(payments=(old,)), NOW)


@pytest.mark.parametrize(
    "state", [PaymentState.AUTHORISED, PaymentState.CAPTURED, PaymentState.EXPIRED]
)
def test_an_authorised_sale_keeps_the_card_for_ninety_days_captured_or_not(
    state: PaymentState,
) -> None:
    assert clauses(payment(state, days_ago=89)) == [Clause.AUTHORISATION]


@pytest.mark.parametrize("state", [PaymentState.CAPTURED, PaymentState.EXPIRED])
def test_after_ninety_days_a_sale_that_is_closed_keeps_the_card_no_more(
    state: PaymentState,
) -> None:
    assert clauses(payment(state, days_ago=90)) == []


def test_an_open_authorisation_keeps_the_card_however_old_it_is() -> None:
    assert clauses(payment(PaymentState.AUTHORISED, days_ago=400)) == [Clause.AUTHORISATION]


@pytest.mark.parametrize(
    "state", [PaymentState.CANCELLED, PaymentState.REFUSED, PaymentState.NOT_CHARGED]
)
def test_an_authorisation_that_was_taken_back_or_never_was_is_no_sale(state: PaymentState) -> None:
    assert clauses(payment(state)) == []


def test_a_sale_by_gathering_keeps_the_card_by_its_handling_period_alone() -> None:
    gathered = payment(PaymentState.GATHERED, CardOperation.GATHER, operable_until=TODAY)
    assert clauses(gathered) == []


@pytest.mark.parametrize("state", [PaymentState.STARTED, PaymentState.UNKNOWN])
def test_a_payment_that_nobody_knows_the_result_of_keeps_the_card(state: PaymentState) -> None:
    assert clauses(payment(state, CardOperation.GATHER)) == [Clause.UNFINISHED]


def test_an_operation_that_has_not_ended_keeps_the_card() -> None:
    gathered = payment(PaymentState.GATHERED, CardOperation.GATHER, unfinished=True)
    assert clauses(gathered) == [Clause.UNFINISHED]


@pytest.mark.parametrize(
    "state", [PaymentState.GATHERED, PaymentState.CAPTURED, PaymentState.CANCELLED]
)
def test_a_payment_made_with_the_card_keeps_it_to_the_end_of_its_handling_period(
    state: PaymentState,
) -> None:
    def kept_by(last_day: date) -> list[Clause]:
        return clauses(
            payment(
                state,
                CardOperation.GATHER,
                days_ago=60,
                operable_until=last_day,
                with_this_card=True,
            )
        )

    assert kept_by(TODAY) == [Clause.HANDLING_PERIOD]
    assert kept_by(OVER) == []


def test_a_refused_payment_made_with_the_card_needs_it_no_more() -> None:
    refused = payment(
        PaymentState.REFUSED, CardOperation.GATHER, operable_until=TODAY, with_this_card=True
    )
    assert clauses(refused) == []


def test_a_running_subscription_keeps_the_card() -> None:
    card = CardFacts(subscription_runs=True)
    assert clauses_in_the_way(card, NOW) == [Clause.SUBSCRIPTION]


def test_a_change_of_the_card_that_is_under_way_keeps_it() -> None:
    card = CardFacts(operation_under_way=True)
    assert clauses_in_the_way(card, NOW) == [Clause.UNFINISHED]


def test_every_clause_in_the_way_is_named_once_and_in_the_order_of_the_rule() -> None:
    needed = payment(
        PaymentState.AUTHORISED, operable_until=TODAY, with_this_card=True, unfinished=True
    )
    card = CardFacts(payments=(needed, needed), subscription_runs=True, operation_under_way=True)
    assert clauses_in_the_way(card, NOW) == list(Clause)
