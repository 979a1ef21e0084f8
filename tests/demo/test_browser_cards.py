"""Saved cards and 支払回数 at the checkout of the running shop, and when the method is offered."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from escott.simulator.server import SimulatorServer
from tests.demo.checkout import (
    BOOK,
    BOOK_PRICE,
    FRICTIONLESS,
    expect_thanks,
    fill_card,
    go_to_confirmation,
    go_to_confirmation_signed_in,
    new_customer,
    order,
    press_order,
)
from tests.demo.conftest import problems
from tests.demo.running_shop import RunningShop

AMEX = "370000000001000"
DINERS = "36000000001006"
JCB = "3530000000001001"


@pytest.fixture
def customer(page: Page, shop: RunningShop) -> Page:
    """The browser of a customer who has saved no card yet."""
    new_customer(page, shop)
    return page


def save_card(page: Page, number: str = "4000000000001000") -> None:
    """Pay with a card and have it saved."""
    go_to_confirmation_signed_in(page)
    page.get_by_label("このカードを登録する").check()
    order(page, number)
    expect_thanks(page)


# -- saved cards ---------------------------------------------------------------------------


def test_a_card_is_saved_on_wish_and_pays_the_next_order_without_being_typed(
    customer: Page, simulator: SimulatorServer, charged: Callable[[], list[int]]
) -> None:
    complaints = problems(customer)
    save_card(customer)
    expect(customer.get_by_text("カードを登録しました")).to_be_visible()
    go_to_confirmation_signed_in(customer)
    expect(customer.get_by_label("登録済みカードで支払う")).to_be_checked()
    expect(customer.get_by_text("VISA •••• 1000", exact=True)).to_be_visible()
    expect(customer.get_by_text("12/28")).to_be_visible()
    expect(customer.get_by_label("カード番号")).to_be_hidden()
    press_order(customer)
    expect_thanks(customer)
    assert charged() == [BOOK_PRICE] * 2
    first, second = simulator.gateway.charges()[-2:]
    assert (bool(first.kaiin_id), bool(second.kaiin_id)) == (False, True)
    assert complaints == []


def test_without_the_wish_no_card_is_saved(customer: Page) -> None:
    go_to_confirmation_signed_in(customer)
    order(customer)
    expect_thanks(customer)
    expect(customer.get_by_text("カードを登録しました")).to_have_count(0)
    go_to_confirmation_signed_in(customer)
    expect(customer.get_by_label("登録済みカードで支払う")).to_have_count(0)


def test_by_setting_every_customers_card_is_saved_and_the_page_says_so(
    customer: Page, configure: Callable[..., None]
) -> None:
    configure(always_saves_card=True)
    go_to_confirmation_signed_in(customer)
    expect(customer.get_by_label("このカードを登録する")).to_have_count(0)
    expect(customer.get_by_text("お支払いの完了後にカードを登録します")).to_be_visible()
    order(customer)
    expect_thanks(customer)
    go_to_confirmation_signed_in(customer)
    expect(customer.get_by_text("VISA •••• 1000", exact=True)).to_be_visible()


def test_a_guest_is_not_offered_to_save_a_card(page: Page) -> None:
    go_to_confirmation(page, BOOK)
    expect(page.get_by_label("カード番号")).to_be_visible()
    expect(page.get_by_label("このカードを登録する")).to_have_count(0)


def test_a_new_card_pays_and_takes_the_place_of_the_saved_one(
    customer: Page, charged: Callable[[], list[int]]
) -> None:
    save_card(customer)
    go_to_confirmation_signed_in(customer)
    customer.get_by_label("新しいカードで支払う").check()
    customer.get_by_label("登録済みカードをこのカードに変更する").check()
    order(customer, FRICTIONLESS)
    expect_thanks(customer)
    go_to_confirmation_signed_in(customer)
    expect(customer.get_by_text("Mastercard •••• 1006", exact=True)).to_be_visible()
    expect(customer.get_by_text("•••• 1000")).to_have_count(0)
    assert charged() == [BOOK_PRICE] * 2


def test_a_new_card_may_pay_once_and_the_saved_one_stays(customer: Page) -> None:
    save_card(customer)
    go_to_confirmation_signed_in(customer)
    customer.get_by_label("新しいカードで支払う").check()
    order(customer, FRICTIONLESS)
    expect_thanks(customer)
    go_to_confirmation_signed_in(customer)
    expect(customer.get_by_text("VISA •••• 1000", exact=True)).to_be_visible()


def test_a_declined_card_is_not_saved(customer: Page) -> None:
    go_to_confirmation_signed_in(customer)
    customer.get_by_label("このカードを登録する").check()
    order(customer, "4000000007120001")
    expect(
        customer.get_by_role("alert").filter(has_text="ご請求は発生していません")
    ).to_be_visible()
    expect(customer.get_by_label("登録済みカードで支払う")).to_have_count(0)


# -- 支払回数 ----------------------------------------------------------------------------------

_BONUS = "ボーナス一括払い"
_COUNTED = [f"{count}回払い" for count in (3, 5, 6, 10, 12, 15, 18, 20, 24)]
_EVERYTHING = ["一括払い", "2回払い", *_COUNTED, "リボ払い", _BONUS]

#: The manual's table: number, security code, what is offered, what is chosen, its PayType.
BRANDS = {
    "visa": ("4000000000001000", "777", _EVERYTHING, "2回払い", "02"),
    "mastercard": (FRICTIONLESS, "777", _EVERYTHING, "24回払い", "24"),
    "jcb": (JCB, "777", _EVERYTHING, "リボ払い", "88"),
    "amex": (AMEX, "7777", ["一括払い", *_COUNTED, _BONUS], "3回払い", "03"),
    "diners": (DINERS, "777", ["一括払い", "リボ払い", _BONUS], _BONUS, "80"),
}


def offered(page: Page) -> list[str]:
    return page.get_by_label("支払回数").locator("option").all_inner_texts()


@pytest.mark.parametrize("brand", BRANDS)
def test_the_number_tells_the_brand_which_tells_what_can_be_chosen_and_is_charged(
    brand: str, page: Page, configure: Callable[..., None], simulator: SimulatorServer
) -> None:
    number, code, offers, choice, pay_type = BRANDS[brand]
    configure(instalments="bonus")
    go_to_confirmation(page, BOOK)
    expect(page.get_by_text("先にカード番号を入力してください")).to_be_visible()
    assert offered(page) == ["一括払い"]
    fill_card(page, number, code)
    assert offered(page) == offers
    expect(page.get_by_text("先にカード番号を入力してください")).to_have_count(0)
    page.get_by_label("支払回数").select_option(choice)
    press_order(page)
    expect_thanks(page)
    expect(page.get_by_text(f"（{choice}）").or_(page.get_by_text(f"({choice})"))).to_be_visible()
    assert simulator.gateway.charges()[-1].pay_type == pay_type


def test_without_bonus_in_the_settings_it_is_not_offered(
    page: Page, configure: Callable[..., None]
) -> None:
    configure(instalments="instalments")
    go_to_confirmation(page, BOOK)
    fill_card(page)
    assert offered(page) == _EVERYTHING[:-1]


def test_where_only_one_payment_is_set_nothing_is_asked(page: Page) -> None:
    go_to_confirmation(page, BOOK)
    fill_card(page)
    expect(page.get_by_label("支払回数")).to_have_count(0)
    press_order(page)
    expect_thanks(page)
    expect(page.get_by_text("一括払い")).to_be_visible()


@pytest.mark.parametrize(
    ("number", "code", "pay_type"), [(AMEX, "7777", "02"), (DINERS, "777", "24")]
)
def test_what_a_brand_does_not_take_is_refused_by_the_server_whatever_the_browser_posts(
    number: str,
    code: str,
    pay_type: str,
    page: Page,
    configure: Callable[..., None],
    shop: RunningShop,
    charged: Callable[[], list[int]],
) -> None:
    configure(instalments="bonus")
    orders = shop.rows("Order.objects.count()")
    go_to_confirmation(page, BOOK)
    fill_card(page, number, code)
    page.get_by_label("支払回数").evaluate(
        "(select, value) => { select.options[0].value = value; }", pay_type
    )
    press_order(page)
    alert = page.get_by_role("alert").filter(has_text="お選びいただいた支払回数は")
    expect(alert).to_be_visible()
    assert "/checkout/preview/" in page.url
    assert (charged(), shop.rows("Order.objects.count()")) == ([], orders)
    fill_card(page, number, code)
    press_order(page)
    expect_thanks(page)
    assert charged() == [BOOK_PRICE]


def test_the_brand_of_the_saved_card_decides_on_what_is_offered_for_it(
    customer: Page, configure: Callable[..., None], simulator: SimulatorServer
) -> None:
    configure(instalments="bonus")
    save_card(customer, DINERS)
    go_to_confirmation_signed_in(customer)
    assert offered(customer) == BRANDS["diners"][2]
    customer.get_by_label("新しいカードで支払う").check()
    assert offered(customer) == ["一括払い"]
    customer.get_by_label("登録済みカードで支払う").check()
    customer.get_by_label("支払回数").select_option("リボ払い")
    press_order(customer)
    expect_thanks(customer)
    expect(customer.get_by_text(re.compile("リボ払い"))).to_be_visible()
    assert simulator.gateway.charges()[-1].pay_type == "88"


# -- the method ----------------------------------------------------------------------------


def test_the_test_marker_is_on_the_form_and_on_the_thank_you_page(page: Page) -> None:
    go_to_confirmation(page, BOOK)
    marker = page.locator("form").get_by_text("テストモードで稼働中、実際の請求は行われません")
    expect(marker).to_be_visible()
    order(page)
    expect_thanks(page)
    expect(page.locator("main").get_by_text(re.compile("テストモード"))).to_be_visible()


#: Each setting without which the method is not offered.
INCOMPLETE: list[dict[str, str | bool]] = [
    {"merchant_id": ""},
    {"token_code": ""},
    {"secure_use": ""},
    {"card_enabled": False},
    {"currency": "USD"},
    {"seller_country": "US"},
    {"mode": "production"},
]


def test_while_a_setting_is_missing_the_method_is_hidden(
    page: Page, configure: Callable[..., dict[str, str | bool]]
) -> None:
    go_to_confirmation(page, BOOK)
    for missing in INCOMPLETE:
        before = configure(**missing)
        page.reload()
        alert = page.get_by_role("alert").filter(has_text="お支払いを受け付けることができません")
        expect(alert).to_be_visible()
        expect(page.get_by_label("カード番号")).to_have_count(0)
        expect(page.get_by_role("button", name=re.compile("注文する"))).to_have_count(0)
        configure(**before)
    page.reload()
    expect(page.get_by_label("カード番号")).to_be_visible()
