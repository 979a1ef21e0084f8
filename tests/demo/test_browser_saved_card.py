"""マイアカウント > クレジットカード in a browser: register a card, change it, delete it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from escott.clock import SharedClock
from escott.simulator.server import SimulatorServer
from tests.demo.checkout import (
    BOOK,
    DECLINED,
    FRICTIONLESS,
    agree,
    expect_thanks,
    fill_card,
    new_customer,
    press_order,
    put_in_basket,
)
from tests.demo.conftest import problems
from tests.demo.running_shop import RunningShop

PAGE = "/accounts/saved-card/"
LOST_AFTER = "4000000090020001"


@pytest.fixture
def customer(page: Page, shop: RunningShop, configure: Callable[..., None]) -> Page:
    """The browser of a customer without a card, at a shop without 3-D Secure."""
    configure(secure_use="dont_use", saves_cards=True)
    new_customer(page, shop)
    return page


def register(page: Page, number: str, button: str = "カードを登録する") -> None:
    """Open the page, type a card, press the button."""
    page.goto(PAGE)
    fill_card(page, number)
    page.get_by_role("button", name=button).click()


def expect_card(page: Page, label: str) -> None:
    """The card that the page shows."""
    expect(page.locator(".escott-saved__number")).to_have_text(label)


def test_a_customer_registers_changes_and_deletes_a_card(
    customer: Page,
    configure: Callable[..., None],
    simulator: SimulatorServer,
    accessible: Callable[[Page], None],
) -> None:
    complaints = problems(customer)
    before = len(simulator.gateway.members())
    charged = len(simulator.gateway.transactions())
    customer.goto("/accounts/orders/")
    customer.get_by_role("link", name="クレジットカード").click()
    expect(customer.get_by_text("登録されているカードはありません")).to_be_visible()
    fill_card(customer)
    customer.get_by_role("button", name="カードを登録する").click()
    expect(customer.get_by_text("カードを登録しました")).to_be_visible()
    expect_card(customer, "VISA •••• 1000")
    expect(customer.get_by_text("当店までお問い合わせください")).to_be_visible()

    register(customer, FRICTIONLESS, "カードを変更する")
    expect(customer.get_by_text("カードを変更しました")).to_be_visible()
    expect_card(customer, "Mastercard •••• 1006")
    accessible(customer)

    configure(shoppers_delete_cards=True)
    customer.reload()
    customer.get_by_role("link", name="登録済みカードの削除").click()
    accessible(customer)
    customer.get_by_role("button", name="このカードを削除する").click()
    expect(customer.get_by_text("カードを削除しました")).to_be_visible()
    expect(customer.locator(".escott-saved__number")).to_have_count(0)
    [member] = simulator.gateway.members()[before:]
    assert member.status.value == "4"
    assert len(simulator.gateway.transactions()) == charged
    assert complaints == []


def test_a_refused_card_is_explained_and_the_next_one_is_registered(customer: Page) -> None:
    register(customer, DECLINED)
    expect(customer.get_by_text("カードは登録されませんでした")).to_be_visible()
    register(customer, FRICTIONLESS)
    expect_card(customer, "Mastercard •••• 1006")


def test_a_registered_card_pays_and_then_cannot_be_deleted_for_a_while(
    customer: Page, configure: Callable[..., None]
) -> None:
    configure(shoppers_delete_cards=True)
    register(customer, FRICTIONLESS)
    expect_card(customer, "Mastercard •••• 1006")
    put_in_basket(customer, BOOK)
    customer.goto("/checkout/")
    press_order(customer)
    expect_thanks(customer)

    customer.goto(f"{PAGE}delete/")

    expect(customer.get_by_role("alert")).to_contain_text("まだ削除できません")
    expect(customer.get_by_role("button", name="このカードを削除する")).to_have_count(0)


def test_while_a_result_is_being_checked_the_page_waits_and_goes_on_by_itself(
    customer: Page, shared_clock: SharedClock
) -> None:
    register(customer, LOST_AFTER)
    expect(customer.get_by_text("登録を確認しています")).to_be_visible()
    expect(customer.get_by_label("カード番号")).to_have_count(0)
    shared_clock.advance(timedelta(minutes=2))
    expect_card(customer, "VISA •••• 0001")
    expect(customer.get_by_text("登録を確認しています")).to_have_count(0)


def test_with_3d_secure_the_card_is_registered_after_the_code(
    customer: Page, configure: Callable[..., None]
) -> None:
    configure(secure_use="use")
    register(customer, "4000000000001000")
    customer.get_by_label("認証コード").fill("123456")
    customer.get_by_role("button", name="認証する").click()
    expect(customer.get_by_text("カードを登録しました")).to_be_visible()
    expect_card(customer, "VISA •••• 1000")
    customer.reload()
    expect(customer.get_by_text("カードを登録しました")).to_have_count(0)


def test_the_back_button_at_the_identity_check_saves_nothing_and_it_can_be_begun_again(
    customer: Page, configure: Callable[..., None]
) -> None:
    configure(secure_use="use")
    register(customer, "4000000000001000")
    expect(customer.get_by_label("認証コード")).to_be_visible()
    customer.go_back()
    expect(customer).to_have_url(re.compile(f"{PAGE}$"))
    expect(customer.locator(".escott-saved__number")).to_have_count(0)
    register(customer, FRICTIONLESS)
    expect_card(customer, "Mastercard •••• 1006")


def go_to_gateway(page: Page, button: str, screen: str) -> None:
    """From the page of the account to the gateway's own, for its screen of this name."""
    page.goto(PAGE)
    agree(page)
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(f"/{screen}"))


def type_card(page: Page, number: str, screen: str) -> None:
    """On the gateway's page, to its confirm screen of this name."""
    page.get_by_label("カード番号").fill(number)
    page.get_by_label("月（2桁）").fill("12")
    page.get_by_label("年（下2桁）").fill("28")
    page.get_by_label("セキュリティコード").fill("777")
    page.get_by_role("button", name="確認画面へ").click()
    page.wait_for_url(re.compile(f"/{screen}"))


def register_at_gateway(page: Page) -> None:
    """The first card, typed on the gateway's page."""
    go_to_gateway(page, "カードを登録する", "SSNP010")
    type_card(page, "4000000000001000", "SSNP020")
    page.get_by_role("button", name="登録する").click()
    expect_card(page, "VISA •••• 1000")


def expect_cancelled(page: Page) -> None:
    """Press the gateway's cancel button; the page of the account says that nothing has changed."""
    page.get_by_role("button", name="キャンセルしてショップに戻る").click()
    expect(page.get_by_text("登録内容は変わっていません")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{PAGE}$"))


def test_with_the_link_type_the_card_is_typed_at_the_gateway(
    customer: Page, configure: Callable[..., None]
) -> None:
    configure(connection="link")
    register_at_gateway(customer)
    go_to_gateway(customer, "カードを変更する", "SSNP030")
    type_card(customer, FRICTIONLESS, "SSNP040")
    customer.get_by_role("button", name="登録する").click()
    expect_card(customer, "Mastercard •••• 1006")


@pytest.mark.parametrize("has_typed", [False, True], ids=["SSNP010", "SSNP020"])
def test_who_cancels_registering_at_the_gateway_has_no_card(
    has_typed: bool, customer: Page, configure: Callable[..., None]
) -> None:
    configure(connection="link")
    go_to_gateway(customer, "カードを登録する", "SSNP010")
    if has_typed:
        type_card(customer, FRICTIONLESS, "SSNP020")
    expect_cancelled(customer)
    expect(customer.locator(".escott-saved__number")).to_have_count(0)


@pytest.mark.parametrize("has_typed", [False, True], ids=["SSNP030", "SSNP040"])
def test_who_cancels_changing_at_the_gateway_keeps_the_card(
    has_typed: bool, customer: Page, configure: Callable[..., None]
) -> None:
    configure(connection="link")
    register_at_gateway(customer)
    go_to_gateway(customer, "カードを変更する", "SSNP030")
    if has_typed:
        type_card(customer, FRICTIONLESS, "SSNP040")
    expect_cancelled(customer)
    expect_card(customer, "VISA •••• 1000")


@pytest.mark.parametrize("width", [320, 390])
def test_the_page_fits_a_phone(width: int, customer: Page) -> None:
    customer.set_viewport_size({"width": width, "height": 640})
    register(customer, "4000000000001000")
    expect_card(customer, "VISA •••• 1000")
    assert customer.evaluate("document.documentElement.scrollWidth") <= width
