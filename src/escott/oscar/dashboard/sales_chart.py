"""The bars of the last thirty days, drawn on the server: no script, and a table beside it.

A day's bar is what was captured by card, and on top of it what was paid in by slip.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count
from typing import Final

from escott.django.trade_figures import Amount, Day

#: The drawing's own units: a slot a day, and the height of the highest bar that fits.
SLOT: Final = 10
HEIGHT: Final = 100

_BAR: Final = 7


class SalesBy(StrEnum):
    """Which day a sale counts on."""

    SALES_DATE = "sales"  # 売上計上日, 入金日
    ORDER_DATE = "orders"  # 注文日


#: What was captured, and what was paid in.
_PARTS: Final[Mapping[SalesBy, Callable[[Day], tuple[Amount, Amount]]]] = {
    SalesBy.SALES_DATE: lambda day: (day.by_sales_date, day.deposited),
    SalesBy.ORDER_DATE: lambda day: (day.by_order_date, day.deposited_by_order_date),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: its amount, and where it is drawn.

    Attributes:
        y, height: in the drawing's units, from its upper edge.
    """

    amount: Amount
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One day.

    Attributes:
        sold: what was captured by card.
        deposited: what was paid in by slip; stands on what was captured.
        x, width: in the drawing's units, from its left edge.
    """

    day: date
    sold: Piece
    deposited: Piece
    refunded: Amount
    x: int
    width: int

    @property
    def pieces(self) -> tuple[Piece, Piece]:
        """From below."""
        return self.sold, self.deposited


@dataclass(frozen=True, slots=True)
class SalesChart:
    """What the page draws.

    Attributes:
        top: what the upper edge stands for, in yen; even, so that its half is whole.
        width, height: of the drawing, in its own units.
    """

    by: SalesBy
    bars: tuple[Bar, ...]
    top: int
    width: int
    height: int = HEIGHT

    @property
    def half(self) -> int:
        """What the middle stands for, in yen."""
        return self.top // 2

    @property
    def newest_first(self) -> tuple[Bar, ...]:
        """For the table, in which today stands on top."""
        return self.bars[::-1]

    @property
    def middle_day(self) -> date:
        return self.bars[len(self.bars) // 2].day


def sales_chart(days: Sequence[Day], by: SalesBy) -> SalesChart:
    """The chart of some days, oldest first."""
    parts = [_PARTS[by](day) for day in days]
    top = _round_top(max(sold.yen + deposited.yen for sold, deposited in parts))
    return SalesChart(
        by,
        tuple(
            _bar(number, day, amounts, top)
            for number, (day, amounts) in enumerate(zip(days, parts, strict=True))
        ),
        top,
        SLOT * len(days),
    )


def _bar(number: int, day: Day, amounts: tuple[Amount, Amount], top: int) -> Bar:
    sold, deposited = amounts
    below = _piece(sold, HEIGHT, top)
    above = _piece(deposited, below.y, top)
    left = number * SLOT + (SLOT - _BAR) // 2
    return Bar(day.day, below, above, day.refunded, left, _BAR)


def _piece(amount: Amount, foot: int, top: int) -> Piece:
    """What took any money is at least one unit high, so that it can be seen."""
    height = max(amount.yen * HEIGHT // top, 1) if amount.yen else 0
    return Piece(amount, foot - height, height)


def _round_top(most: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20 … thousand yen that is not below ``most``."""
    rounds = (step * int(10**power) for power in count(3) for step in (2, 4, 6, 8, 10))
    return next(top for top in rounds if top >= most)
