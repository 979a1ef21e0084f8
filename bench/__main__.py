"""``make bench``: six questions about speed, each answered beside its floor and its aim.

    python -m bench [--only client|services|shop|hang|list|notices]
                    [--rows 1000000] [--processed 100000]

A figure that misses its aim is said so; the run itself fails only if something is broken.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Final

from bench import client_overhead, hang, notices, payment_list, report, services, shop
from bench.demo_shop import DemoShop
from bench.processes import folder, postgresql

#: Payments in the full books, unless asked for otherwise.
_ROWS: Final = 100_000
_ROWS_OF_THE_LIST: Final = 1_000_000

#: Notices of the backlog that are processed, unless asked for otherwise: what takes some minutes.
_PROCESSED: Final = 5_000

#: The demo shop on each database, made when they are first asked for.
Shops = Callable[[], Mapping[str, DemoShop]]


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure escott's speed.")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part alone")
    parser.add_argument(
        "--rows",
        type=int,
        help=f"payments in the full books, and stored notices "
        f"({_ROWS:,}; for the list {_ROWS_OF_THE_LIST:,})",
    )
    parser.add_argument(
        "--processed",
        type=int,
        default=_PROCESSED,
        help=f"notices of the stored ones that are processed ({_PROCESSED:,})",
    )
    chosen = parser.parse_args()
    began = perf_counter()
    report.note(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} when this began")
    with _shops_on_demand() as shops:
        for name in chosen.only or PARTS:
            usual = _ROWS_OF_THE_LIST if name == "list" else _ROWS
            PARTS[name](shops, Sizes(chosen.rows or usual, chosen.processed))
    report.note(f"{perf_counter() - began:.0f} seconds in all")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured.

    Attributes:
        rows: payments in the full books; notices that are stored.
        processed: how many of those notices are processed.
    """

    rows: int
    processed: int


def _client(_shops: Shops, _sizes: Sizes) -> None:
    client_overhead.measure()


def _services(_shops: Shops, sizes: Sizes) -> None:
    services.measure(sizes.rows)


def _shop(shops: Shops, _sizes: Sizes) -> None:
    report.heading("3. From 注文する to the redirect of the paid order, gunicorn as in the demo")
    for database, demo_shop in shops().items():
        shop.measure(demo_shop, database)


def _hang(shops: Shops, _sizes: Sizes) -> None:
    report.heading(f"4. The front page while {hang.HANGING} checkouts hang")
    for database, demo_shop in shops().items():
        hang.measure(demo_shop, database, compare=not demo_shop.database_url)


def _list(shops: Shops, sizes: Sizes) -> None:
    report.heading("5. The list of payments with every filter")
    for database, demo_shop in shops().items():
        payment_list.measure(demo_shop, database, sizes.rows)


def _notices(shops: Shops, sizes: Sizes) -> None:
    report.heading("6. Deposit notices, from the gateway's POST to the order that is 処理中")
    for database, demo_shop in shops().items():
        report.note(f"\nload {os.getloadavg()[0]:.1f} when {database} began")
        notices.measure(demo_shop, database, sizes.rows, min(sizes.processed, sizes.rows))


PARTS: Final[Mapping[str, Callable[[Shops, Sizes], None]]] = {
    "client": _client,
    "services": _services,
    "shop": _shop,
    "hang": _hang,
    "list": _list,
    "notices": _notices,
}


@contextmanager
def _shops_on_demand() -> Iterator[Shops]:
    with ExitStack() as kept:

        @cache
        def make() -> Mapping[str, DemoShop]:
            address = kept.enter_context(postgresql())
            return {
                "SQLite": DemoShop.new(kept.enter_context(folder()), ""),
                "PostgreSQL": DemoShop.new(kept.enter_context(folder()), address),
            }

        yield make


if __name__ == "__main__":
    main()
