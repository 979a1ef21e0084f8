"""Nothing leaves that breaks a field's rule: every Unicode code point, in every field of a slip.

The fields' rules are written anew here, from protocol.md H; the set of characters comes from
another table than the one that the rule reads (tests/rules/jis_witness).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from escott.gateway import SlipAdd
from escott.gateway.codec import decode, encode
from escott.rules.payer import Payer, PayerNotTaken, payer_of
from escott.rules.product_name import product_name
from tests.rules.jis_witness import cells
from tests.soak import figure

CELLS = cells()
READING = re.compile("[ァ-ヶー・　]{1,20}")
TELEPHONE = re.compile("[0-9]{9,11}")

#: Every one in ``make soak``; else every 97th, and all of the blocks that people here type.
TYPED_HERE = (
    range(0x180),
    range(0x2000, 0x2100),
    range(0x3000, 0x3100),
    range(0xFF00, 0x10000),
)


def code_points() -> Iterator[str]:
    yield from map(chr, range(0, sys.maxunicode + 1, figure(97, 1)))
    for block in TYPED_HERE:
        yield from map(chr, block)


def payer(name: str = "山田", kana: str = "ヤマダ", telephone: str = "0312345678") -> Payer | None:
    try:
        return payer_of(name=name, kana=kana, telephone=telephone)
    except PayerNotTaken:
        return None


def leaves(paid_by: Payer, product: str = "風呂敷") -> None:
    """What the telegram carries keeps to the rules; the gateway cannot refuse what it says."""
    telegram = SlipAdd(
        transaction_code="42",
        amount=1,
        pay_limit=date(2026, 1, 5),
        name=paid_by.name,
        kana=paid_by.kana,
        telephone=paid_by.telephone,
        product=product,
    )
    sent = decode(encode(telegram.fields()))
    for name, longest in (("NameKanji", 20), ("ShouhinName", 16)):
        text = sent[name]
        assert 1 <= len(text) <= longest
        assert set(text) <= CELLS
        assert text == text.strip("　")
        assert len(text.encode("cp932")) == 2 * len(text) <= 2 * longest
    assert READING.fullmatch(sent["NameKana"])
    assert TELEPHONE.fullmatch(sent["TelNo"])


def each(make: Callable[[str], Payer | None], *, must_be_taken: bool) -> int:
    """Every code point alone, and both first and last; how many different payers they make."""
    seen: set[Payer] = set()
    for character in code_points():
        for typed in (character, f"{character}ア{character}"):
            taken = make(typed)
            if taken is None:
                assert not must_be_taken or not typed.strip(), f"{typed!a} was refused"
            elif taken not in seen:
                seen.add(taken)
                leaves(taken)
    return len(seen)


def test_every_code_point_in_a_name() -> None:
    assert each(lambda typed: payer(name=typed), must_be_taken=True) > figure(500, 10_000)


def test_every_code_point_in_a_reading() -> None:
    assert each(lambda typed: payer(kana=typed), must_be_taken=False) > 150


def test_every_code_point_in_a_telephone_number() -> None:
    taken_ones = 0
    for character in code_points():
        for typed in (f"031234{character}678", f"{character}0312345678{character}"):
            if (taken := payer(telephone=typed)) is not None:
                taken_ones += 1
                leaves(taken)
    assert taken_ones > 40


def test_every_code_point_in_a_products_name() -> None:
    paid_by = payer()
    assert paid_by is not None
    seen: set[str] = set()
    for character in code_points():
        for names in ([character], [character * 20], [character * 20, "イ"]):
            if (product := product_name(names)) not in seen:
                seen.add(product)
                leaves(paid_by, product)
    assert len(seen) > figure(500, 10_000)


@settings(max_examples=figure(200, 5_000), deadline=None)
@given(
    st.text(max_size=40),
    st.text("やまだヤマダﾔﾏﾀﾞﾟゞヽゔヷ -・ー～😀", min_size=1, max_size=40),
    st.from_regex(
        r"(\+81|0081|0)[ (-]?[0-9０-９]{1,4}[-ー ) ]?[0-9]{3,4}[- ]?[0-9]{4}", fullmatch=True
    ),
    st.lists(st.text(max_size=40), max_size=3),
)
def test_generated_names_readings_numbers_and_products(
    name: str, kana: str, telephone: str, products: list[str]
) -> None:
    if (taken := payer(name, kana, telephone)) is not None:
        leaves(taken, product_name(products))
