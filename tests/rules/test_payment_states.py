"""When a payment keeps others from being started."""

import pytest

from escott.rules.payment_states import LIVE, PAID, UNRESOLVED, PaymentState


@pytest.mark.parametrize("state", ["started", "unknown", "authorised", "gathered", "captured"])
def test_an_unfinished_unknown_or_paid_payment_is_live(state: str) -> None:
    assert state in LIVE


@pytest.mark.parametrize(
    "state", ["refused", "not_sent", "not_charged", "withdrawn", "cancelled", "expired"]
)
def test_a_payment_that_took_no_money_or_gave_it_back_makes_room(state: str) -> None:
    assert state not in LIVE


def test_a_payment_is_never_both_paid_and_unresolved() -> None:
    assert not PAID & UNRESOLVED


def test_only_states_of_the_gateway_have_a_card_state() -> None:
    local = {state for state in PaymentState if state.card_state is None}
    assert local == {"started", "unknown", "refused", "not_sent", "not_charged", "withdrawn"}
