"""オンライン収納代行 over the simulator's JSON interface."""

from __future__ import annotations

import json

import pytest

from tests.simulator.slips import FREE1, Slips


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


class Api:
    def __init__(self, slips):
        self.request = slips.merchant.request
        self.status = 0

    def __call__(self, method, path, wish=None):
        body = wish if wish is None or isinstance(wish, str) else json.dumps(wish)
        answer = self.request(method, f"/simulator/{path}", body)
        self.status = answer.status
        assert answer.headers["cache-control"] == "no-store"
        return json.loads(answer.body)


@pytest.fixture
def api(slips):
    return Api(slips)


def test_the_slips_are_listed_newest_first(slips, api):
    slips.new(MerchantFree1="1")
    slips.new(MerchantFree1="2")
    assert [slip["merchant_free1"] for slip in api("GET", "slips")["slips"]] == ["2", "1"]
    (found,) = api("GET", "slips?free1=1")["slips"]
    assert api("GET", f"slips/{found['transaction_id']}") == found
    assert {"state": "unpaid", "amount": 3780, "planned_payment": None}.items() <= found.items()
    assert found["history"][0]["operation"] == "2Add"


def test_no_answer_tells_a_password(slips, api):
    slips.in_state("paid")
    told = json.dumps([api("GET", "slips"), api("GET", "notices")])
    assert slips.only.process_pass not in told
    assert "pass1234" not in told


def test_a_slip_is_paid_at_the_till(slips, api):
    slips.new()
    told = api("POST", f"slips/{FREE1}/pay", {"cvs_cd": "FAM"})
    assert (told["state"], told["deposits"][0]["cvs_cd"]) == ("paid", "FAM")
    assert api("POST", f"slips/{FREE1}/pay") == {"state": "paid"}
    assert api.status == 409
    told = api("POST", f"slips/{FREE1}/pay", {"anyway": True, "times": 2, "amount": 5})
    assert [deposit["amount"] for deposit in told["deposits"]] == [3780, 5, 5]


def test_a_payment_is_planned_and_forgotten(slips, api):
    slips.new()
    at = "2026-01-07T12:00:00+09:00"
    told = api("POST", f"slips/{FREE1}/pay", {"at": at, "cvs_cd": "SEV", "faults": ["lost"]})
    planned = {"due": at, "cvs_cd": "SEV", "times": 1, "anyway": False, "faults": ["lost"]}
    assert (told["state"], told["planned_payment"]) == ("unpaid", planned)
    assert api("DELETE", f"slips/{FREE1}/pay")["planned_payment"] is None


def test_the_console_operates_on_a_slip(slips, api):
    pair = slips.new()
    wish = {"operation": "2Chg", "amount": 5000, "last_day": "2026-01-20"}
    told = api("POST", f"slips/{FREE1}", wish)
    assert (told["amount"], told["pay_limit"]) == (5000, "2026-01-20T23:59:00+09:00")
    assert told["history"][-1]["by"] == "console"
    assert api("POST", f"slips/{FREE1}", wish) == {"response_cd": "K14"}
    assert slips.follow("2Chg", pair).codes == ["K14"]
    assert api("POST", f"slips/{FREE1}", {"operation": "2Del"})["state"] == "deleted"


def test_a_notice_is_sent_again(slips, api):
    slips.in_state("paid")
    told = api("POST", f"slips/{FREE1}/notices", {"faults": ["doubled", "lost"]})
    assert [notice["state"] for notice in told["notices"]] == ["lost", "lost"]
    journal = api("GET", "notices")["notices"]
    assert [notice["faults"] for notice in journal] == [["doubled", "lost"]] * 2 + [[]]
    assert api("GET", "notices?free1=7") == {"notices": []}


def test_an_address_for_notices_is_registered(slips, api):
    url = "http://127.0.0.1:9/notice"
    assert set(api("GET", "notice-url")["notice_urls"].values()) == {""}
    told = api("PUT", "notice-url", {"url": url, "merchant_id": "12345678"})
    assert told == {"notice_urls": {"12345678": url, "87654321": ""}}
    assert set(api("PUT", "notice-url", {"url": url})["notice_urls"].values()) == {url}
    assert set(api("PUT", "notice-url", {"url": ""})["notice_urls"].values()) == {""}


def test_a_trouble_is_planned(slips, api):
    pair = slips.new()
    api("POST", "troubles", {"operation": "2Ref", "outcome": "K96"})
    assert [slips.follow("2Ref", pair).codes for _ in range(2)] == [["K96"], ["OK"]]


@pytest.mark.parametrize(
    ("method", "path", "wish", "status"),
    [
        ("GET", "slips/7", None, 404),
        ("POST", "slips/7/pay", {}, 404),
        ("POST", f"slips/{FREE1}/pay", {"cvs_cd": "XXX"}, 400),
        ("POST", f"slips/{FREE1}/pay", {"cvs_cd": 1}, 400),
        ("POST", f"slips/{FREE1}/pay", {"at": "2026-01-07"}, 400),
        ("POST", f"slips/{FREE1}/pay", {"at": "soon"}, 400),
        ("POST", f"slips/{FREE1}/pay", {"times": True}, 400),
        ("POST", f"slips/{FREE1}/pay", {"faults": ["nonsense"]}, 400),
        ("POST", f"slips/{FREE1}/pay", {"anyhow": True}, 400),
        ("POST", f"slips/{FREE1}/pay", "[]", 400),
        ("POST", f"slips/{FREE1}/pay", "{", 400),
        ("POST", f"slips/{FREE1}", {"operation": "2Ref"}, 400),
        ("POST", f"slips/{FREE1}", {}, 400),
        ("POST", f"slips/{FREE1}", {"operation": "2Chg", "last_day": "never"}, 400),
        ("POST", f"slips/{FREE1}", {"operation": "2Chg", "amount": 0}, 409),
        ("POST", f"slips/{FREE1}", {"operation": "2Chg", "last_day": "2026-01-04"}, 409),
        ("POST", f"slips/{FREE1}/notices", {"faults": [1]}, 400),
        ("PUT", "notice-url", {}, 400),
        ("PUT", "notice-url", {"url": "shop"}, 400),
        ("PUT", "notice-url", {"url": "http://a/", "merchant_id": "7"}, 404),
        ("POST", "troubles", {"operation": "2Ref", "outcome": "nonsense"}, 400),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_done(slips, api, method, path, wish, status):
    slips.new()
    before = slips.only
    told = api(method, path, wish)
    assert api.status == status
    assert told.get("error") or told.get("response_cd")
    assert (slips.only.deposits, slips.only.changes) == (before.deposits, 0)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"slips/{FREE1}/pay"),
        ("DELETE", f"slips/{FREE1}/pay"),
        ("POST", f"slips/{FREE1}"),
        ("POST", f"slips/{FREE1}/notices"),
        ("PUT", "notice-url"),
        ("POST", "troubles"),
    ],
)
def test_a_page_of_another_site_does_nothing(slips, method, path):
    slips.new()
    origin = {"Origin": "https://evil.example"}
    assert slips.merchant.request(method, f"/simulator/{path}", "{}", **origin).status == 403
