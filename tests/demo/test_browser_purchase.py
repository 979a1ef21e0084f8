"""A shopper in a browser pays ¥3,780 by card, and the shop never sees the card."""

from __future__ import annotations

import email
import re
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from escott.simulator.server import SimulatorServer
from tests.demo.conftest import dump, kept_files, problems
from tests.demo.running_shop import RunningShop
from tests.patience import wait_until

NUMBER = "4000000000001000"
#: As it may be written, with or without spaces, in a file or a form.
CARD_NUMBER = re.compile(rb"4000(?:[ +-]|%20)?0000(?:[ +-]|%20)?0000(?:[ +-]|%20)?1000")
ADDRESS = {
    "姓": "山田",
    "名": "花子",
    "セイ": "ヤマダ",
    "メイ": "ハナコ",
    "郵便番号": "100-0001",
    "市区町村": "千代田区",
    "町名・番地": "千代田1-1",
    "電話番号": "03-1234-5678",
}


def go_to_confirmation(page: Page, product: str = "綿の風呂敷") -> None:
    """Catalogue, basket, guest, address: the confirmation page."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(product)).first.click()
    page.get_by_role("button", name=re.compile("カゴに入れる")).click()
    page.goto("/checkout/")
    guest = page.locator("#guest-email")
    guest.fill("hanako@example.com")
    page.get_by_role("button", name="ゲストとして進む").click()
    for label, value in ADDRESS.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("都道府県").select_option("東京都")
    page.get_by_role("button", name="確認画面へ進む").click()
    expect(page.get_by_role("heading", name="ご注文内容の確認")).to_be_visible()


def fill_card(page: Page, number: str = NUMBER) -> None:
    """Type a card into the form."""
    page.get_by_label("カード番号").press_sequentially(number)
    page.get_by_label("有効期限（月／年）").press_sequentially("1228")
    page.get_by_label("セキュリティコード").press_sequentially("777")
    page.get_by_label("カード名義").press_sequentially("HANAKO YAMADA")


def order_number(page: Page) -> str:
    """The number on the thank-you page."""
    text = page.get_by_text(re.compile(r"ご注文番号は")).inner_text()
    found = re.search(r"\d+", text)
    assert found
    return found[0]


def order_of(shop: RunningShop, number: str) -> dict[str, Any]:
    """The order's status and total, as the shop's database has them."""
    expression = f"Order.objects.filter(number='{number}').values('status', 'total_incl_tax').get()"
    found: dict[str, Any] = shop.rows(expression)
    return found


def test_a_shopper_pays_by_card_and_the_shop_never_sees_the_number(
    page: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    complaints = problems(page)
    before = len(simulator.gateway.transactions())
    go_to_confirmation(page)
    fill_card(page)
    page.get_by_role("button", name=re.compile("注文する")).click()
    expect(page.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()

    order = order_of(shop, order_number(page))
    assert order["status"] == "処理中"
    assert float(order["total_incl_tax"]) == 3780
    [charge] = simulator.gateway.transactions()[before:]
    assert (charge.amount, charge.is_charged) == (3780, True)

    seen = [("requests", shop.requests.read_bytes()), ("database", dump(shop).encode())]
    seen += [(str(file), content) for file, content in kept_files(shop)]
    for place, content in seen:
        assert not CARD_NUMBER.search(content), f"the card number stands in {place}"
    assert b"token=" in shop.requests.read_bytes()
    assert complaints == []


def test_a_press_that_the_pages_script_does_not_take_is_told_and_paid_then(
    page: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    """The browser posts the form by itself: no card, and no token."""
    before = len(simulator.gateway.transactions())
    orders, attempts = shop.rows("Order.objects.count()"), shop.rows("CardAttempt.objects.count()")
    page.route("**/card-form*.js", lambda route: route.abort())
    go_to_confirmation(page)
    fill_card(page)
    page.get_by_role("button", name=re.compile("注文する")).click()
    alert = page.get_by_role("alert").filter(has_text="カード情報を受け取れませんでした")
    expect(alert).to_contain_text("ご請求は発生していません")
    assert "/checkout/preview/" in page.url
    assert shop.rows("Order.objects.count()") == orders
    assert shop.rows("CardAttempt.objects.count()") == attempts
    assert simulator.gateway.transactions()[before:] == []
    assert not CARD_NUMBER.search(shop.requests.read_bytes())

    page.unroute_all()
    page.goto("/checkout/preview/")
    fill_card(page)
    page.get_by_role("button", name=re.compile("注文する")).click()
    expect(page.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()
    assert len(simulator.gateway.transactions()[before:]) == 1


def test_the_order_mail_goes_out_after_payment_with_a_copy_to_the_shop(
    page: Page, shop: RunningShop
) -> None:
    go_to_confirmation(page)
    fill_card(page)
    page.get_by_role("button", name=re.compile("注文する")).click()
    expect(page.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()
    number = order_number(page)
    mails = wait_for_mails(shop, number, count=2)
    assert {"hanako@example.com", "shop@example.com"} <= {to for _text, to in mails}
    for text, _to in mails:
        assert "3,780" in text


def test_a_refused_card_is_explained_and_another_one_pays_the_same_order(
    page: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    go_to_confirmation(page)
    fill_card(page, "4000000007120001")
    page.get_by_role("button", name=re.compile("注文する")).click()
    alert = page.get_by_text(re.compile("このカードは.*ご請求は発生していません")).first
    expect(alert).to_be_visible()
    fill_card(page)
    page.get_by_role("button", name=re.compile("支払う|注文する")).click()
    expect(page.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()
    number = order_number(page)
    assert order_of(shop, number)["status"] == "処理中"
    of_order = f"Payment.objects.filter(order_reference='{number}')"
    attempts = shop.rows(f"sorted({of_order}.values_list('state', flat=True))")
    assert attempts == ["gathered", "refused"]


def test_the_back_button_and_a_reload_show_the_one_result(
    page: Page, simulator: SimulatorServer
) -> None:
    go_to_confirmation(page)
    fill_card(page)
    page.get_by_role("button", name=re.compile("注文する")).click()
    expect(page.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()
    number, charged = order_number(page), len(simulator.gateway.transactions())
    page.reload()
    assert order_number(page) == number
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()
    assert order_number(page) == number
    assert len(simulator.gateway.transactions()) == charged


def test_a_lost_answer_says_that_the_payment_is_being_checked_and_offers_no_second_try(
    page: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    before = len(simulator.gateway.charges())
    go_to_confirmation(page)
    fill_card(page, "4000000090020001")
    page.get_by_role("button", name=re.compile("注文する")).click()
    expect(page.get_by_text("お支払い状況を確認しています").first).to_be_visible()
    expect(page.get_by_label("カード番号")).to_have_count(0)
    assert len(simulator.gateway.charges()) == before + 1


def test_a_free_order_completes_without_a_charge(
    page: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    before = len(simulator.gateway.transactions())
    page.goto("/")
    page.get_by_role("link", name=re.compile("うつわの手入れ")).first.click()
    page.get_by_role("button", name=re.compile("カゴに入れる")).click()
    page.goto("/checkout/")
    page.locator("#guest-email").fill("hanako@example.com")
    page.get_by_role("button", name="ゲストとして進む").click()
    expect(page.get_by_role("heading", name="ご注文内容の確認")).to_be_visible()
    page.get_by_role("button", name=re.compile("注文する")).click()
    expect(page.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()
    assert order_of(shop, order_number(page))["status"] == "完了"
    assert len(simulator.gateway.transactions()) == before


@pytest.mark.parametrize("path", ["/", "/catalogue/", "/basket/", "/checkout/", "/accounts/login/"])
def test_no_page_scrolls_sideways_on_a_small_phone(path: str, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320


def wait_for_mails(shop: RunningShop, number: str, count: int) -> list[tuple[str, str]]:
    """The mails about an order with their recipients, once the worker has sent them."""
    found: list[tuple[str, str]] = []

    def are_there() -> bool:
        found[:] = mails_about(shop.folder / "var" / "mails", number)
        return len(found) >= count

    wait_until(are_there, f"{count} mails about order {number}")
    return found


def mails_about(folder: Path, number: str) -> list[tuple[str, str]]:
    """The texts of an order's mails with their recipients."""
    found = []
    for file in folder.glob("*") if folder.exists() else ():
        for part in file.read_bytes().split(b"-" * 79 + b"\n"):
            if not part.strip():
                continue
            message = email.message_from_bytes(part.strip(), policy=default)
            body = message.get_body(("plain",))
            text = body.get_content() if body else ""
            if number in text or number in str(message["Subject"]):
                found.append((text, str(message["To"])))
    return found
