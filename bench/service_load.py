"""The process that pays through the service layer, and at the floor, in turn.

    python -m bench.service_load STUB SIMULATOR ROWS

The first two are addresses, the third is how many payments the full books have; the
environment names the settings and the database. Prints each :class:`Figure` as JSON, a line
each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import Final

import django

from bench import report
from bench.tokens import TOKENS, TokenSource

CONCURRENCY: Final = (1, 4, 8)
FEW_ROWS: Final = 1_000

Pay = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Load:
    """One gateway, and how much is paid at it.

    Attributes:
        gateway: its name in the table.
        at_simulator: it is the simulator, not the stub.
        tokens: where the tokens come from.
        each: payments in a slice for each that pays at once.
        more: and so many more.
        pairs: slices of each kind that count.
    """

    gateway: str
    at_simulator: bool
    tokens: TokenSource
    each: int
    more: int
    pairs: int


LOADS: Final = (
    Load("stub, at once", False, TOKENS["stub"], each=8, more=60, pairs=5),
    Load("simulator, at once", True, TOKENS["approved"], each=8, more=60, pairs=5),
    Load("simulator, 300 ms", True, TOKENS["slow"], each=2, more=0, pairs=2),
)
ALONE: Final = Load("stub, at once", False, TOKENS["stub"], each=0, more=100, pairs=7)


@dataclass(frozen=True, slots=True)
class Figure:
    """Payments per second, each the median of its slices.

    Attributes:
        ratio: module to floor, the median over neighbouring slices.
        rows: the payments that were there before, where that is the question.
    """

    gateway: str
    concurrency: int
    module: float
    floor: float
    ratio: float
    rows: int = 0


def main() -> None:
    """Set the site up and measure everything."""
    django.setup()
    from bench.paid_site import Site

    stub, simulator, many_rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
    site = Site.new(stub)
    for load in LOADS:
        address = simulator if load.at_simulator else stub
        with site.paying_at(address) as (module, floor):
            for concurrency in CONCURRENCY:
                tell(compare(module, floor, load, address, concurrency))
    for rows in (FEW_ROWS, many_rows):
        site.fill_books(rows)
        with site.paying_at(stub) as (module, floor):
            tell(replace(compare(module, floor, ALONE, stub, 1), rows=rows))


def tell(figure: Figure) -> None:
    """Hand a figure to the process that prints the tables."""
    print(json.dumps(asdict(figure)), flush=True)


def compare(module: Pay, floor: Pay, load: Load, address: str, concurrency: int) -> Figure:
    """Pay in short slices by the floor and by the module in turn, so both meet the same machine.

    The first pair warms up and does not count.
    """
    payments = load.each * concurrency + load.more
    with ThreadPoolExecutor(concurrency) as threads:

        def per_second(pay: Pay) -> float:
            tokens = load.tokens(address, payments)
            began = perf_counter()
            for _ in threads.map(pay, tokens):
                pass
            return payments / (perf_counter() - began)

        pairs = [(per_second(floor), per_second(module)) for _ in range(1 + load.pairs)][1:]
    return Figure(
        load.gateway,
        concurrency,
        module=report.middle([module for _, module in pairs]),
        floor=report.middle([floor for floor, _ in pairs]),
        ratio=report.middle([module / floor for floor, module in pairs]),
    )


if __name__ == "__main__":
    main()
