"""Refused, not sent, unknown: what the order becomes, and what its payment page offers."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from escott.django.models import Payment
from escott.django.services import settle
from escott.django.services.announce import announce
from escott.oscar.order_moves import move_order
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.oscar.conftest import Order, Shopper, the_order

DECLINED = "4000000007120001"  # G12
LOST_AFTER = "4000000090020001"


def test_a_refusal_leaves_an_order_that_can_be_paid(shopper: Shopper) -> None:
    answer = shopper.buys(card=DECLINED)

    assert answer.url.startswith("/checkout/pay/")
    assert the_order().status == "失敗"
    page = shopper.client.get(answer.url).content.decode()
    assert "ご請求は発生していません" in page
    assert "data-escott-card-form" in page


def test_a_refused_order_is_paid_on_its_payment_page(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    refused = shopper.buys(card=DECLINED)

    answer = shopper.pays(refused.url)

    assert answer.url.startswith("/checkout/thank-you/")
    assert the_order().status == "処理中"
    assert len(simulator.gateway.charges()) == 1
    assert [payment.state for payment in Payment.objects.order_by("pk")] == ["refused", "gathered"]


def test_a_paid_order_is_not_paid_again(shopper: Shopper, simulator: SimulatorServer) -> None:
    refused = shopper.buys(card=DECLINED)
    shopper.pays(refused.url)

    again = shopper.pays(refused.url)

    assert again.url.startswith("/checkout/thank-you/")
    assert len(simulator.gateway.charges()) == 1


def test_whoever_holds_the_link_may_pay(shopper: Shopper, new_shopper: Any) -> None:
    refused = shopper.buys(card=DECLINED)

    new_shopper().pays(refused.url)

    assert the_order().status == "処理中"


def test_an_unknown_result_is_being_checked_and_cannot_be_paid(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    answer = shopper.buys(card=LOST_AFTER)

    assert the_order().status == "支払い待ち"
    page = shopper.client.get(answer.url).content.decode()
    assert "お支払い状況を確認しています" in page
    assert "data-escott-card-form" not in page
    shopper.pays(answer.url)
    assert len(simulator.gateway.charges()) == 1


def test_the_waiting_page_is_told_when_the_result_is_known(shopper: Shopper) -> None:
    answer = shopper.buys(card=LOST_AFTER)
    assert shopper.client.get(f"{answer.url}state/").json()["result"] == "checking"

    Payment.objects.update(state="gathered")

    told = shopper.client.get(f"{answer.url}state/").json()
    assert told["result"] == "paid"
    assert told["url"].startswith("/checkout/thank-you/")


def test_a_gateway_that_is_away_charges_nothing_and_may_be_tried_again(
    shopper: Shopper, settings: Any, simulator: SimulatorServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{port}"}

    answer = shopper.buys()

    page = shopper.client.get(answer.url).content.decode()
    assert the_order().status == "支払い待ち"
    assert "接続できません" in page
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": simulator.base_url}
    assert shopper.pays(answer.url).url.startswith("/checkout/thank-you/")


def test_a_shop_that_is_too_busy_says_so(shopper: Shopper, settings: Any) -> None:
    settings.ESCOTT = settings.ESCOTT | {"MAX_GATEWAY_CALLS": 0}

    answer = shopper.buys()

    assert "混み合っています" in shopper.client.get(answer.url).content.decode()


def test_a_cancelled_order_is_closed(shopper: Shopper) -> None:
    refused = shopper.buys(card=DECLINED)
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.FAILED])

    page = shopper.client.get(refused.url).content.decode()

    assert "このご注文は終了しています" in page
    assert "data-escott-card-form" not in page
    assert shopper.pays(refused.url).url == refused.url
    assert Payment.objects.count() == 1


def test_a_payment_that_comes_for_a_cancelled_order_raises_an_alert(shopper: Shopper) -> None:
    shopper.buys(card=LOST_AFTER)
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.AWAITING_PAYMENT])

    settle(Payment.objects.get().operations.get().pk, done=True, note="found in the console")

    order = Order.objects.get()
    assert order.status == "キャンセル"
    assert order.notes.filter(message__contains="キャンセル・払い戻しの注文にお支払い").count() == 1
    assert attention_of(Payment.objects.get()) == "order_closed"


def test_a_signal_that_comes_again_changes_nothing(shopper: Shopper) -> None:
    shopper.buys()
    payment = Payment.objects.get()
    payment.announce_due_at = payment.created_at
    payment.save()

    assert announce(payment)

    assert the_order().status_changes.count() == 1
    assert the_order().notes.count() == 1


def test_a_late_refusal_does_not_fail_a_paid_order(shopper: Shopper) -> None:
    shopper.pays(shopper.buys(card=DECLINED).url)
    refused = Payment.objects.order_by("pk").first()
    assert refused is not None
    refused.announce_due_at = refused.created_at
    refused.save()

    assert announce(refused)

    assert the_order().status == "処理中"


@pytest.mark.parametrize("reference", ["100001", "100001:forged", "x"])
def test_a_forged_link_finds_no_order(shopper: Shopper, reference: str) -> None:
    shopper.buys(card=DECLINED)

    assert shopper.client.get(f"/checkout/pay/{reference}/").status_code == 404
    assert shopper.client.get(f"/checkout/thank-you/{reference}/").status_code == 404
