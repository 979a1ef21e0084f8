"""カード番号: 14 to 16 digits with the right check digit."""

import pytest

from escott.rules.card_numbers import is_card_number


@pytest.mark.parametrize(
    "text", ["4000000000001000", "371449635398431", "30569309025904", "5555555555554444"]
)
def test_the_numbers_of_real_cards_are_taken(text: str) -> None:
    assert is_card_number(text)


@pytest.mark.parametrize("text", ["4000000000001000", "371449635398431", "30569309025904"])
def test_a_slip_in_any_one_digit_is_noticed(text: str) -> None:
    for place, digit in enumerate(text):
        for other in "0123456789".replace(digit, ""):
            assert not is_card_number(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4000000000006",
        "40000000000001000",
        "４０００００００００００１０００",
        "4000 0000 0000 1000",
    ],
)
def test_other_lengths_and_other_characters_are_no_card_number(text: str) -> None:
    assert not is_card_number(text)
