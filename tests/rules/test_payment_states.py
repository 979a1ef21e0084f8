"""When a payment keeps others from being started, and whose state it has."""

import pytest

from escott.rules.card_states import CardState
from escott.rules.collection_states import CollectionState
from escott.rules.payment_states import (
    LIVE,
    OF_CARDS,
    OF_SLIPS,
    PAID,
    PAID_BY_CARD,
    UNRESOLVED,
    PaymentState,
)

#: What the shop alone knows: the gateway has no name for it.
LOCAL = {"started", "unknown", "refused", "not_sent", "not_charged", "withdrawn", "lost"}


@pytest.mark.parametrize(
    "state", ["started", "unknown", "authorised", "gathered", "captured", "unpaid", "deposited"]
)
def test_an_unfinished_unknown_unpaid_or_paid_payment_is_live(state: str) -> None:
    assert state in LIVE


@pytest.mark.parametrize(
    "state",
    [
        "refused",
        "not_sent",
        "not_charged",
        "withdrawn",
        "cancelled",
        "expired",
        "lost",
        "deleted",
        "lapsed",
    ],
)
def test_a_payment_that_took_no_money_or_gave_it_back_makes_room(state: str) -> None:
    assert state not in LIVE


def test_every_state_is_live_or_makes_room_as_one_of_these_tests_says() -> None:
    assert len(LIVE) == 7
    assert len(PaymentState) == 16


def test_a_payment_is_never_both_paid_and_unresolved() -> None:
    assert not PAID & UNRESOLVED


def test_a_slip_is_paid_once_its_deposit_is_known() -> None:
    assert PAID.difference(PAID_BY_CARD) == {"deposited"}
    assert set(PAID_BY_CARD) == {"authorised", "gathered", "captured"}


def test_only_states_of_the_gateway_have_a_state_of_a_card_or_a_slip() -> None:
    assert {state for state in PaymentState if state.card_state} == OF_CARDS
    assert {state for state in PaymentState if state.collection_state} == OF_SLIPS
    assert set(PaymentState) - OF_CARDS - OF_SLIPS == LOCAL
    assert not OF_CARDS & OF_SLIPS


def test_the_state_of_a_card_or_a_slip_is_the_gateways() -> None:
    assert {state.card_state for state in OF_CARDS} == set(CardState)
    assert {state.collection_state for state in OF_SLIPS} == set(CollectionState)
    assert PaymentState.UNPAID.collection_state is CollectionState.UNPAID
    assert PaymentState.CANCELLED.collection_state is None
