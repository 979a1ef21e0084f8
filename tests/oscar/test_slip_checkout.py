"""注文する by slip: one order 保留中 with its fee, one slip, and on to where it is paid.

Rows A065 and A119 of requirements.md.
"""

from __future__ import annotations

import html
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections
from django.test import Client

from escott.clock import JST, SettableClock
from escott.django.days import day_in_words
from escott.django.models import CollectionAccount, FeeRow, Mail, Operation, Payment
from escott.oscar.links import payment_page_url
from escott.oscar.order_fee import FEE_CODE, fee_in
from escott.rules.due_dates import due_date
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.konbini import (
    CHOICE,
    PAYER,
    at_the_gateway,
    buys_by_slip,
    chooses,
    goes_to_slip_confirmation,
    offer_collection,
    orders_by_slip,
    pays_by_slip,
    the_payment,
    the_slip,
)


@pytest.fixture(autouse=True)
def _offered(shop: None) -> None:
    offer_collection()


def shown(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def totals() -> tuple[int, int, list[int]]:
    """The order's total, what its payment asks for, and the fees among its surcharges."""
    order = the_order()
    fees = order.surcharges.filter(code=FEE_CODE).values_list("incl_tax", flat=True)
    live = Payment.objects.filter(live=True).first()
    return int(order.total_incl_tax), live.amount if live else 0, [int(fee) for fee in fees]


# ---- the confirmation page ----


def test_the_confirmation_names_the_fee_the_total_and_the_last_day(shopper: Shopper) -> None:
    page = shown(goes_to_slip_confirmation(shopper))
    last_day = day_in_words(due_date(datetime.now(JST), 7))
    for words in (
        "決済手数料",
        "¥330",
        "¥4,110",
        "今日ご注文の場合のお支払い期限",
        f"{last_day} 23:59まで",
        "コンビニ・Pay-easy・電子マネーでの前払い",
        "注文する（¥4,110）",
        "送料・決済手数料を含みます",
        "山田　花子",
    ):
        assert words in page, words
    assert "ご注文時に決済" not in page
    assert "data-escott-card-form" not in page


def test_the_fee_is_added_once_however_often_the_page_is_shown(shopper: Shopper) -> None:
    goes_to_slip_confirmation(shopper)
    for _look in range(3):
        page = shopper.confirms()
    assert page.context["amount"] == 4110


def test_shipping_belongs_to_the_total_that_the_fee_is_of(shopper: Shopper) -> None:
    page = goes_to_slip_confirmation(shopper, "yunomi")
    assert page.context["amount"] == 1980 + 550 + 330


def test_choosing_the_card_after_all_takes_the_fee_off(shopper: Shopper) -> None:
    goes_to_slip_confirmation(shopper)
    chooses(shopper, "card")
    page = shopper.confirms()
    assert page.context["amount"] == 3780
    assert page.context["surcharges"] is None


def test_the_basket_knows_no_fee(shopper: Shopper) -> None:
    goes_to_slip_confirmation(shopper)
    assert "決済手数料" not in shown(shopper.client.get("/basket/"))


def test_the_form_may_lead_to_the_page_of_the_slip_and_nowhere_else(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page = goes_to_slip_confirmation(shopper)
    policy = page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {simulator.base_url}" in policy.split("; ")
    assert "script-src 'self'" in policy.split("; ")
    chooses(shopper, "card")
    assert "form-action 'self'" in shopper.confirms().headers["Content-Security-Policy"].split("; ")


# ---- 注文する ----


def test_the_order_waits_on_hold_and_the_shopper_goes_on_to_where_it_is_paid(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    answer = buys_by_slip(shopper)

    order, slip = the_order(), the_slip()
    assert order.status == "保留中"
    assert totals() == (4110, 4110, [330])
    assert (slip.fee, slip.payment.state) == (330, "unpaid")
    [surcharge] = order.surcharges.all()
    assert surcharge.name == "決済手数料"
    assert answer.status_code == 303
    where = urlsplit(answer.url)
    assert where.path == "/JLPCT/JLPcon"
    assert parse_qs(where.query) == {"code": [slip.link_code], "rkbn": ["1"]}
    assert at_the_gateway(simulator).amount == 4110


def test_the_slip_says_who_pays_for_what_and_leads_back(
    shopper: Shopper, simulator: SimulatorServer, settings: Any
) -> None:
    buys_by_slip(shopper)

    slip = at_the_gateway(simulator)
    assert (slip.name, slip.kana, slip.telephone) == ("山田　花子", "ヤマダ　ハナコ", "0312345678")
    assert slip.product == "綿の風呂敷　七宝（約１０５ｃｍ）"
    assert slip.return_url == settings.ESCOTT["SITE_URL"] + payment_page_url(the_order())
    assert len(slip.return_url) <= 128


def test_an_address_that_is_too_long_to_lead_back_to_stops_no_order(
    shopper: Shopper, simulator: SimulatorServer, settings: Any
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": f"https://{'long.' * 20}example.com"}
    buys_by_slip(shopper)
    assert at_the_gateway(simulator).return_url == ""


def test_goods_without_an_address_are_paid_by_who_was_typed(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    buys_by_slip(shopper, "wrapping-guide", name="佐藤 次郎", kana="さとう じろう")
    slip = at_the_gateway(simulator)
    assert (slip.name, slip.kana, slip.telephone) == ("佐藤　次郎", "サトウ　ジロウ", "0312345678")
    assert totals() == (980, 980, [])


def test_several_goods_are_named_with_the_first(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    shopper.puts_in_basket("hashi")
    buys_by_slip(shopper)
    assert at_the_gateway(simulator).product.endswith("他")


def test_a_fee_that_staff_have_changed_meanwhile_is_shown_first(shopper: Shopper) -> None:
    page = goes_to_slip_confirmation(shopper)
    FeeRow.objects.filter(from_total=1101).update(fee=440)

    answer = orders_by_slip(shopper, page)

    assert "ご注文内容が変わりました" in shown(answer)
    assert "¥4,220" in shown(answer)
    assert not Order.objects.exists()


def test_a_method_that_was_chosen_in_another_tab_is_shown_first(shopper: Shopper) -> None:
    page = goes_to_slip_confirmation(shopper)
    chooses(shopper, "card")

    assert "ご注文内容が変わりました" in shown(orders_by_slip(shopper, page))
    assert not Order.objects.exists()


def test_a_payer_who_was_changed_in_another_tab_is_shown_first(shopper: Shopper) -> None:
    page = goes_to_slip_confirmation(shopper, "wallpapers")
    chooses(shopper, **{**PAYER, "name": "佐藤 次郎"})

    answer = shown(orders_by_slip(shopper, page))
    assert "ご注文内容が変わりました" in answer
    assert "佐藤　次郎" in answer


def test_at_midnight_the_new_last_day_is_shown_first(
    shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = goes_to_slip_confirmation(shopper)
    tomorrow = SettableClock(datetime.now(JST) + timedelta(days=1))
    monkeypatch.setattr("escott.oscar.payment_methods.the_clock", lambda: tomorrow)

    answer = orders_by_slip(shopper, page)

    assert "ご注文内容が変わりました" in shown(answer)
    assert day_in_words(due_date(tomorrow.now(), 7)) in shown(answer)


# ---- pressed twice ----


def test_the_same_post_again_shows_how_the_one_slip_is_paid(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page = goes_to_slip_confirmation(shopper)
    orders_by_slip(shopper, page)

    second = orders_by_slip(shopper, page)

    assert second.url == payment_page_url(the_order())
    assert at_the_gateway(simulator).kessai_number in shown(shopper.client.get(second.url))
    assert Payment.objects.count() == 1
    assert shopper.confirms().url == second.url, "the back button"


@pytest.mark.parametrize("presses", [2, 8])
def test_simultaneous_presses_make_one_order_and_one_slip(
    shopper: Shopper, simulator: SimulatorServer, presses: int
) -> None:
    page = goes_to_slip_confirmation(shopper)
    together = threading.Barrier(presses)

    def press(_number: int) -> Any:
        client = Client()
        client.cookies = shopper.client.cookies
        together.wait()
        try:
            return client.post(page.context["order_url"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(presses) as pool:
        answers = list(pool.map(press, range(presses)))

    assert Order.objects.count() == Payment.objects.count() == 1
    assert at_the_gateway(simulator).amount == 4110
    assert totals() == (4110, 4110, [330])
    assert {answer.status_code for answer in answers} <= {302, 303}


@pytest.mark.parametrize("presses", [2, 4])
def test_simultaneous_presses_on_the_payment_page_register_one_slip(
    shopper: Shopper, simulator: SimulatorServer, presses: int
) -> None:
    page_url = shopper.buys(card="4000000007120001").url
    tabs = [
        shopper.client.get(f"{page_url}?method=collection").context["slip_form"]
        for _tab in range(presses)
    ]
    together = threading.Barrier(presses)

    def press(form: Any) -> Any:
        client = Client()
        client.cookies = shopper.client.cookies
        posted = {"method": "collection", "amount": form.method.amount, "press": form.press}
        together.wait()
        try:
            return client.post(page_url, posted)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(presses) as pool:
        answers = list(pool.map(press, tabs))

    assert {answer.status_code for answer in answers} == {303}
    assert at_the_gateway(simulator).amount == 4110
    assert totals() == (4110, 4110, [330])


def test_a_card_and_a_slip_at_once_leave_one_payment_and_its_total(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page_url = shopper.buys(card="4000000007120001").url
    form = shopper.client.get(f"{page_url}?method=collection").context["slip_form"]
    by_slip = {"method": "collection", "amount": form.method.amount, "press": form.press}
    by_card = {"token": shopper.token_for("4000000000001000"), "amount": 3780}
    together = threading.Barrier(2)

    def press(posted: dict[str, Any]) -> Any:
        client = Client()
        client.cookies = shopper.client.cookies
        together.wait()
        try:
            return client.post(page_url, posted)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, [by_slip, by_card]))

    assert {answer.status_code for answer in answers} == {303}
    live = Payment.objects.get(live=True)
    fees = [330] if live.method == "collection" else []
    assert totals() == (3780 + sum(fees), live.amount, fees)
    assert live.amount == 3780 + sum(fees)


# ---- what the gateway makes of it ----


def test_a_refused_registration_leaves_the_order_to_be_paid_again(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    simulator.gateway.collection.trouble("2Add", "K23")
    answer = buys_by_slip(shopper, "yunomi")

    assert answer.url == payment_page_url(the_order())
    assert the_order().status == "失敗"
    assert totals() == (2530, 0, [])
    page = shown(shopper.client.get(answer.url))
    assert "払込番号を発行できませんでした。ご請求は発生していません。" in page
    assert "カード" in page
    shopper.pays(answer.url)
    assert the_order().status == "処理中"
    assert [charge.amount for charge in simulator.gateway.charges()] == [2530]


def test_a_reading_that_the_gateway_does_not_take_is_asked_for_again(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    simulator.gateway.collection.trouble("2Add", "K52")
    answer = buys_by_slip(shopper)

    page = shown(shopper.client.get(answer.url))
    assert "フリガナを受け付けられませんでした" in page
    assert 'value="山田 花子"' in page, "filled in for the order's own shopper"
    stranger = Client()
    assert "山田" not in shown(stranger.get(answer.url)), "and for nobody else"

    again = pays_by_slip(shopper, answer.url, **PAYER)

    assert urlsplit(again.url).path == "/JLPCT/JLPcon"
    assert at_the_gateway(simulator).kana == "ヤマダ　ハナコ"
    assert totals() == (4110, 4110, [330])
    assert the_order().status == "保留中"


@pytest.mark.parametrize("trouble", ["lost_after", "lost_before", "hangs_after", "html", "half"])
def test_a_lost_registration_is_made_anew_under_another_code(
    shopper: Shopper, simulator: SimulatorServer, trouble: str
) -> None:
    simulator.gateway.collection.trouble("2Add", trouble)
    answer = buys_by_slip(shopper)

    assert answer.url == payment_page_url(the_order())
    assert the_order().status == "保留中"
    assert the_payment().state == "lost"
    assert totals() == (3780, 0, [])
    page = shown(shopper.client.get(answer.url))
    assert "通信が途中で切れたため、払込番号をお受け取りできませんでした" in page
    assert "JLPcon" not in page

    again = pays_by_slip(shopper, answer.url)

    assert urlsplit(again.url).path == "/JLPCT/JLPcon"
    assert len(set(Payment.objects.values_list("transaction_code", flat=True))) == 2
    assert totals() == (4110, 4110, [330])
    assert Order.objects.count() == 1


def _slip_post(shopper: Shopper, page_url: str) -> dict[str, Any]:
    form = shopper.client.get(f"{page_url}?method=collection").context["slip_form"]
    return {"method": "collection", "amount": form.method.amount, "press": form.press}


def test_a_gateway_that_cannot_be_reached_registers_nothing(
    shopper: Shopper, simulator: SimulatorServer, settings: Any
) -> None:
    page = goes_to_slip_confirmation(shopper)
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": "http://127.0.0.1:9"}
    answer = orders_by_slip(shopper, page)
    assert the_payment().state == "not_sent"
    assert totals() == (3780, 0, [])
    assert the_order().status == "保留中"

    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": simulator.base_url}
    pays_by_slip(shopper, answer.url)

    assert totals() == (4110, 4110, [330])
    assert at_the_gateway(simulator).amount == 4110


def test_a_press_that_is_posted_again_after_a_loss_asks_nobody_again(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page_url = shopper.buys(card="4000000007120001").url
    posted = _slip_post(shopper, page_url)
    simulator.gateway.collection.trouble("2Add", "lost_after")
    shopper.client.post(page_url, posted)
    assert Operation.objects.filter(kind="register").count() == 1

    shopper.client.post(page_url, posted)

    assert Operation.objects.filter(kind="register").count() == 1
    assert totals() == (3780, 0, [])


def test_a_total_that_changed_since_the_page_was_shown_registers_nothing(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page_url = shopper.buys(card="4000000007120001").url
    posted = _slip_post(shopper, page_url) | {"amount": 3780}
    assert "お支払い金額が変わりました" in shown(shopper.client.post(page_url, posted))
    assert simulator.gateway.collection.slips() == []


def test_a_slip_that_is_offered_no_more_leaves_the_page_as_it_is_offered_now(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page_url = shopper.buys(card="4000000007120001").url
    posted = _slip_post(shopper, page_url)
    CollectionAccount.objects.update(enabled=False)

    answer = shopper.client.post(page_url, posted)

    assert answer.url == page_url
    assert simulator.gateway.collection.slips() == []


def test_the_purchase_is_never_reported_from_the_browser(shopper: Shopper) -> None:
    buys_by_slip(shopper)
    page = shopper.client.get("/checkout/thank-you/", follow=True)
    assert "escott-purchase" not in shown(page)
    assert not the_order().analytics_tracked


def test_the_mail_says_how_to_pay(shopper: Shopper) -> None:
    buys_by_slip(shopper)
    assert list(Mail.objects.values_list("kind", flat=True)) == ["slip_registered"]


def test_an_order_that_costs_nothing_has_no_fee(shopper: Shopper) -> None:
    shopper.puts_in_basket("furoshiki")
    shopper.goes_as_guest()
    shopper.client.get("/checkout/shipping-address/", follow=True)
    shopper.gives_address()
    chooses(shopper)
    shopper.client.post("/basket/", {})
    other = Shopper(shopper.token_for)
    other.puts_in_basket("care-booklet")
    other.goes_as_guest()
    other.client.get("/checkout/shipping-address/", follow=True)
    assert other.client.get(CHOICE).status_code == 302
    other.client.post(other.confirms().context["order_url"])
    assert fee_in(the_order()) == 0
    assert the_order().status == "完了"
