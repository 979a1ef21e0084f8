"""A shopper in a browser orders, and pays at the simulated Lawson, or does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from escott.clock import SharedClock
from escott.simulator.server import SimulatorServer
from tests.demo.checkout import BOOK, DECLINED, expect_thanks, order
from tests.demo.conftest import NOW, problems
from tests.demo.konbini import (
    TITLE,
    WAY_ON,
    back_to_shop,
    choose_card,
    choose_konbini,
    expect_gateway,
    number_of_last_order,
    order_by_slip,
    page_of,
    pay_at_lawson,
    press_order,
    stands,
    to_choice,
)
from tests.demo.running_shop import RunningShop
from tests.patience import PATIENCE
from tests.seeded_shop import SeededShop

PHONE: ViewportSize = {"width": 320, "height": 640}


def offer(shop: RunningShop, simulator: SimulatorServer) -> None:
    """Checkout offers the slip, and the gateway tells the shop of deposits."""
    shop.rows("CollectionAccount.objects.update(enabled=True)")
    simulator.gateway.collection.register_notice_url(f"{shop.base_url}/?wc-api=wc_sonypayment")


@pytest.fixture(autouse=True)
def _offered(shop: RunningShop, simulator: SimulatorServer) -> Iterator[None]:
    offer(shop, simulator)
    yield
    shop.rows("CollectionAccount.objects.update(enabled=False)")
    simulator.gateway.collection.register_notice_url("")


def test_an_order_with_its_fee_is_paid_at_lawson(page: Page, shop: RunningShop) -> None:
    complaints = problems(page)
    to_choice(page)
    expect(page.get_by_text("決済手数料: ¥330（税込）")).to_be_visible()
    choose_konbini(page)
    expect(page.get_by_role("row", name=re.compile("決済手数料.*¥330"))).to_be_visible()
    expect(page.get_by_text("2026年4月8日（水） 23:59まで").first).to_be_visible()
    press_order(page)
    number = number_of_last_order(shop)
    assert stands(shop, number) == {
        "status": "保留中",
        "total": 4110,
        "fees": [330],
        "payments": ["unpaid"],
    }
    back_to_shop(page)
    expect(page.get_by_text("¥4,110").first).to_be_visible()
    expect(page.get_by_text("2026年4月8日（水） 23:59まで")).to_be_visible()

    page.get_by_role("link", name=WAY_ON).click()
    pay_at_lawson(page)
    shop.wait_until(f"Order.objects.get(number='{number}').status == '処理中'")

    page.goto(page_of(shop, number))
    expect_thanks(page)
    expect(page.get_by_text("ローソン")).to_be_visible()
    assert complaints == []


def test_the_page_of_the_order_goes_on_by_itself_once_the_deposit_is_known(
    page: Page, shop: RunningShop, browser: Browser
) -> None:
    order_by_slip(page)
    number = number_of_last_order(shop)
    at_the_till = page.context.new_page()
    at_the_till.goto(page.url)
    back_to_shop(page)

    pay_at_lawson(at_the_till)

    expect_thanks(page)
    assert stands(shop, number)["status"] == "処理中"


def test_digital_goods_ask_who_pays_and_are_completed(page: Page, shop: RunningShop) -> None:
    to_choice(page, BOOK)
    name = page.get_by_label("お名前")
    expect(name).to_be_hidden()
    page.get_by_role("radio", name=re.compile(TITLE)).check()
    expect(name).to_be_visible()
    choose_konbini(page)
    press_order(page)
    number = number_of_last_order(shop)
    pay_at_lawson(page)
    shop.wait_until(f"Order.objects.get(number='{number}').status == '完了'")
    assert stands(shop, number)["fees"] == []


def test_a_payer_with_mistakes_is_asked_again(page: Page) -> None:
    to_choice(page, BOOK)
    page.get_by_role("radio", name=re.compile(TITLE)).check()
    page.get_by_label("フリガナ").fill("山田")
    page.get_by_role("button", name="次へ進む").click()
    expect(page.get_by_text("ひらがなまたはカタカナでご入力ください")).to_be_visible()
    choose_konbini(page)


def test_the_card_is_as_near_as_before(page: Page, shop: RunningShop) -> None:
    to_choice(page)
    choose_card(page)
    order(page)
    expect_thanks(page)
    assert stands(shop, number_of_last_order(shop))["fees"] == []


def test_a_refused_card_becomes_a_slip_on_the_same_page(page: Page, shop: RunningShop) -> None:
    to_choice(page)
    choose_card(page)
    order(page, DECLINED)
    expect(page.get_by_role("alert").filter(has_text="ご請求は発生していません")).to_be_visible()
    number = number_of_last_order(shop)
    assert stands(shop, number)["status"] == "失敗"
    page.get_by_role("link", name=re.compile(TITLE)).click()
    page.get_by_role("button", name="この方法で支払う（¥4,110）").click()
    expect_gateway(page)
    assert stands(shop, number) == {
        "status": "保留中",
        "total": 4110,
        "fees": [330],
        "payments": ["unpaid", "refused"],
    }
    pay_at_lawson(page)
    shop.wait_until(f"Order.objects.get(number='{number}').status == '処理中'")


def test_a_slip_is_given_up_for_a_card(page: Page, shop: RunningShop) -> None:
    order_by_slip(page)
    number = number_of_last_order(shop)
    back_to_shop(page)
    page.get_by_role("link", name="別のお支払い方法に変更する").click()
    page.get_by_role("button", name="払込番号を取り消して、お支払い方法を選び直す").click()
    expect(page.get_by_text("以前の払込番号は取り消されました")).to_be_visible()
    order(page)
    expect_thanks(page)
    assert stands(shop, number) == {
        "status": "処理中",
        "total": 3780,
        "fees": [],
        "payments": ["gathered", "deleted"],
    }


def test_the_back_button_and_a_double_click_make_one_slip(
    page: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    before = len(simulator.gateway.collection.slips())
    to_choice(page)
    choose_konbini(page)
    page.get_by_role("button", name=re.compile("注文する")).dblclick()
    expect_gateway(page)
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="お支払いをお待ちしています")).to_be_visible()
    assert len(simulator.gateway.collection.slips()) == before + 1


# ---- for everybody ----


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_every_page_can_be_used_by_everybody(
    page: Page, size: ViewportSize, accessible: Callable[[Page], None], shop: RunningShop
) -> None:
    page.set_viewport_size(size)

    def look() -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url

    to_choice(page, BOOK)
    page.get_by_role("radio", name=re.compile(TITLE)).check()
    look()
    page.get_by_role("button", name="次へ進む").click()
    expect(page.get_by_text("入力してください。").first).to_be_visible()
    look()
    choose_konbini(page)
    look()
    press_order(page)
    back_to_shop(page)
    look()
    number = number_of_last_order(shop)
    page.goto("/checkout/thank-you/")
    look()
    page.goto(page_of(shop, number))
    page.get_by_role("link", name="別のお支払い方法に変更する").click()
    look()
    page.get_by_role("button", name="払込番号を取り消して、お支払い方法を選び直す").click()
    expect(page.get_by_text("以前の払込番号は取り消されました")).to_be_visible()
    look()
    page.get_by_role("link", name=re.compile(TITLE)).click()
    look()


def test_without_javascript_the_slip_is_ordered_too(browser: Browser, shop: RunningShop) -> None:
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    order_by_slip(page, BOOK)
    assert stands(shop, number_of_last_order(shop))["status"] == "保留中"
    context.close()


# ---- not paid in time ----


@pytest.fixture
def later_shop(
    tmp_path: Path, seeded: SeededShop
) -> Iterator[tuple[RunningShop, SimulatorServer, SharedClock]]:
    """A shop whose clock runs ahead, and nobody else's with it."""
    clock = SharedClock(tmp_path / "clock.json")
    clock.set(NOW)
    with SimulatorServer(clock=clock) as simulator:
        environment = {"SHOP_CLOCK_FILE": str(clock.path)}
        gateway = simulator.base_url.replace("127.0.0.1", "localhost")
        with RunningShop(tmp_path / "shop", seeded, gateway, environment) as shop:
            offer(shop, simulator)
            yield shop, simulator, clock


def test_a_slip_that_nobody_pays_cancels_its_order_and_its_goods_are_back(
    later_shop: tuple[RunningShop, SimulatorServer, SharedClock], browser: Browser
) -> None:
    shop, _simulator, clock = later_shop
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    stock = "get_model('partner', 'StockRecord').objects.get(partner_sku='furoshiki').num_allocated"
    order_by_slip(page)
    number = number_of_last_order(shop)
    assert shop.rows(stock) == 1

    clock.advance(timedelta(days=11))
    shop.wait_until(f"Order.objects.get(number='{number}').status == 'キャンセル'")

    assert shop.rows(stock) == 0
    page.goto(page_of(shop, number))
    expect(page.get_by_text("ご入金を確認できなかったため、ご注文はキャンセル")).to_be_visible()
    assert WAY_ON not in page.content()
    context.close()
