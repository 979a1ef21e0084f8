"""決済情報 in a browser: the dialog of an order's page, and what the shop's rows say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.axe import violations
from tests.demo.running_shop import RunningShop

PHONE: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 800}

#: In a table by state and button, the beginning of what may be pressed; else it says why not.
LEADS_TO = "→ "

#: Signs the browser in as somebody with these permissions.
SignIn = Callable[..., Page]


def open_dialog(page: Page, payment: dict[str, Any], name: str = "決済情報") -> Locator:
    """From the order's page to the panel of its payment."""
    page.goto(f"/dashboard/orders/{payment['order']}/#escott")
    page.get_by_role("button", name="決済情報を開く").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_accessible_name(name)
    return dialog


def expect_said(dialog: Locator, text: str) -> None:
    """It is shown, and a screen reader is told."""
    expect(dialog.get_by_role("status")).to_contain_text(text)
    expect(dialog.locator(".ep").get_by_text(text).first).to_be_visible()


def button(inside: Locator, name: str) -> Locator:
    """The button of that very name."""
    return inside.get_by_role("button", name=name, exact=True)


def presses_of(table: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """State, button and the state that it leads to, of what such a table allows."""
    return [
        (state, name, then.removeprefix(LEADS_TO))
        for state, row in table.items()
        for name, then in row.items()
        if then.startswith(LEADS_TO)
    ]


def expect_buttons(dialog: Locator, row: Mapping[str, str]) -> None:
    """Each button can be pressed, or says why it can't, and a press changes nothing."""
    for name, then in row.items():
        found = button(dialog, name)
        if then.startswith(LEADS_TO):
            expect(found).to_be_enabled()
            continue
        expect(found).to_be_disabled()
        expect(found).to_have_accessible_description(re.compile(then))
        found.click(force=True)
    expect(dialog.get_by_role("heading", name="操作")).to_be_visible()


def look(page: Page) -> None:
    """At what is shown now: axe finds nothing, and nothing scrolls sideways."""
    assert violations(page) == []
    widths = "[document.documentElement, document.querySelector('dialog')]"
    wider = f"{widths}.some((box) => box && box.scrollWidth > box.clientWidth)"
    assert not page.evaluate(wider)


def state_of(shop: RunningShop, payment: dict[str, Any]) -> dict[str, Any]:
    """State and amount, as the shop's row has them."""
    found: dict[str, Any] = shop.rows(
        f"Payment.objects.filter(pk={payment['pk']}).values('state', 'amount').get()"
    )
    return found


def operations_of(shop: RunningShop, payment: dict[str, Any]) -> int:
    """How many operations the payment has."""
    count: int = shop.rows(f"Operation.objects.filter(payment={payment['pk']}).count()")
    return count
