"""Notices acknowledged per second: by the shop, and by the floor (:mod:`bench.bare_notices`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bench import report
from bench.demo_shop import DemoShop
from bench.notice_forms import Delivery, deliver_all

AIM_PER_SECOND: Final = 900.0
AIM_RATIO: Final = 0.8

#: How many send at once, and how many notices make a slice.
LOADS: Final = ((1, 200), (8, 400), (32, 400))
#: Slices of each kind that count; one more warms up.
SLICES: Final = 5

_FLOOR: Final = "bench.bare_notices:application"


@dataclass
class Taker:
    """A server that takes notices, and what was measured of it with so many senders."""

    address: str
    times: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)

    def take(self, numbers: range, at_once: int) -> None:
        """Deliver the notices of these slips, and note how long it took."""
        deliveries = [Delivery.to(self.address, number) for number in numbers]
        times, took = deliver_all(deliveries, at_once)
        self.times += times
        self.per_second.append(len(times) / took)


def measure(shop: DemoShop, database: str, gateway: str) -> None:
    """Print one row for each number of senders. No slip is there: the answer needs none."""
    shop.run(gateway, "bench.shop_slips", "1")
    with (
        shop.served(gateway) as ours,
        shop.served(gateway, application=_FLOOR) as bare,
    ):
        rows = [
            _row(at_once, *_compare(ours, bare, at_once, notices)) for at_once, notices in LOADS
        ]
    report.table(
        (
            *(f"{database}, senders at once", "floor /s", "module /s", "aim", "ratio", "aim"),
            *("floor p50 ms", "p99", "module p50 ms", "p99"),
        ),
        rows,
    )


def _compare(ours: str, bare: str, at_once: int, notices: int) -> tuple[Taker, Taker]:
    """The module and the floor in turn, so that both meet the same machine."""
    numbers = range(1, notices + 1)
    for address in (ours, bare):
        Taker(address).take(numbers, at_once)
    module, floor = Taker(ours), Taker(bare)
    for _ in range(SLICES):
        for taker in (floor, module):
            taker.take(numbers, at_once)
    return module, floor


def _row(at_once: int, module: Taker, floor: Taker) -> tuple[str, ...]:
    per_second = report.middle(module.per_second)
    ratio = report.middle(
        [ours / bare for ours, bare in zip(module.per_second, floor.per_second, strict=True)]
    )
    return (
        str(at_once),
        f"{report.middle(floor.per_second):.0f}",
        f"{per_second:.0f}",
        report.at_least(AIM_PER_SECOND, per_second) if at_once > 1 else "",
        f"{ratio:.2f}",
        report.at_least(AIM_RATIO, ratio),
        *_middle_and_tail(floor.times),
        *_middle_and_tail(module.times),
    )


def _middle_and_tail(times: list[float]) -> tuple[str, str]:
    return (
        report.milliseconds(report.middle(times)),
        report.milliseconds(report.percentile(times, 0.99)),
    )
