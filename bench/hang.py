"""Part 4: a gateway that hangs. With 64 checkouts waiting, how is everybody else served?

The front page is asked for again and again, before the checkouts hang and while they do. The
first server is the demo's own; the others show why it is set up like that.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, perf_counter, sleep
from typing import Final

from bench import exchange, report
from bench.demo_shop import DemoShop
from bench.processes import server
from bench.shoppers import Press, Shopper, prepare, press_all

AIM_RATIO: Final = 1.5
HANGING: Final = 64
#: Visitors who look at the front page at once, and the pages they look at.
VISITORS: Final = 2
PAGES: Final = 150

#: The demo's own gunicorn, and others to compare it with.
SERVERS: Final = (
    ("2 × 80 threads (the demo)", ()),
    ("1 × 80 threads", ("--workers", "1")),
    ("2 × 8 threads", ("--threads", "8")),
)
_SECONDS_TO_HANG: Final = 20
_PATIENCE: Final = 10


def measure(shop: DemoShop, database: str) -> None:
    """Print the front page's times of one shop under each server."""
    rows = [_row(shop, title, options) for title, options in SERVERS]
    report.table(
        (f"{database}, gunicorn gthread", "p50", "p95", "p50 hung", "p95 hung", "ratio", "aim"),
        rows,
    )


def _row(shop: DemoShop, title: str, options: tuple[str, ...]) -> tuple[str, ...]:
    with (
        server("bench.stub_gateway", "--hold") as gateway,
        shop.served(gateway, *options) as address,
    ):
        presses = prepare(Shopper.new(address, shop.paid), shop.paid, HANGING)
        _look_at(address)
        before = _look_at(address)
        with _hanging(presses, gateway):
            during = _look_at(address)
    ...
