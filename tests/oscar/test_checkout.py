"""From the basket to the paid order (requirements.md A054, A118; part 4, law and custom)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model

from escott.django.models import MerchantAccount, Payment
from escott.oscar.payable import total_of
from escott.rules.order_status import OrderStatus
from escott.rules.yen import NotYen
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import CUSTOMER
from tests.oscar.conftest import Shopper, the_order


def test_a_guest_orders_and_the_order_is_paid(shopper: Shopper, simulator: SimulatorServer) -> None:
    answer = shopper.buys()

    assert answer.status_code == 303
    assert answer.url.startswith("/checkout/thank-you/")
    assert the_order().status == "処理中"
    [transaction] = simulator.gateway.charges()
    assert transaction.amount == 3780
    payment = Payment.objects.get()
    assert (payment.order_reference, payment.amount) == (the_order().number, 3780)
    assert transaction.merchant_free1 == payment.transaction_code


def test_the_thank_you_page_names_the_order_and_its_address(shopper: Shopper) -> None:
    page = shopper.client.get(shopper.buys().url).content.decode()

    assert "ご注文ありがとうございます" in page
    assert the_order().number in page
    assert "千代田1-1" in page


def test_a_customer_orders_to_an_address_of_the_book(shopper: Shopper) -> None:
    shopper.signs_in(*CUSTOMER)
    shopper.puts_in_basket("furoshiki")
    shopper.client.get("/checkout/")
    [address] = get_model("address", "UserAddress").objects.all()
    shopper.client.post(
        "/checkout/shipping-address/", {"action": "ship_to", "address_id": address.pk}, follow=True
    )

    shopper.orders(shopper.confirms())

    order = the_order()
    assert order.status == "処理中"
    assert order.user.email == CUSTOMER[0]
    assert str(order.shipping_address.kana_name) == "ヤマダ タロウ"
    assert Payment.objects.get().customer == order.user


def test_the_final_page_says_what_the_law_asks_for(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation().content.decode()

    for text in (
        "合計（税込）",
        "¥3,780",
        "ご注文時に決済",
        "3営業日以内に発送",
        "返品",
        "注文する",
    ):
        assert text in page


def test_a_small_order_pays_for_shipping(shopper: Shopper, simulator: SimulatorServer) -> None:
    shopper.buys("yunomi")

    assert the_order().total_incl_tax == 1980 + 550
    assert [charge.amount for charge in simulator.gateway.charges()] == [2530]


def test_paid_digital_goods_complete_the_order_where_the_shop_wants_it(shopper: Shopper) -> None:
    shopper.buys("wallpapers")

    assert the_order().status == "完了"
    assert the_order().shipping_address is None


def test_authorised_digital_goods_are_in_process_all_the_same(shopper: Shopper) -> None:
    MerchantAccount.objects.update(card_charge="authorise")

    shopper.buys("wallpapers")

    assert the_order().status == "処理中"


def test_a_free_order_completes_without_a_charge(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page = shopper.goes_to_confirmation("care-booklet")

    answer = shopper.client.post(page.context["order_url"])

    assert answer.url.startswith("/checkout/thank-you/")
    assert the_order().status == "完了"
    assert not Payment.objects.exists()
    assert simulator.gateway.charges() == []


def test_a_free_order_is_in_process_where_the_shop_wants_that(shopper: Shopper) -> None:
    MerchantAccount.objects.update(order_status=OrderStatus.PROCESSING)
    page = shopper.goes_to_confirmation("care-booklet")

    shopper.client.post(page.context["order_url"])

    assert the_order().status == "処理中"


def test_an_order_that_changed_in_another_tab_is_shown_again_first(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page = shopper.goes_to_confirmation()
    shopper.puts_in_basket("apron")

    answer = shopper.orders(page)

    assert answer.status_code == 200
    assert "ご注文内容が変わりました" in answer.content.decode()
    assert "¥10,380" in answer.content.decode()
    assert simulator.gateway.charges() == []


def test_without_a_token_nothing_is_ordered(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()

    answer = shopper.client.post(page.context["order_url"])

    assert answer.status_code == 200
    assert not get_model("order", "Order").objects.exists()


def test_a_shop_that_is_not_set_up_takes_no_order(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()
    MerchantAccount.objects.update(card_enabled=False)

    answer = shopper.orders(page)

    assert answer.status_code == 200
    assert "ご請求は発生していません" in answer.content.decode()
    assert not get_model("order", "Order").objects.exists()
    assert "受け付けることができません" in shopper.confirms().content.decode()


def test_goods_that_ran_out_meanwhile_are_not_ordered(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()
    stock = get_model("partner", "StockRecord").objects.filter(partner_sku="furoshiki")
    stock.update(num_in_stock=5, num_allocated=4)

    assert shopper.orders(page).status_code == 303
    assert stock.get().num_allocated == 5


@pytest.mark.parametrize("total", [Decimal("3780.50"), Decimal("-1"), 3780.0, 3780])
def test_a_total_that_is_not_whole_yen_is_refused(total: Any) -> None:
    order = get_model("order", "Order")(total_incl_tax=total)

    with pytest.raises(NotYen):
        total_of(order)
