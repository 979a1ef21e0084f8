"""The ways of a browser to each page on which a payment is shown, without 3-D Secure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page, expect

from shop.seed.accounts import CUSTOMER
from tests.demo.checkout import (
    DECLINED,
    expect_thanks,
    fill_card,
    go_to_confirmation,
    order,
    press_order,
)

LOST: Final = "4000000090020001"


def to_payment_page(page: Page) -> None:
    """The page of a placed order whose card was refused."""
    go_to_confirmation(page)
    order(page, DECLINED)
    expect(page.get_by_role("heading", name="お支払い手続き")).to_be_visible()


def to_checking_page(page: Page) -> None:
    """The page of an order whose payment has no known result yet."""
    go_to_confirmation(page)
    order(page, LOST)
    expect(page.get_by_text("お支払い状況を確認しています").first).to_be_visible()


def to_thank_you_page(page: Page) -> None:
    """The page after payment."""
    go_to_confirmation(page)
    order(page)
    expect_thanks(page)


def to_trip(page: Page, configure: Callable[..., None]) -> None:
    """The page from which the browser leaves for an authentication; it stays there, for once."""
    page.route("**/trip-start.js", lambda route: route.fulfill(body=""))
    configure(secure_use="use")
    go_to_confirmation(page)
    fill_card(page)
    press_order(page)
    expect(page.locator("form[data-escott-departure]")).to_be_visible()


def sign_in_customer(page: Page) -> None:
    """The demo's customer."""
    email, password = CUSTOMER
    page.goto("/accounts/login/")
    page.locator("#id_login-username").fill(email)
    page.locator("#id_login-password").fill(password)
    page.locator("button[name=login_submit]").click()
    expect(page.locator("#id_login-password")).to_have_count(0)
