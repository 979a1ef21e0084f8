"""What a person does on the merchant console: the same law, seen by nobody but the gateway."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from escott.simulator.console_desk import ChangedMeanwhile
from escott.simulator.law import STRICT_LAW
from escott.simulator.magic_cards import DECLINED, MAGIC_CARDS, TROUBLED
from escott.simulator.telegrams import Refused
from tests.simulator.test_pages import Reader
from tests.simulator.test_state_table import OPERATIONS, OUTCOMES, STATES

BY_HAND = tuple(operation for operation in OPERATIONS if operation != "1Search")
FREE1 = "000000000042"
#: Charged as told, and goes wrong on every later telegram.
TROUBLED_LATER = next(card for card in TROUBLED if card.on_follow_up)


def path_of(transaction, further=""):
    return f"/merchant/transactions/{transaction.transaction_id}{further}"


def press(merchant, operation, lang="", origin=None, **form):
    """Post a form of the console for the only transaction, as a browser does."""
    (transaction,) = merchant.gateway.transactions()
    headers = {"Origin": origin or f"http://{merchant.host}"}
    body = urlencode({"operation": operation, **form})
    return merchant.request("POST", path_of(transaction) + lang, body, **headers)


@pytest.mark.parametrize("operation", BY_HAND)
@pytest.mark.parametrize("state", STATES)
def test_the_console_keeps_to_the_table(merchant, state, operation):
    merchant.transaction(state)
    (before,) = merchant.gateway.transactions()
    offered = merchant.gateway.console_operations(before)
    amount = 5000 if operation in {"1Change", "1ReAuth"} else None
    if (state, operation) in OUTCOMES:
        after = merchant.gateway.console_operate(FREE1, operation, amount)
        assert after.state.value == OUTCOMES[state, operation]
        assert operation in offered
    else:
        with pytest.raises(Refused, match="K14"):
            merchant.gateway.console_operate(FREE1, operation, amount)
        (after,) = merchant.gateway.transactions()
        assert (after.state, after.amount) == (before.state, before.amount)
        assert operation not in offered


def test_a_strict_gateway_s_console_is_strict_too(serve):
    merchant = serve(law=STRICT_LAW)
    merchant.transaction("authorised")
    with pytest.raises(Refused, match="K14"):
        merchant.gateway.console_operate(FREE1, "1ReAuth")


def test_the_history_tells_the_console_from_the_shop(merchant):
    pair = merchant.transaction("authorised")
    merchant.gateway.console_operate(FREE1, "1Change", 5000)
    merchant.follow("1Capture", pair)
    (transaction,) = merchant.gateway.transactions()
    assert [(entry.operation.value, entry.on_console) for entry in transaction.history] == [
        ("1Auth", False),
        ("1Change", True),
        ("1Capture", False),
    ]
    ids = [entry.transaction_id for entry in transaction.history]
    assert ids == sorted(set(ids))
    text = merchant.request("GET", path_of(transaction)).body.decode()
    assert text.count("管理画面での操作") == 1
    assert text.count("ショップの電文") == 2


def test_a_refusal_on_the_console_is_in_the_history(merchant):
    merchant.transaction("captured")
    with pytest.raises(Refused):
        merchant.gateway.console_operate(FREE1, "1Capture")
    last = merchant.gateway.transactions()[0].history[-1]
    assert (last.codes, last.on_console) == (("K14",), True)


def test_the_shop_s_next_inquiry_tells_what_the_console_did(merchant):
    pair = merchant.transaction("gathered")
    merchant.gateway.console_operate(FREE1, "1Change", 1000)
    assert merchant.follow("1Search", pair).fields["Amount"] == "1000"
    merchant.gateway.console_operate(FREE1, "1Delete")
    assert merchant.follow("1Search", pair).fields["SalesDate"] == ""
    assert merchant.follow("1Change", pair).codes == ["K14"]
    assert not merchant.gateway.charges()


def test_a_capture_on_the_console_is_a_sale_of_today(merchant):
    pair = merchant.transaction("authorised")
    merchant.clock.advance(timedelta(days=3))
    merchant.gateway.console_operate(FREE1, "1Capture")
    assert merchant.follow("1Search", pair).fields["SalesDate"] == "20260108"


def test_a_re_authorisation_on_the_console_takes_the_amount_or_the_one_before(merchant):
    merchant.transaction("cancelled")
    assert merchant.gateway.console_operate(FREE1, "1ReAuth").amount == 3780
    merchant.gateway.console_operate(FREE1, "1Delete")
    assert merchant.gateway.console_operate(FREE1, "1ReAuth", 900).amount == 900


def test_the_issuer_is_asked_on_the_console_too(merchant):
    limited = next(card for card in MAGIC_CARDS.values() if card.limit is not None)
    merchant.transaction("authorised", Token=merchant.gateway.token_for(limited), Amount="1")
    with pytest.raises(Refused, match="G55"):
        merchant.gateway.console_operate(FREE1, "1Change", limited.limit + 1)
    assert merchant.gateway.transactions()[0].amount == 1


@pytest.mark.parametrize("amount", [0, -1, 10**8, 3780])
def test_an_amount_that_cannot_be_is_k23(merchant, amount):
    merchant.transaction("authorised")
    with pytest.raises(Refused, match="K23"):
        merchant.gateway.console_operate(FREE1, "1Change", amount)


def test_after_the_handling_period_the_console_does_nothing(merchant):
    merchant.transaction("authorised")
    merchant.clock.advance(timedelta(days=60))
    (transaction,) = merchant.gateway.transactions()
    assert merchant.gateway.console_operations(transaction)
    merchant.clock.advance(timedelta(days=1))
    assert not merchant.gateway.console_operations(transaction)
    with pytest.raises(Refused, match="K12"):
        merchant.gateway.console_operate(FREE1, "1Delete")


def test_trouble_on_the_shop_s_line_is_none_of_the_console(merchant):
    token = merchant.gateway.token_for(TROUBLED_LATER)
    assert merchant.charge("1Auth", Token=token).codes == ["OK"]
    assert merchant.gateway.console_operate(FREE1, "1Delete").state == "cancelled"


def test_a_transaction_is_named_by_its_number_or_by_a_free1_of_its_own(merchant):
    merchant.charge(MerchantFree1="1")
    merchant.charge(MerchantFree1="1", card=DECLINED[0])
    merchant.charge(MerchantFree1="2")
    merchant.charge(MerchantFree1="2")
    assert merchant.gateway.console_operate("1", "1Delete").state == "cancelled"
    for which in ("2", "3", ""):
        with pytest.raises(LookupError):
            merchant.gateway.console_operate(which, "1Delete")
    one = merchant.gateway.transactions("2")[0].transaction_id
    assert merchant.gateway.console_operate(one, "1Delete").transaction_id == one
    assert len(merchant.gateway.charges("2")) == 1


@pytest.mark.parametrize("operation", ["1Search", "1Auth", "nonsense"])
def test_what_the_console_has_no_button_for_is_a_mistake(merchant, operation):
    merchant.transaction("authorised")
    with pytest.raises(ValueError, match=operation):
        merchant.gateway.console_operate(FREE1, operation)


def test_what_was_seen_must_still_be_so(merchant):
    merchant.transaction("authorised")
    seen = merchant.gateway.transactions()[0].history[-1].transaction_id
    merchant.gateway.console_operate(FREE1, "1Change", 5000, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        merchant.gateway.console_operate(FREE1, "1Change", 6000, seen=seen)
    assert merchant.gateway.transactions()[0].amount == 5000


def test_what_the_console_did_survives_a_restart(serve, tmp_path):
    state = tmp_path / "books.db"
    merchant = serve(state=state)
    pair = merchant.transaction("authorised")
    merchant.gateway.console_operate(FREE1, "1Delete")
    serve.stop_all()
    merchant = serve(state=state)
    assert merchant.gateway.transactions()[0].history[-1].on_console
    assert merchant.follow("1Capture", pair).codes == ["K14"]


@pytest.mark.parametrize("lang", ["", "?lang=en"])
@pytest.mark.parametrize("state", [*STATES, "declined"])
def test_the_page_offers_what_the_table_allows(merchant, state, lang):
    if state == "declined":
        merchant.charge(card=DECLINED[0])
    else:
        merchant.transaction(state)
    (transaction,) = merchant.gateway.console()
    html = merchant.request("GET", path_of(transaction) + lang).body.decode()
    assert Reader(html).open == []
    offered = {operation for operation in BY_HAND if f'value="{operation}"' in html}
    if "/cancel" in html:
        offered.add("1Delete")
    assert offered == {operation for operation in BY_HAND if (state, operation) in OUTCOMES}


@pytest.mark.parametrize(
    ("lang", "words"), [("", "利用額変更を行いました"), ("?lang=en", "Done: c")]
)
def test_a_press_leads_back_to_the_transaction_and_says_what_was_done(merchant, lang, words):
    merchant.transaction("authorised")
    answer = press(merchant, "1Change", lang, amount="￥5,０00 ")
    assert answer.status == 303
    assert merchant.gateway.transactions()[0].amount == 5000
    html = merchant.request("GET", answer.headers["location"]).body.decode()
    assert words in html
    merchant.gateway.console_operate(FREE1, "1Capture")
    assert words not in merchant.request("GET", answer.headers["location"]).body.decode()


@pytest.mark.parametrize("amount", ["", "abc", "-5", "12.5", "9" * 5000, "<b>"])
@pytest.mark.parametrize(("lang", "words"), [("", "数字で入力"), ("?lang=en", "in digits")])
def test_a_wrong_amount_is_said_and_nothing_is_done(merchant, amount, lang, words):
    merchant.transaction("authorised")
    answer = press(merchant, "1Change", lang, amount=amount)
    html = answer.body.decode()
    assert answer.status == 422
    assert words in html
    assert "<b>" not in html
    assert len(merchant.gateway.transactions()[0].history) == 1


@pytest.mark.parametrize(
    ("lang", "words"), [("", "行われませんでした"), ("?lang=en", "Nothing was")]
)
def test_a_refusal_is_said_with_its_code(merchant, lang, words):
    merchant.transaction("captured")
    answer = press(merchant, "1Capture", lang)
    html = answer.body.decode()
    assert (answer.status, "K14" in html, words in html) == (409, True, True)
    assert Reader(html).open == []


def test_a_cancellation_asks_first(merchant):
    merchant.transaction("gathered")
    answer = press(merchant, "1Delete", "?lang=en")
    assert answer.headers["location"].endswith("/cancel?lang=en")
    assert merchant.gateway.charges()
    html = merchant.request("GET", answer.headers["location"]).body.decode()
    assert "Cancel ¥3,780" in html
    assert press(merchant, "1Delete", confirmed="yes").status == 303
    assert not merchant.gateway.charges()


def test_what_cannot_be_cancelled_is_not_asked_about(merchant):
    merchant.transaction("cancelled")
    (transaction,) = merchant.gateway.transactions()
    answer = merchant.request("GET", path_of(transaction, "/cancel"))
    assert (answer.status, answer.headers["location"]) == (303, path_of(transaction))


def test_a_second_press_of_the_same_page_does_nothing(merchant):
    merchant.transaction("authorised")
    seen = merchant.gateway.transactions()[0].history[-1].transaction_id
    assert press(merchant, "1ReAuth", amount="3780", seen=seen).status == 303
    again = press(merchant, "1ReAuth", amount="3780", seen=seen)
    assert (again.status, "状態が変わりました" in again.body.decode()) == (409, True)
    assert len(merchant.gateway.transactions()[0].history) == 2


@pytest.mark.parametrize("body", ["", "operation=1Search", "operation=%FF", "%", "operation=x"])
def test_a_form_that_says_nothing_does_nothing(merchant, body):
    merchant.transaction("authorised")
    (transaction,) = merchant.gateway.transactions()
    assert merchant.request("POST", path_of(transaction), body).status == 400
    assert len(merchant.gateway.transactions()[0].history) == 1


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_operates_nothing(merchant, origin):
    merchant.transaction("gathered")
    assert press(merchant, "1Delete", origin=origin, confirmed="yes").status == 403
    assert merchant.gateway.charges()


def test_what_nobody_knows_is_not_found(merchant):
    for method, path in [("POST", "1"), ("GET", "1/cancel")]:
        assert merchant.request(method, f"/merchant/transactions/{path}").status == 404


def api(merchant, wish, which=None):
    which = which or merchant.gateway.transactions()[0].transaction_id
    return merchant.request("POST", f"/simulator/transactions/{which}", wish)


def test_the_json_interface_operates_too(merchant):
    merchant.transaction("authorised")
    answer = api(merchant, json.dumps({"operation": "1Change", "amount": 3000}))
    told = json.loads(answer.body)
    assert (answer.status, told["amount"], told["history"][-1]["on_console"]) == (200, 3000, True)
    assert api(merchant, json.dumps({"operation": "1Delete"}), FREE1).status == 200
    refused = api(merchant, json.dumps({"operation": "1Delete"}))
    assert (refused.status, json.loads(refused.body)) == (409, {"response_cd": "K14"})
    assert api(merchant, json.dumps({"operation": "1Delete"}), "7").status == 404


@pytest.mark.parametrize(
    "wish",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"operation": "1Search"}',
        '{"operation": 1}',
        '{"operation": "1Change", "amount": "3000"}',
        '{"operation": "1Change", "amount": true}',
        '{"operation": "1Change", "amount": 1.5}',
    ],
)
def test_the_json_interface_says_what_it_needs(merchant, wish):
    merchant.transaction("authorised")
    assert api(merchant, wish).status == 400
    assert len(merchant.gateway.transactions()[0].history) == 1
