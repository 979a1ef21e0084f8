"""What a shopper does in the demo shop, from the catalogue to the thank-you page."""

from __future__ import annotations

import re
from itertools import count
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.demo.http_shopper import ADDRESS, PRODUCT
from tests.demo.running_shop import RunningShop
from tests.demo.signing_in import sign_in

#: VISA, with a challenge where 3-D Secure is on.
NUMBER: Final = "4000000000001000"
#: Mastercard, which is authenticated without a challenge.
FRICTIONLESS: Final = "5100000000001006"
DECLINED: Final = "4000000007120001"

#: Goods that need no shipping, ¥980: the short way to the confirmation page.
BOOK: Final = "wrapping-guide"
BOOK_PRICE: Final = 980

_customers: Final = count(1)


def put_in_basket(page: Page, product: str) -> None:
    """Have goods in the visitor's basket, by their slug."""
    found = re.search(rf"/catalogue/{product}_(\d+)/", page.request.get("/").text())
    assert found, f"{product} is not on the front page"
    page.request.get(found[0])
    _send(page, f"/basket/add/{found[1]}/", {"quantity": "1"})


def _send(page: Page, path: str, form: dict[str, str]) -> None:
    """Post a form of the shop with the browser's cookies, without showing a page."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    fields = {"csrfmiddlewaretoken": cookies["csrftoken"], **form}
    answer = page.request.post(path, form=fields, max_redirects=0)  # type: ignore[arg-type]
    assert answer.status == 302, answer.text()


def go_to_confirmation(page: Page, product: str = PRODUCT) -> None:
    """The confirmation page of a guest, address and all."""
    begin_checkout(page, product)
    page.goto("/checkout/preview/")
    expect_confirmation(page)


def begin_checkout(page: Page, product: str = PRODUCT) -> None:
    """A guest has goods in the basket and has said where they go; the browser shows nothing yet.

    The way there is walked in test_browser_purchase.py.
    """
    put_in_basket(page, product)
    _send(page, "/checkout/", {"username": "hanako@example.com", "options": "anonymous"})
    if product != BOOK:
        _send(page, "/checkout/shipping-address/", ADDRESS)


def go_to_confirmation_signed_in(page: Page) -> None:
    """The same for a customer, with goods that need no address."""
    put_in_basket(page, BOOK)
    page.goto("/checkout/preview/")
    expect_confirmation(page)


def expect_confirmation(page: Page) -> None:
    """The confirmation page is there as a whole, its scripts as well."""
    expect(page.get_by_role("heading", name="ご注文内容の確認")).to_be_visible()
    page.wait_for_load_state()


def new_customer(page: Page, shop: RunningShop) -> str:
    """Sign the browser in as a customer whom the shop has never seen; the customer's address."""
    email = f"customer{next(_customers)}@example.com"
    shop.rows(f"User.objects.create(username={email!r}, email={email!r}).pk")
    sign_in(page, shop, email)
    return email


def fill_card(page: Page, number: str = NUMBER, code: str = "777") -> None:
    """Type a card into the form, and agree where that is asked for."""
    page.get_by_label("カード番号").press_sequentially(number)
    page.get_by_label("有効期限（月／年）").press_sequentially("1228")
    page.get_by_label("セキュリティコード").press_sequentially(code)
    page.get_by_label("カード名義").fill("HANAKO YAMADA")
    agree(page)


def agree(page: Page) -> None:
    """Tick the box of the consent text, if there is one on the whole page."""
    page.wait_for_load_state()
    box = page.get_by_label("個人情報の取り扱いに同意")
    if box.count():
        box.check()


def press_order(page: Page) -> None:
    """注文する on the confirmation page, 支払う on the page of a placed order."""
    page.get_by_role("button", name=re.compile("注文する|支払う|進む")).click()


def order(page: Page, number: str = NUMBER) -> None:
    """Fill in the card and press the button."""
    fill_card(page, number)
    press_order(page)


def expect_thanks(page: Page) -> None:
    """The order is paid, and the page says so."""
    expect(page.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()


def order_number(page: Page) -> str:
    """The number on the thank-you page, or on the page of a placed order."""
    text = page.get_by_text(re.compile(r"ご注文番号")).first.inner_text()
    found = re.search(r"\d+", text)
    assert found
    return found[0]


def order_of(shop: RunningShop, number: str) -> dict[str, Any]:
    """The order's status and total, as the shop's database has them."""
    expression = f"Order.objects.filter(number='{number}').values('status', 'total_incl_tax').get()"
    found: dict[str, Any] = shop.rows(expression)
    return found
