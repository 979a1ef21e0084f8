"""A double click, a reload, two tabs and the back button: one order, one charge, one result."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from oscar.core.loading import get_model

from escott.django.models import Payment
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Order, Shopper


def test_the_same_post_again_shows_the_first_result(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page = shopper.goes_to_confirmation()
    first = shopper.orders(page)

    second = shopper.orders(page)

    assert second.url == first.url
    assert Order.objects.count() == Payment.objects.count() == 1
    assert len(simulator.gateway.charges()) == 1


def test_the_back_button_shows_the_result_and_not_the_form(shopper: Shopper) -> None:
    answer = shopper.buys()

    assert shopper.confirms().url == answer.url


def test_the_forms_own_address_answers_with_the_result(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()
    answer = shopper.orders(page)

    assert shopper.client.get(page.context["order_url"]).url == answer.url


def test_a_second_tab_with_a_new_basket_still_sees_the_first_order(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    old_tab = shopper.goes_to_confirmation()
    answer = shopper.orders(old_tab)
    shopper.goes_to_confirmation("kyusu")

    assert shopper.orders(old_tab).url == answer.url
    assert len(simulator.gateway.charges()) == 1


def test_a_forged_confirmation_orders_nothing(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()

    answer = shopper.client.post(page.context["order_url"] + "x", {"token": "t"})

    assert answer.status_code == 200
    assert not Order.objects.exists()


@pytest.mark.parametrize("presses", [2, 8])
def test_simultaneous_presses_make_one_order_and_one_charge(
    shopper: Shopper, simulator: SimulatorServer, presses: int
) -> None:
    page = shopper.goes_to_confirmation()
    together = threading.Barrier(presses)

    def press(token: str) -> Any:
        client = Client()
        client.cookies = shopper.client.cookies
        together.wait()
        try:
            return client.post(page.context["order_url"], {"token": token, "amount": 3780})
        finally:
            connections.close_all()

    tokens = [shopper.token_for("4000000000001000") for _press in range(presses)]
    with ThreadPoolExecutor(presses) as pool:
        answers = list(pool.map(press, tokens))

    assert Order.objects.count() == 1
    assert len(simulator.gateway.charges()) == 1
    number = Order.objects.get().number
    assert {answer.status_code for answer in answers} <= {302, 303}
    assert all(f"/{number}:" in answer.url for answer in answers)


def test_the_last_one_in_stock_is_sold_once(new_shopper: Any, simulator: SimulatorServer) -> None:
    get_model("partner", "StockRecord").objects.filter(partner_sku="kyusu").update(num_in_stock=1)
    shoppers = [new_shopper(), new_shopper()]
    pages = [shopper.goes_to_confirmation("kyusu") for shopper in shoppers]
    together = threading.Barrier(2)

    def order(place: int) -> Any:
        together.wait()
        try:
            return shoppers[place].orders(pages[place])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(order, range(2)))

    assert Order.objects.count() == 1
    assert len(simulator.gateway.charges()) == 1
    assert sorted(answer.url.split("/")[1] for answer in answers) == ["basket", "checkout"]
