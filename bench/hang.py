"""Part 4: a gateway that hangs. With 64 checkouts waiting, how is everybody else served?

The front page is looked at before the checkouts hang, while they do, and after the gateway
has let them go. The first server is the demo's own; the others show why it is what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from math import inf, isinf
from time import monotonic, perf_counter, sleep
from typing import Final
from urllib.parse import urlsplit

from bench import exchange, report
from bench.demo_shop import DemoShop
from bench.processes import server
from bench.shoppers import Press, Shopper, prepare, press_all

AIM_RATIO: Final = 1.5
HANGING: Final = 64
#: Visitors who look at the front page at once, and how often each does.
VISITORS: Final = 2
LOOKS: Final = 100
#: Seconds until a visitor goes away, and until all checkouts that can hang do.
PATIENCE: Final = 5.0

#: The demo's own gunicorn, and others to compare it with.
THE_DEMOS: Final = ("2 × 80 threads (the demo)", ())
OTHERS: Final = (
    ("1 × 80 threads", ("--workers", "1")),
    ("2 × 8 threads", ("--threads", "8")),
)


def measure(shop: DemoShop, database: str, *, compare: bool) -> None:
    """Print the front page's times; with ``compare``, under other servers too."""
    servers = (THE_DEMOS, *OTHERS) if compare else (THE_DEMOS,)
    report.table(
        (
            *(f"{database}, gunicorn gthread", "hang", "orders /s"),
            *("p50 ms", "p95 ms", "p50 hung", "p95 hung", "ratio", "aim"),
        ),
        [_row(shop, title, *options) for title, options in servers],
    )


def _row(shop: DemoShop, title: str, *options: str) -> tuple[str, ...]:
    with (
        server("bench.stub_gateway", "--hold") as gateway,
        shop.served(gateway, *options) as address,
    ):
        first = Shopper.new(address, shop.paid)
        presses = prepare(first, shop.paid, HANGING)
        _look_around(address)  # warms every process up
        calm = _look_around(address)
        with _hanging(presses, gateway) as waiting:
            hung = _look_around(address)
        orders, took = press_all(prepare(first, shop.paid, 48), 8)
        calm += _look_around(address)
    calm_p95, hung_p95 = (report.percentile(times, 0.95) for times in (calm, hung))
    ratio = hung_p95 / calm_p95
    return (
        title,
        str(waiting),
        f"{len(orders) / took:.1f}",
        report.milliseconds(report.middle(calm)),
        report.milliseconds(calm_p95),
        _or_nothing(report.middle(hung)),
        _or_nothing(hung_p95),
        f"{ratio:.2f}",
        report.at_most(AIM_RATIO, ratio) if not options else "",
    )


@contextmanager
def _hanging(presses: list[Press], gateway: str) -> Iterator[int]:
    """Press them all at a gateway that holds its answers; how many hang while this lasts."""
    with ThreadPoolExecutor(len(presses)) as threads:
        pressed = [threads.submit(press) for press in presses]
        try:
            yield _wait_for_all(gateway, len(presses))
        finally:
            exchange.get(gateway, "/release")
        for press in pressed:
            press.result()


def _wait_for_all(gateway: str, expected: int) -> int:
    """Wait until so many telegrams are held; how many are, where the server takes fewer."""
    given_up_at = monotonic() + PATIENCE
    while (held := int(exchange.get(gateway, "/waiting"))) < expected:
        if monotonic() > given_up_at:
            break
        sleep(0.05)
    return held


def _look_around(address: str) -> list[float]:
    """The seconds of every look at the front page; endless where nobody answers in time."""

    def visit(_visitor: int) -> list[float]:
        times: list[float] = []
        while len(times) < LOOKS and inf not in times:
            times.append(_look(address))
        return times

    with ThreadPoolExecutor(VISITORS) as threads:
        return [time for times in threads.map(visit, range(VISITORS)) for time in times]


def _look(address: str) -> float:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    began = perf_counter()
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
        return perf_counter() - began
    except TimeoutError:
        return inf
    finally:
        connection.close()


def _or_nothing(seconds: float) -> str:
    return "no answer" if isinf(seconds) else report.milliseconds(seconds)
