"""Charging a member's card, and the member in every later telegram (protocol.md, C and D)."""

from __future__ import annotations

from datetime import datetime

import pytest

from escott.clock import JST
from escott.simulator.magic_cards import APPROVED, DEMO_CARD
from tests.simulator.conftest import MEMBER

OTHER = {"KaiinId": "customer0002", "KaiinPass": "kaiinpass02"}
PAID: dict[str, str | None] = {"Amount": "3780", "PayType": "01"}
FOLLOW_UPS = ("1Capture", "1Change", "1Delete", "1ReAuth", "1Search")


@pytest.fixture
def charged(merchant):
    """The pair of an authorisation of the member's card."""
    merchant.member_in("valid")
    answer = merchant.member("1Auth", **PAID).fields
    assert answer["ResponseCd"] == "OK"
    return {name: answer[name] for name in ("ProcessId", "ProcessPass")}


@pytest.mark.parametrize("operation", ["1Check", "1Auth", "1Gathering"])
def test_a_member_names_the_card(merchant, operation):
    merchant.member_in("valid")
    paid = {} if operation == "1Check" else PAID
    assert merchant.member(operation, **paid).codes == ["OK"]
    (transaction,) = merchant.gateway.transactions()
    assert transaction.kaiin_id == "customer0001"
    assert transaction.card.masked == "4000********1000"


def test_a_member_is_charged_any_number_of_times(merchant):
    merchant.member_in("valid")
    for _ in range(3):
        assert merchant.member("1Gathering", **PAID).codes == ["OK"]
    assert len(merchant.gateway.charges()) == 3


def test_the_security_code_may_be_asked_for_again(merchant):
    merchant.member_in("valid")
    assert merchant.member("1Auth", **PAID).fields["McSecCd"] == "8"
    assert merchant.member("1Auth", **PAID, SecCd="777").fields["McSecCd"] == "0"
    assert merchant.member("1Auth", **PAID, SecCd="778").codes == ["K40"]


def test_an_expired_card_of_a_member_is_declined(serve):
    merchant = serve(member_purge_months=None)
    merchant.member_in("valid")
    merchant.clock.set(datetime(2029, 1, 1, tzinfo=JST))
    assert merchant.member("1Auth", **PAID).codes == ["C13"]


def test_a_charge_takes_the_card_that_the_member_has_now(merchant):
    merchant.member_in("valid")
    merchant.member("4MemChg", APPROVED[1])
    assert merchant.member("1Auth", **PAID).fields["CompanyCd"] == "Y3"


@pytest.mark.parametrize("pay_type", ["02", "88"])
def test_the_brand_of_the_members_card_decides_how_to_pay(merchant, pay_type):
    merchant.member("4MemAdd", next(c for c in APPROVED if c.number.startswith("37")))
    codes = merchant.member("1Auth", Amount="3780", PayType=pay_type).codes
    assert codes == [{"02": "C12", "88": "C10"}[pay_type]]


@pytest.mark.parametrize("operation", FOLLOW_UPS)
def test_a_later_telegram_names_the_member(merchant, charged, operation):
    assert merchant.follow(operation, charged, **MEMBER).codes == ["OK"]


@pytest.mark.parametrize("left_out", [["KaiinId", "KaiinPass"], ["KaiinId"], ["KaiinPass"]])
@pytest.mark.parametrize("operation", FOLLOW_UPS)
def test_a_later_telegram_without_the_member_is_k80(merchant, charged, operation, left_out):
    member = {name: value for name, value in MEMBER.items() if name not in left_out}
    assert merchant.follow(operation, charged, **member).codes == ["K80"]
    assert merchant.gateway.transactions()[0].state == "authorised"


@pytest.mark.parametrize("operation", FOLLOW_UPS)
def test_a_member_that_was_not_in_the_charge_is_k81(merchant, operation):
    merchant.member_in("valid")
    pair = merchant.transaction("authorised")
    assert merchant.follow(operation, pair, **MEMBER).codes == ["K81"]


def test_another_member_than_that_of_the_charge_is_k80(merchant, charged):
    assert merchant.member("4MemAdd", DEMO_CARD, **OTHER).codes == ["OK"]
    assert merchant.follow("1Delete", charged, **OTHER).codes == ["K80"]


@pytest.mark.parametrize("wrong", [{"KaiinId": "customer0009"}, {"KaiinPass": "wrong123"}])
def test_a_member_that_is_none_is_k71(merchant, charged, wrong):
    assert merchant.follow("1Delete", charged, **MEMBER | wrong).codes == ["K71"]


def test_the_charges_of_a_deleted_member_can_no_longer_be_operated(merchant, charged):
    merchant.member("4MemInval")
    assert merchant.follow("1Delete", charged, **MEMBER).codes == ["K79"]
    merchant.member("4MemDel")
    assert merchant.follow("1Delete", charged, **MEMBER).codes == ["K71"]


def test_the_member_is_checked_before_the_state(merchant, charged):
    merchant.follow("1Delete", charged, **MEMBER)
    assert merchant.follow("1Delete", charged).codes == ["K80"]
    assert merchant.follow("1Delete", charged, **MEMBER).codes == ["K14"]


def test_the_history_keeps_that_the_member_was_missing(merchant, charged):
    merchant.follow("1Capture", charged)
    (transaction,) = merchant.gateway.transactions()
    assert transaction.history[-1].codes == ("K80",)
