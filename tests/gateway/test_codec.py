from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.gateway.codec import decode, encode
from escott.gateway.errors import MalformedTelegram

NAMES = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=30)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
FIELDS = st.dictionaries(NAMES, VALUES, max_size=15)


@given(FIELDS)
def test_what_is_encoded_decodes_to_the_same_values_stripped(fields: dict[str, str]) -> None:
    stripped = {name: value.strip() for name, value in fields.items()}

    assert decode(encode(fields, keep_empty=True)) == stripped


@given(FIELDS)
def test_a_telegram_is_ascii_whatever_it_carries(fields: dict[str, str]) -> None:
    assert encode(fields).isascii()


@given(FIELDS)
def test_a_form_reader_reads_a_telegram_alike(fields: dict[str, str]) -> None:
    text = encode(fields)

    assert decode(text, plus_is_space=True) == decode(text)


@given(FIELDS)
def test_an_empty_field_is_left_out_of_a_request(fields: dict[str, str]) -> None:
    names = [piece.partition("=")[0] for piece in encode(fields).split("&") if piece]

    assert names == [name for name, value in fields.items() if value]


@given(st.text(max_size=200))
def test_any_text_is_decoded_or_refused_and_nothing_else(text: str) -> None:
    try:
        fields = decode(text)
    except MalformedTelegram:
        return
    assert all(value == value.strip() for value in fields.values())


def test_codes_joined_by_a_bar_decode_alike_raw_and_escaped() -> None:
    assert (
        decode("ResponseCd=K20|K21") == decode("ResponseCd=K20%7CK21") == {"ResponseCd": "K20|K21"}
    )


def test_a_bar_is_sent_raw_where_asked() -> None:
    assert encode({"ResponseCd": "K20|K21"}, raw="|") == "ResponseCd=K20|K21"


def test_japanese_travels_as_utf_8() -> None:
    assert encode({"MerchantFree3": "注文"}) == "MerchantFree3=%E6%B3%A8%E6%96%87"


def test_trailing_spaces_are_stripped() -> None:
    assert decode("FreeArea=abc%20%20 &CvsCd=LSN  \r\n") == {"FreeArea": "abc", "CvsCd": "LSN"}


def test_a_plus_is_base64_in_an_answer_and_a_space_in_a_form() -> None:
    assert decode("CAVV3D=a+b") == {"CAVV3D": "a+b"}
    assert decode("Free=a+b", plus_is_space=True) == {"Free": "a b"}


def test_a_value_may_hold_an_equals_sign() -> None:
    assert decode("EncryptValue=abc==") == {"EncryptValue": "abc=="}


@pytest.mark.parametrize("text", ["", "&", "\r\n"])
def test_an_empty_text_has_no_fields(text: str) -> None:
    assert decode(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "ResponseCd=OK&ResponseCd=G12",
        "ResponseCd=OK&ResponseCd=OK",
        "hello",
        "a=1&b",
        "=1",
        "<html><meta charset=utf-8>",
        "a=%",
        "a=%4",
        "a=%zz",
        "a=%83%5C",
        "a=%ED%A0%80",
    ],
    ids=[
        "two different codes", "the same twice", "no pair", "half a pair", "no name", "html",
        "bare percent", "half an escape", "no hex", "Shift_JIS", "a lone surrogate",
    ],
)  # fmt: skip
def test_what_is_no_telegram_is_refused(text: str) -> None:
    with pytest.raises(MalformedTelegram):
        decode(text)


@pytest.mark.parametrize("fields", [{"a&b": "1"}, {"": "1"}, {"a": "\ud800"}])
def test_what_cannot_be_a_telegram_is_not_encoded(fields: dict[str, str]) -> None:
    with pytest.raises(MalformedTelegram):
        encode(fields)
