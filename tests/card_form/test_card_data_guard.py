"""What the server takes from a payment page, and what it refuses and forgets."""

from __future__ import annotations

import traceback

import pytest
from django.http import QueryDict

from escott.django.posted_card_data import CardDataPosted, refuse_card_data

CARD = "4000000000001000"


def posted(**fields: str) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(fields)
    return query


@pytest.mark.parametrize(
    "value",
    [
        CARD,
        "4000 0000 0000 1000",
        "4000-0000-0000-1000",
        "４０００００００００００１０００",
        "４０００ー００００ー００００ー１０００",
        "371449635398431",
        "30569309025904",
        "my card is 4000 0000 0000 1000, thank you",
        "4000 0000 0000 1000 12 28 777",
        "tel 03 4000000000001000",
    ],
)
def test_a_card_number_in_any_field_is_refused(value):
    with pytest.raises(CardDataPosted):
        refuse_card_data(posted(note=value))


def test_a_card_number_is_found_in_every_value_and_in_the_names():
    with pytest.raises(CardDataPosted):
        refuse_card_data(QueryDict(f"note=hello&note={CARD}"))
    with pytest.raises(CardDataPosted):
        refuse_card_data(QueryDict(f"{CARD}=hello"))


@pytest.mark.parametrize(
    "value",
    [
        "4000000000001001",  # wrong check digit
        "4000000000006",  # 13 digits
        "40000000000001000",  # 17 digits
        "03-1234-5678",
        "100042",
        "",
    ],
)
def test_other_digits_pass(value):
    refuse_card_data(posted(note=value))


def test_digits_within_random_fields_pass():
    refuse_card_data(posted(csrfmiddlewaretoken=f"x{CARD}", token=f"{CARD}-ab"))


def test_a_card_number_in_place_of_the_token_is_refused():
    with pytest.raises(CardDataPosted):
        refuse_card_data(posted(token=CARD))


def test_the_refusal_does_not_tell_the_number():
    with pytest.raises(CardDataPosted) as refusal:
        refuse_card_data(posted(note=CARD))
    assert CARD not in "".join(traceback.format_exception(refusal.value))
