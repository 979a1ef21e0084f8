"""A007 in the browser: one GA4 purchase in dataLayer, whatever the shopper does with the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.demo.checkout import expect_thanks, order_number
from tests.demo.conftest import problems
from tests.demo.payment_pages import to_payment_page, to_thank_you_page


@pytest.fixture(autouse=True)
def _without_3d_secure(configure: Callable[..., None]) -> None:
    configure(secure_use="dont_use")


def purchases(page: Page) -> list[dict[str, Any]]:
    """The purchase events of the page that is shown."""
    page.wait_for_load_state("load")
    found: list[dict[str, Any]] = page.evaluate(
        "(window.dataLayer || []).filter((entry) => entry.event === 'purchase')"
    )
    return found


def test_a_purchase_is_pushed_once_however_often_the_page_is_loaded(
    page: Page, browser: Browser
) -> None:
    complaints = problems(page)
    to_thank_you_page(page)
    [event] = purchases(page)
    sold = event["ecommerce"]
    assert sold["transaction_id"] == order_number(page)
    assert (sold["value"], sold["currency"]) == (3780, "JPY")
    [item] = sold["items"]
    assert item["item_id"] == "furoshiki"
    assert item["item_name"].startswith("綿の風呂敷")
    assert (item["price"], item["quantity"]) == (3780, 1)

    page.reload()
    assert purchases(page) == []
    second_tab = page.context.new_page()
    second_tab.goto(page.url)
    assert purchases(second_tab) == []
    page.goto("/")
    page.go_back()
    expect_thanks(page)
    assert purchases(page) == []
    stranger = browser.new_context(locale="ja-JP").new_page()
    stranger.goto(page.url)
    assert purchases(stranger) == []
    stranger.context.close()
    assert complaints == []


def test_it_joins_what_a_tag_manager_has_put_there(page: Page) -> None:
    page.add_init_script("window.dataLayer = [{ event: 'gtm.js' }];")
    to_thank_you_page(page)
    page.wait_for_load_state("load")
    events = page.evaluate("window.dataLayer.map((entry) => entry.event)")
    assert events == ["gtm.js", "purchase"]


def test_an_order_that_is_not_paid_is_no_purchase(page: Page) -> None:
    to_payment_page(page)
    assert purchases(page) == []
