"""The ways of a browser to each page on which a card is typed or a payment is shown."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Page, expect

from shop.seed.accounts import CUSTOMER
from tests.demo.running_shop import RunningShop
from tests.demo.test_browser_purchase import NUMBER, fill_card, go_to_confirmation

DECLINED: Final = "4000000007120001"
LOST: Final = "4000000090020001"

THANKS: Final = "ご注文ありがとうございます"


def press_order(page: Page, card: str = NUMBER) -> None:
    """注文する, with a card typed on the confirmation page."""
    go_to_confirmation(page)
    fill_card(page, card)
    page.get_by_role("button", name=re.compile("注文する")).click()


def to_payment_page(page: Page) -> None:
    """The page of a placed order whose card was refused."""
    press_order(page, DECLINED)
    expect(page.get_by_role("heading", name="お支払い手続き")).to_be_visible()


def to_checking_page(page: Page) -> None:
    """The page of an order whose payment has no known result yet."""
    press_order(page, LOST)
    expect(page.get_by_text("お支払い状況を確認しています").first).to_be_visible()


def to_thank_you_page(page: Page) -> None:
    """The page after payment."""
    press_order(page)
    expect(page.get_by_role("heading", name=THANKS)).to_be_visible()


def to_trip(page: Page, shop: RunningShop) -> None:
    """The page from which the browser leaves for an authentication; it stays there, for once."""
    page.route("**/trip-start.js", lambda route: route.fulfill(body=""))
    merchant(shop, secure_use="use")
    try:
        go_to_confirmation(page)
        fill_card(page)
        page.locator("[name=consent]").check()
        page.get_by_role("button", name=re.compile("注文する")).click()
        expect(page.locator("form[data-escott-departure]")).to_be_visible()
    finally:
        merchant(shop, secure_use="dont_use")


def sign_in_customer(page: Page) -> None:
    """The demo's customer."""
    email, password = CUSTOMER
    page.goto("/accounts/login/")
    page.locator("#id_login-username").fill(email)
    page.locator("#id_login-password").fill(password)
    page.locator("button[name=login_submit]").click()
    expect(page.locator("#id_login-password")).to_have_count(0)


def merchant(shop: RunningShop, **settings: object) -> None:
    """Change settings of the shop's merchant account."""
    shop.rows(f"MerchantAccount.objects.update(**{settings!r})")
