"""What shoppers and staff do on the way to a picture."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Page

from tools.pictures.running_demo import Demo

GOOD, DECLINED, LOST = "4000000000001000", "4000000007120001", "4000000090020001"
WITHOUT_CHALLENGE: Final = "5100000000001006"
CUSTOMER: Final = ("taro@example.com", "taro-demo-2028")
STAFF: Final = ("staff@example.com", "staff-demo-2028")

#: How checkout calls the two methods.
CARD, SLIP = "クレジットカード", "コンビニ・電子マネー・Pay-easy"

#: How often a list is looked at before something must be wrong.
_LOOKS: Final = 120


def to_confirmation(page: Page, product: str = "綿の風呂敷", method: str = CARD) -> None:
    """Catalogue to confirmation page, as the customer who is logged in."""
    to_choice(page, product)
    page.get_by_role("radio", name=re.compile(method)).check()
    page.get_by_role("button", name="次へ進む").click()
    page.get_by_role("heading", name="ご注文内容の確認").wait_for()


def to_choice(page: Page, product: str) -> None:
    """Catalogue, basket, address: the page on which the shopper chooses how to pay."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(product)).first.click()
    page.get_by_role("button", name=re.compile("カゴに入れる")).click()
    page.goto("/checkout/")
    address = page.get_by_role("button", name=re.compile("この(住所|お届け先)"))
    choice = page.get_by_role("heading", name="お支払い方法")
    address.or_(choice).first.wait_for()
    if address.count():
        address.first.click()
    choice.wait_for()


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


def order_by_slip(page: Page, product: str) -> None:
    """Catalogue to the gateway's page, on which the shopper chooses where to pay."""
    to_confirmation(page, product, SLIP)
    order(page)
    page.get_by_role("button", name="ローソン").wait_for()


def open_panel(page: Page, demo: Demo, state: str) -> None:
    """決済情報 of the newest payment in that state, once the gateway has told what it knows."""
    newest = f"P.objects.filter(state='{state}').order_by('-id')[0].pk"
    pk = demo.ask(f"from escott.django.models import Payment as P; print({newest})")
    page.goto(f"/dashboard/payments/{pk}/")
    page.get_by_text(re.compile("照会しています")).wait_for(state="hidden")


def until_listed(page: Page, path: str, words: str) -> None:
    """Look at a list until the worker has brought about a row with these words."""
    page.goto(path)
    for _look in range(_LOOKS):
        if page.get_by_role("cell", name=re.compile(words)).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise RuntimeError(f"no row of {path} says {words}")
