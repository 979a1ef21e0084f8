"""The simulator's own JSON interface."""

from __future__ import annotations

import json

import pytest

from escott.simulator.magic_cards import DEMO_CARD


def get(merchant, path):
    return json.loads(merchant.request("GET", path).body)


def test_the_books_are_listed_newest_first(merchant):
    merchant.charge(MerchantFree1="1")
    merchant.charge(MerchantFree1="2")
    found = get(merchant, "/simulator/transactions")["transactions"]
    assert [item["merchant_free1"] for item in found] == ["2", "1"]
    assert found[0]["charged"] is True
    assert found[0]["amount"] == 3780


def test_the_books_are_searched_by_the_whole_of_merchant_free1(merchant):
    merchant.charge(MerchantFree1="1")
    merchant.charge(MerchantFree1="11")
    found = get(merchant, "/simulator/transactions?free1=1")["transactions"]
    assert [item["merchant_free1"] for item in found] == ["1"]


def test_a_reset_forgets_everything(merchant):
    pair = merchant.transaction("gathered")
    assert merchant.request("POST", "/simulator/reset").status == 200
    assert get(merchant, "/simulator/transactions") == {"transactions": []}
    assert merchant.follow("1Search", pair).codes == ["K12"]


def test_the_clock_is_told_in_japan_time(merchant):
    assert get(merchant, "/simulator/clock") == {"now": "2026-01-05T10:00:00+09:00"}


@pytest.mark.parametrize(
    ("wish", "now"),
    [
        ({"advance_seconds": 86400}, "2026-01-06T10:00:00+09:00"),
        ({"now": "2026-02-01T00:00:00+00:00"}, "2026-02-01T09:00:00+09:00"),
    ],
)
def test_the_clock_is_moved(merchant, wish, now):
    answer = merchant.request("PUT", "/simulator/clock", json.dumps(wish))
    assert json.loads(answer.body) == {"now": now}
    assert merchant.clock.now().isoformat() == now


@pytest.mark.parametrize(
    "wish", ["", "[]", "{}", "null", '{"now": "2026-01-05"}', '{"advance_seconds": "x"}', "{"]
)
def test_a_clock_that_cannot_be_set_so_stays(merchant, wish):
    assert merchant.request("PUT", "/simulator/clock", wish).status == 400
    assert get(merchant, "/simulator/clock")["now"] == "2026-01-05T10:00:00+09:00"


def test_the_members_are_listed_newest_first(merchant):
    merchant.member_in("valid")
    merchant.member("4MemAdd", DEMO_CARD, KaiinId="customer0002")
    found = get(merchant, "/simulator/members")["members"]
    assert [item["kaiin_id"] for item in found] == ["customer0002", "customer0001"]
    told = {"kaiin_status": "0", "card": "4000********1000", "card_exp": "2812"}
    assert told.items() <= found[0].items()
