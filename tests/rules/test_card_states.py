"""決済情報の連携: which operation may follow which state."""

import pytest

from escott.rules.card_states import (
    ALLOWED,
    CHARGES,
    CardOperation,
    CardState,
    state_after,
)

FOLLOW_UPS = frozenset(CardOperation) - CHARGES.keys()

#: The manual, pages on 決済情報: the buttons under each state.
MANUAL = {
    CardState.AUTHORISED: {"reauthorise", "capture", "cancel", "change_amount"},
    CardState.GATHERED: {"cancel", "change_amount"},
    CardState.CAPTURED: {"cancel", "change_amount"},
    CardState.CANCELLED: {"reauthorise"},
    CardState.EXPIRED: set(),
}


@pytest.mark.parametrize("state", CardState)
def test_the_table_is_the_manuals(state: CardState) -> None:
    assert ALLOWED[state] == MANUAL[state]


@pytest.mark.parametrize(("charge", "state"), CHARGES.items())
def test_reauthorising_goes_back_to_the_state_of_the_original_kind(
    charge: CardOperation, state: CardState
) -> None:
    after = state_after(CardOperation.REAUTHORISE, state=CardState.CANCELLED, charged_by=charge)
    assert after is state


@pytest.mark.parametrize("state", [CardState.AUTHORISED, CardState.GATHERED, CardState.CAPTURED])
def test_changing_the_amount_keeps_the_state(state: CardState) -> None:
    charge = CardOperation.AUTHORISE
    assert state_after(CardOperation.CHANGE_AMOUNT, state=state, charged_by=charge) is state


def test_an_amount_cannot_change_before_there_is_a_payment() -> None:
    with pytest.raises(ValueError, match="has a state"):
        state_after(CardOperation.CHANGE_AMOUNT, state=None, charged_by=CardOperation.GATHER)


def test_capture_and_cancel_lead_where_they_say() -> None:
    charge = CardOperation.AUTHORISE
    authorised = CardState.AUTHORISED
    assert state_after(CardOperation.CAPTURE, state=authorised, charged_by=charge) == "captured"
    assert state_after(CardOperation.CANCEL, state=authorised, charged_by=charge) == "cancelled"
