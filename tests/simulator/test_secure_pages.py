"""The card company's page of 本人認証 (protocol.md, section F): every way in and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from escott.gateway import Endpoints, Merchant, Secret, Token
from escott.gateway.browser_trips import SecureTrip
from escott.simulator.brands import Brand
from escott.simulator.live import LiveGateway
from escott.simulator.magic_cards import DECLINED, DEMO_CARD, MAGIC_CARDS, TROUBLED
from escott.simulator.secure_outcomes import FRICTIONLESS, OUTCOMES, WALKS_AWAY
from escott.simulator.secure_visits import BY_HAND
from escott.simulator.store import SqliteStore
from escott.simulator.visits import Visit
from tests.axe import violations
from tests.simulator.receiver import Receiver, receiving
from tests.simulator.shopper import (
    KEYS,
    RETURN_URL,
    SECURE_PATH,
    Seen,
    Shopper,
    fields_of,
)

CHOSEN_BY_HAND = [
    # the button, SecureResultCode, ResponseCd, TransactionStatus3D
    ("challenged", "0", "OK", "Y"),
    ("failed", "1", "U04", "N"),
    ("attempt", "4", "OK", "A"),
    ("attempt_refused", "4", "U15", "A"),
    ("not_enrolled", "2", "OK", "U"),
    ("not_enrolled_refused", "2", "U01", "U"),
    ("not_supported", "3", "OK", None),
    ("not_supported_refused", "3", "U02", None),
    ("maintenance", "8", "U14", None),
    ("system_error", "9", "U99", None),
    ("without_result", None, "OK", None),
]


def card_with(outcome, brand=Brand.VISA):
    return next(
        card
        for card in MAGIC_CARDS.values()
        if card.secure is outcome and card.brand is brand and not card.decline and not card.trouble
    )


@pytest.fixture
def shopper(merchant) -> Shopper:
    return Shopper(merchant.host, merchant.gateway, merchant.clock)


def token(gateway: LiveGateway, card=DEMO_CARD) -> str:
    return gateway.token_for(card)


def arrive(shopper, operation="3Secure", card=DEMO_CARD, **fields) -> Seen:
    return shopper.secure(operation, Token=token(shopper.gateway, card), **fields)


def authenticated(shopper, page: Seen) -> Seen:
    """What follows the page, if the card shows it at all."""
    return shopper.press(page, action="code", code="123456") if page.outcomes else page


def visits(shopper):
    return json.loads(shopper.get("/simulator/visits").text)["visits"]


# -- the page ---------------------------------------------------------------------------


def test_the_page_says_what_is_paid_and_with_what(shopper):
    page = arrive(shopper)
    assert page.status == 200
    for words in (
        "シミュレーターの本人認証画面",
        "12345678",
        "¥3,780",
        "4000********1000",
        "123456",
    ):
        assert words in page.words
    assert DEMO_CARD.number not in page.text


def test_the_page_speaks_english_when_asked(shopper):
    page = arrive(shopper)
    english = shopper.get(f"{page.path}?lang=en")
    assert "Simulated cardholder authentication" in english.words
    assert english.actions == ["?lang=en"] * 4
    back = shopper.post(f"{page.path}?lang=en", "action=cancel")
    assert "Going back to the shop" in back.words


def test_a_visit_without_an_amount_says_so(shopper):
    page = arrive(shopper, Amount=None, PayType=None)
    assert "請求はありません" in page.words


def test_a_page_is_never_kept_and_its_forms_go_to_the_merchant_alone(shopper):
    page = arrive(shopper)
    back = shopper.press(page, action="cancel")
    for seen in (page, back):
        assert seen.headers["cache-control"] == "no-store"
        policy = seen.headers["content-security-policy"]
        assert "form-action 'self' https://shop.example;" in policy
        assert "unsafe-inline" not in policy
        assert re.findall(r"<script(?! src=)|style=|\son\w+=", seen.text) == []


# -- what the card decides --------------------------------------------------------------


def test_the_right_code_authenticates(shopper):
    back = shopper.press(arrive(shopper), action="code", code="123456")
    assert back.read.answer.response_cd == "OK"
    assert back.read.authentication.result_code == "0"


def test_two_wrong_codes_may_be_mended(shopper):
    page = arrive(shopper)
    once = shopper.press(page, action="code", code="000000")
    twice = shopper.press(once, action="code", code="")
    assert ("あと 2 回" in once.words, "あと 1 回" in twice.words) == (True, True)
    assert shopper.press(twice, action="code", code="123456").returned["ResponseCd"] == "OK"


def test_the_third_wrong_code_is_a_failure(shopper):
    page = arrive(shopper)
    for _ in range(3):
        page = shopper.press(page, action="code", code="654321")
    assert (page.returned["SecureResultCode"], page.returned["ResponseCd"]) == ("1", "U04")


@pytest.mark.parametrize(
    "outcome",
    [outcome for outcome in OUTCOMES if not outcome.is_challenged and outcome is not WALKS_AWAY],
    ids=lambda outcome: outcome.name,
)
def test_a_card_without_a_challenge_comes_back_at_once(shopper, outcome):
    back = arrive(shopper, card=card_with(outcome)).returned
    assert back.get("SecureResultCode", "") == outcome.result_code
    assert back["ResponseCd"] == outcome.response_code


def test_a_card_may_walk_away(shopper):
    page = arrive(shopper, card=card_with(WALKS_AWAY))
    assert "ショップには何も返していません" in page.words
    assert page.actions == []


# -- what is chosen by hand -------------------------------------------------------------


def test_every_outcome_has_a_button(shopper):
    assert arrive(shopper).outcomes == [name for name, *_ in CHOSEN_BY_HAND] == list(BY_HAND)


@pytest.mark.parametrize(("name", "result_code", "code", "status"), CHOSEN_BY_HAND)
def test_a_button_chooses_its_outcome(shopper, name, result_code, code, status):
    back = shopper.press(arrive(shopper), action="choose", outcome=name).returned
    assert back.get("SecureResultCode") == result_code
    assert back["ResponseCd"] == code
    assert back.get("TransactionStatus3D") == status


def test_cancelling_is_a_failed_authentication(shopper):
    back = shopper.press(arrive(shopper), action="cancel").returned
    assert (back["SecureResultCode"], back["ResponseCd"]) == ("1", "U04")
    assert visits(shopper)[0]["outcome"] == "cancelled"


def test_walking_away_returns_nothing(shopper):
    page = arrive(shopper)
    left = shopper.press(page, action="leave")
    assert "ショップには何も返していません" in left.words
    assert "shop.example" not in left.text
    assert "何も返していません" in shopper.get(page.path).words


def test_a_button_that_is_not_there_does_nothing(shopper):
    page = arrive(shopper)
    again = shopper.press(page, action="choose", outcome="frictionless")
    assert again.path == page.path
    assert shopper.press(page, action="dance").path == page.path


# -- the way back -----------------------------------------------------------------------


def test_a_return_echoes_the_request(shopper):
    request = shopper.request(
        "3Secure", Token=token(shopper.gateway), MerchantFree2="0|1|2", MerchantFree3="お客様"
    )
    page = shopper.post(SECURE_PATH, shopper.form(request))
    back = shopper.press(page, action="choose", outcome="challenged").returned
    for name in (
        "TransactionDate",
        "OperateId",
        "MerchantFree1",
        "MerchantFree2",
        "MerchantFree3",
        "ProcNo",
    ):
        assert back[name] == request[name]
    assert re.fullmatch(r"1\d{12}", back["TransactionId"])


@pytest.mark.parametrize(
    ("brand", "eci"), [(Brand.VISA, "05"), (Brand.MASTERCARD, "02"), (Brand.JCB, "05")]
)
def test_a_success_carries_the_values_for_the_charge(shopper, brand, eci):
    card = next(card for card in MAGIC_CARDS.values() if card.brand is brand and not card.decline)
    back = authenticated(shopper, arrive(shopper, card=card)).returned
    assert back["MessageVersionNo3D"] == "2.2.0"
    assert back["TransactionStatus3D"] == "Y"
    assert back["ECI3D"] == eci
    assert len(back["CAVV3D"]) == len(back["EncodeXId3D"]) == 28
    assert len(back["DSTransactionId"]) == len(back["ThreeDSServerTransactionId"]) == 36


def test_the_values_serve_for_the_charge_and_the_token_is_not_used_up(shopper, merchant):
    card = token(shopper.gateway)
    back = shopper.press(shopper.secure(Token=card), action="code", code="123456").read
    charge = merchant.charge(Token=card, **back.authentication.fields())
    assert charge.codes == ["OK"]


def test_the_client_s_own_form_is_understood(shopper, merchant):
    trip = SecureTrip(
        transaction_code="000000000042",
        proc_no="0000001",
        return_url=RETURN_URL,
        card=Token(Secret(token(shopper.gateway, card_with(FRICTIONLESS)))),
        amount=3780,
        holder_name="HANAKO YAMADA",
        email="hanako@shop.example",
    )
    url, form = trip.form(
        Endpoints.at(f"http://{merchant.host}"),
        Merchant("12345678", Secret("pass1234")),
        KEYS,
        merchant.clock.now().date(),
    )
    assert url.endswith(SECURE_PATH)
    back = shopper.post(SECURE_PATH, urlencode(form)).read
    assert (back.proc_no, back.authentication.result_code) == ("0000001", "0")


def test_the_back_button_finds_an_ended_page(shopper):
    page = arrive(shopper)
    first = shopper.press(page, action="code", code="123456")
    again = shopper.get(page.path)
    assert "この画面は終了しています" in again.words
    assert again.actions == [first.path]


def test_a_button_pressed_twice_gives_the_same_result_twice(shopper):
    page = arrive(shopper)
    first = shopper.press(page, action="code", code="123456")
    second = shopper.press(page, action="choose", outcome="failed")
    assert first.returned == second.returned
    assert len(visits(shopper)) == 1


def test_nothing_goes_back_before_the_end(shopper):
    page = arrive(shopper)
    early = shopper.get(page.path.replace("/secure/", "/return/"))
    assert (early.status, early.actions) == (404, [])


# -- combined requests ------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["1Check", "1Auth", "1Gathering"])
def test_a_combined_request_is_carried_out_when_it_succeeds(shopper, operation):
    page = arrive(shopper, operation)
    assert shopper.gateway.transactions() == []
    back = shopper.press(page, action="code", code="123456").returned
    (transaction,) = shopper.gateway.transactions("000000000042")
    assert (back["OperateId"], back["ResponseCd"]) == (operation, "OK")
    assert (back["ProcessId"], back["ProcessPass"]) == (
        transaction.process_id,
        transaction.process_pass,
    )
    assert back["SecureResultCode"] == "0"


def test_a_combined_request_charges_once_however_often_a_button_is_pressed(shopper):
    page = arrive(shopper, "1Gathering")
    for _ in range(3):
        back = shopper.press(page, action="code", code="123456")
        assert back.returned["ResponseCd"] == "OK"
    assert len(shopper.gateway.charges()) == 1


@pytest.mark.parametrize("name", ["failed", "attempt_refused", "maintenance", "system_error"])
def test_a_combined_request_charges_nothing_when_it_fails(shopper, name):
    page = arrive(shopper, "1Gathering")
    back = shopper.press(page, action="choose", outcome=name).returned
    assert back["ResponseCd"].startswith("U")
    assert "ProcessId" not in back
    assert shopper.gateway.console() == []


def test_a_combined_request_tells_that_the_issuer_declined(shopper):
    page = arrive(shopper, "1Gathering", card=DECLINED[0])
    back = authenticated(shopper, page).returned
    assert (back["ResponseCd"], back["SecureResultCode"]) == ("G12", "0")


def test_a_member_is_added_by_a_combined_request(shopper, merchant):
    page = arrive(shopper, "4MemAdd", KaiinId="customer00001", KaiinPass="secret000001")
    back = shopper.press(page, action="code", code="123456").returned
    assert (back["ResponseCd"], back["KaiinId"]) == ("OK", "customer00001")
    member = {"KaiinId": "customer00001", "KaiinPass": "secret000001"}
    paid = merchant.send("1Auth", Amount="100", PayType="01", **member)
    assert paid.codes == ["OK"]


def test_a_card_given_by_its_number_is_authenticated_and_charged(shopper):
    page = shopper.secure("1Gathering", CardNo=DEMO_CARD.number, CardExp="2812", SecCd="777")
    back = shopper.press(page, action="code", code="123456").returned
    assert (back["ResponseCd"], back["McSecCd"]) == ("OK", "0")


def test_an_answer_that_gets_lost_leaves_a_charge_and_a_dead_page(shopper):
    page = authenticated(shopper, arrive(shopper, "1Gathering", card=TROUBLED[1]))
    assert "結果がショップに届きません" in page.words
    assert "shop.example" not in page.text
    assert len(shopper.gateway.charges()) == 1


# -- time ---------------------------------------------------------------------------------


def test_forty_minutes_are_long_enough(shopper):
    page = arrive(shopper)
    shopper.clock.advance(timedelta(minutes=40))
    assert shopper.press(page, action="code", code="123456").returned["ResponseCd"] == "OK"


def test_after_forty_minutes_the_session_is_over(shopper):
    page = arrive(shopper, "1Gathering")
    shopper.clock.advance(timedelta(minutes=40, seconds=1))
    back = shopper.press(page, action="code", code="123456").returned
    assert back["ResponseCd"] == "U06"
    assert "SecureResultCode" not in back
    assert shopper.gateway.console() == []


def test_whoever_comes_back_too_late_is_told_and_can_return(shopper):
    page = arrive(shopper)
    shopper.clock.advance(timedelta(hours=1))
    ended = shopper.get(page.path)
    assert "この画面は終了しています" in ended.words
    (action,) = ended.actions
    assert shopper.get(action).returned["ResponseCd"] == "U06"


def test_a_token_that_expires_meanwhile_is_authenticated_and_then_refused(shopper, merchant):
    card = token(shopper.gateway)
    page = shopper.secure(Token=card)
    shopper.clock.advance(timedelta(minutes=35))
    back = shopper.press(page, action="code", code="123456").read
    assert back.answer.response_cd == "OK"
    assert merchant.charge(Token=card, **back.authentication.fields()).codes == ["KI3"]


# -- requests that are not accepted -----------------------------------------------------


def test_a_number_is_used_once(shopper):
    arrive(shopper, ProcNo="0000077")
    back = arrive(shopper, ProcNo="0000077")
    assert back.returned["ResponseCd"] == "K89"
    assert (back.returned["ProcNo"], "SecureResultCode" in back.returned) == ("0000077", False)


def test_a_gateway_may_count_a_number_from_the_result(serve):
    merchant = serve(secure_proc_no_counts_from="result")
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    first, second = (arrive(shopper, "1Gathering", ProcNo="0000077") for _ in range(2))
    codes = [
        shopper.press(page, action="code", code="123456").returned["ResponseCd"]
        for page in (second, first)
    ]
    assert codes == ["OK", "K89"]
    assert len(shopper.gateway.charges()) == 1


def test_the_number_of_zeros_is_used_any_number_of_times(shopper):
    assert all(arrive(shopper, ProcNo="0000000").outcomes for _ in range(2))


def test_a_number_that_was_not_accepted_is_not_used(shopper):
    assert arrive(shopper, ProcNo="0000077", Amount="0").returned["ResponseCd"] == "K23"
    assert arrive(shopper, ProcNo="0000077").outcomes


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"MerchantPass": "wrong"}, "K03"),
        ({"OperateId": "1Capture"}, "K06"),
        ({"OperateId": "?"}, "K06"),
        ({"TransactionDate": None}, "K05"),
        ({"TenantId": "12"}, "K04"),
        ({"TenantId": "0099"}, "K13"),
        ({"ProcNo": None}, "K86"),
        ({"ProcNo": "12"}, "K86"),
        ({"PostUrl": "gopher://shop.example/"}, "K87"),
        ({"Amount": "0", "ProcNo": "x"}, "K23|K86"),
        ({"Token": "not a token"}, "KHX"),
        ({"Token": None}, "KHZ"),
        ({"Token": "0" * 64}, "KHZ"),
        ({"Token": None, "KaiinId": "nobody0000001", "KaiinPass": "secret000001"}, "K71"),
    ],
)
def test_a_wrong_request_comes_back_with_its_codes(shopper, wrong, codes):
    fields = {"Token": token(shopper.gateway)} | wrong
    operation = fields.pop("OperateId", "3Secure")
    back = shopper.secure(operation, **fields)
    assert back.returned["ResponseCd"] == codes
    assert visits(shopper)[0]["outcome"] == "not_accepted"


def test_a_used_and_an_expired_token_come_back_at_once(shopper, merchant):
    used, old = token(shopper.gateway), token(shopper.gateway)
    merchant.charge(Token=used)
    assert shopper.secure(Token=used).returned["ResponseCd"] == "KI2"
    shopper.clock.advance(timedelta(minutes=31))
    assert shopper.secure(Token=old).returned["ResponseCd"] == "KI3"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "javascript:alert(1)",
        "//shop.example/back",
        "https://shop.example/" + "x" * 44,
        "https://shop.example/';script-src *",
        "https://[/",
    ],
)
def test_a_return_url_that_leads_nowhere_ends_on_a_page_of_the_gateway(shopper, url):
    page = arrive(shopper, RedirectUrl=url)
    assert page.status == 400
    assert "リクエストを受け付けられません" in page.words
    assert (page.actions, visits(shopper)) == ([], [])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "MerchantId=12345678",
        "MerchantId=12345678&EncryptValue=AAAA",
        "MerchantId=12345678&EncryptValue=<script>alert(1)</script>",
        "MerchantId=12345678&EncryptValue=" + "A" * 20_000,
        "MerchantId=<script>&EncryptValue=AAAA",
        "MerchantId=87654321&EncryptValue=AAAA",
        "no form at all",
        "MerchantId=12345678&EncryptValue=%ff",
    ],
)
def test_what_cannot_be_read_is_answered_with_a_page_that_repeats_nothing(shopper, body):
    page = shopper.post(SECURE_PATH, body)
    assert page.status == 400
    assert "<script>" not in page.text
    assert "AAAA" not in page.text
    assert visits(shopper) == []


def test_what_a_merchant_sends_is_shown_as_text(shopper):
    page = arrive(shopper, RedirectUrl='https://shop.example/?a="b"', MerchantFree1="<b>")
    assert page.status == 400
    page = arrive(shopper, MerchantFree1="<b>x", RedirectUrl="https://shop.example/?a=1&b=2")
    back = shopper.press(page, action="cancel")
    assert back.actions == ["https://shop.example/?a=1&b=2"]
    assert "<b>x" not in page.text + back.text


@pytest.mark.parametrize("path", ["/simulator/secure/none", "/simulator/return/none"])
def test_a_visit_that_nobody_began_is_not_there(shopper, path):
    assert shopper.get(path).status == 404


def test_a_foreign_page_may_begin_a_visit_and_nothing_more(shopper):
    foreign = {"Origin": "https://evil.example"}
    form = shopper.form(shopper.request("3Secure", Token=token(shopper.gateway)))
    page = shopper.post(SECURE_PATH, form, **foreign)
    assert page.outcomes
    refused = shopper.post(page.path, "action=choose&outcome=challenged", **foreign)
    assert refused.status == 403
    assert visits(shopper)[0]["open"] is True


# -- the copy -----------------------------------------------------------------------------


@pytest.fixture
def copies() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_the_server_sends_a_copy_of_the_result(shopper, copies):
    page = arrive(shopper, PostUrl=copies.url)
    back = shopper.press(page, action="choose", outcome="attempt")
    assert fields_of(copies.wait()["EncryptValue"]) == back.returned


def test_a_shopper_who_walks_away_leaves_no_copy(shopper, copies):
    shopper.press(arrive(shopper, PostUrl=copies.url), action="leave")
    shopper.press(arrive(shopper, PostUrl=copies.url, ProcNo="0000099"), action="cancel")
    assert fields_of(copies.wait()["EncryptValue"])["ProcNo"] == "0000099"
    assert copies.waiting == 0


def test_a_lost_answer_reaches_the_merchant_as_a_copy(shopper, copies):
    authenticated(shopper, arrive(shopper, "1Gathering", card=TROUBLED[1], PostUrl=copies.url))
    (charge,) = shopper.gateway.charges()
    assert fields_of(copies.wait()["EncryptValue"])["ProcessId"] == charge.process_id


def test_a_copy_is_sent_again_until_it_is_answered(serve, copies):
    merchant = serve(post_copy_pause=0)
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    copies.answer_with(500, 302, 200)
    shopper.press(arrive(shopper, PostUrl=copies.url), action="cancel")
    assert copies.wait() == copies.wait() == copies.wait()


def test_a_gateway_may_send_its_copies_twice_or_lose_them(serve, copies):
    for times in (2, 0):
        merchant = serve(post_copies=times)
        shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
        back = shopper.press(arrive(shopper, PostUrl=copies.url), action="cancel")
        assert [copies.wait()["EncryptValue"] for _ in range(times)] == [back.value] * times
    assert copies.waiting == 0


# -- what is kept -------------------------------------------------------------------------


def test_a_visit_goes_on_after_a_restart(serve, tmp_path):
    state = tmp_path / "state.sqlite3"
    first = serve(state=state)
    shopper = Shopper(first.host, first.gateway, first.clock)
    page = arrive(shopper)
    serve.stop_all()
    second = serve(state=state)
    shopper = Shopper(second.host, second.gateway, second.clock)
    assert shopper.press(page, action="code", code="123456").returned["ResponseCd"] == "OK"
    assert arrive(shopper, ProcNo="0000001").returned["ResponseCd"] == "K89"


def test_a_real_number_and_the_password_of_the_merchant_are_not_kept(serve, tmp_path):
    state = tmp_path / "state.sqlite3"
    merchant = serve(state=state, unlisted_card="OK")
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    shopper.secure(CardNo="4111111111111111", CardExp="2812", SecCd="987")
    (visit,) = kept_visits(state)
    assert visit.fields.keys().isdisjoint({"CardNo", "CardExp", "SecCd", "MerchantPass"})
    serve.stop_all()
    assert b"4111111111111111" not in state.read_bytes()


def kept_visits(state: Path) -> list[Visit]:
    store = SqliteStore(state)
    found = [record for record in store.records() if isinstance(record, Visit)]
    store.close()
    return found


def test_a_visit_shows_no_secret_in_its_repr(serve, tmp_path):
    state = tmp_path / "state.sqlite3"
    merchant = serve(state=state)
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    card = token(shopper.gateway)
    page = shopper.secure("1Gathering", Token=card)
    shopper.press(page, action="code", code="123456")
    (visit,) = kept_visits(state)
    shown = repr(visit)
    for secret in (card, visit.result["ProcessPass"], visit.result["CAVV3D"], visit.visit_id):
        assert secret not in shown


def test_the_visits_are_listed_newest_first(shopper):
    page = arrive(shopper, MerchantFree1="000000000001")
    shopper.press(page, action="choose", outcome="not_enrolled")
    arrive(shopper, MerchantFree1="000000000002")
    newest, oldest = visits(shopper)
    assert (newest["open"], newest["returned"], newest["merchant_free1"]) == (
        True,
        False,
        "000000000002",
    )
    assert (oldest["outcome"], oldest["response_cd"], oldest["secure_result_code"]) == (
        "not_enrolled",
        "OK",
        "2",
    )
    assert oldest["path"] == page.path
    found = json.loads(shopper.get("/simulator/visits?free1=000000000001").text)["visits"]
    assert found == [oldest]


# -- in a browser -------------------------------------------------------------------------


def to_the_gateway(page, shopper, form: str) -> None:
    """Post a form from a page of another site, as a shop does."""
    page.evaluate(
        """([url, text]) => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = url;
            for (const [name, value] of new URLSearchParams(text)) {
                const input = document.createElement("input");
                input.name = name;
                input.value = value;
                form.append(input);
            }
            document.body.append(form);
            form.submit();
        }""",
        [f"http://{shopper.host}{SECURE_PATH}", form],
    )
    page.wait_for_url("**/simulator/secure/**")


def test_a_shopper_authenticates_with_the_keyboard_and_comes_back_by_herself(
    browser, shopper, copies
):
    page = browser.new_page()
    page.goto(copies.url)
    request = shopper.request("3Secure", Token=token(shopper.gateway), RedirectUrl=copies.url)
    to_the_gateway(page, shopper, shopper.form(request))
    page.get_by_label("認証コード").focus()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    expect(page.get_by_label("認証コード")).to_be_focused()
    page.keyboard.type("123456")
    page.keyboard.press("Enter")
    page.wait_for_url(copies.url)
    assert fields_of(copies.wait()["EncryptValue"])["SecureResultCode"] == "0"
    page.go_back()
    page.get_by_role("heading", name="この画面は終了しています").wait_for()
    assert copies.waiting == 0
    page.get_by_role("button").click()
    page.wait_for_url(copies.url)
    assert fields_of(copies.wait()["EncryptValue"])["SecureResultCode"] == "0"
    page.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_the_page_fits_and_its_buttons_are_reached_by_tab(browser, shopper, width, language):
    at = arrive(shopper)
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"http://{shopper.host}{at.path}{language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.value"))
    assert reached >= {*BY_HAND, "cancel", "leave"}
    page.close()


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_axe_finds_nothing_against_wcag_22_aa(browser, shopper, language):
    wrong = shopper.press(arrive(shopper), action="code", code="0")
    ended = arrive(shopper)
    shopper.press(ended, action="cancel")
    left = shopper.press(arrive(shopper), action="leave")
    page = browser.new_page()
    for at in (arrive(shopper), wrong, ended, left):
        page.goto(f"http://{shopper.host}{at.path}{language}")
        assert violations(page) == []
    page.close()


def test_without_scripts_a_button_leads_back(browser, shopper, copies):
    context = browser.new_context(java_script_enabled=False)
    at = arrive(shopper, RedirectUrl=copies.url)
    page = context.new_page()
    page.goto(f"http://{shopper.host}{at.path}")
    page.get_by_role("button", name="認証する").click()
    page.get_by_label("認証コード").fill("123456")
    page.get_by_role("button", name="認証する").click()
    page.get_by_role("button", name="ショップに戻る").click()
    page.wait_for_url(copies.url)
    assert copies.wait()["EncryptValue"]
    context.close()
