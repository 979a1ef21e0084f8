"""The till: when it takes the money of a slip, and what a tester may insist on."""

from __future__ import annotations

import http.client
from datetime import timedelta

import pytest

from escott.simulator.institutions import INSTITUTIONS
from escott.simulator.slips import SlipPayment
from escott.simulator.till import NotTaken
from tests.simulator.slips import FREE1, Slips

#: protocol.md H, in its order.
CVS_CDS = (
    *("LSN", "FAM", "SAK", "CCK", "SEV", "MNS", "DAY", "FFF", "SCM", "ATM", "ONL", "LNK"),
    *("EBK", "JNB", "JIB", "SNB", "EDY", "SUI", "JPM", "VWA"),
)


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


def test_every_institution_of_the_protocol_is_there():
    assert set(INSTITUTIONS) == set(CVS_CDS)


@pytest.mark.parametrize("cvs_cd", CVS_CDS)
def test_a_slip_is_paid_at_each_institution(slips, cvs_cd):
    pair = slips.new()
    slips.pay(cvs_cd=cvs_cd)
    assert slips.follow("2Ref", pair).fields["CvsCd"] == cvs_cd


def test_a_slip_is_paid_where_the_shopper_chose(slips):
    pair = slips.new()
    slips.gateway.collection.choose(slips.only, "SEV")
    assert slips.follow("2Ref", pair).fields["CvsCd"] == "SEV"
    slips.pay()
    assert slips.only.deposits[0].cvs_cd == "SEV"


@pytest.mark.parametrize("state", ["paid", "deleted", "expired"])
def test_a_till_refuses_what_is_not_unpaid_and_keeps_that(slips, state):
    slips.in_state(state)
    before = slips.only
    with pytest.raises(NotTaken, match=state):
        slips.pay()
    assert slips.only.deposits == before.deposits
    last = slips.only.history[-1]
    assert (last.act.value, last.codes, last.by.value) == ("pay", (state,), "till")


def test_money_that_comes_late_by_choice_is_a_deposit(slips):
    pair = slips.in_state("expired")
    slips.pay(anyway=True)
    assert slips.follow("2Ref", pair).fields["NyukinDate"] == "202601131000"


def test_money_that_comes_twice_by_choice_stands_twice_in_the_books_and_once_in_the_answer(slips):
    pair = slips.in_state("paid")
    first = slips.only.deposits[0].recv_num
    slips.clock.advance(timedelta(hours=1))
    slips.pay(anyway=True)
    assert [deposit.amount for deposit in slips.only.deposits] == [3780, 3780]
    assert slips.follow("2Ref", pair).fields["RecvNum"] == first


def test_money_for_a_deleted_slip_does_not_bring_it_back(slips):
    pair = slips.in_state("deleted")
    slips.pay(anyway=True)
    assert slips.only.deposits
    assert slips.follow("2Ref", pair).codes == ["K12"]


def test_another_amount_by_choice_is_what_the_inquiry_tells(slips):
    pair = slips.new()
    slips.pay(amount=3000)
    assert slips.follow("2Ref", pair).fields["Amount"] == "3000"


def test_a_planned_payment_happens_at_its_moment_whenever_somebody_looks(slips):
    pair = slips.new()
    due = slips.now + timedelta(days=3)
    slips.gateway.collection.plan(FREE1, due)
    slips.clock.advance(timedelta(days=2))
    assert "NyukinDate" not in slips.follow("2Ref", pair).fields
    slips.clock.advance(timedelta(days=20))
    assert slips.follow("2Ref", pair).fields["NyukinDate"] == "202601081000"


def test_a_planned_payment_of_a_slip_that_was_deleted_does_not_happen(slips):
    pair = slips.new()
    slips.gateway.collection.plan(FREE1, slips.now + timedelta(days=3))
    slips.follow("2Del", pair)
    slips.clock.advance(timedelta(days=4))
    assert slips.only.deposits == ()
    assert slips.only.history[-1].codes == ("deleted",)


def test_a_plan_takes_the_place_of_the_one_before_and_can_be_forgotten(slips):
    slips.new()
    collection = slips.gateway.collection
    collection.plan(FREE1, slips.now + timedelta(days=1))
    collection.plan(FREE1, slips.now + timedelta(days=3), SlipPayment(cvs_cd="FAM"))
    slips.clock.advance(timedelta(days=2))
    assert slips.only.deposits == ()
    collection.cancel_plan(FREE1)
    collection.cancel_plan(FREE1)
    slips.clock.advance(timedelta(days=2))
    assert slips.only.deposits == ()


def test_what_comes_due_happens_in_the_order_of_time(slips):
    """A deletion that is carried out late meets a payment that came before it."""
    pair = slips.new(NameKana="トリケシアトカラショリ　ア")
    slips.gateway.collection.plan(FREE1, slips.now + timedelta(seconds=20))
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        slips.follow("2Del", pair)
    slips.clock.advance(timedelta(minutes=1))
    assert slips.only.state_at(slips.now) == "paid"
    assert slips.only.history[-1].codes == ("K14",)


def test_a_slip_is_named_by_its_numbers_or_a_free1_of_its_own(slips):
    slips.new(MerchantFree1="1")
    slips.new(MerchantFree1="1")
    first, second = slips.gateway.collection.slips("1")
    find = slips.gateway.collection.slip
    assert find(first.transaction_id) == find(first.kessai_number) == first
    for which in ("1", "7", ""):
        with pytest.raises(LookupError):
            find(which)
    assert second.kessai_number != first.kessai_number


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"cvs_cd": "XXX"}, "XXX"),
        ({"amount": 0}, "one yen"),
        ({"times": 0}, "once"),
        ({"times": 10}, "nine"),
    ],
)
def test_a_payment_that_cannot_be_is_a_mistake(slips, wrong, said):
    slips.new()
    with pytest.raises(ValueError, match=said):
        slips.pay(**wrong)
    with pytest.raises(ValueError, match=said):
        slips.gateway.collection.plan(FREE1, slips.now, SlipPayment(**wrong))
