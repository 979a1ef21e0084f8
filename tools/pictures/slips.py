"""Online collection: its settings, slips in every state, notices, and the simulator's side."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize

from tools.pictures.running_demo import Demo
from tools.pictures.taking import DESKTOP, Take
from tools.pictures.walks import (
    CUSTOMER,
    SLIP,
    STAFF,
    log_in,
    open_panel,
    order,
    order_by_slip,
    to_choice,
    until_listed,
)

#: From the head of the settings to the table of fees.
_DOWN_TO_THE_FEES: Final[ViewportSize] = {"width": 1280, "height": 2040}
#: After which a slip has lapsed: the days to pay, and those of grace.
_LAPSED: Final = timedelta(days=11)


def slip_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """From the settings to the deposit. Leaves a slip that is unpaid."""
    staff = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(staff, STAFF)
    _settings(staff, take)
    shopper = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(shopper, CUSTOMER)
    _buy_and_pay(shopper, take)
    order_by_slip(shopper, "朱泥の急須")
    _notice_address(staff, take)
    _cancel(staff, demo, take)
    _buy(shopper, take)
    shopper.close()
    for state in ("deposited", "unpaid"):
        open_panel(staff, demo, state)
        take(staff, f"panel-{state}")
    _change(staff, take)
    _forge(browser, demo, take)
    until_listed(staff, "/dashboard/payments/notices/", "不一致")
    take(staff, "notices", whole=False)
    staff.close()


def lapsed_pictures(browser: Browser, demo: Demo, take: Take) -> None:
    """The slip that nobody has paid, once its days are over."""
    demo.advance(int(_LAPSED.total_seconds()))
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, STAFF)
    until_listed(page, "/dashboard/payments/list/?state=lapsed", "期限切れ")
    open_panel(page, demo, "lapsed")
    take(page, "panel-lapsed")
    page.close()


def _settings(staff: Page, take: Take) -> None:
    staff.goto("/dashboard/payments/collection/")
    staff.get_by_label("合計金額で確かめる").fill("3780")
    staff.get_by_text("お支払い金額 ¥4,110").wait_for()
    staff.set_viewport_size(_DOWN_TO_THE_FEES)
    staff.evaluate("window.scrollTo(0, 0)")
    take(staff, "settings-collection", whole=False)
    staff.set_viewport_size(DESKTOP)


def _buy_and_pay(shopper: Page, take: Take) -> None:
    """At the till of the simulated Lawson. The notice of it comes twice, as it may."""
    order_by_slip(shopper, "湯のみ")
    shopper.get_by_role("button", name="ローソン").click()
    shopper.get_by_role("link", name="レジで支払う").click()
    shopper.get_by_text("入金通知に起こすこと").click()
    take(shopper, "simulator-till")
    shopper.get_by_label("2通届く").check()
    shopper.get_by_role("button", name="この内容で実行する").click()
    shopper.get_by_text("支払いました。").wait_for()


def _cancel(staff: Page, demo: Demo, take: Take) -> None:
    open_panel(staff, demo, "unpaid")
    for button in ("取消", "取消を実行する"):
        staff.get_by_role("button", name=button, exact=True).click()
    staff.get_by_text("削除が完了しました").wait_for()
    open_panel(staff, demo, "deleted")
    take(staff, "panel-deleted")


def _notice_address(staff: Page, take: Take) -> None:
    """The address to register, below which the last notice stands."""
    staff.goto("/dashboard/payments/collection/")
    staff.locator("#notice-address").scroll_into_view_if_needed()
    take(staff, "settings-notice-url", whole=False)


def _buy(shopper: Page, take: Take) -> None:
    """As far as the page that waits for the deposit."""
    to_choice(shopper, "綿の風呂敷")
    shopper.get_by_role("radio", name=re.compile(SLIP)).check()
    take(shopper, "shop-methods", whole=False)
    shopper.get_by_role("button", name="次へ進む").click()
    shopper.get_by_role("heading", name="ご注文内容の確認").wait_for()
    order(shopper)
    shopper.get_by_role("button", name="ローソン").wait_for()
    take(shopper, "simulator-slip")
    shopper.get_by_role("link", name="ショップに戻る").click()
    shopper.get_by_role("heading", name="お支払いをお待ちしています").wait_for()
    take(shopper, "shop-slip")


def _change(staff: Page, take: Take) -> None:
    """From the panel to the confirmation, and no further."""
    staff.get_by_role("button", name="変更", exact=True).click()
    staff.get_by_label("新しい合計金額").fill("3610")
    staff.get_by_label("新しい支払期限").fill("2026-04-15")
    staff.get_by_role("button", name="確認へ進む").click()
    staff.get_by_role("button", name="変更を実行する").wait_for()
    take(staff, "panel-slip-change", whole=False)


def _forge(browser: Browser, demo: Demo, take: Take) -> None:
    """A notice of a deposit that there never was, from the simulator's console."""
    console = browser.new_page(base_url=demo.gateway, viewport=DESKTOP, locale="ja-JP")
    console.goto("/merchant/deposits")
    console.get_by_role("row", name=re.compile("未入金")).first.get_by_role("link").first.click()
    console.get_by_text("入金通知に起こすこと").click()
    console.get_by_label("HashCd が違う（偽造）").check()
    console.get_by_role("button", name="入金通知を送る").click()
    console.get_by_text("通知を送りました。").wait_for()
    console.goto("/merchant/deposits")
    take(console, "simulator-deposits")
    console.close()
