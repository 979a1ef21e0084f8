"""A backlog of stored notices, worked off by the worker's job: how fast, and in how much memory.

As after a night without a worker: every notice has its own slip and order. Orders have to follow
as fast at the end as at the beginning, and the process may not grow.
"""

from __future__ import annotations

import json
from typing import Final

from bench import report
from bench.backlog_load import Figure
from bench.demo_shop import DemoShop

AIM_GROWTH: Final = 1.1


def measure(shop: DemoShop, database: str, gateway: str, stored: int, processed: int) -> None:
    """Print one row for each tenth of what is processed.

    Args:
        stored: how many notices wait in the beginning.
        processed: how many of them are worked off.
    """
    report.note(f"{database}: {processed:,} of {stored:,} stored notices are processed")
    shop.run(gateway, "bench.shop_slips", str(stored), "--noticed")
    told = shop.run(gateway, "bench.backlog_load", str(processed))
    figures = [Figure(**json.loads(line)) for line in told.splitlines()]
    report.table(
        (
            *(f"{database}, processed", "notices /s", "processor ms each"),
            *("peak memory MB", "growth", "aim"),
        ),
        [_row(figure, figures[0]) for figure in figures],
    )


def _row(figure: Figure, first: Figure) -> tuple[str, ...]:
    growth = figure.peak_bytes / first.peak_bytes
    return (
        f"{figure.processed:,}",
        f"{figure.per_second:.1f}",
        report.milliseconds(figure.processor_seconds),
        f"{figure.peak_bytes / 1e6:.1f}",
        f"{growth:.2f}",
        report.at_most(AIM_GROWTH, growth),
    )
