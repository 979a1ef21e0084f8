"""Part 6: deposit notices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bench import report
from bench.demo_shop import DemoShop
from bench.notice_forms import Delivery, deliver_all
from bench.processes import server

AIM_PER_SECOND: Final = 900.0
AIM_RATIO: Final = 0.8

#: How many send at once, and how many notices make a slice.
LOADS: Final = ((1, 300), (8, 600), (32, 600))
SLICES: Final = 7
_SLIPS: Final = 2 * (1 + SLICES) * sum(notices for _, notices in LOADS)


@dataclass
class Taking:
    """What was measured of one server with so many senders."""

    address: str
    times: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)

    def run(self, numbers: range, at_once: int) -> None:
        """Deliver the notices of these slips."""
        deliveries = [Delivery.to(self.address, number) for number in numbers]
        times, took = deliver_all(deliveries, at_once)
        self.times += times
        self.per_second.append(len(times) / took)


def measure(shop: DemoShop, database: str) -> None:
    """Print the figures of one shop."""
    with (
        server("bench.stub_gateway") as gateway,
        shop.served(gateway) as ours,
        shop.served(gateway, application="bench.bare_notices:application") as bare,
    ):
        shop.run(gateway, "bench.shop_slips", str(_SLIPS))
        _take(ours, bare, database)


def _take(ours: str, bare: str, database: str) -> None:
    rows = []
    number = 1
    for at_once, notices in LOADS:
        module, floor = Taking(ours), Taking(bare)
        for _ in range(1 + SLICES):
            for server_ in (module, floor):
                server_.run(range(number, number + notices), at_once)
                number += notices
        rows.append(_row(at_once, module, floor))
    report.table(
        (
            f"{database}, senders",
            "floor /s",
            "module /s",
            "min",
            "max",
            "aim",
            "ratio",
            "aim",
            "floor p50",
            "p99",
            "module p50",
            "p99",
        ),
        rows,
    )


def _row(at_once, module, floor):
    ratios = [m / f for m, f in zip(module.per_second[1:], floor.per_second[1:], strict=True)]
    ps = report.middle(module.per_second[1:])
    ratio = report.middle(ratios)
    skip = len(module.times) // (1 + SLICES)
    mt, ft = module.times[skip:], floor.times[skip:]
    return (
        str(at_once),
        f"{report.middle(floor.per_second[1:]):.0f}",
        f"{ps:.0f}",
        f"{min(module.per_second[1:]):.0f}",
        f"{max(module.per_second[1:]):.0f}",
        report.at_least(AIM_PER_SECOND, ps),
        f"{ratio:.2f}",
        report.at_least(AIM_RATIO, ratio),
        *(
            report.milliseconds(x)
            for x in (
                report.middle(ft),
                report.percentile(ft, 0.99),
                report.middle(mt),
                report.percentile(mt, 0.99),
            )
        ),
    )
