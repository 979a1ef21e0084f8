"""決済情報 in every state, 決済一覧, 要対応 and the pages around them."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Browser, Page

from tools.pictures.running_demo import Demo
from tools.pictures.taking import DESKTOP, TALL, Take
from tools.pictures.walks import (
    CUSTOMER,
    GOOD,
    STAFF,
    fill_card,
    log_in,
    open_panel,
    order,
    to_confirmation,
    until_listed,
)

_MODELS: Final = "from escott.django.models import MerchantAccount as A, Payment as P; "
_PRODUCTS: Final = ("綿の風呂敷", "湯のみ", "朱泥の急須")

#: What staff do with the newest payments, after the shopper has bought.
_OPERATED: Final = """
from escott.django.models import Payment
from escott.django.services import operate
from escott.rules.card_states import CardOperation as O
newest = list(Payment.objects.filter(state="authorised").order_by("-id")[:4])
operate(newest[0].pk, O.CAPTURE, key="picture-capture")
operate(newest[1].pk, O.CANCEL, key="picture-cancel")
"""


def payment_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """Staff at work."""
    _buy(browser, demo)
    demo.run(_OPERATED)
    page = browser.new_page(base_url=demo.shop, viewport=TALL, locale="ja-JP")
    log_in(page, STAFF)
    for state in ("authorised", "gathered", "captured", "cancelled", "unknown"):
        open_panel(page, demo, state)
        take(page, f"panel-{state}")
    page.set_viewport_size(DESKTOP)
    page.goto("/dashboard/payments/list/")
    take(page, "payment-list")
    page.goto("/dashboard/payments/cases/")
    take(page, "cases")
    page.get_by_role("link", name=re.compile("加盟店管理画面で照合")).first.click()
    take(page, "case-settle", whole=False)
    page.set_viewport_size(TALL)
    page.goto("/dashboard/orders/")
    take(page, "dashboard-orders", whole=False)
    page.set_viewport_size(DESKTOP)
    page.goto("/dashboard/payments/console-list/")
    take(page, "console-list", whole=False)
    page.goto("/dashboard/payments/shipping/")
    take(page, "shipping-list", whole=False)
    page.goto("/dashboard/")
    take(page, "home")
    page.goto("/dashboard/payments/mail-texts/order_paid/")
    take(page, "mail-text")
    _batch(page, take)
    page.close()


def expired_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """What is left of them after the 60 days."""
    demo.advance(61 * 24 * 3600)
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, STAFF)
    until_listed(page, "/dashboard/payments/list/?state=expired", "期限切れ")
    page.set_viewport_size(TALL)
    for state, name in (("expired", "panel-expired"), ("gathered", "panel-over")):
        open_panel(page, demo, state)
        take(page, name)
    page.close()


def _buy(browser: Browser, demo: Demo) -> None:
    """Four orders that are authorised, then the setting as it was."""
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, CUSTOMER)
    demo.run(f"{_MODELS}A.objects.update(card_charge='authorise')")
    for number in range(5):
        to_confirmation(page, _PRODUCTS[number % len(_PRODUCTS)])
        page.get_by_label("新しいカードで支払う").check()
        fill_card(page, GOOD)
        order(page)
        page.get_by_role("heading", name="ご注文ありがとうございます").wait_for()
    demo.run(f"{_MODELS}A.objects.update(card_charge='gather')")
    page.close()


def _batch(page: Page, take: Take) -> None:
    """Two of the payments that wait are captured at once."""
    page.goto("/dashboard/payments/list/?state=authorised")
    for number in range(2):
        page.get_by_role("checkbox", name=re.compile(r"\d")).nth(number).check()
    page.get_by_role("button", name="選んだ決済を売上計上").click()
    page.get_by_role("button", name=re.compile("を売上計上する")).click()
    page.get_by_role("heading", name="進み具合").wait_for()
    while page.locator("[data-escott-batch]").count():
        page.wait_for_timeout(500)
        page.reload()
    take(page, "batch", whole=False)
