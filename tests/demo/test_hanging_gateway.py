"""A gateway that hangs: sixty-four checkouts wait, and the shop is there for everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from escott.clock import SharedClock
from escott.rules.unknown_outcome import GRACE
from escott.simulator.magic_cards import MAGIC_CARDS
from escott.simulator.server import SimulatorServer
from tests.demo.http_shopper import HttpShopper, Page
from tests.demo.running_shop import RunningShop
from tests.patience import wait_until
from tests.seeded_shop import SeededShop
from tests.template_database import SERVER

#: As many gateway calls as one process of the shop allows itself (ESCOTT["MAX_GATEWAY_CALLS"]).
BOUND = 64
BEYOND = 4
VISITORS = 12
#: Seconds that nobody waits for: the gateway's lines break when everything has been looked at.
READ_TIMEOUT = 600
SILENT_CARD = MAGIC_CARDS["4000000090060007"]


@pytest.fixture
def one_process_shop(
    tmp_path_factory: pytest.TempPathFactory,
    simulator: SimulatorServer,
    shared_clock: SharedClock,
    seeded: SeededShop,
) -> Iterator[RunningShop]:
    """The demo shop in one process, so that its bound can be counted."""
    environment = {
        "SHOP_CLOCK_FILE": str(shared_clock.path),
        "SHOP_WORKERS": "1",
        "GATEWAY_READ_TIMEOUT": str(READ_TIMEOUT),
    }
    folder = tmp_path_factory.mktemp("hanging")
    with RunningShop(folder, seeded, simulator.base_url, environment) as running:
        yield running


def test_sixty_four_hanging_checkouts_leave_the_shop_open(
    one_process_shop: RunningShop, simulator: SimulatorServer, shared_clock: SharedClock
) -> None:
    shop = one_process_shop
    charged = len(simulator.gateway.transactions())
    with ThreadPoolExecutor(BOUND + BEYOND) as pool:
        shoppers = list(pool.map(prepared, [shop.base_url] * (BOUND + BEYOND)))
        tokens = [simulator.gateway.token_for(SILENT_CARD) for _ in shoppers]
        presses = list(zip(shoppers, tokens, strict=True))
        hanging = [pool.submit(press, *each) for each in presses[:BOUND]]
        wait_until(lambda: started(shop) == BOUND, f"{BOUND} calls to hang")

        with ThreadPoolExecutor(VISITORS) as visitors:
            pages = visitors.map(lambda _: HttpShopper(shop.base_url).get("/"), range(VISITORS))
            assert [page.status for page in pages] == [200] * VISITORS
        for shopper, token in presses[BOUND:]:
            page = shopper.get(press(shopper, token).location)
            assert "混み合っています" in page.text
            assert "ご請求は発生していません" in page.text
        assert not any(future.done() for future in hanging)
        assert database_connections(shop) < 40

        def all_answered() -> bool:
            simulator.hang_up()
            return all(future.done() for future in hanging)

        wait_until(all_answered, "every broken line to be noticed")
        answers = [future.result() for future in hanging]
    assert {answer.status for answer in answers} == {303}
    checking = shoppers[0].get(answers[0].location)
    assert "お支払い状況を確認しています" in checking.text

    assert states(shop) == {"unknown": BOUND, "not_sent": BEYOND}

    shared_clock.advance(GRACE + timedelta(minutes=1))
    known = {"not_charged": BOUND, "not_sent": BEYOND}
    wait_until(lambda: states(shop) == known, "the worker to have asked")
    assert len(simulator.gateway.transactions()) == charged


def prepared(base_url: str) -> HttpShopper:
    """A shopper who has come to the confirmation page."""
    shopper = HttpShopper(base_url, timeout=READ_TIMEOUT)
    shopper.go_to_confirmation()
    return shopper


def press(shopper: HttpShopper, token: str) -> Page:
    """注文する, until the shop answers."""
    return shopper.order(token)


def started(shop: RunningShop) -> int:
    """How many payments wait for the gateway."""
    count: int = shop.rows("Payment.objects.filter(state='started').count()")
    return count


def states(shop: RunningShop) -> dict[str, int]:
    """How many payments are in each state."""
    found: list[str] = shop.rows("list(Payment.objects.values_list('state', flat=True))")
    return {state: found.count(state) for state in set(found)}


def database_connections(shop: RunningShop) -> int:
    """How many connections PostgreSQL serves; SQLite has none to run out of."""
    if not SERVER:
        return 0
    import psycopg

    with psycopg.connect(SERVER) as connection:
        row: Any = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [shop.database]
        ).fetchone()
    return int(row[0])
