"""The dashboard's first page and the audit log, as the 店長 sees them in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from shop.seed.accounts import MANAGER
from tests.axe import violations
from tests.demo.checkout import expect_thanks, go_to_confirmation, order
from tests.demo.running_shop import RunningShop
from tests.demo.signing_in import sign_in

SIZES: list[ViewportSize] = [
    {"width": 320, "height": 640},
    {"width": 390, "height": 844},
    {"width": 1280, "height": 800},
]


@pytest.fixture(params=SIZES, ids=lambda size: str(size["width"]))
def manager(request: pytest.FixtureRequest, page: Page, shop: RunningShop) -> Page:
    page.set_viewport_size(request.param)
    sign_in(page, shop, MANAGER[0])
    return page


def fits(page: Page) -> bool:
    """Nothing is cut off at the side."""
    too_wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return too_wide <= 0


def against_our_part(page: Page) -> list[str]:
    """What axe-core has against the payments; the rest of the page is Oscar's own."""
    return violations(page, within=".eh")


def test_the_home_page_can_be_read_by_everybody_and_switched_by_keyboard(manager: Page) -> None:
    manager.goto("/dashboard/")
    expect(manager.get_by_role("heading", name="本日の決済")).to_be_visible()
    expect(manager.locator("meta[http-equiv=refresh]")).to_have_count(0)
    assert against_our_part(manager) == []
    assert fits(manager)

    manager.get_by_role("link", name="注文日別").focus()
    manager.keyboard.press("Enter")
    manager.wait_for_url("**/dashboard/?sales=orders#escott-sales")
    expect(manager.get_by_role("link", name="注文日別")).to_have_attribute("aria-current", "true")
    table = manager.get_by_role("table", name="最近30日の売上計上額")
    expect(table).to_be_hidden()
    manager.get_by_text("表で見る").focus()
    manager.keyboard.press("Enter")
    expect(table.get_by_role("row")).to_have_count(31)
    table.locator("td").evaluate_all(
        "cells => cells.forEach(cell => { cell.textContent = '¥12,345,678 (123件)'; })"
    )
    assert against_our_part(manager) == []
    assert fits(manager)


def test_a_purchase_raises_a_bar_and_a_sum(page: Page, shop: RunningShop) -> None:
    go_to_confirmation(page)
    order(page)
    expect_thanks(page)
    sign_in(page, shop, MANAGER[0])

    page.goto("/dashboard/")

    sold = page.locator(".eh-tile", has_text="本日の売上計上額").locator(".eh-figure")
    expect(sold).to_contain_text("¥")
    expect(sold).not_to_contain_text("¥0 ")
    bars = page.locator(".eh-bars rect")
    expect(bars.last).to_be_visible()
    box = bars.last.bounding_box()
    assert box is not None
    assert box["height"] > 1


def test_the_audit_log_can_be_read_by_everybody(manager: Page) -> None:
    manager.goto("/dashboard/payments/audit/?text=nobody")
    expect(manager.get_by_text("条件に合う記録はありません。")).to_be_visible()
    expect(manager.get_by_label("担当者")).to_be_visible()
    assert violations(manager) == []
    assert fits(manager)
