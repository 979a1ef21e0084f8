"""電話番号."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.rules.telephone import NotTelephone, NotTelephoneReason, telephone_digits


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("03-1234-5678", "0312345678"),
        ("0312345678", "0312345678"),
        ("090-1234-5678", "09012345678"),
        ("０９０－１２３４－５６７８", "09012345678"),
        ("０３（１２３４）５６７８", "0312345678"),
        (" 03 1234 5678 ", "0312345678"),
        ("03−1234‐5678", "0312345678"),
        ("03ー1234―5678", "0312345678"),
        ("03.1234.5678", "0312345678"),
        ("[03] 1234/5678", "0312345678"),
        ("\u202a090-1234-5678\u202c", "09012345678"),  # out of an address book
        ("+81312345678", "0312345678"),
        ("+81 3-1234-5678", "0312345678"),
        ("＋８１－９０－１２３４－５６７８", "09012345678"),
        ("+81 (0)3-1234-5678", "0312345678"),
        ("+81 03 1234 5678", "0312345678"),
        ("0081-3-1234-5678", "0312345678"),
        ("012345678", "012345678"),
    ],
)
def test_a_number_of_japan_is_understood_however_it_is_typed(typed: str, digits: str) -> None:
    assert telephone_digits(typed) == digits


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", NotTelephoneReason.EMPTY),
        (" - ", NotTelephoneReason.EMPTY),
        ("+1 212 555 0100", NotTelephoneReason.ABROAD),
        ("+8613800138000", NotTelephoneReason.ABROAD),
        ("0044 20 7946 0000", NotTelephoneReason.ABROAD),
        ("0312-3456-7890", NotTelephoneReason.WRONG_LENGTH),  # 4-4-4
        ("1234-5678-9012", NotTelephoneReason.WRONG_LENGTH),
        ("03-1234", NotTelephoneReason.WRONG_LENGTH),
        ("+81", NotTelephoneReason.WRONG_LENGTH),
        ("3-1234-5678", NotTelephoneReason.NO_LEADING_ZERO),
        ("090-CALL-SHOP", NotTelephoneReason.NOT_DIGITS),
        ("03-1234-5678 内線12", NotTelephoneReason.NOT_DIGITS),
        ("03-1234-5678#12", NotTelephoneReason.NOT_DIGITS),
        ("+", NotTelephoneReason.NOT_DIGITS),
        ("03+12345678", NotTelephoneReason.NOT_DIGITS),
        ("٠٣١٢٣٤٥٦٧٨", NotTelephoneReason.NOT_DIGITS),
    ],
)
def test_what_is_no_number_of_japan_is_refused_with_the_reason(
    typed: str, reason: NotTelephoneReason
) -> None:
    with pytest.raises(NotTelephone) as refused:
        telephone_digits(typed)

    assert refused.value.reason is reason
    assert not typed.strip(" -+") or typed not in str(refused.value)


@given(st.text("0123456789０１+-() ー\u202aa", max_size=20) | st.text(max_size=12))
def test_whatever_is_typed_gives_9_to_11_digits_or_a_reason(typed: str) -> None:
    try:
        digits = telephone_digits(typed)
    except NotTelephone:
        return
    assert re.fullmatch("0[0-9]{8,10}", digits)
    assert telephone_digits(digits) == digits
