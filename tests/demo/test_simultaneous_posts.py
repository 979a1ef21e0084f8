"""Many posts of one checkout at once: one order, one charge, and everybody sees its result."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier
from typing import Any

import pytest

from escott.simulator.server import SimulatorServer
from tests.demo.http_shopper import HttpShopper, Page
from tests.demo.running_shop import RunningShop
from tests.soak import figure


@pytest.mark.parametrize("one_token", [True, False], ids=["one-token", "a-token-each"])
@pytest.mark.parametrize("presses", figure([2, 8, 32], [2, 8, 32] * 3))
def test_simultaneous_presses_make_one_order_and_one_charge(
    presses: int, one_token: bool, shop: RunningShop, simulator: SimulatorServer
) -> None:
    shopper = HttpShopper(shop.base_url)
    shopper.go_to_confirmation()
    charged, orders = len(simulator.gateway.transactions()), count_orders(shop)
    first = simulator.gateway.token_for()
    tokens = [first if one_token else simulator.gateway.token_for() for _ in range(presses)]

    answers = at_once([pressing(shopper, token) for token in tokens])

    assert {answer.status for answer in answers} <= {302, 303}
    assert len(simulator.gateway.transactions()) == charged + 1
    assert count_orders(shop) == orders + 1
    results = {landing(shopper, answer) for answer in answers}
    assert results == {"thank-you"}


def pressing(shopper: HttpShopper, token: str) -> Callable[[], Page]:
    """The same browser once more: the same cookies and the same page."""
    tab = deepcopy(shopper)
    return lambda: tab.order(token)


def at_once(calls: list[Callable[[], Page]]) -> list[Page]:
    """Call all of them at the same moment."""
    barrier = Barrier(len(calls))

    def call(each: Callable[[], Page]) -> Page:
        barrier.wait()
        return each()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def landing(shopper: HttpShopper, answer: Page) -> str:
    """The kind of page that an answer leads to, once every press has ended."""
    tab = deepcopy(shopper)
    page = tab.get(answer.location)
    return "thank-you" if "ご注文ありがとうございます" in page.text else page.url


def count_orders(shop: RunningShop) -> int:
    """How many orders the shop has."""
    count: Any = shop.rows("Order.objects.count()")
    return int(count)
