"""What staff see of orders, saved cards and settings, and what the simulator shows."""

from __future__ import annotations

import re

from playwright.sync_api import Browser

from tools.pictures.running_demo import Demo
from tools.pictures.taking import DESKTOP, LOW, TALL, Take
from tools.pictures.walks import (
    CUSTOMER,
    STAFF,
    WITHOUT_CHALLENGE,
    fill_card,
    log_in,
    order,
    to_confirmation,
)


def staff_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """What staff see, once the worker has found that it cannot tell."""
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, STAFF)
    page.goto("/dashboard/orders/")
    page.get_by_role("row", name=re.compile("エラー|与信売上計上")).last.get_by_role(
        "link"
    ).first.click()
    page.get_by_role("link", name="決済情報").click()
    page.locator("#escott section").first.wait_for()
    page.wait_for_timeout(500)  # the tab fades in
    take(page, "dashboard-payment")
    demo.advance(60)
    page.goto("/admin/escott/payment/?needs_attention__exact=1")
    while not page.get_by_role("row", name=re.compile("結果不明")).count():
        page.wait_for_timeout(300)
        page.reload()
    page.goto("/admin/escott/operation/")
    page.get_by_role("link", name="照合する").click()
    page.get_by_label("記録がある（処理されている）").check()
    page.locator("[name=note]").fill("与信売上計上を確認")
    take(page, "admin-settle", whole=False)
    page.close()


def saved_card_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """A card is registered and pays an order; staff look whether it may be deleted."""
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, CUSTOMER)
    page.goto("/accounts/saved-card/")
    fill_card(page, WITHOUT_CHALLENGE)
    consent = page.get_by_label("個人情報の取り扱いに同意")
    if consent.count():
        consent.check()
    page.get_by_role("button", name=re.compile("カードを(登録|変更)する")).click()
    page.get_by_text(re.compile("カードを(登録|変更)しました")).wait_for()
    take(page, "account-card")
    to_confirmation(page, "湯のみ")
    order(page)
    page.get_by_role("heading", name="ご注文ありがとうございます").wait_for()
    page.close()
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, STAFF)
    page.goto("/dashboard/users/")
    page.get_by_role("link", name=CUSTOMER[0]).first.click()
    page.get_by_role("link", name="登録済みカードを見る").click()
    take(page, "dashboard-card", whole=False)
    page.get_by_role("link", name="削除").first.click()
    take(page, "dashboard-card-delete", whole=False)
    page.close()


def settings_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """What staff see of 決済."""
    page = browser.new_page(base_url=demo.shop, viewport=TALL, locale="ja-JP")
    log_in(page, STAFF)
    page.set_viewport_size(LOW)
    page.goto("/dashboard/payments/")
    take(page, "settings-methods", whole=False)
    page.set_viewport_size(TALL)
    page.goto("/dashboard/payments/card/")
    take(page, "settings-card", whole=False)
    page.close()


def gateway_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """What the simulator shows."""
    page = browser.new_page(base_url=demo.gateway, viewport=DESKTOP, locale="ja-JP")
    page.goto("/merchant/")
    take(page, "simulator-console", whole=False)
    page.goto("/")
    take(page, "simulator-cards", whole=False)
    page.close()
