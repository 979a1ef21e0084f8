"""外部リンク型 in the running shop: the card is typed on the gateway's page, another site."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from escott.clock import SharedClock
from escott.simulator.server import SimulatorServer
from tests.demo.checkout import (
    BOOK,
    BOOK_PRICE,
    DECLINED,
    NUMBER,
    agree,
    expect_thanks,
    go_to_confirmation,
    go_to_confirmation_signed_in,
    new_customer,
    order_number,
    order_of,
    press_order,
)
from tests.demo.conftest import problems
from tests.demo.running_shop import RunningShop
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def _links(configure: Callable[..., None]) -> None:
    """The link type has no use for a token code; it never offers what is set for instalments."""
    configure(connection="link", token_code="", instalments="bonus")


def expect_screen(page: Page, name: str) -> None:
    """A screen of the gateway, by its name in the manual."""
    page.wait_for_url(re.compile(rf"^http://localhost:.*/{name}"))
    expect(page.get_by_text(name, exact=True)).to_be_visible()


def go_to_gateway(page: Page) -> None:
    """A guest, from an empty basket to the screen where the card is typed."""
    go_to_confirmation(page, BOOK)
    agree(page)
    press_order(page)
    expect_screen(page, "SSNP120")


def enter_card(page: Page, number: str = NUMBER) -> None:
    page.get_by_label("カード番号").fill(number)
    page.get_by_label("月（2桁）").fill("12")
    page.get_by_label("年（下2桁）").fill("28")
    enter_code(page)


def enter_code(page: Page) -> None:
    page.get_by_label("セキュリティコード").fill("777")
    page.get_by_role("button", name="確認画面へ").click()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="支払う").click()


def cancel(page: Page) -> None:
    page.get_by_role("button", name="キャンセルしてショップに戻る").click()


def expect_payable(page: Page) -> None:
    """The page of the placed order, from which the gateway's page can be gone to."""
    expect(page.get_by_role("button", name="カード決済画面へ進む")).to_be_enabled()
    assert "/checkout/pay/" in page.url


def expect_no_error(page: Page) -> None:
    alerts = page.get_by_role("alert")
    assert [text for text in alerts.all_inner_texts() if text.strip()] == []


def pay_again(page: Page) -> None:
    agree(page)
    press_order(page)


# -- a guest -------------------------------------------------------------------------------


def test_a_guest_pays_on_the_gateways_page(
    page: Page, shop: RunningShop, simulator: SimulatorServer, charged: Callable[[], list[int]]
) -> None:
    complaints = problems(page)
    go_to_confirmation(page)
    expect(page.get_by_text("決済代行会社の画面で行います")).to_be_visible()
    expect(page.get_by_label("カード番号")).to_have_count(0)
    expect(page.get_by_label("支払回数")).to_have_count(0)
    agree(page)
    press_order(page)
    expect_screen(page, "SSNP120")
    enter_card(page)
    expect_screen(page, "SSNP130")
    assert charged() == []
    confirm(page)
    expect_thanks(page)
    assert charged() == [3780]
    assert simulator.gateway.charges()[-1].pay_type == "01"
    assert order_of(shop, order_number(page))["status"] == "処理中"
    assert complaints == []


def test_cancel_on_either_screen_leads_back_without_an_error_and_the_order_is_paid_then(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_gateway(page)
    cancel(page)
    expect_payable(page)
    expect_no_error(page)
    pay_again(page)
    enter_card(page)
    expect_screen(page, "SSNP130")
    cancel(page)
    expect_payable(page)
    expect_no_error(page)
    pay_again(page)
    enter_card(page)
    confirm(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_a_refused_card_is_told_there_and_another_one_pays(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_gateway(page)
    enter_card(page, DECLINED)
    confirm(page)
    expect(page.get_by_role("alert")).to_contain_text("G12")
    enter_card(page)
    confirm(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_used_up_tries_lead_back_with_advice(page: Page, charged: Callable[[], list[int]]) -> None:
    go_to_gateway(page)
    for left in (2, 1):
        enter_card(page, DECLINED)
        confirm(page)
        expect(page.get_by_role("alert")).to_contain_text(f"あと {left} 回")
    enter_card(page, DECLINED)
    confirm(page)
    expect_payable(page)
    expect(page.get_by_role("alert").filter(has_text="入力できる回数を超えました")).to_be_visible()
    assert charged() == []


def test_a_session_that_is_over_leads_back_with_advice(
    page: Page, shared_clock: SharedClock, charged: Callable[[], list[int]]
) -> None:
    go_to_gateway(page)
    shared_clock.advance(timedelta(minutes=41))
    enter_card(page)
    expect_payable(page)
    expect(page.get_by_role("alert").filter(has_text="ご請求は発生していません")).to_be_visible()
    assert charged() == []


# -- the browser's own buttons -------------------------------------------------------------


def test_who_pressed_back_opens_the_gateways_page_again(
    page: Page, charged: Callable[[], list[int]]
) -> None:
    go_to_gateway(page)
    page.go_back()
    expect(page.get_by_text("カードを入力する画面が、まだ開いています")).to_be_visible()
    page.get_by_role("link", name="カード入力画面を開き直す").click()
    expect_screen(page, "SSNP120")
    enter_card(page)
    confirm(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_of_two_open_pages_one_charges(page: Page, charged: Callable[[], list[int]]) -> None:
    go_to_gateway(page)
    enter_card(page)
    other = page.context.new_page()
    other.goto("/checkout/preview/")
    other.get_by_role("link", name="カード入力画面を開き直す").click()
    expect_screen(other, "SSNP120")
    confirm(page)
    expect_thanks(page)
    enter_card(other)
    confirm(other)
    expect_thanks(other)
    assert order_number(other) == order_number(page)
    assert charged() == [BOOK_PRICE]


def test_who_closes_the_window_after_confirming_has_paid(
    page: Page, shop: RunningShop, charged: Callable[[], list[int]]
) -> None:
    """The gateway's server sends a copy of the result."""
    go_to_gateway(page)
    enter_card(page)
    expect_screen(page, "SSNP130")
    page.route("**/escott/back/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        confirm(page)
    other = page.context.new_page()
    page.close()
    shop.wait_until("Payment.objects.latest('pk').state == 'gathered'")
    other.goto("/checkout/preview/")
    expect_thanks(other)
    assert charged() == [BOOK_PRICE]


def test_without_javascript_it_works_by_buttons(
    browser: Browser, shop: RunningShop, charged: Callable[[], list[int]]
) -> None:
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    go_to_confirmation(page, BOOK)
    agree(page)
    press_order(page)
    expect(page.get_by_role("heading", name="カード入力画面へ")).to_be_visible()
    page.get_by_role("button", name="進む").click()
    expect_screen(page, "SSNP120")
    enter_card(page)
    confirm(page)
    page.get_by_role("button", name="ショップに戻る").click()
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]
    context.close()


def test_without_consent_nobody_is_sent_off(page: Page) -> None:
    go_to_confirmation(page, BOOK)
    press_order(page)
    expect(page.get_by_text("チェックを入れてください")).to_be_visible()
    assert "/checkout/preview/" in page.url


# -- a customer with a saved card ----------------------------------------------------------


def go_to_saved_card(page: Page, shop: RunningShop) -> None:
    """Save a card while paying; then order again, to the screen of the saved card."""
    new_customer(page, shop)
    go_to_confirmation_signed_in(page)
    page.get_by_label("このカードを登録する").check()
    agree(page)
    press_order(page)
    enter_card(page)
    confirm(page)
    expect_thanks(page)
    shop.wait_until("Payment.objects.latest('pk').saving != 'wanted'")
    go_to_confirmation_signed_in(page)
    expect(page.get_by_label("登録済みカードで支払う")).to_be_checked()
    agree(page)
    press_order(page)
    expect_screen(page, "SSNP080")


def to_confirmation_of_saved(page: Page) -> None:
    enter_code(page)
    expect_screen(page, "SSNP090")


def to_other_card(page: Page) -> None:
    page.get_by_role("link", name="別のカードで支払う").click()
    expect_screen(page, "SSNP100")


def to_confirmation_of_other(page: Page) -> None:
    to_other_card(page)
    enter_card(page, "5100000000001006")
    expect_screen(page, "SSNP110")


#: Each screen of a payment with a saved card, and the way to it.
MEMBER_SCREENS: dict[str, Callable[[Page], None]] = {
    "SSNP080": lambda _page: None,
    "SSNP090": to_confirmation_of_saved,
    "SSNP100": to_other_card,
    "SSNP110": to_confirmation_of_other,
}


def test_a_customer_cancels_on_each_screen_and_pays_with_the_saved_card_then(
    page: Page, shop: RunningShop, simulator: SimulatorServer, charged: Callable[[], list[int]]
) -> None:
    go_to_saved_card(page, shop)
    for screen, go_there in MEMBER_SCREENS.items():
        go_there(page)
        expect_screen(page, screen)
        cancel(page)
        expect_payable(page)
        expect_no_error(page)
        pay_again(page)
        expect_screen(page, "SSNP080")
    to_confirmation_of_saved(page)
    confirm(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE] * 2
    assert simulator.gateway.charges()[-1].kaiin_id


def test_a_customer_pays_with_another_card_on_the_gateways_page(
    page: Page, shop: RunningShop, charged: Callable[[], list[int]]
) -> None:
    go_to_saved_card(page, shop)
    to_confirmation_of_other(page)
    confirm(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE] * 2
