"""What a shopper sees, and the two pages away from the shop."""

from __future__ import annotations

import re

from playwright.sync_api import Browser

from tools.pictures.running_demo import Demo
from tools.pictures.taking import DESKTOP, PHONE, TALL, Take
from tools.pictures.walks import (
    CUSTOMER,
    DECLINED,
    GOOD,
    LOST,
    fill_card,
    log_in,
    order,
    to_confirmation,
)


def shop_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """What a shopper sees."""
    page = browser.new_page(base_url=demo.shop, viewport=TALL, locale="ja-JP")
    page.goto("/")
    page.wait_for_load_state("networkidle")
    take(page, "shop-front", whole=False)
    page.set_viewport_size(DESKTOP)
    log_in(page, CUSTOMER)
    to_confirmation(page)
    fill_card(page, GOOD)
    page.locator(".es-section--pay").scroll_into_view_if_needed()
    take(page, "shop-card", whole=False)
    take(page, "shop-confirm")
    order(page)
    page.get_by_role("heading", name="ご注文ありがとうございます").wait_for()
    take(page, "shop-thanks")
    to_confirmation(page, "湯のみ")
    fill_card(page, DECLINED)
    order(page)
    page.get_by_text(re.compile("ご請求は発生していません")).first.wait_for()
    take(page, "shop-refused")
    to_confirmation(page, "朱泥の急須")
    fill_card(page, LOST)
    order(page)
    page.get_by_text("お支払い状況を確認しています").first.wait_for()
    take(page, "shop-checking", whole=False)
    page.close()


def phone_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """The same shop in a hand."""
    page = browser.new_page(
        base_url=demo.shop, viewport=PHONE, device_scale_factor=2, locale="ja-JP", has_touch=True
    )
    log_in(page, CUSTOMER)
    to_confirmation(page)
    fill_card(page, GOOD)
    page.get_by_label("カード番号").scroll_into_view_if_needed()
    take(page, "phone-confirm", whole=False)
    page.close()


def trip_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """Instalments and consent on the shop's page, then the two pages away from the shop."""
    page = browser.new_page(base_url=demo.shop, viewport=TALL, locale="ja-JP")
    page.goto("/")
    settings = "from escott.django.models import MerchantAccount as A; A.objects.update"
    demo.run(f"{settings}(secure_use='use', instalments='bonus')")
    log_in(page, CUSTOMER)
    to_confirmation(page, "図解ブック")
    fill_card(page, GOOD)
    page.get_by_label("支払回数").select_option("03")
    page.get_by_label("個人情報の取り扱いに同意").check()
    page.locator(".es-section--pay").scroll_into_view_if_needed()
    take(page, "shop-choices", whole=False)
    order(page)
    page.get_by_role("heading", name="シミュレーターの本人認証画面").wait_for()
    page.set_viewport_size(DESKTOP)
    take(page, "simulator-secure", whole=False)
    demo.run(f"{settings}(connection='link')")
    to_confirmation(page, "図解ブック")
    page.get_by_label("個人情報の取り扱いに同意").check()
    page.get_by_role("button", name=re.compile("注文する|カード決済画面")).click()
    page.get_by_label("カード番号").wait_for()
    take(page, "simulator-hosted", whole=False)
    demo.run(f"{settings}(connection='token', secure_use='dont_use', instalments='lump_sum')")
    page.close()
