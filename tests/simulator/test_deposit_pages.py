"""入金通知操作: paying slips in, sending notices again, the journal, the address, the clock."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.simulator.receiver import receiving
from tests.simulator.slips import STATES, Slips
from tests.simulator.test_pages import Reader, page

PATH = "/merchant/deposits"


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


def press(slips, what, origin=None, lang="", **form):
    headers = {"Origin": origin or f"http://{slips.merchant.host}"}
    return slips.merchant.request("POST", f"{PATH}/{what}{lang}", urlencode(form), **headers)


def read_on(slips, answer):
    assert answer.status == 303
    return page(slips.merchant, answer.headers["location"])[1].text


def test_the_page_says_when_there_is_nothing(slips):
    text = page(slips.merchant, PATH)[1].text
    for words in (
        "収納代行の申込はまだありません",
        "入金通知はまだありません",
        "登録されていません",
    ):
        assert words in text


def test_a_slip_is_paid_in_and_its_notice_delivered(serve):
    with receiving() as receiver:
        receiver.reply = b"0"
        slips = Slips(serve(notice_url=receiver.url))
        slips.new()
        text = read_on(slips, press(slips, "pay", slip=slips.only.transaction_id))
        assert slips.only.is_paid
        assert receiver.waiting == 1
        for words in (
            f"払込番号 {slips.only.kessai_number} を入金しました",
            "受領済み",
            "HTTP 200",
        ):
            assert words in text


def test_a_notice_is_sent_again(slips):
    slips.in_state("paid")
    text = read_on(slips, press(slips, "notice", slip=slips.only.transaction_id, lang="?lang=en"))
    assert "The notice for payment number" in text
    assert len(slips.gateway.collection.notices()) == 2


@pytest.mark.parametrize("state", STATES)
def test_each_slip_has_the_button_that_its_state_allows(slips, state):
    slips.in_state(state)
    html = slips.merchant.request("GET", PATH).body.decode()
    assert Reader(html).open == []
    assert (f"{PATH}/pay" in html) is (state == "unpaid")
    assert (f"{PATH}/notice" in html) is (state == "paid")


@pytest.mark.parametrize("state", [state for state in STATES if state != "unpaid"])
def test_a_button_that_came_too_late_says_so(slips, state):
    slips.in_state(state)
    before = slips.only.deposits
    answer = press(slips, "pay", slip=slips.only.transaction_id)
    assert (answer.status, "入金できません" in answer.body.decode()) == (409, True)
    assert slips.only.deposits == before


def test_there_is_no_notice_to_repeat_of_an_unpaid_slip(slips):
    slips.new()
    assert press(slips, "notice", slip=slips.only.transaction_id).status == 404
    assert slips.gateway.collection.notices() == []


@pytest.mark.parametrize("what", ["pay", "notice"])
@pytest.mark.parametrize("slip", ["", "7"])
def test_a_slip_that_nobody_knows_is_not_found(slips, what, slip):
    assert press(slips, what, slip=slip).status == 404


def test_the_journal_tells_each_delivery(serve):
    with receiving() as receiver:
        receiver.reply = b"<html>busy</html>"
        receiver.answer_with(503)
        slips = Slips(serve(notice_url=receiver.url))
        slips.new()
        text = read_on(slips, press(slips, "pay", slip=slips.only.transaction_id))
        for words in ("送信待ち", "HTTP 503", "<html>busy</html>", "次回 2026-01-05 10:01:00"):
            assert words in text
        receiver.reply = b"0"
        text = read_on(slips, press(slips, "clock", step="hour"))
        for words in ("受領済み", "HTTP 503", "HTTP 200", "時計を進めました"):
            assert words in text


def test_the_address_is_registered_for_one_merchant(slips):
    form = {"merchant_id": "12345678", "url": " http://127.0.0.1:9/notice "}
    assert "登録しました" in read_on(slips, press(slips, "url", **form))
    collection = slips.gateway.collection
    assert collection.notice_url("12345678") == "http://127.0.0.1:9/notice"
    assert collection.notice_url("87654321") == ""


def test_an_address_that_is_none_is_said_and_kept_in_its_field(slips):
    answer = press(slips, "url", merchant_id="12345678", url="shop<b>")
    html = answer.body.decode()
    assert answer.status == 422
    assert "http:// または https:// で始まる" in html
    assert 'value="shop&lt;b&gt;" aria-invalid="true"' in html
    assert slips.gateway.collection.notice_url("12345678") == ""


def test_the_address_of_a_merchant_that_nobody_knows_is_not_registered(slips):
    assert press(slips, "url", merchant_id="7", url="http://a/").status == 404


@pytest.mark.parametrize(
    ("step", "now"),
    [
        ("hour", "2026-01-05T11:00:00+09:00"),
        ("day", "2026-01-06T10:00:00+09:00"),
        ("week", "2026-01-12T10:00:00+09:00"),
    ],
)
def test_the_clock_is_moved_forward(slips, step, now):
    press(slips, "clock", step=step)
    assert slips.now.isoformat() == now


@pytest.mark.parametrize("step", ["", "year", "-1"])
def test_a_step_that_there_is_not_moves_nothing(slips, step):
    assert press(slips, "clock", step=step).status == 400
    assert slips.now.isoformat() == "2026-01-05T10:00:00+09:00"


@pytest.mark.parametrize("what", ["pay", "notice", "url", "clock"])
def test_a_page_of_another_site_does_nothing(slips, what):
    slips.in_state("paid")
    form = {"slip": slips.only.transaction_id, "merchant_id": "", "url": "http://a/", "step": "day"}
    assert press(slips, what, origin="https://evil.example", **form).status == 403
    assert len(slips.gateway.collection.notices()) == 1
    assert slips.now.isoformat() == "2026-01-05T10:00:00+09:00"


def test_nothing_is_said_to_be_done_that_the_page_does_not_know(slips):
    text = page(slips.merchant, f"{PATH}?done=nonsense&slip=1")[1].text
    assert "nonsense" not in text


def test_the_list_has_pages(slips):
    for number in range(51):
        slips.new(MerchantFree1=f"order{number:03}")
    first = page(slips.merchant, PATH)[1]
    (older,) = [link for link in first.links if "page=2" in link]
    assert "order000" not in first.text
    assert "order000" in page(slips.merchant, older)[1].text
