"""From the notice's POST to its order, 処理中, with the worker as the demo runs it.

Once with notices that come one by one, when what counts is how soon the worker looks; once with
all of them at once, when what counts is how fast it works.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import sleep, time
from typing import Final

from bench import report
from bench.demo_shop import DemoShop
from bench.notice_forms import Delivery


@dataclass(frozen=True, slots=True)
class Pace:
    """How notices come in.

    Attributes:
        name: in the table.
        notices: how many.
        apart: seconds between two; no multiple of the worker's pause.
    """

    name: str
    notices: int
    apart: float


PACES: Final = (Pace("one by one", 25, apart=1.3), Pace("all at once", 200, apart=0.0))

_SENDERS: Final = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice that was acknowledged.

    Attributes:
        at: when its POST began, in seconds since 1970, as the shop's clock tells.
        answered: seconds until the answer.
    """

    at: float
    answered: float


def measure(shop: DemoShop, database: str, gateway: str) -> None:
    """Print one row for each pace."""
    report.table(
        (
            *(f"{database}, notices come", "notices", "answer p50 ms", "p99"),
            *("処理中 p50 ms", "p99", "orders /s"),
        ),
        [_row(shop, gateway, pace) for pace in PACES],
    )


def _row(shop: DemoShop, gateway: str, pace: Pace) -> tuple[str, ...]:
    shop.run(gateway, "bench.shop_slips", str(pace.notices))
    with shop.served(gateway) as address, shop.working(gateway):
        sent = _send(address, pace)
        done = json.loads(shop.run(gateway, "bench.notice_ends", str(pace.notices)))
    answers = [each.answered for each in sent]
    ways = [end - each.at for each, end in zip(sent, done, strict=True)]
    per_second = len(sent) / (max(done) - min(each.at for each in sent))
    return (
        pace.name,
        str(pace.notices),
        report.milliseconds(report.middle(answers)),
        report.milliseconds(report.percentile(answers, 0.99)),
        report.milliseconds(report.middle(ways)),
        report.milliseconds(report.percentile(ways, 0.99)),
        "" if pace.apart else f"{per_second:.1f}",
    )


def _send(address: str, pace: Pace) -> Sequence[Sent]:
    deliveries = [Delivery.to(address, number) for number in range(1, pace.notices + 1)]

    def send(delivery: Delivery) -> Sent:
        sleep(pace.apart)
        at = time()
        return Sent(at, delivery())

    with ThreadPoolExecutor(1 if pace.apart else _SENDERS) as senders:
        return list(senders.map(send, deliveries))
