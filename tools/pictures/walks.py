"""What shoppers and staff do on the way to a picture."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Page

GOOD, DECLINED, LOST = "4000000000001000", "4000000007120001", "4000000090020001"
WITHOUT_CHALLENGE: Final = "5100000000001006"
CUSTOMER: Final = ("taro@example.com", "taro-demo-2028")
STAFF: Final = ("staff@example.com", "staff-demo-2028")


def to_confirmation(page: Page, product: str = "綿の風呂敷") -> None:
    """Catalogue, basket, checkout: the confirmation page, as the customer who is logged in."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(product)).first.click()
    page.get_by_role("button", name=re.compile("カゴに入れる")).click()
    page.goto("/checkout/")
    address = page.get_by_role("button", name=re.compile("この(住所|お届け先)"))
    address.or_(page.get_by_role("heading", name="ご注文内容の確認")).first.wait_for()
    if address.count():
        address.first.click()
    page.get_by_role("heading", name="ご注文内容の確認").wait_for()


def fill_card(page: Page, number: str) -> None:
    """Type a card into the form."""
    page.get_by_label("カード番号").press_sequentially(number)
    page.get_by_label("有効期限（月／年）").press_sequentially("1228")
    page.get_by_label("セキュリティコード").press_sequentially("777")
    page.get_by_label("カード名義").press_sequentially("TARO YAMADA")


def order(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name=re.compile("注文する|支払う")).click()


def log_in(page: Page, who: tuple[str, str]) -> None:
    """Log in to the shop."""
    page.goto("/accounts/login/")
    page.locator("#id_login-username").fill(who[0])
    page.locator("#id_login-password").fill(who[1])
    page.locator("button[name=login_submit]").click()
    page.wait_for_load_state()
