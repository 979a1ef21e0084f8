"""The hosted card page, リンク型 (protocol.md, section G): every screen, and every way back."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from escott.gateway import Endpoints, Merchant, Secret
from escott.gateway.browser_trips import HostedTrip
from escott.gateway.operations import OperateId
from escott.simulator import troubles
from escott.simulator.magic_cards import DECLINED, DEMO_CARD, TROUBLED
from escott.simulator.screens import SCREENS
from tests.axe import violations
from tests.patience import PATIENCE
from tests.simulator.receiver import Receiver, receiving
from tests.simulator.shopper import (
    HOSTED_PATH,
    KEYS,
    RETURN_URL,
    Seen,
    Shopper,
    fields_of,
)

KAIIN = {"KaiinId": "customer00001", "KaiinPass": "secret000001"}

#: What brings a shopper to each flow: operation, member, entry screen, confirm screen.
FLOWS = {
    "guest": ("1Gathering", {}, "SSNP120", "SSNP130"),
    "member": ("1Auth", KAIIN, "SSNP080", "SSNP090"),
    "other_card": ("1Auth", KAIIN, "SSNP100", "SSNP110"),
    "registration": (
        "4MemAdd",
        {"KaiinId": "customer00002", "KaiinPass": "x" * 12},
        "SSNP010",
        "SSNP020",
    ),
    "change": ("4MemChg", KAIIN, "SSNP030", "SSNP040"),
}
CANCELLED = [
    ("registration", "P51", "P52"),
    ("change", "P55", "P56"),
    ("member", "P62", "P63"),
    ("other_card", "P64", "P65"),
    ("guest", "P69", "P70"),
]
#: Flow, code of a failure, code of too many tries.
REFUSED = [
    ("registration", "P53", "P54"),
    ("change", "P57", "P58"),
    ("member", "P66", "P68"),
    ("other_card", "P67", "P68"),
    ("guest", "P71", "P72"),
]

G30 = next(card for card in DECLINED if card.decline == "G30").number


@pytest.fixture
def shopper(merchant) -> Shopper:
    """A shopper; the gateway keeps a card for the member customer00001."""
    return with_a_member(merchant)


@pytest.fixture
def copies() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def with_a_member(merchant, card=DEMO_CARD) -> Shopper:
    gateway = merchant.gateway
    fields = merchant.fields("4MemAdd", Token=gateway.token_for(card), **KAIIN)
    assert merchant.post("/online/crp/OCRP005.do", fields).codes == ["OK"]
    return Shopper(merchant.host, gateway, merchant.clock)


def at_entry(shopper, flow, **fields) -> Seen:
    operation, member, entry, _ = FLOWS[flow]
    page = shopper.hosted(operation, **member | fields)
    if flow == "other_card":
        page = shopper.get(page.path.replace("SSNP080", "SSNP100"))
    assert page.screen == entry
    return page


def fill_in(shopper, page, card=DEMO_CARD.number, **fields) -> Seen:
    if page.screen == "SSNP080":
        return shopper.press(page, action="enter", **{"SecCd": "777"} | fields)
    return shopper.enter_card(page, card, **fields)


def at_confirm(shopper, flow, card=DEMO_CARD.number, **fields) -> Seen:
    page = fill_in(shopper, at_entry(shopper, flow, **fields), card)
    assert page.screen == FLOWS[flow][3]
    return page


def confirm(shopper, page) -> Seen:
    return shopper.press(page, action="confirm")


def charged(shopper):
    return [(item.amount, item.card.masked) for item in shopper.gateway.charges()]


def visits(shopper):
    return json.loads(shopper.get("/simulator/visits").text)["visits"]


# -- paying and registering ---------------------------------------------------------------


@pytest.mark.parametrize("operation", ["1Auth", "1Gathering"])
def test_a_guest_pays(shopper, operation):
    page = shopper.hosted(operation)
    assert (page.status, page.screen) == (200, "SSNP120")
    page = shopper.enter_card(page, "4000 0000-0000　1000")
    assert page.screen == "SSNP130"
    assert charged(shopper) == []
    back = confirm(shopper, page).returned
    (transaction,) = shopper.gateway.transactions("000000000042")
    assert transaction.first == operation
    assert (
        back
        | {
            "ResponseCd": "OK",
            "OperateId": operation,
            "MerchantId": "12345678",
            "Amount": "3780",
            "McSecCd": "0",
            "ProcessId": transaction.process_id,
            "ProcessPass": transaction.process_pass,
        }
        == back
    )
    assert "KaiinId" not in back


def test_a_member_pays_with_her_card(shopper):
    page = shopper.hosted("1Auth", **KAIIN)
    assert page.screen == "SSNP080"
    assert "4000********1000" in page.words
    back = confirm(shopper, fill_in(shopper, page)).returned
    assert charged(shopper) == [(3780, "4000********1000")]
    assert (back["ResponseCd"], back["McSecCd"]) == ("OK", "0")
    assert {"KaiinId": back["KaiinId"], "KaiinPass": back["KaiinPass"]} == KAIIN


def test_a_member_pays_with_another_card_and_keeps_her_own(shopper):
    page = at_confirm(shopper, "other_card", "5100000000001006")
    assert confirm(shopper, page).returned["ResponseCd"] == "OK"
    assert charged(shopper) == [(3780, "5100********1006")]
    (member,) = shopper.gateway.members()
    assert member.card.masked == "4000********1000"


def test_a_member_s_payment_is_operated_with_the_member(shopper, merchant):
    for flow in ("member", "other_card"):
        back = confirm(shopper, at_confirm(shopper, flow)).returned
        pair = {"ProcessId": back["ProcessId"], "ProcessPass": back["ProcessPass"]}
        assert merchant.follow("1Search", pair).codes == ["K80"]
        assert merchant.follow("1Search", pair, **KAIIN).codes == ["OK"]


def test_a_card_is_registered(shopper):
    back = confirm(shopper, at_confirm(shopper, "registration", "5100000000001006")).returned
    assert (back["ResponseCd"], back["KaiinId"], back["KaiinPass"]) == (
        "OK",
        "customer00002",
        "x" * 12,
    )
    assert "MerchantId" not in back
    kept = {member.kaiin_id: member.card.masked for member in shopper.gateway.members()}
    assert kept["customer00002"] == "5100********1006"


def test_a_card_is_changed(shopper):
    page = at_entry(shopper, "change")
    assert "4000********1000" in page.words
    page = fill_in(shopper, page, "5100000000001006")
    assert confirm(shopper, page).returned["ResponseCd"] == "OK"
    (member,) = shopper.gateway.members()
    assert member.card.masked == "5100********1006"


def test_the_confirm_screen_shows_what_will_be_done(shopper):
    words = at_confirm(shopper, "guest").words
    for expected in ("¥3,780", "4000********1000", "12 / 28", "12345678", "支払う"):
        assert expected in words
    assert "登録する" in at_confirm(shopper, "registration").words


def test_what_was_entered_may_be_mended(shopper):
    page = at_confirm(shopper, "guest")
    entry = shopper.get(page.path.replace("SSNP130", "SSNP120"))
    assert entry.screen == "SSNP120"
    page = fill_in(shopper, entry, "5100000000001006")
    assert confirm(shopper, page).returned["ResponseCd"] == "OK"
    assert charged(shopper) == [(3780, "5100********1006")]


def test_the_client_s_own_address_is_understood(shopper, merchant):
    trip = HostedTrip(
        transaction_code="000000000042",
        proc_no="0000001",
        return_url=RETURN_URL,
        operation=OperateId.AUTH,
        amount=3780,
    )
    url = trip.url(
        Endpoints.at(f"http://{merchant.host}"),
        Merchant("12345678", Secret("pass1234")),
        KEYS,
        merchant.clock.now().date(),
    )
    page = shopper.get(url.removeprefix(f"http://{merchant.host}"))
    back = confirm(shopper, fill_in(shopper, page)).read
    assert (back.answer.response_cd, back.proc_no) == ("OK", "0000001")
    assert back.answer.process_id == shopper.gateway.charges()[0].process_id


@pytest.mark.parametrize("flow", FLOWS)
def test_every_return_is_understood_by_the_client(shopper, flow):
    back = confirm(shopper, at_confirm(shopper, flow)).read
    assert (back.answer.response_cd, back.authentication) == ("OK", None)


def test_a_gateway_may_return_by_get(serve):
    merchant = serve(hosted_return_by_get=True)
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    for url, joint in ((RETURN_URL, "?"), (f"{RETURN_URL}?a=1", "&")):
        page = shopper.enter_card(shopper.hosted(RedirectUrl=url), DEMO_CARD.number)
        gone = shopper.press(page, action="confirm")
        target, _, value = gone.headers["location"].partition(f"{joint}EncryptValue=")
        assert (gone.status, target) == (303, url)
        assert fields_of(unquote(value))["ResponseCd"] == "OK"


# -- once -----------------------------------------------------------------------------------


def test_a_button_pressed_twice_charges_once(shopper):
    page = at_confirm(shopper, "guest")
    first, second = confirm(shopper, page), confirm(shopper, page)
    assert first.returned == second.returned
    assert len(charged(shopper)) == 1


def test_many_buttons_at_the_same_moment_charge_once(shopper):
    page = at_confirm(shopper, "guest")
    seen: list[Seen] = []
    presses = [
        threading.Thread(target=lambda: seen.append(confirm(shopper, page))) for _ in range(8)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert len({item.value for item in seen}) == 1
    assert len(charged(shopper)) == 1


def test_nothing_is_charged_without_a_confirmation(shopper):
    page = at_entry(shopper, "guest")
    for path in (page.path, page.path.replace("SSNP120", "SSNP130")):
        again = shopper.post(path, "action=confirm")
        assert again.screen == "SSNP120"
    assert charged(shopper) == []


def test_a_confirmation_of_what_was_mended_meanwhile_does_nothing(shopper):
    page = at_confirm(shopper, "member")
    entry = shopper.get(page.path.replace("SSNP090", "SSNP100"))
    fill_in(shopper, entry, "5100000000001006")
    again = confirm(shopper, page)
    assert again.screen == "SSNP110"
    assert charged(shopper) == []


@pytest.mark.parametrize("screen", ["SSNP080", "SSNP010", "SSNP999"])
def test_a_screen_of_another_flow_is_not_reached(shopper, screen):
    page = at_entry(shopper, "guest")
    assert shopper.get(page.path.replace("SSNP120", screen)).screen == "SSNP120"
    entered = shopper.post(page.path.replace("SSNP120", screen), "action=cancel")
    assert entered.screen == "SSNP120"


def test_the_back_button_finds_an_ended_page(shopper):
    page = at_confirm(shopper, "guest")
    back = confirm(shopper, page)
    for path in (page.path, page.path.replace("SSNP130", "SSNP120"), page.path.rpartition("/")[0]):
        again = shopper.get(path)
        assert "この画面は終了しています" in again.words
        assert again.actions == [back.path]


# -- cancelling -----------------------------------------------------------------------------


@pytest.mark.parametrize(("flow", "at_entry_code", "at_confirm_code"), CANCELLED)
def test_every_screen_has_a_cancel_button_with_its_code(
    shopper, flow, at_entry_code, at_confirm_code
):
    for page, code in (
        (at_entry(shopper, flow), at_entry_code),
        (at_confirm(shopper, flow), at_confirm_code),
    ):
        assert "キャンセルしてショップに戻る" in page.words
        back = shopper.press(page, action="cancel").returned
        assert (back["ResponseCd"], back["MerchantFree1"]) == (code, "000000000042")
        assert "ProcessId" not in back
    assert [visit["outcome"] for visit in visits(shopper)] == ["cancelled", "cancelled"]
    assert charged(shopper) == []


def test_every_screen_of_the_table_is_tested():
    assert {screen.cancelled for screen in SCREENS.values()} == {
        code for _, *codes in CANCELLED for code in codes
    }


# -- cards that are refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"CardNo": "4000000000001001"}, "カード番号を確認してください"),
        ({"CardNo": "1234"}, "カード番号を確認してください"),
        ({"ExpMonth": "13"}, "有効期限を確認してください"),
        ({"ExpMonth": "", "ExpYear": ""}, "有効期限を確認してください"),
        ({"SecCd": ""}, "セキュリティコードを確認してください"),
        ({"SecCd": "7"}, "セキュリティコードを確認してください"),
    ],
)
def test_a_mistake_is_explained_and_may_be_mended(shopper, wrong, words):
    page = shopper.enter_card(at_entry(shopper, "guest"), DEMO_CARD.number, **wrong)
    assert page.screen == "SSNP120"
    assert words in page.words
    assert "あと 2 回" in page.words
    assert confirm(shopper, fill_in(shopper, page)).returned["ResponseCd"] == "OK"


def test_a_month_of_one_digit_is_enough(shopper):
    page = shopper.enter_card(at_entry(shopper, "guest"), DEMO_CARD.number, ExpMonth="1")
    assert "01 / 28" in page.words


def test_the_assist_screen_wants_the_security_code(shopper):
    page = shopper.press(at_entry(shopper, "member"), action="enter", SecCd="")
    assert (page.screen, "K24" in page.words) == ("SSNP080", True)


def test_a_declined_card_is_explained_and_may_be_replaced(shopper):
    page = confirm(shopper, at_confirm(shopper, "guest", G30))
    assert page.screen == "SSNP120"
    assert "G30" in page.words
    assert confirm(shopper, fill_in(shopper, page)).returned["ResponseCd"] == "OK"
    assert len(charged(shopper)) == 1
    assert len(shopper.gateway.declined()) == 1


def test_a_wrong_security_code_of_a_member_may_be_mended(shopper):
    page = fill_in(shopper, at_entry(shopper, "member"), SecCd="000")
    page = confirm(shopper, page)
    assert (page.screen, "K40" in page.words) == ("SSNP080", True)
    assert confirm(shopper, fill_in(shopper, page)).returned["ResponseCd"] == "OK"


@pytest.mark.parametrize(("flow", "_failed", "exhausted"), REFUSED)
def test_the_third_refusal_is_the_last(shopper, flow, _failed, exhausted):
    page = at_entry(shopper, flow)
    wrong = {"SecCd": "7"} if flow == "member" else {"CardNo": "1234"}
    for _ in range(3):
        page = fill_in(shopper, page, **wrong)
    assert page.returned["ResponseCd"] == exhausted
    assert visits(shopper)[0]["outcome"] == "exhausted"


def test_mistakes_and_declined_cards_are_counted_together(shopper):
    page = shopper.enter_card(at_entry(shopper, "guest"), "1234")
    page = confirm(shopper, shopper.enter_card(page, G30))
    page = confirm(shopper, shopper.enter_card(page, G30))
    assert page.returned["ResponseCd"] == "P72"


@pytest.mark.parametrize(("flow", "failed", "_exhausted"), REFUSED)
def test_a_gateway_may_return_at_the_first_decline(serve, flow, failed, _exhausted):
    merchant = serve(hosted_decline_returns=True)
    shopper = with_a_member(merchant)
    page = at_entry(shopper, flow)
    wrong = {"SecCd": "000"}
    back = confirm(shopper, fill_in(shopper, page, **wrong)).returned
    assert back["ResponseCd"] == failed
    assert visits(shopper)[0]["outcome"] == "failed"


def test_a_mistake_does_not_return_even_then(serve):
    merchant = serve(hosted_decline_returns=True)
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    page = shopper.enter_card(shopper.hosted(), "1234")
    assert page.screen == "SSNP120"


def test_a_failure_of_the_gateway_returns_at_once(shopper):
    card = next(card for card in DECLINED if card.decline == "K96").number
    back = confirm(shopper, at_confirm(shopper, "guest", card)).returned
    assert back["ResponseCd"] == "P71"


def test_an_id_that_exists_is_not_registered_again(shopper):
    page = shopper.enter_card(shopper.hosted("4MemAdd", **KAIIN), DEMO_CARD.number)
    assert confirm(shopper, page).returned["ResponseCd"] == "P53"


@pytest.mark.parametrize("operation", ["1Auth", "4MemChg"])
@pytest.mark.parametrize("wrong", [{"KaiinId": "nobody0000001"}, {"KaiinPass": "wrong0000000"}])
def test_a_member_that_is_not_found_returns_at_once(shopper, operation, wrong):
    assert shopper.hosted(operation, **KAIIN | wrong).returned["ResponseCd"] == "P60"


def test_an_answer_that_gets_lost_leaves_a_charge_and_a_dead_page(shopper):
    card = next(card for card in TROUBLED if card.trouble is troubles.LOST_AFTER).number
    page = confirm(shopper, at_confirm(shopper, "guest", card))
    assert "結果がショップに届きません" in page.words
    assert page.actions == []
    assert len(charged(shopper)) == 1
    assert "結果がショップに届きません" in shopper.get(page.path).words


def test_a_slow_answer_comes(shopper):
    card = next(card for card in TROUBLED if card.trouble is troubles.SLOW).number
    assert confirm(shopper, at_confirm(shopper, "guest", card)).returned["ResponseCd"] == "OK"


# -- time and numbers -----------------------------------------------------------------------


@pytest.mark.parametrize("flow", FLOWS)
def test_after_forty_minutes_the_session_is_over(shopper, flow):
    page = at_confirm(shopper, flow)
    shopper.clock.advance(timedelta(minutes=40))
    assert shopper.get(page.path).screen == page.screen
    shopper.clock.advance(timedelta(seconds=1))
    assert confirm(shopper, page).returned["ResponseCd"] == "P74"
    assert charged(shopper) == []


@pytest.mark.parametrize("action", ["confirm", "cancel"])
def test_a_number_is_used_up_by_a_result(shopper, action):
    shopper.press(at_confirm(shopper, "guest", ProcNo="0000077"), action=action)
    again = shopper.hosted(ProcNo="0000077")
    elsewhere = shopper.secure(ProcNo="0000077", CardNo=G30, CardExp="2812")
    assert again.returned["ResponseCd"] == elsewhere.returned["ResponseCd"] == "K89"


def test_a_number_is_used_up_by_a_session_that_is_over(shopper):
    page = at_entry(shopper, "guest", ProcNo="0000077")
    shopper.clock.advance(timedelta(hours=1))
    assert "この画面は終了しています" in shopper.get(page.path).words
    assert shopper.hosted(ProcNo="0000077").returned["ResponseCd"] == "K89"


def test_a_shopper_who_went_back_may_come_again(shopper):
    at_confirm(shopper, "guest", ProcNo="0000077")
    page = at_confirm(shopper, "guest", ProcNo="0000077")
    assert confirm(shopper, page).returned["ResponseCd"] == "OK"


@pytest.mark.parametrize("action", ["confirm", "cancel"])
def test_of_two_windows_one_alone_brings_a_result(shopper, copies, action):
    request = {"ProcNo": "0000077", "PostUrl": copies.url}
    first, second = (at_confirm(shopper, "guest", **request) for _ in range(2))
    assert confirm(shopper, first).returned["ResponseCd"] == "OK"
    back = shopper.press(second, action=action).returned
    assert (back["ResponseCd"], "ProcessId" in back) == ("K89", False)
    assert len(charged(shopper)) == 1
    assert fields_of(copies.wait()["EncryptValue"])["ResponseCd"] == "OK"
    assert copies.waiting == 0


def test_a_window_that_was_left_open_does_not_undo_what_another_paid(shopper, copies):
    request = {"ProcNo": "0000077", "PostUrl": copies.url}
    left, used = (at_confirm(shopper, "guest", **request) for _ in range(2))
    confirm(shopper, used)
    shopper.clock.advance(timedelta(hours=1))
    shopper.get(left.path)
    assert fields_of(copies.wait()["EncryptValue"])["ResponseCd"] == "OK"
    assert copies.waiting == 0


def test_many_windows_at_the_same_moment_charge_once(shopper):
    pages = [at_confirm(shopper, "guest", ProcNo="0000077") for _ in range(8)]
    seen: list[str] = []
    presses = [
        threading.Thread(
            target=lambda page: seen.append(confirm(shopper, page).returned["ResponseCd"]),
            args=[page],
        )
        for page in pages
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert sorted(seen) == ["K89"] * 7 + ["OK"]
    assert len(charged(shopper)) == 1


def test_a_gateway_may_count_a_number_from_the_start(serve):
    merchant = serve(hosted_proc_no_counts_from="start")
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    page = shopper.hosted(ProcNo="0000077")
    assert shopper.hosted(ProcNo="0000077").returned["ResponseCd"] == "K89"
    assert shopper.press(page, action="cancel").returned["ResponseCd"] == "P69"


def test_an_abandoned_visit_ends_by_itself_and_once(shopper, copies):
    at_confirm(shopper, "guest", ProcNo="0000077", PostUrl=copies.url)
    shopper.clock.advance(timedelta(minutes=40, seconds=1))
    copy = fields_of(copies.wait()["EncryptValue"])
    assert (copy["ResponseCd"], copy["ProcNo"]) == ("P74", "0000077")
    (visit,) = visits(shopper)
    assert (visit["outcome"], visit["response_cd"]) == ("timed_out", "P74")
    assert copies.waiting == 0


def test_a_gateway_may_say_nothing_of_an_abandoned_visit(serve, copies):
    merchant = serve(hosted_timeout_copy=False)
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    page = at_entry(shopper, "guest", PostUrl=copies.url)
    shopper.clock.advance(timedelta(hours=1))
    assert confirm(shopper, page).returned["ResponseCd"] == "P74"
    later = at_entry(shopper, "guest", PostUrl=copies.url)
    shopper.press(later, action="cancel")
    assert fields_of(copies.wait()["EncryptValue"])["ResponseCd"] == "P69"
    assert copies.waiting == 0


def test_the_number_of_zeros_is_used_any_number_of_times(shopper):
    for _ in range(2):
        assert at_confirm(shopper, "guest", ProcNo="0000000")


@pytest.mark.parametrize(
    ("operation", "wrong", "codes"),
    [
        ("1Gathering", {"MerchantPass": "wrong"}, "K03"),
        ("3Secure", {}, "K06"),
        ("1Check", {}, "K06"),
        ("1Gathering", {"Amount": None}, "K23"),
        ("1Gathering", {"PayType": "03"}, "K22"),
        ("1Gathering", {"PayType": None}, "K22"),
        ("1Gathering", {"ProcNo": None}, "K86"),
        ("1Gathering", {"PostUrl": "x"}, "K87"),
        ("1Gathering", {"KaiinId": "customer00001"}, "K46"),
        ("4MemAdd", {}, "K45|K46"),
    ],
)
def test_a_wrong_request_comes_back_with_its_codes(shopper, operation, wrong, codes):
    assert shopper.hosted(operation, **wrong).returned["ResponseCd"] == codes


def test_a_card_in_the_request_is_not_looked_at(shopper):
    page = shopper.hosted(CardNo="4111111111111111", CardExp="2812", Token="?")
    back = confirm(shopper, fill_in(shopper, page))
    assert back.returned["ResponseCd"] == "OK"
    assert charged(shopper) == [(3780, "4000********1000")]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "MerchantId=12345678&EncryptValue=AAAA",
        "MerchantId=%3Cscript%3E&EncryptValue=%3Cscript%3E",
        "MerchantId=87654321&EncryptValue=AAAA",
        "EncryptValue",
    ],
)
def test_what_cannot_be_read_is_answered_with_a_page_that_repeats_nothing(shopper, query):
    page = shopper.get(f"{HOSTED_PATH}?{query}")
    assert (page.status, page.actions) == (400, [])
    assert "リクエストを受け付けられません" in page.words
    assert "<script>" not in page.text
    assert visits(shopper) == []


def test_a_visit_is_shown_on_its_own_pages_alone(shopper):
    hosted = at_entry(shopper, "guest")
    secure = shopper.secure(CardNo=DEMO_CARD.number, CardExp="2812")
    assert shopper.get(hosted.path.replace("hosted", "secure").rpartition("/")[0]).status == 404
    assert shopper.get(secure.path.replace("secure", "hosted")).status == 404
    assert shopper.get("/simulator/hosted/none/SSNP120").status == 404


# -- what is kept and sent --------------------------------------------------------------------


def test_the_number_of_a_real_card_is_kept_nowhere(serve, tmp_path):
    state = tmp_path / "state.sqlite3"
    merchant = serve(state=state, unlisted_card="OK")
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    page = shopper.enter_card(shopper.hosted(), "4111111111111111", SecCd="987")
    assert "4111********1111" in page.words
    assert confirm(shopper, page).returned["ResponseCd"] == "OK"
    serve.stop_all()
    assert b"4111111111111111" not in state.read_bytes()
    assert b"987" not in re.findall(rb'"SecCd": "(\d+)"', state.read_bytes())


def test_a_visit_goes_on_after_a_restart(serve, tmp_path):
    state = tmp_path / "state.sqlite3"
    first = serve(state=state)
    page = at_confirm(with_a_member(first), "member")
    serve.stop_all()
    second = serve(state=state)
    shopper = Shopper(second.host, second.gateway, second.clock)
    assert confirm(shopper, page).returned["ResponseCd"] == "OK"


@pytest.mark.parametrize(("action", "code"), [("confirm", "OK"), ("cancel", "P70")])
def test_the_server_sends_a_copy_of_the_result(shopper, copies, action, code):
    page = at_confirm(shopper, "guest", PostUrl=copies.url)
    back = shopper.press(page, action=action).returned
    copy = fields_of(copies.wait()["EncryptValue"])
    assert (copy, copy["ResponseCd"]) == (back, code)


def test_no_screen_shows_the_number_of_a_card(shopper):
    pages = [at_confirm(shopper, flow) for flow in FLOWS]
    pages.append(confirm(shopper, at_confirm(shopper, "guest", G30)))
    for page in pages[:-1]:
        assert re.findall(r"(?<!\d)\d{14,16}(?!\d)", page.text) == []
    assert f'value="{G30}"' not in pages[-1].text


def test_a_foreign_page_cannot_press_a_button(shopper):
    page = at_confirm(shopper, "guest")
    for origin in ("https://evil.example", "null", f"http://{shopper.host}.evil.example"):
        refused = shopper.post(page.path, "action=confirm", Origin=origin)
        assert refused.status == 403
    assert charged(shopper) == []
    own = shopper.post(page.path, "action=confirm", Origin=f"http://{shopper.host}")
    assert own.returned["ResponseCd"] == "OK"


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_every_screen_is_well_formed_and_never_kept(shopper, language):
    for flow in FLOWS:
        for page in (at_entry(shopper, flow), at_confirm(shopper, flow)):
            seen = shopper.get(page.path + language)
            assert seen.headers["cache-control"] == "no-store"
            policy = seen.headers["content-security-policy"]
            assert "form-action 'self' https://shop.example;" in policy
            assert "unsafe-inline" not in policy
            assert re.findall(r"<script(?! src=)|style=|\son\w+=", seen.text) == []
            ids = re.findall(r'\sid="([^"]+)"', seen.text)
            assert len(ids) == len(set(ids))
            labels = re.findall(r'<label for="([^"]+)"', seen.text)
            assert set(labels) == set(re.findall(r'<input id="([^"]+)"', seen.text))


def test_a_screen_stays_english(shopper):
    page = at_entry(shopper, "guest")
    page = shopper.get(f"{page.path}?lang=en")
    assert "Pay by card" in page.words
    page = shopper.enter_card(page, DEMO_CARD.number)
    assert "Please confirm" in page.words
    assert "Going back to the shop" in shopper.press(page, action="confirm").words


# -- in a browser -----------------------------------------------------------------------------


def test_a_guest_pays_with_the_keyboard(browser, shopper, copies):
    request = shopper.form(shopper.request("1Gathering", RedirectUrl=copies.url))
    page = browser.new_page()
    page.goto(copies.url)
    page.goto(f"http://{shopper.host}{HOSTED_PATH}?{request}")
    page.get_by_label("カード番号").focus()
    for text in ("4000000000001000", "12", "28", "777"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="内容の確認").wait_for()
    page.get_by_role("button", name="支払う").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(copies.url)
    assert fields_of(copies.wait()["EncryptValue"])["ResponseCd"] == "OK"
    page.go_back()
    page.get_by_role("heading", name="この画面は終了しています").wait_for()
    assert len(charged(shopper)) == 1
    page.close()


@pytest.mark.parametrize("by_get", [False, True])
def test_a_browser_comes_back_by_either_way(browser, serve, copies, by_get):
    merchant = serve(hosted_return_by_get=by_get)
    shopper = Shopper(merchant.host, merchant.gateway, merchant.clock)
    at = shopper.hosted(RedirectUrl=copies.url)
    page = browser.new_page()
    page.goto(f"http://{merchant.host}{at.path}")
    page.get_by_role("button", name="キャンセルしてショップに戻る").click()
    page.wait_for_url(f"{copies.url}**")
    assert page.get_by_role("heading", name="shop").is_visible()
    assert ("EncryptValue=" in page.url) is by_get
    page.close()


def test_a_double_click_charges_once(browser, shopper, copies):
    at = at_confirm(shopper, "guest", RedirectUrl=copies.url)
    page = browser.new_page()
    page.goto(f"http://{shopper.host}{at.path}")
    page.get_by_role("button", name="支払う").dblclick(no_wait_after=True)
    # The second press breaks off the answer to the first.
    expect(page).to_have_url(copies.url, timeout=PATIENCE)
    assert len(charged(shopper)) == 1
    page.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_no_screen_scrolls_sideways(browser, shopper, width, language):
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen = [at_confirm(shopper, "guest"), shopper.enter_card(at_entry(shopper, "change"), "1")]
    seen += [at_entry(shopper, "member"), at_entry(shopper, "registration")]
    for at in seen:
        page.goto(f"http://{shopper.host}{at.path}{language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_axe_finds_nothing_against_wcag_22_aa(browser, shopper, language):
    seen = [at_entry(shopper, flow) for flow in FLOWS]
    seen += [at_confirm(shopper, "guest"), shopper.enter_card(at_entry(shopper, "guest"), "1")]
    page = browser.new_page()
    for at in seen:
        page.goto(f"http://{shopper.host}{at.path}{language}")
        assert violations(page) == []
    page.close()
