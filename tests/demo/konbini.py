"""What a shopper does in the demo shop who pays at a convenience store, and what happens there."""

from __future__ import annotations

import re
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.demo.checkout import begin_checkout, expect_confirmation
from tests.demo.http_shopper import PRODUCT
from tests.demo.running_shop import RunningShop

PAYER: Final = {"お名前": "山田 花子", "フリガナ": "ヤマダ ハナコ", "電話番号": "03-1234-5678"}

#: How checkout calls the method, from the shop's settings.
TITLE: Final = "コンビニ・電子マネー・Pay-easy"

WAY_ON: Final = "お支払い方法を選ぶ・払込票を見る"


def to_choice(page: Page, product: str = PRODUCT) -> None:
    """The page お支払い方法 of a guest."""
    begin_checkout(page, product)
    page.goto("/checkout/payment-method/")
    expect(page.get_by_role("heading", name="お支払い方法")).to_be_visible()


def choose_konbini(page: Page) -> None:
    """The slip, with whoever pays where that is asked; the confirmation page."""
    page.get_by_role("radio", name=re.compile(TITLE)).check()
    for label, value in PAYER.items():
        field = page.get_by_label(label)
        if field.count():
            field.fill(value)
    page.get_by_role("button", name="次へ進む").click()
    expect_confirmation(page)


def choose_card(page: Page) -> None:
    """The card; the confirmation page."""
    page.get_by_role("radio", name=re.compile("クレジットカード")).check()
    page.get_by_role("button", name="次へ進む").click()
    expect_confirmation(page)


def press_order(page: Page) -> None:
    """注文する: on to the gateway's page on which the shopper chooses where to pay."""
    page.get_by_role("button", name=re.compile("注文する")).click()
    expect_gateway(page)


def expect_gateway(page: Page) -> None:
    """The simulated page of the slip."""
    expect(page.get_by_role("button", name="ローソン")).to_be_visible()


def order_by_slip(page: Page, product: str = PRODUCT) -> None:
    """From the choice of the method to the gateway's page."""
    to_choice(page, product)
    choose_konbini(page)
    press_order(page)


def back_to_shop(page: Page) -> None:
    """The gateway's link back: the page of the order."""
    page.get_by_role("link", name="ショップに戻る").click()
    expect(page.get_by_role("heading", name="お支払いをお待ちしています")).to_be_visible()


def pay_at_lawson(page: Page) -> None:
    """From the page of the slip to the till of the simulated Lawson."""
    page.get_by_role("button", name="ローソン").click()
    expect(page.get_by_role("heading", name="ローソンでのお支払い")).to_be_visible()
    page.get_by_role("link", name="レジで支払う").click()
    page.get_by_role("button", name="この内容で実行する").click()
    expect(page.get_by_text("支払いました。")).to_be_visible()


def number_of_last_order(shop: RunningShop) -> str:
    """The order that was placed last."""
    number: str = shop.rows("Order.objects.order_by('-pk').values_list('number', flat=True)[0]")
    return number


def stands(shop: RunningShop, number: str) -> dict[str, Any]:
    """Status and total of an order, and how its payments ended, the newest first."""
    of_order = f"Payment.objects.filter(order_reference='{number}').order_by('-pk')"
    found: dict[str, Any] = shop.rows(
        "{'status': (o := Order.objects.get(number='" + number + "')).status, "
        "'total': int(o.total_incl_tax), "
        "'fees': [int(s.incl_tax) for s in o.surcharges.all()], "
        "'payments': list(" + of_order + ".values_list('state', flat=True))}"
    )
    return found


def page_of(shop: RunningShop, number: str) -> str:
    """The address of an order's payment page."""
    path: str = shop.rows(
        "__import__('escott.oscar.links', fromlist=['*']).payment_page_url("
        f"Order.objects.get(number='{number}'))"
    )
    return path
