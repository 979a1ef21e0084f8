"""Part 2: payments per second through the service layer, and beside them the floor.

The floor makes the same commits with hand-written statements for the bare driver, and the
same HTTP exchange with ``http.client``; it does nothing else.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from bench import report
from bench.processes import environment, folder, postgresql, server
from bench.service_load import Figure

AIM_RATIO: Final = 0.5
AIM_GROWTH: Final = 1.3


def measure(many_rows: int) -> None:
    """Print the figures of SQLite and of PostgreSQL.

    Args:
        many_rows: how many payments the full books have.
    """
    report.heading("2. Payments through the service layer")
    with server("bench.stub_gateway") as stub, server("bench.simulator") as simulator:
        plan = (stub, simulator, str(many_rows))
        _print("SQLite", list(_figures("", plan)))
        with postgresql() as url:
            _print("PostgreSQL", list(_figures(url, plan)))


def _figures(database_url: str, plan: tuple[str, ...]) -> Iterator[Figure]:
    with folder() as path:
        variables = environment(
            DJANGO_SETTINGS_MODULE="bench.plain_site",
            DATABASE_URL=database_url,
            BENCH_FOLDER=str(path),
        )
        command = [sys.executable, "-m", "bench.service_load", *plan]
        run = subprocess.run(command, env=variables, check=True, stdout=subprocess.PIPE, text=True)
    for line in run.stdout.splitlines():
        yield Figure(**json.loads(line))


def _print(database: str, figures: list[Figure]) -> None:
    report.table(
        (f"{database}, gateway", "at once", "floor /s", "module /s", "ratio", "aim"),
        [
            (
                figure.gateway,
                str(figure.concurrency),
                f"{figure.floor:.0f}",
                f"{figure.module:.0f}",
                f"{figure.ratio:.2f}",
                report.at_least(AIM_RATIO, figure.ratio),
            )
            for figure in figures
            if not figure.rows
        ],
    )
    few, many = (figure for figure in figures if figure.rows)
    growth = few.module / many.module
    report.table(
        (f"{database}, payments there", "floor ms", "module ms", "growth", "aim"),
        [
            _cost(few, "", ""),
            _cost(many, f"{growth:.2f}", report.at_most(AIM_GROWTH, growth)),
        ],
    )


def _cost(figure: Figure, *growth: str) -> tuple[str, ...]:
    floor, module = (report.milliseconds(1 / each) for each in (figure.floor, figure.module))
    return f"{figure.rows:,}", floor, module, *growth
