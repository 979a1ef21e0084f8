"""What a shopper does in the demo shop, from the catalogue to the thank-you page."""

from __future__ import annotations

import re
from itertools import count
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.demo.running_shop import RunningShop

#: VISA, with a challenge where 3-D Secure is on.
NUMBER: Final = "4000000000001000"
#: Mastercard, which is authenticated without a challenge.
FRICTIONLESS: Final = "5100000000001006"
DECLINED: Final = "4000000007120001"

#: Goods that need no shipping, ¥980: the short way to the confirmation page.
BOOK: Final = "図解ブック"
BOOK_PRICE: Final = 980

ADDRESS: Final = {
    "姓": "山田",
    "名": "花子",
    "セイ": "ヤマダ",
    "メイ": "ハナコ",
    "郵便番号": "100-0001",
    "市区町村": "千代田区",
    "町名・番地": "千代田1-1",
    "電話番号": "03-1234-5678",
}

_customers: Final = count(1)


def put_in_basket(page: Page, product: str) -> None:
    """From the front page to the basket."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(product)).first.click()
    page.get_by_role("button", name=re.compile("カゴに入れる")).click()
    page.wait_for_load_state()


def go_to_confirmation(page: Page, product: str = "綿の風呂敷") -> None:
    """Catalogue, basket, guest, address: the confirmation page."""
    put_in_basket(page, product)
    page.goto("/checkout/")
    page.locator("#guest-email").fill("hanako@example.com")
    page.get_by_role("button", name="ゲストとして進む").click()
    if product != BOOK:
        for label, value in ADDRESS.items():
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_label("都道府県").select_option("東京都")
        page.get_by_role("button", name="確認画面へ進む").click()
    expect_confirmation(page)


def go_to_confirmation_signed_in(page: Page) -> None:
    """The same for a customer, with goods that need no address."""
    put_in_basket(page, BOOK)
    page.goto("/checkout/")
    expect_confirmation(page)


def expect_confirmation(page: Page) -> None:
    """The confirmation page is there as a whole, its scripts as well."""
    expect(page.get_by_role("heading", name="ご注文内容の確認")).to_be_visible()
    page.wait_for_load_state()


def new_customer(page: Page, shop: RunningShop) -> str:
    """Sign the browser in as a customer whom the shop has never seen; the customer's address."""
    email = f"customer{next(_customers)}@example.com"
    session = shop.rows(
        f"(lambda client: (client.force_login(User.objects.create(username={email!r}, "
        f"email={email!r})), client.cookies['sessionid'].value)[1])(Client())"
    )
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": shop.base_url}])
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
