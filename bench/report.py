"""Tables for people: figures in columns, the aim beside its figure, and whether it was met."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from unicodedata import east_asian_width


def heading(text: str) -> None:
    """The name of one part of the run."""
    print(f"\n{text}\n{'=' * _width(text)}", flush=True)


def note(text: str) -> None:
    """A line between the tables."""
    print(text, flush=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print the rows below their columns; the first column is words, the others figures."""
    widths = [max(map(_width, column)) for column in zip(columns, *rows, strict=True)]
    print()
    for row in (columns, ["-" * width for width in widths], *rows):
        first, *others = [
            " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        figures = (f"{blank}{cell}" for blank, cell in zip(others, row[1:], strict=True))
        print("  ".join([row[0] + first, *figures]).rstrip())
    print(flush=True)


def at_most(limit: float, value: float, unit: str = "") -> str:
    """The aim of a figure that should be small, and whether it was met."""
    return f"≤ {limit:g}{unit} {_verdict(value <= limit)}"


def at_least(limit: float, value: float, unit: str = "") -> str:
    """The aim of a figure that should be large, and whether it was met."""
    return f"≥ {limit:g}{unit} {_verdict(value >= limit)}"


def milliseconds(seconds: float) -> str:
    """A time for a column."""
    return f"{seconds * 1000:.2f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
