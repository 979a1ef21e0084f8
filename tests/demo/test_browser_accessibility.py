"""Everybody can pay: axe-core finds nothing against WCAG 2.2 AA, at a desk and by phone.

The settings pages of the dashboard are looked at in test_browser_settings.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from shop.seed.accounts import CUSTOMER
from tests.demo.checkout import fill_card, go_to_confirmation
from tests.demo.payment_pages import (
    to_checking_page,
    to_payment_page,
    to_thank_you_page,
    to_trip,
)
from tests.demo.running_shop import RunningShop
from tests.demo.signing_in import sign_in

Check: TypeAlias = Callable[[Page], None]
Configure: TypeAlias = Callable[..., None]

PHONE: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"], autouse=True)
def _size(request: pytest.FixtureRequest, page: Page, configure: Configure) -> None:
    page.set_viewport_size(request.param)
    configure(secure_use="dont_use")


def test_the_checkout_from_the_first_page_to_the_confirmation(
    page: Page, accessible: Check
) -> None:
    go_to_confirmation(page)
    accessible(page)
    for path in ("/checkout/", "/checkout/shipping-address/"):
        page.goto(path)
        accessible(page)


def test_an_address_with_mistakes(page: Page, accessible: Check) -> None:
    go_to_confirmation(page)
    page.goto("/checkout/shipping-address/")
    page.get_by_label("郵便番号").fill("1")
    page.locator("form").evaluate_all("forms => forms.forEach(form => { form.noValidate = true; })")
    page.get_by_role("button", name="確認画面へ進む").click()
    accessible(page)


def test_a_card_with_mistakes(page: Page, accessible: Check) -> None:
    go_to_confirmation(page)
    fill_card(page, "4000000000001001")
    page.locator("[data-escott=pay]").click()
    expect(page.locator("#escott-number-error")).to_be_visible()
    accessible(page)


def test_the_card_form_with_all_its_choices(
    page: Page, configure: Configure, accessible: Check
) -> None:
    configure(saves_cards=True, secure_use="use", instalments="bonus")
    go_to_confirmation(page)
    fill_card(page)
    accessible(page)


def test_the_account_page_on_which_a_card_is_saved(
    page: Page, shop: RunningShop, configure: Configure, accessible: Check
) -> None:
    configure(saves_cards=True)
    sign_in(page, shop, CUSTOMER[0])
    page.goto("/accounts/saved-card/")
    expect(page.get_by_label("カード番号")).to_be_visible()
    accessible(page)


def test_the_card_form_without_the_gateways_script(page: Page, accessible: Check) -> None:
    page.route("**/CdGetJavaScript.do**", lambda route: route.abort())
    go_to_confirmation(page)
    expect(page.locator("[data-escott=stopped]")).to_be_visible()
    accessible(page)


def test_the_payment_page_after_a_refusal(page: Page, accessible: Check) -> None:
    to_payment_page(page)
    accessible(page)


def test_the_payment_page_while_the_result_is_checked(page: Page, accessible: Check) -> None:
    to_checking_page(page)
    accessible(page)


def test_the_thank_you_page(page: Page, accessible: Check) -> None:
    to_thank_you_page(page)
    accessible(page)


def test_the_page_from_which_the_browser_leaves_for_the_gateway(
    page: Page, configure: Configure, accessible: Check
) -> None:
    to_trip(page, configure)
    accessible(page)


def test_the_page_of_a_return_that_nobody_expected(page: Page, accessible: Check) -> None:
    page.goto("/escott/back/?EncryptValue=nonsense")
    accessible(page)


@pytest.mark.parametrize(
    "path", ["/accounts/orders/", "/accounts/addresses/", "/accounts/profile/"]
)
def test_the_account(path: str, page: Page, shop: RunningShop, accessible: Check) -> None:
    sign_in(page, shop, CUSTOMER[0])
    page.goto(path)
    accessible(page)
