"""The slips on the merchant console: found, looked at, changed and cancelled behind the shop."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from escott.simulator.console_desk import ChangedMeanwhile
from escott.simulator.slip_console_desk import SlipWish
from escott.simulator.telegrams import Refused
from tests.simulator.slips import FREE1, STATES, Slips
from tests.simulator.test_pages import Reader, page
from tests.simulator.test_slip_table import OUTCOMES

BY_HAND = ("2Chg", "2Del")
WISH = SlipWish(4000, date(2026, 1, 20))


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


def path_of(slips, further=""):
    return f"/merchant/slips/{slips.only.transaction_id}{further}"


def press(slips, operation, lang="", origin=None, further="", **form):
    """Post a form of the console for the only slip, as a browser does."""
    headers = {"Origin": origin or f"http://{slips.merchant.host}"}
    body = urlencode({"operation": operation, **form}, doseq=True)
    return slips.merchant.request("POST", path_of(slips, further) + lang, body, **headers)


@pytest.mark.parametrize("operation", BY_HAND)
@pytest.mark.parametrize("state", STATES)
def test_the_console_keeps_to_the_table(slips, state, operation):
    slips.in_state(state)
    wish = SlipWish(4000, date(2026, 2, 1))
    collection = slips.gateway.collection
    expected = OUTCOMES[state, operation]
    offered = collection.console_operations(slips.only)
    assert (operation in offered) is (expected in STATES)
    if expected in STATES:
        done = collection.console_operate(FREE1, operation, wish)
        assert done.state_at(slips.now) == expected
    else:
        with pytest.raises(Refused, match=expected):
            collection.console_operate(FREE1, operation, wish)
        assert slips.only.history[-1].codes == (expected,)
        assert slips.only.state_at(slips.now) == state


def test_the_one_change_is_one_wherever_it_was_made(slips):
    pair = slips.new()
    before = slips.only
    changed = slips.gateway.collection.console_operate(FREE1, "2Chg", WISH)
    assert (changed.amount, changed.pay_limit.isoformat()) == (4000, "2026-01-20T23:59:00+09:00")
    assert changed.kessai_number != before.kessai_number
    assert slips.gateway.collection.slip_of_link(before.link_code) == changed
    assert slips.follow("2Chg", pair).codes == ["K14"]
    assert slips.gateway.collection.console_operations(slips.only) == ("2Del",)
    assert slips.follow("2Ref", pair).fields["Amount"] == "4000"


def test_a_deletion_on_the_console_is_k12_to_the_shop(slips):
    pair = slips.new()
    slips.gateway.collection.console_operate(FREE1, "2Del")
    assert slips.follow("2Ref", pair).codes == ["K12"]
    assert slips.only.history[-1].by == "console"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (SlipWish(0), "K23"),
        (SlipWish(300_000), "K23"),
        (SlipWish(None, date(2026, 1, 4)), "K50"),
        (SlipWish(None, date(2027, 1, 4)), "K50"),
    ],
)
def test_the_console_checks_what_is_typed(slips, wish, code):
    slips.new()
    with pytest.raises(Refused, match=code):
        slips.gateway.collection.console_operate(FREE1, "2Chg", wish)
    assert slips.only.changes == 0


def test_what_was_seen_must_still_be_so(slips):
    pair = slips.new()
    seen = slips.only.history[-1].transaction_id
    slips.follow("2Chg", pair)
    with pytest.raises(ChangedMeanwhile):
        slips.gateway.collection.console_operate(FREE1, "2Del", seen=seen)
    assert not slips.only.is_deleted


@pytest.mark.parametrize("operation", ["2Ref", "2Add", "1Delete", "nonsense"])
def test_what_the_console_has_no_button_for_is_a_mistake(slips, operation):
    slips.new()
    with pytest.raises(ValueError, match=operation):
        slips.gateway.collection.console_operate(FREE1, operation)


def test_after_the_handling_period_the_console_does_nothing(slips):
    slips.new(PayLimit="202604302359")
    slips.clock.advance(timedelta(days=61))
    assert slips.gateway.collection.console_operations(slips.only) == ()
    with pytest.raises(Refused, match="K12"):
        slips.gateway.collection.console_operate(FREE1, "2Del")


@pytest.mark.parametrize("lang", ["", "?lang=en"])
@pytest.mark.parametrize("state", STATES)
def test_the_page_offers_what_the_table_allows(slips, state, lang):
    slips.in_state(state)
    html = slips.merchant.request("GET", path_of(slips) + lang).body.decode()
    assert Reader(html).open == []
    assert ('value="2Chg"' in html) is (OUTCOMES[state, "2Chg"] in STATES)
    assert ("/cancel" in html) is (OUTCOMES[state, "2Del"] in STATES)


def test_the_page_tells_everything_of_a_slip(slips):
    pair = slips.new(Free17="お客様窓口", MerchantFree2="two")
    slips.follow("2Chg", pair)
    slips.pay(cvs_cd="FAM", amount=60_000)
    _, reader = page(slips.merchant, path_of(slips))
    deposit = slips.only.deposits[0]
    for told in (
        *("山田　花子", "ヤマダ　ハナコ", "0312345678", "つむぎの手ぬぐい", "お客様窓口", "two"),
        *("ファミリーマート", deposit.recv_num, deposit.tenant_cd, "¥60,000", "あり"),
        *("登録", "変更", "入金", "レジ", slips.only.kessai_number, slips.only.process_id),
    ):
        assert told in reader.text
    assert slips.only.process_pass not in reader.text


def test_the_page_of_a_slip_that_the_till_refused_says_why(slips):
    slips.in_state("deleted")
    slips.merchant.request("POST", f"/simulator/slips/{FREE1}/pay")
    assert (
        "取消済みのため、レジでは受け付けられませんでした"
        in page(slips.merchant, path_of(slips))[1].text
    )


@pytest.mark.parametrize(("lang", "words"), [("", "変更を行いました"), ("?lang=en", "Done: c")])
def test_a_press_leads_back_to_the_slip_and_says_what_was_done(slips, lang, words):
    slips.new()
    answer = press(slips, "2Chg", lang, amount="￥5,０00", last_day="2026-01-20")
    assert answer.status == 303
    assert (slips.only.amount, slips.only.pay_limit.day) == (5000, 20)
    assert words in slips.merchant.request("GET", answer.headers["location"]).body.decode()
    slips.gateway.collection.console_operate(FREE1, "2Del")
    assert words not in slips.merchant.request("GET", answer.headers["location"]).body.decode()


@pytest.mark.parametrize(
    ("amount", "last_day"),
    [("", "2026-01-20"), ("abc", "2026-01-20"), ("5000", ""), ("5000", "soon"), ("<b>", "<b>")],
)
def test_what_cannot_be_read_is_said_and_nothing_is_done(slips, amount, last_day):
    slips.new()
    answer = press(slips, "2Chg", amount=amount, last_day=last_day)
    html = answer.body.decode()
    assert answer.status == 422
    assert "支払期限は日付で入力してください" in html
    assert "<b>" not in html
    assert slips.only.changes == 0


def test_a_refusal_is_said_with_its_code_and_what_was_typed(slips):
    slips.new()
    answer = press(slips, "2Chg", amount="300000", last_day="2026-01-20")
    html = answer.body.decode()
    assert (answer.status, "K23" in html, 'value="300000"' in html) == (409, True, True)


def test_a_cancellation_asks_first(slips):
    slips.new()
    answer = press(slips, "2Del", "?lang=en")
    assert answer.headers["location"].endswith("/cancel?lang=en")
    assert "Cancel ¥3,780" in (
        slips.merchant.request("GET", answer.headers["location"]).body.decode()
    )
    assert not slips.only.is_deleted
    assert press(slips, "2Del", confirmed="yes").status == 303
    assert slips.only.is_deleted
    assert slips.merchant.request("GET", path_of(slips, "/cancel")).status == 303


def test_a_second_press_of_the_same_page_does_nothing(slips):
    slips.new()
    seen = slips.only.history[-1].transaction_id
    form = {"amount": "5000", "last_day": "2026-01-20", "seen": seen}
    assert press(slips, "2Chg", **form).status == 303
    assert press(slips, "2Chg", **form).status == 409
    assert len(slips.only.history) == 2


def test_a_notice_is_sent_from_the_page_with_the_chosen_faults(slips):
    slips.in_state("paid")
    answer = press(slips, "", further="/notices", fault=["doubled", "wrong_hash", "nonsense"])
    assert answer.status == 303
    assert "通知を送りました" in (
        slips.merchant.request("GET", answer.headers["location"]).body.decode()
    )
    notices = slips.gateway.collection.notices()
    assert [notice.faults for notice in notices] == [(), *[("doubled", "wrong_hash")] * 2]


@pytest.mark.parametrize("further", ["", "/notices"])
def test_a_page_of_another_site_does_nothing(slips, further):
    slips.new()
    answer = press(slips, "2Del", origin="https://evil.example", further=further, confirmed="yes")
    assert answer.status == 403
    assert not slips.only.is_deleted
    assert slips.gateway.collection.notices() == []


@pytest.mark.parametrize("body", ["", "operation=2Ref", "operation=%FF", "%", "operation=x"])
def test_a_form_that_says_nothing_does_nothing(slips, body):
    slips.new()
    assert slips.merchant.request("POST", path_of(slips), body).status == 400
    assert len(slips.only.history) == 1


def test_what_nobody_knows_is_not_found(slips):
    for method, further in [("GET", ""), ("POST", ""), ("GET", "/cancel"), ("POST", "/notices")]:
        assert slips.merchant.request(method, f"/merchant/slips/1{further}").status == 404


def found(slips, **query):
    html = slips.merchant.request("GET", f"/merchant/slips?{urlencode(query)}").body.decode()
    reader = Reader(html)
    return [
        slip.merchant_free1
        for slip in reversed(slips.gateway.collection.slips())
        if slip.transaction_id in reader.text
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["3", "2", "1"]),
        ({"free1": "2"}, ["2"]),
        ({"amount": "¥500"}, ["2"]),
        ({"from": "2026-01-06"}, ["3", "2"]),
        ({"to": "2026-01-06"}, ["2", "1"]),
        ({"from": "2026-01-07", "to": "2026-01-07"}, ["3"]),
        ({"jigysyaCode": "87654321"}, []),
        ({"free1": "9"}, []),
    ],
)
def test_slips_are_looked_for(slips, query, expected):
    slips.new(MerchantFree1="1")
    slips.clock.advance(timedelta(days=1))
    slips.new(MerchantFree1="2", Amount="500")
    slips.clock.advance(timedelta(days=1))
    slips.new(MerchantFree1="3")
    assert found(slips, **query) == expected


def test_a_slip_is_found_by_each_of_its_numbers(slips):
    pair = slips.new()
    slips.new(MerchantFree1="7")
    numbers = [slips.gateway.collection.slip(FREE1).kessai_number]
    slips.follow("2Chg", pair)
    paid = slips.pay()
    for number in (*numbers, paid.kessai_number, paid.deposits[0].recv_num):
        assert FREE1 in found(slips, number=number)


@pytest.mark.parametrize("query", [{"from": "never"}, {"to": "20269999"}, {"amount": "x"}])
def test_what_cannot_be_looked_for_is_said(slips, query):
    slips.new()
    answer = slips.merchant.request("GET", f"/merchant/slips?{urlencode(query)}")
    assert answer.status == 400
    assert "検索条件を確認してください" in answer.body.decode()


def test_the_list_says_when_it_is_empty_and_has_pages(slips):
    assert "まだありません" in page(slips.merchant, "/merchant/slips")[1].text
    for number in range(51):
        slips.new(MerchantFree1=f"order{number:03}")
    first = page(slips.merchant, "/merchant/slips?free1=order")[1]
    assert ("order050" in first.text, "order000" in first.text) == (True, False)
    (older,) = [link for link in first.links if "page=2" in link]
    assert "order000" in page(slips.merchant, older)[1].text
    assert "該当する申込はありません" in page(slips.merchant, "/merchant/slips?free1=zzz")[1].text
