"""決済手数料: the rows of the table, as they are typed, checked, shown and stored (A063, A064).

The rule of the table is :mod:`escott.rules.fee_table`; here stands what a person makes of it:
cells as text, forgiving of 全角, commas and 円, and each mistake with its row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escott.django.settings_forms.half_width import half_width
from escott.rules.fee_table import (
    FeeProblem,
    FeeProblemKind,
    FeeRow,
    FeeTable,
    TotalRange,
    problems_of,
)
from escott.rules.yen import format_yen

#: Rows of a table at most; nobody has more steps of a fee.
MOST_ROWS: Final = 30

#: What people write round an amount, besides spaces.
_ORNAMENTS: Final = re.compile(r"[¥\\,円]")
_LONGEST: Final = 8


class Column(StrEnum):
    """A cell of a row, by the end of its input's name."""

    FROM = "from"  # 合計金額（〜から）
    UP_TO = "up_to"  # 合計金額（〜まで）
    FEE = "fee"  # 決済手数料（税込）


COLUMN_LABELS: Final[Mapping[Column, Any]] = {
    Column.FROM: gettext_lazy("Total (from)"),
    Column.UP_TO: gettext_lazy("Total (to)"),
    Column.FEE: gettext_lazy("Payment fee (tax included)"),
}

#: The cell that a mistake is shown at.
_PLACES: Final[Mapping[FeeProblemKind, Column]] = {
    FeeProblemKind.FROM_MISSING: Column.FROM,
    FeeProblemKind.NOT_YEN: Column.FROM,
    FeeProblemKind.UP_TO_BELOW_FROM: Column.UP_TO,
    FeeProblemKind.OVERLAP: Column.FROM,
}


class FeeRows(tuple[FeeRow, ...]):
    """Rows that make a table, by their first total."""

    __slots__ = ()

    @classmethod
    def of(cls, rows: Iterable[FeeRow]) -> Self:
        """The rows in their order, a blank fee written as ¥0."""
        filled = [FeeRow(row.from_total, row.up_to, row.fee or 0) for row in rows]
        return cls(sorted(filled, key=lambda row: row.from_total or 0))

    def __str__(self) -> str:
        """A line for each row, the same in every language."""
        return "\n".join(f"{row.from_total}-{row.up_to}:{row.fee}" for row in self)

    def in_words(self) -> str:
        """A line for each row, for people."""
        return "\n".join(
            _("%(totals)s: %(fee)s")
            % {
                "totals": in_words(TotalRange(row.from_total or 0, row.up_to)),
                "fee": format_yen(row.fee or 0),
            }
            for row in self
        )


@dataclass(frozen=True, slots=True)
class TypedRow:
    """The cells of a row, as they were typed."""

    from_total: str = ""
    up_to: str = ""
    fee: str = ""

    @classmethod
    def of(cls, row: FeeRow) -> Self:
        """A stored row as it is written into the cells."""
        up_to = "" if row.up_to is None else str(row.up_to)
        return cls(str(row.from_total), up_to, str(row.fee or 0))

    @property
    def cells(self) -> dict[Column, str]:
        """The texts by column."""
        return {Column.FROM: self.from_total, Column.UP_TO: self.up_to, Column.FEE: self.fee}

    @property
    def is_blank(self) -> bool:
        """Nothing was typed: the row is none."""
        return not any(text.strip() for text in self.cells.values())

    @property
    def unreadable(self) -> list[Column]:
        """The cells that hold no yen. An empty upper end, or *, is no limit; an empty fee is ¥0."""
        return [
            column
            for column, text in self.cells.items()
            if yen_in(text) is None and (column is Column.FROM or half_width(text) not in {"", "*"})
        ]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and where.

    Attributes:
        row: the place of the row in the table, from 0.
    """

    row: int
    column: Column
    message: str

    def __str__(self) -> str:
        return _("Row %(row)d, %(column)s: %(message)s") % {
            "row": self.row + 1,
            "column": COLUMN_LABELS[self.column],
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table as somebody typed it: sound rows, and what is wrong with the others."""

    typed: tuple[TypedRow, ...]

    @classmethod
    def of(cls, rows: FeeRows) -> Self:
        """A stored table, as the page shows it."""
        return cls(tuple(map(TypedRow.of, rows)))

    def rows(self) -> FeeRows:
        """The rows that can be read; all of them where there is no mistake."""
        return FeeRows.of(row for _place, row in self._read())

    def table(self) -> FeeTable | None:
        """The table, unless there is a mistake in it."""
        return None if self.mistakes() else FeeTable(self.rows())

    def gap_notes(self) -> list[str]:
        """What the page points out beside a sound table: totals that pay no fee by no row."""
        table = self.table()
        if table is None or not self.rows():
            return []
        return [
            _("No row holds totals of %(totals)s: they pay no fee.") % {"totals": in_words(gap)}
            for gap in table.gaps()
        ]

    def mistakes(self) -> list[Mistake]:
        """Everything that is wrong, in the order of the cells."""
        read = self._read()
        places = [place for place, _row in read]
        found = [
            Mistake(place, column, _not_yen(column))
            for place, typed in self._filled()
            for column in typed.unreadable
        ]
        found += [_mistake(problem, places) for problem in problems_of([row for _p, row in read])]
        order = list(Column)
        return sorted(found, key=lambda each: (each.row, order.index(each.column)))

    def _filled(self) -> Iterator[tuple[int, TypedRow]]:
        return ((place, row) for place, row in enumerate(self.typed) if not row.is_blank)

    def _read(self) -> list[tuple[int, FeeRow]]:
        """The rows of which each cell can be read, with their places."""
        return [
            (place, FeeRow(*map(yen_in, typed.cells.values())))
            for place, typed in self._filled()
            if not typed.unreadable
        ]


def yen_in(text: str) -> int | None:
    """The yen that a person wrote: 1100, １，１００, ¥1,100 or 1100円; ``None`` if it is none."""
    digits = _ORNAMENTS.sub("", half_width(text))
    well_formed = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST
    return int(digits) if well_formed else None


def in_words(totals: TotalRange) -> str:
    """``¥1,101 to ¥5,500``, or ``¥5,501 or more``."""
    if totals.last is None:
        return _("%(first)s or more") % {"first": format_yen(totals.first)}
    return _("%(first)s to %(last)s") % {
        "first": format_yen(totals.first),
        "last": format_yen(totals.last),
    }


def _not_yen(column: Column) -> str:
    if column is Column.FROM:
        return _("Enter whole yen in digits, 0 or more.")
    if column is Column.UP_TO:
        return _("Enter whole yen in digits, or nothing for no upper limit.")
    return _("Enter whole yen in digits, or nothing for ¥0.")


def _mistake(problem: FeeProblem, places: list[int]) -> Mistake:
    message = _("Enter whole yen in digits, 0 or more.")
    if problem.kind is FeeProblemKind.UP_TO_BELOW_FROM:
        message = _("This is less than where the row begins.")
    elif problem.other is not None and problem.shared is not None:
        message = _("Row %(row)d has totals of %(totals)s as well. Each total may stand once.") % {
            "row": places[problem.other] + 1,
            "totals": in_words(problem.shared),
        }
    return Mistake(places[problem.row], _PLACES[problem.kind], message)
