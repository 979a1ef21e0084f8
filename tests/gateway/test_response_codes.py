from __future__ import annotations

from importlib.resources import files

import pytest

from escott.gateway.customer_actions import (
    ADVICE,
    BEING_CHECKED,
    NOT_REACHED,
    CustomerAction,
    advice_after_refusal,
)
from escott.gateway.errors import MalformedTelegram
from escott.gateway.response_codes import CATALOGUE, Category, Money, lookup, parse
from escott.gateway.staff_advice import BY_CATEGORY, BY_CODE, K12, NoTransaction, staff_advice

TABLE = files("escott.gateway").joinpath("response_codes.tsv").read_text(encoding="utf-8")
ROWS = [line.split("\t") for line in TABLE.splitlines()[1:]]


def test_the_table_has_255_codes() -> None:
    assert len(ROWS) == len(CATALOGUE) == 255


def test_the_catalogue_says_what_the_table_says() -> None:
    read = [
        [c.code, c.english, c.japanese, c.category.value, c.customer_action.value, c.money.value]
        for c in CATALOGUE.values()
    ]

    assert read == ROWS
    assert all(all(row) for row in ROWS)


def test_only_ok_means_that_money_moved() -> None:
    assert [code.code for code in CATALOGUE.values() if code.money is Money.MOVED] == ["OK"]


@pytest.mark.parametrize("code", ["K96", "K98", "K99", "KBX", "KBY", "KI0", "C02", "C03", "NG"])
def test_a_fault_inside_the_gateway_may_have_moved_money(code: str) -> None:
    assert lookup(code).money is Money.MAYBE


def test_a_code_that_nobody_knows_may_have_moved_money() -> None:
    unknown = lookup("Z99")

    assert (unknown.code, unknown.money) == ("Z99", Money.MAYBE)


def test_codes_are_case_sensitive() -> None:
    assert lookup("ok").money is Money.MAYBE


def test_joined_codes_keep_their_order() -> None:
    assert [code.code for code in parse("K21|K20")] == ["K21", "K20"]


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_response_code_has_no_codes(text: str) -> None:
    assert parse(text) == ()


@pytest.mark.parametrize("text", ["|", "K20|", "|K20", "<b>OK</b>", "OK, surely", "K" * 9, "４２"])
def test_what_does_not_look_like_a_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedTelegram):
        parse(text)


def test_every_class_has_a_text_for_the_shopper() -> None:
    assert set(ADVICE) == set(CustomerAction)


@pytest.mark.parametrize(
    "action", [action for action in CustomerAction if action is not CustomerAction.NONE]
)
def test_after_a_refusal_the_shopper_reads_that_nothing_was_charged(action: CustomerAction) -> None:
    assert "Nothing has been charged." in ADVICE[action].english
    assert "ご請求は発生していません。" in ADVICE[action].japanese


def test_of_an_unknown_result_nobody_says_that_nothing_was_charged() -> None:
    assert "charged" not in BEING_CHECKED.english
    assert "請求" not in BEING_CHECKED.japanese


def test_no_two_situations_share_a_text() -> None:
    texts = [*ADVICE.values(), BEING_CHECKED, NOT_REACHED]

    assert len({text.english for text in texts}) == len(texts)
    assert len({text.japanese for text in texts}) == len(texts)


@pytest.mark.parametrize(
    ("response_cd", "action"),
    [
        ("G12", CustomerAction.CARD_UNUSABLE),
        ("K20|K21", CustomerAction.FIX_CARD_NUMBER),
        ("K22|K24", CustomerAction.FIX_SECURITY_CODE),
        ("K02", CustomerAction.CONTACT_MERCHANT),
        ("", CustomerAction.CONTACT_MERCHANT),
    ],
)
def test_the_first_code_that_the_shopper_can_act_on_decides(
    response_cd: str, action: CustomerAction
) -> None:
    actions = (code.customer_action for code in parse(response_cd))

    assert advice_after_refusal(actions) is ADVICE[action]


def test_every_code_has_advice_for_staff() -> None:
    texts = [staff_advice(code) for code in CATALOGUE.values()]

    assert all(text.english and text.japanese for text in texts)


@pytest.mark.parametrize("code", ["K71", "K99", "K06", "K12", "K14", "K81", "K39"])
def test_the_codes_that_the_faq_explains_have_a_remedy_of_their_own(code: str) -> None:
    assert staff_advice(lookup(code)) is BY_CODE[code]


def test_remedies_are_for_codes_that_exist() -> None:
    assert set(BY_CODE) <= set(CATALOGUE)
    assert set(BY_CATEGORY) == set(Category)
    assert set(K12) == set(NoTransaction)


def test_where_money_may_have_moved_staff_are_told_not_to_charge_again() -> None:
    texts = [staff_advice(code) for code in CATALOGUE.values() if code.money is Money.MAYBE]

    assert all("not charge again" in text.english for text in texts)
    assert all("再度の決済は行わないでください" in text.japanese for text in texts)
