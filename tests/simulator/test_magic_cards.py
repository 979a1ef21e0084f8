"""The magic cards: a readable scheme, and what each does."""

from __future__ import annotations

from datetime import datetime

import pytest

from escott.clock import JST
from escott.gateway.response_codes import CATALOGUE
from escott.simulator.brands import Brand
from escott.simulator.magic_cards import (
    APPROVED,
    DECLINED,
    HOLDER,
    MAGIC_CARDS,
    SECURED,
    TROUBLED,
)
from escott.simulator.presented_cards import passes_luhn

DIRECT = {"CardNo": "4000000000001000", "CardExp": "2812", "SecCd": "777"}
CHARGE = {"Amount": "1000", "PayType": "01"}


def test_every_card_passes_luhn():
    assert [number for number in MAGIC_CARDS if not passes_luhn(number)] == []


def test_no_number_stands_for_two_cards():
    assert len(MAGIC_CARDS) == len((*APPROVED, *DECLINED, *TROUBLED, *SECURED))


@pytest.mark.parametrize("card", DECLINED, ids=lambda card: card.decline)
def test_the_number_of_a_declined_card_tells_its_code(card):
    letter, digits = card.decline[0], card.decline[1:]
    assert card.number[8:12] == f"{ord(letter) - ord('A') + 1:02}{digits}"
    assert card.decline in CATALOGUE


@pytest.mark.parametrize("card", DECLINED, ids=lambda card: card.decline)
def test_a_declined_card_is_declined_with_its_code(merchant, card):
    answer = merchant.charge(card=card)
    assert answer.codes == [card.decline]
    assert "ProcessId" not in answer.fields
    assert merchant.gateway.transactions() == []
    assert len(merchant.gateway.declined()) == 1


@pytest.mark.parametrize("card", APPROVED, ids=lambda card: card.number)
def test_an_approved_card_is_charged(merchant, card):
    answer = merchant.charge(card=card).fields
    assert answer["ResponseCd"] == "OK"
    assert answer["McSecCd"] == "0"
    assert answer["CompanyCd"] == card.brand.value.company
    assert [charge.amount for charge in merchant.gateway.charges()] == [3780]


def test_each_brand_has_a_card():
    assert {card.brand for card in APPROVED} == set(Brand) - {Brand.OTHER}
    assert all(Brand.of(card.number) is card.brand for card in APPROVED)


def test_a_card_may_be_given_directly(merchant):
    assert merchant.send("1Auth", **DIRECT, **CHARGE).codes == ["OK"]


def test_a_wrong_security_code_is_k40(merchant):
    assert merchant.send("1Auth", **DIRECT | {"SecCd": "778"}, **CHARGE).codes == ["K40"]


def test_each_assist_value_is_compared(merchant):
    wrong = {"KanaSei": "ｽｽﾞｷ", "KanaMei": "ﾀﾛｳ", "BirthDay": "1231", "TelNo": "9999"}
    answer = merchant.send("1Check", **DIRECT | {"SecCd": "778"}, **wrong)
    assert answer.codes == ["K40", "K41", "K42", "K43", "K44"]


def test_the_right_assist_values_match(merchant):
    answer = merchant.send("1Check", **DIRECT, **HOLDER).fields
    names = ("McSecCd", "McKanaSei", "McKanaMei", "McBirthDay", "McTelNo")
    assert {answer[name] for name in names} == {"0"}


def test_an_assist_value_that_was_not_set_says_so(merchant):
    assert merchant.send("1Check", **DIRECT).fields["McTelNo"] == "8"


def test_a_contract_may_let_mismatches_pass(serve):
    answer = serve(refuse_mismatch=False).send("1Check", **DIRECT | {"SecCd": "778"}).fields
    assert (answer["ResponseCd"], answer["McSecCd"]) == ("OK", "1")


def test_another_expiry_than_the_cards_is_g83(merchant):
    assert merchant.send("1Auth", **DIRECT | {"CardExp": "2911"}, **CHARGE).codes == ["G83"]


def test_an_expiry_in_the_past_is_c13(merchant):
    assert merchant.send("1Auth", **DIRECT | {"CardExp": "2512"}, **CHARGE).codes == ["C13"]


def test_a_card_is_good_through_its_last_month(merchant):
    merchant.clock.set(datetime(2028, 12, 31, 23, 59, tzinfo=JST))
    assert merchant.send("1Auth", **DIRECT, **CHARGE).codes == ["OK"]
    merchant.clock.set(datetime(2029, 1, 1, tzinfo=JST))
    assert merchant.send("1Auth", **DIRECT, **CHARGE).codes == ["C13"]


def test_a_card_that_is_not_in_the_table_is_refused(merchant):
    assert merchant.send("1Auth", **DIRECT | {"CardNo": "4111111111111111"}, **CHARGE).codes == [
        "C16"
    ]


def test_a_gateway_may_approve_any_card(serve):
    other = DIRECT | {"CardNo": "4111111111111111"}
    merchant = serve(unlisted_card="OK")
    assert merchant.send("1Auth", **other, **CHARGE).codes == ["OK"]
    assert "4111111111111111" not in repr(merchant.gateway.transactions())


def test_a_limit_is_kept_by_charge_and_by_change(merchant):
    limited = next(card for card in APPROVED if card.limit)
    assert merchant.charge(card=limited, Amount="10001").codes == ["G55"]
    pair = merchant.transaction("authorised", card=limited, Amount="10000")
    assert merchant.follow("1Change", pair, Amount="10001").codes == ["G55"]
    assert merchant.follow("1Change", pair, Amount="9999").codes == ["OK"]


@pytest.mark.parametrize(
    ("brand", "pay_type", "code"),
    [
        (Brand.VISA, "88", "OK"),
        (Brand.AMEX, "02", "C12"),
        (Brand.AMEX, "88", "C10"),
        (Brand.DINERS, "03", "C12"),
        (Brand.DINERS, "88", "OK"),
        (Brand.JCB, "99", "C12"),
    ],
)
def test_a_brand_takes_its_ways_to_pay(merchant, brand, pay_type, code):
    card = next(card for card in APPROVED if card.brand is brand)
    assert merchant.charge(card=card, PayType=pay_type).codes == [code]
