"""Part 3: the shop as a shopper meets it, from 注文する to the paid order.

Beside it the same checkout without a payment: goods, basket, address and parcel alike, but
for ¥0. Both are pressed in turn on the same servers. The worker is not there: the mails that
it sends afterwards cost both alike.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from bench import exchange, report
from bench.demo_shop import DemoShop
from bench.processes import server
from bench.shoppers import Shopper, prepare, press_all
from escott.gateway.operations import OperateId

AIM_RATIO: Final = 0.8
AIM_OWN_MS: Final = 6.0
#: How many press at once, and how many presses make a slice.
LOADS: Final = ((1, 20), (4, 40), (8, 48))
SLICES: Final = 3

_TELEGRAM: Final = {"OperateId": OperateId.GATHERING.value, "MerchantFree1": "000000000042"}


@dataclass
class Checkout:
    """What was measured of one kind of checkout at one concurrency."""

    product: int
    times: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)


def measure(shop: DemoShop, database: str) -> None:
    """Print the figures of one shop."""
    with server("bench.stub_gateway") as gateway, shop.served(gateway) as address:
        first = Shopper.new(address, shop.paid)
        press_all(prepare(first, shop.paid, 16), 8)  # warms every process up
        rows = []
        for concurrency, presses in LOADS:
            paid, free = Checkout(shop.paid), Checkout(shop.free)
            for _ in range(SLICES):
                for checkout in (free, paid):
                    _run_slice(first, checkout, concurrency, presses)
            rows.append(_row(concurrency, free, paid, _gateway_time(gateway, concurrency)))
    report.table(
        (
            *(f"{database}, at once", "free /s", "paid /s", "ratio", "aim"),
            *("free p50", "paid p50", "p95", "gateway", "own ms", "aim"),
        ),
        rows,
    )


def _run_slice(first: Shopper, checkout: Checkout, concurrency: int, presses: int) -> None:
    prepared = prepare(first, checkout.product, presses)
    times, took = press_all(prepared, concurrency)
    checkout.times += times
    checkout.per_second.append(presses / took)


def _row(concurrency: int, free: Checkout, paid: Checkout, gateway: float) -> tuple[str, ...]:
    ratio = report.middle([p / f for p, f in zip(paid.per_second, free.per_second, strict=True)])
    free_p50, paid_p50 = report.middle(free.times), report.middle(paid.times)
    own = (paid_p50 - free_p50 - gateway) * 1000
    return (
        str(concurrency),
        f"{report.middle(free.per_second):.1f}",
        f"{report.middle(paid.per_second):.1f}",
        f"{ratio:.2f}",
        report.at_least(AIM_RATIO, ratio),
        report.milliseconds(free_p50),
        report.milliseconds(paid_p50),
        report.milliseconds(report.percentile(paid.times, 0.95)),
        report.milliseconds(gateway),
        f"{own:.2f}",
        report.at_most(AIM_OWN_MS, own) if concurrency == 1 else "",
    )


def _gateway_time(gateway: str, concurrency: int) -> float:
    """The median of bare exchanges with the gateway, so many at once, on idle processors."""

    def ask(_number: int) -> float:
        began = perf_counter()
        exchange.post(
            gateway, OperateId.GATHERING, {"OperateId": "1Gathering", "MerchantFree1": "1"}
        )
        return perf_counter() - began

    with ThreadPoolExecutor(concurrency) as threads:
        return report.middle(list(threads.map(ask, range(100))))
