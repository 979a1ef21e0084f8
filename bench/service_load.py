"""The process that pays through the service layer, and at the floor, in turn.

    python -m bench.service_load STUB SIMULATOR ROWS

The first two are addresses, the third is how many payments the full books have; the
environment names the settings and the database. Prints each :class:`Figure` as JSON, a line
each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Final

import django

from bench import report
from bench.tokens import TOKENS, TokenSource

CONCURRENCY: Final = (1, 4, 8)
SLICES: Final = 5
#: Payments in a slice: so many for each that pays at once, and so many more.
AT_ONCE: Final = (10, 100)
SLOWLY: Final = (2, 0)
FEW_ROWS: Final = 1_000

Pay = Callable[[str], None]


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
    for title, address, tokens, (each, more) in (
        ("stub, at once", stub, TOKENS["stub"], AT_ONCE),
        ("simulator, at once", simulator, TOKENS["approved"], AT_ONCE),
        ("simulator, 300 ms", simulator, TOKENS["slow"], SLOWLY),
    ):
        with site.paying_at(address) as (module, floor):
            for concurrency in CONCURRENCY:
                slices = Slices(concurrency, each * concurrency + more, tokens, address)
                tell(slices.compare(module, floor, title))
    for rows in (FEW_ROWS, many_rows):
        site.fill_books(rows)
        with site.paying_at(stub) as (module, floor):
            slices = Slices(1, 200, TOKENS["stub"], stub)
            tell(slices.compare(module, floor, "stub, at once", rows))


def tell(figure: Figure) -> None:
    """Hand a figure to the process that prints the tables."""
    print(json.dumps(asdict(figure)), flush=True)


@dataclass(frozen=True, slots=True)
class Slices:
    """Short runs of two ways to pay, in turn, so that both meet the same machine."""

    concurrency: int
    payments: int
    tokens: TokenSource
    address: str

    def compare(self, module: Pay, floor: Pay, gateway: str, rows: int = 0) -> Figure:
        """Run both several times; the first pair warms up and does not count."""
        with ThreadPoolExecutor(self.concurrency) as threads:
            pairs = [
                (self._per_second(floor, threads), self._per_second(module, threads))
                for _ in range(1 + SLICES)
            ][1:]
        return Figure(
            gateway,
            self.concurrency,
            module=report.middle([module for _, module in pairs]),
            floor=report.middle([floor for floor, _ in pairs]),
            ratio=report.middle([module / floor for floor, module in pairs]),
            rows=rows,
        )

    def _per_second(self, pay: Pay, threads: ThreadPoolExecutor) -> float:
        tokens: Sequence[str] = self.tokens(self.address, self.payments)
        began = perf_counter()
        for _ in threads.map(pay, tokens):
            pass
        return self.payments / (perf_counter() - began)


if __name__ == "__main__":
    main()
