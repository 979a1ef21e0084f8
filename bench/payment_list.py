"""Part 5: the list of payments with every filter, in small books and in full ones.

The whole page as a member of staff gets it: session, permissions, search, rows, template. The
floor reads the same rows by their keys with a bare statement; what grows beyond it is the
search.
"""

from __future__ import annotations

import json
import subprocess
import sys

from bench import report
from bench.demo_shop import DemoShop
from bench.list_load import FEW_ROWS, Figure

AIM_MS = 100.0
AIM_GROWTH = 2.0


def measure(shop: DemoShop, database: str, rows: int) -> None:
    """Print the figures of one shop, whose own payments are gone afterwards.

    Args:
        rows: how many payments the full books have.
    """
    command = [sys.executable, "-m", "bench.list_load", str(rows)]
    run = subprocess.run(
        command, env=shop.variables(), check=True, stdout=subprocess.PIPE, text=True
    )
    figures = [Figure(**json.loads(line)) for line in run.stdout.splitlines()]
    few = {figure.name: figure for figure in figures if figure.rows == FEW_ROWS}
    many = {figure.name: figure for figure in figures if figure.rows != FEW_ROWS}
    report.table(
        (
            f"{database}, filter",
            *("rows", "floor ms", f"ms of {FEW_ROWS:,}", f"ms of {rows:,}"),
            *("aim", "growth", "aim"),
        ),
        [_row(_as_full(few, many[name]), many[name]) for name in many],
    )


def _as_full(few: dict[str, Figure], page: Figure) -> Figure:
    """The page of the small books to compare with: one that shows as many rows.

    A filter that fits three payments of a thousand shows a short page there, and a full one
    here: what grows then is the page, not the search.
    """
    same = few[page.name]
    return same if same.found >= page.found else max(few.values(), key=lambda each: each.found)


def _row(few: Figure, many: Figure) -> tuple[str, ...]:
    growth = many.page / few.page
    return (
        many.name,
        str(many.found),
        report.milliseconds(many.floor),
        report.milliseconds(few.page),
        report.milliseconds(many.page),
        report.at_most(AIM_MS, many.page * 1000, " ms"),
        f"{growth:.2f}",
        report.at_most(AIM_GROWTH, growth),
    )
