"""本人認証 (3-D Secure) in the running shop: there and back again, whatever the shopper does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from escott.clock import SharedClock
from escott.simulator.secure_visits import BY_HAND
from escott.simulator.server import SimulatorServer
from tests.demo.checkout import (
    BOOK,
    BOOK_PRICE,
    FRICTIONLESS,
    agree,
    expect_thanks,
    fill_card,
    go_to_confirmation,
    go_to_confirmation_signed_in,
    new_customer,
    order,
    order_number,
    order_of,
    press_order,
)
from tests.demo.conftest import problems
from tests.demo.running_shop import RunningShop
from tests.patience import PATIENCE

NOTHING_CHARGED = re.compile("ご請求は発生していません")


@pytest.fixture(autouse=True)
def _uses_3d_secure(configure: Callable[..., None]) -> None:
    configure(secure_use="use", secure_policy="strict")


def expect_issuer(page: Page) -> None:
    """The card company's page, on its own site."""
    expect(page.get_by_role("heading", name="シミュレーターの本人認証画面")).to_be_visible()
    assert page.url.startswith("http://localhost:")


def go_to_issuer(page: Page) -> None:
    """From an empty basket to the card company's page."""
    go_to_confirmation(page, BOOK)
    order(page)
    expect_issuer(page)


def enter_code(page: Page, code: str = "123456") -> None:
    page.get_by_label("認証コード").fill(code)
    page.get_by_role("button", name="認証する").click()


def choose(page: Page, outcome: str) -> None:
    """Press the button of an outcome, by its name in the form."""
    page.locator(f'button[name="outcome"][value="{outcome}"]').click()


def expect_unpaid(page: Page) -> None:
    """Back at the page of the placed order, told that nothing was charged."""
    expect(page.get_by_role("alert").filter(has_text=NOTHING_CHARGED).first).to_be_visible()
    expect(page.get_by_label("カード番号")).to_be_editable()
    assert page.url.startswith("http://127.0.0.1:")


# -- how it ends ---------------------------------------------------------------------------


def test_after_the_challenge_the_card_is_charged_and_the_order_moves(
    page: Page, shop: RunningShop, simulator: SimulatorServer, charged: Callable[[], list[int]]
) -> None:
    complaints = problems(page)
    go_to_confirmation(page)
    order(page)
    expect_issuer(page)
    expect(page.get_by_text("¥3,780")).to_be_visible()
    assert charged() == []
    enter_code(page)
    expect_thanks(page)
    assert charged() == [3780]
    assert simulator.gateway.charges()[-1].secure_result_code == "0"
    assert order_of(shop, order_number(page))["status"] == "処理中"
    assert complaints == []


def test_a_card_that_needs_no_challenge_is_paid_in_one_go(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    complaints = problems(page)
    go_to_confirmation(page, BOOK)
    order(page, FRICTIONLESS)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]
    assert complaints == []


def test_a_wrong_code_may_be_mended(page: Page, charged: Callable[[], list[int]]) -> None:
    go_to_issuer(page)
    enter_code(page, "000000")
    expect(page.get_by_role("alert")).to_contain_text("あと 2 回")
    enter_code(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_three_wrong_codes_fail_and_another_card_pays_the_same_order(
    page: Page, shop: RunningShop, charged: Callable[[], list[int]]
) -> None:
    go_to_issuer(page)
    for left in (2, 1):
        enter_code(page, "000000")
        expect(page.get_by_role("alert")).to_contain_text(f"あと {left} 回")
    enter_code(page, "000000")
    expect_unpaid(page)
    expect(page.get_by_text("本人認証").first).to_be_visible()
    number = order_number(page)
    assert charged() == []
    order(page, FRICTIONLESS)
    expect_thanks(page)
    assert order_number(page) == number
    assert charged() == [BOOK_PRICE]


#: What the page may bring besides an authentication, by the gateway's word on it.
OTHERWISE = {
    "it may go on": ["attempt", "not_enrolled", "not_supported", "without_result"],
    "it is refused": ["failed", "attempt_refused", "not_enrolled_refused"],
    "something is out of order": ["not_supported_refused", "maintenance", "system_error"],
}


def test_these_are_all_the_outcomes_that_the_page_offers() -> None:
    assert BY_HAND.keys() - {"challenged"} == {name for some in OTHERWISE.values() for name in some}


@pytest.mark.parametrize("outcomes", OTHERWISE.values(), ids=OTHERWISE)
def test_under_the_strict_policy_every_other_result_leaves_the_order_unpaid(
    outcomes: list[str], page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_issuer(page)
    for outcome in outcomes:
        choose(page, outcome)
        expect_unpaid(page)
        assert charged() == []
        order(page)
        expect_issuer(page)
    choose(page, "challenged")
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


@pytest.mark.parametrize("outcome", ["attempt", "not_enrolled", "not_supported"])
def test_under_the_standard_policy_what_may_go_on_is_charged(
    outcome: str, page: Page, configure: Callable[..., None], charged: Callable[[], list[int]]
) -> None:
    configure(secure_policy="standard")
    go_to_issuer(page)
    choose(page, "not_supported_refused")
    expect_unpaid(page)
    order(page)
    expect_issuer(page)
    choose(page, outcome)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_who_cancels_may_pay_again(page: Page, charged: Callable[[], list[int]]) -> None:
    go_to_issuer(page)
    page.get_by_role("button", name="キャンセル").click()
    expect_unpaid(page)
    order(page)
    expect_issuer(page)
    enter_code(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_a_saved_card_is_authenticated_as_well(
    page: Page, shop: RunningShop, charged: Callable[[], list[int]]
) -> None:
    new_customer(page, shop)
    go_to_confirmation_signed_in(page)
    page.get_by_label("このカードを登録する").check()
    order(page)
    enter_code(page)
    expect_thanks(page)
    go_to_confirmation_signed_in(page)
    expect(page.get_by_label("登録済みカードで支払う")).to_be_checked()
    page.get_by_label("カード名義").fill("HANAKO YAMADA")
    agree(page)
    press_order(page)
    expect_issuer(page)
    enter_code(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE] * 2


# -- leaving and coming back ---------------------------------------------------------------


def test_whoever_closes_the_tab_pays_the_order_from_another(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_confirmation(page, BOOK)
    confirmation = page.url
    order(page)
    expect_issuer(page)
    other = page.context.new_page()
    page.close()
    other.goto(confirmation)
    expect(other.get_by_role("heading", name="お支払い手続き")).to_be_visible()
    expect(other.get_by_text("お支払いはまだ完了していません")).to_be_visible()
    order(other, FRICTIONLESS)
    expect_thanks(other)
    assert charged() == [BOOK_PRICE]


def test_whoever_walks_away_is_told_when_the_time_is_over_and_pays_then(
    page: Page,
    shop: RunningShop,
    shared_clock: SharedClock,
    charged: Callable[[], list[int]],
) -> None:
    go_to_issuer(page)
    page.get_by_role("button", name="立ち去る").click()
    expect(page.get_by_role("heading", name="ショップには何も返していません")).to_be_visible()
    shared_clock.advance(timedelta(minutes=46))
    shop.wait_until("not Trip.objects.filter(state='open').exists()")
    page.goto("/checkout/preview/")
    expect(page.get_by_role("alert").filter(has_text="有効時間が過ぎました")).to_be_visible()
    order(page, FRICTIONLESS)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_a_code_that_comes_after_forty_minutes_charges_nothing(
    page: Page, shared_clock: SharedClock, charged: Callable[[], list[int]]
) -> None:
    go_to_issuer(page)
    shared_clock.advance(timedelta(minutes=41))
    enter_code(page)
    expect_unpaid(page)
    assert charged() == []


def test_the_back_button_leads_to_the_page_of_the_order_and_never_back_into_the_trip(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_issuer(page)
    page.go_back()
    expect(page.get_by_label("カード番号")).to_be_editable()
    assert "/checkout/pay/" in page.url
    order(page, FRICTIONLESS)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_back_after_paying_shows_the_one_result(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_issuer(page)
    enter_code(page)
    expect_thanks(page)
    number = order_number(page)
    page.go_back()
    page.goto("/checkout/preview/")
    expect_thanks(page)
    assert order_number(page) == number
    assert charged() == [BOOK_PRICE]


def test_the_issuers_page_of_a_used_trip_brings_the_same_result_again(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_issuer(page)
    issuer = page.url
    enter_code(page)
    expect_thanks(page)
    number = order_number(page)
    page.goto(issuer)
    page.get_by_role("button", name="同じ結果を持ってもう一度ショップに戻る").click()
    expect_thanks(page)
    assert order_number(page) == number
    assert charged() == [BOOK_PRICE]


def test_a_result_that_comes_back_in_another_browser_counts_for_its_own_order(
    page: Page, browser: Browser, charged: Callable[[], list[int]]
) -> None:
    go_to_issuer(page)
    elsewhere = browser.new_context(locale="ja-JP").new_page()
    elsewhere.set_default_timeout(PATIENCE)
    elsewhere.goto(page.url)
    enter_code(elsewhere)
    expect_thanks(elsewhere)
    assert charged() == [BOOK_PRICE]
    page.goto(page.url)
    page.get_by_role("button", name=re.compile("もう一度ショップに戻る")).click()
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]
    elsewhere.context.close()


def test_the_return_comes_from_another_site_without_a_cookie_and_still_counts(
    page: Page, shop: RunningShop, charged: Callable[[], list[int]]
) -> None:
    returns: list[Request] = []
    page.on(
        "request",
        lambda request: returns.append(request) if request.url.endswith("/escott/back/") else None,
    )
    go_to_issuer(page)
    assert any(cookie["name"] == "sessionid" for cookie in page.context.cookies(shop.base_url))
    enter_code(page)
    expect_thanks(page)
    [posted] = returns
    assert posted.method == "POST"
    assert "sessionid" not in posted.all_headers().get("cookie", "")
    assert charged() == [BOOK_PRICE]
    expect(page.get_by_text("hanako@example.com")).to_have_count(0)
    page.goto("/checkout/thank-you/")
    expect_thanks(page)


# -- the page ------------------------------------------------------------------------------


def test_without_consent_nobody_is_sent_off(page: Page, charged: Callable[[], list[int]]) -> None:
    go_to_confirmation(page, BOOK)
    fill_card(page)
    box = page.get_by_label("個人情報の取り扱いに同意")
    box.uncheck()
    press_order(page)
    expect(page.get_by_text("チェックを入れてください")).to_be_visible()
    expect(box).to_be_focused()
    assert "/checkout/preview/" in page.url
    box.check()
    press_order(page)
    expect_issuer(page)
    assert charged() == []


def test_the_shoppers_language_is_kept(page: Page, shop: RunningShop) -> None:
    go_to_confirmation(page, BOOK)
    fill_card(page)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": shop.base_url}])
    press_order(page)
    expect_issuer(page)
    page.get_by_role("button", name="キャンセル").click()
    expect(page.get_by_text("Nothing has been charged").first).to_be_visible()
    expect(page.get_by_label("Card number")).to_be_editable()


def test_where_its_script_does_not_load_the_start_page_has_a_button(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_confirmation(page, BOOK)
    page.route("**/trip-start.js", lambda route: route.abort())
    order(page)
    expect(page.get_by_role("heading", name="カード会社による本人認証")).to_be_visible()
    expect(page.get_by_text("ご請求はまだ発生していません")).to_be_visible()
    page.get_by_role("button", name="進む").click()
    expect_issuer(page)
    enter_code(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]
