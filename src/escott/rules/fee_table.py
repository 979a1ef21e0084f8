"""決済手数料: what a shopper pays on top of the order's total to pay by slip.

Rows of 〜から, 〜まで and 手数料 (tax included), in yen; both ends are inclusive, no upper end is
no limit, a blank fee is 0. Rows that overlap are an error; a total in a gap pays no fee. The
base is the total with shipping and tax and without the fee, and the total with its fee may be
¥299,999 at most. Source: requirements.md A063 to A065.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from escott.rules.yen import COLLECTION_MAXIMUM, NotYen, yen


class FeeProblemKind(StrEnum):
    """What may be wrong with a row."""

    FROM_MISSING = "from_missing"  # 〜から is required
    NOT_YEN = "not_yen"  # a figure is negative, or no whole number
    UP_TO_BELOW_FROM = "up_to_below_from"  # 〜まで is less than 〜から
    OVERLAP = "overlap"  # a total would stand in two rows


@dataclass(frozen=True, slots=True)
class TotalRange:
    """Totals from ``first`` to ``last`` yen, both included; no ``last`` is no limit."""

    first: int
    last: int | None = None

    def __contains__(self, total: int) -> bool:
        return self.first <= total and (self.last is None or total <= self.last)

    def shared_with(self, other: TotalRange) -> TotalRange | None:
        """The totals that stand in both."""
        first = max(self.first, other.first)
        lasts = [end for end in (self.last, other.last) if end is not None]
        last = min(lasts, default=None)
        return None if last is not None and last < first else TotalRange(first, last)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One row as staff wrote it; ``None`` is a blank cell.

    Attributes:
        from_total: 〜から, yen.
        up_to: 〜まで, yen, included; ``None`` is no limit.
        fee: 手数料, yen, tax included; ``None`` is 0.
    """

    from_total: int | None
    up_to: int | None = None
    fee: int | None = None


@dataclass(frozen=True, slots=True)
class FeeProblem:
    """What is wrong with a table, and where.

    Attributes:
        row: the place of the row in the table, from 0.
        other: the place of the row before it that it overlaps, from 0.
        shared: the totals that stand in both rows.
    """

    kind: FeeProblemKind
    row: int
    other: int | None = None
    shared: TotalRange | None = None


class InvalidFeeTable(ValueError):
    """The rows are no fee table; ``problems`` says why."""

    def __init__(self, problems: Sequence[FeeProblem]) -> None:
        super().__init__("; ".join(map(_in_words, problems)))
        self.problems: Final = tuple(problems)


def problems_of(rows: Sequence[FeeRow]) -> list[FeeProblem]:
    """What keeps the rows from being a fee table, in their order; empty where nothing does."""
    problems = [problem for place, row in enumerate(rows) if (problem := _own(place, row))]
    wrong = {problem.row for problem in problems}
    sound = [(place, _totals(row)) for place, row in enumerate(rows) if place not in wrong]
    problems += [
        FeeProblem(FeeProblemKind.OVERLAP, place, other, shared)
        for index, (place, totals) in enumerate(sound)
        for other, others in sound[:index]
        if (shared := totals.shared_with(others)) is not None
    ]
    return sorted(problems, key=lambda problem: problem.row)


@dataclass(frozen=True, slots=True)
class FeeTable:
    """A table that is sound: each total stands in one row at most.

    A table without rows asks no fee of anybody.

    Raises:
        InvalidFeeTable: the rows are no fee table.
    """

    rows: Sequence[FeeRow] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(self.rows))
        if problems := problems_of(self.rows):
            raise InvalidFeeTable(problems)

    def fee_for(self, total: int) -> int:
        """The fee in yen; 0 in a gap.

        Args:
            total: yen, with shipping and tax and without the fee.

        Raises:
            NotYen: the total is not a whole, non-negative amount.
        """
        yen(total)
        return next((fee for totals, fee in self._steps() if total in totals), 0)

    def total_with_fee(self, total: int) -> int:
        """What the slip asks for, in yen. Raises NotYen as :meth:`fee_for` does."""
        return total + self.fee_for(total)

    def can_be_paid(self, total: int) -> bool:
        """Whether a slip can ask for the total with its fee: ¥1 to ¥299,999, and not of ¥0."""
        return total >= 1 and self.total_with_fee(total) <= COLLECTION_MAXIMUM

    def largest_total(self) -> int:
        """The largest total, in yen without the fee, that a slip can ask for; 0 if none can."""
        free = [(gap, 0) for gap in self.gaps()]
        return max((_largest(totals, fee) for totals, fee in self._steps() + free), default=0)

    def gaps(self) -> tuple[TotalRange, ...]:
        """The totals a slip may be of that stand in no row, in order: they pay no fee."""
        gaps: list[TotalRange] = []
        next_total = 1
        for totals, _fee in self._steps():
            if next_total < totals.first:
                gaps.append(TotalRange(next_total, totals.first - 1))
            if totals.last is None:
                break
            next_total = max(totals.last + 1, 1)
        else:
            gaps.append(TotalRange(next_total))
        return tuple(gap for gap in gaps if gap.first <= COLLECTION_MAXIMUM)

    def _steps(self) -> list[tuple[TotalRange, int]]:
        steps = [(_totals(row), row.fee or 0) for row in self.rows]
        return sorted(steps, key=lambda step: step[0].first)


def _largest(totals: TotalRange, fee: int) -> int:
    most = COLLECTION_MAXIMUM - fee
    largest = most if totals.last is None else min(most, totals.last)
    return largest if largest >= max(totals.first, 1) else 0


def _own(place: int, row: FeeRow) -> FeeProblem | None:
    """What is wrong with a row by itself."""
    if row.from_total is None:
        return FeeProblem(FeeProblemKind.FROM_MISSING, place)
    try:
        for figure in (row.from_total, row.up_to, row.fee):
            if figure is not None:
                yen(figure)
    except NotYen:
        return FeeProblem(FeeProblemKind.NOT_YEN, place)
    if row.up_to is not None and row.up_to < row.from_total:
        return FeeProblem(FeeProblemKind.UP_TO_BELOW_FROM, place)
    return None


def _totals(row: FeeRow) -> TotalRange:
    if row.from_total is None:
        raise AssertionError("a row without its first total is no row of a table")
    return TotalRange(row.from_total, row.up_to)


def _in_words(problem: FeeProblem) -> str:
    place = f"row {problem.row + 1}: {problem.kind.value}"
    if problem.other is None or problem.shared is None:
        return place
    last = "" if problem.shared.last is None else f"{problem.shared.last:,}"
    return f"{place} with row {problem.other + 1} at ¥{problem.shared.first:,}–{last}"
