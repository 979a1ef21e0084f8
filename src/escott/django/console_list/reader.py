"""Read the console's list (CSV): whatever the bytes are, lines come back, or one known error.

A bad line is reported by its number and costs no other line, so a line is a line of the file:
no cell goes over two.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.django.console_list import columns
from escott.django.console_list.columns import REQUIRED, BadCell, Column
from escott.rules.console_evidence import ListedState
from escott.rules.drift import Found

#: The largest file, in bytes, and the most lines that are read.
LARGEST: Final = 5_000_000
MOST_LINES: Final = 50_000

_ENCODINGS: Final = ("utf-8-sig", "cp932")
_END_OF_LINE: Final = re.compile(r"\r\n|\n|\r")


class Unreadable(Exception):
    """The file is no list of the console. The text says why, in the language of the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One transaction as the console shows it.

    Attributes:
        number: of the line in the file, from 1.
        at: 処理日時, in Japan.
        has_time: ``at`` has a time of day.
        transaction_id: 処理連番.
        transaction_code: 加盟店自由領域1 (MerchantFree1).
        state: as it is now.
        amount: in yen.
        sales_date: 売上計上日; ``None`` where the line has none.
    """

    number: int
    at: datetime
    has_time: bool
    transaction_id: str
    transaction_code: str
    state: ListedState
    amount: int
    sales_date: date | None

    @property
    def found(self) -> Found:
        """The same in the words of the comparison (escott.rules.drift)."""
        taken = self.state.takes_money
        return Found(
            self.amount,
            (self.sales_date or self.at.date()) if taken else None,
            cancelled=self.state is ListedState.CANCELLED,
        )


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read.

    Attributes:
        number: of the line in the file, from 1.
        reason: a text of the catalogue.
    """

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ConsoleList:
    """What a file holds."""

    lines: Sequence[Line]
    bad_lines: Sequence[BadLine]


def read_console_list(data: bytes) -> ConsoleList:
    """The lines of an uploaded file, in UTF-8 or Shift_JIS.

    Raises:
        Unreadable: too long, another encoding, or without the columns that are needed.
    """
    if len(data) > LARGEST:
        raise Unreadable(_("The file is larger than 5 MB. Export a shorter period."))
    texts = _END_OF_LINE.split(_decoded(data))
    numbered = [(number, text) for number, text in enumerate(texts, start=1) if text.strip()]
    if not numbered:
        raise Unreadable(_("The file is empty."))
    if len(numbered) - 1 > MOST_LINES:
        raise Unreadable(_("The file has more than 50,000 lines. Export a shorter period."))
    places = _places(numbered[0][1])
    lines: list[Line] = []
    bad: list[BadLine] = []
    for number, text in numbered[1:]:
        try:
            lines.append(_line(number, _cells(text), places))
        except BadCell as wrong:
            bad.append(BadLine(number, wrong.reason))
    return ConsoleList(lines, bad)


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file is neither in UTF-8 nor in Shift_JIS. Is it a CSV file?"))


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error:
        raise BadCell(noop("The quotation marks of the line do not match.")) from None


def _places(text: str) -> Mapping[Column, int]:
    """Where each column stands, by the first line."""
    places: dict[Column, int] = {}
    try:
        cells = _cells(text)
    except BadCell:
        cells = []
    for place, cell in enumerate(cells):
        column = columns.heading(cell)
        if column is not None:
            places.setdefault(column, place)
    missing = [column.value for column in REQUIRED if column not in places]
    if missing:
        raise Unreadable(
            _("The first line has no column %s. Export the list of transactions with headings.")
            % "、".join(missing)
        )
    return places


def _line(number: int, cells: list[str], places: Mapping[Column, int]) -> Line:
    def cell(column: Column) -> str:
        return columns.plain(cells[places[column]])

    if len(cells) <= max(places.values()):
        raise BadCell(noop("The line has too few columns."))
    at, has_time = columns.moment(cell(Column.PROCESSED_AT))
    sales_date = cell(Column.SALES_DATE) if Column.SALES_DATE in places else ""
    return Line(
        number=number,
        at=at,
        has_time=has_time,
        transaction_id=columns.identifier(cell(Column.TRANSACTION_ID)),
        transaction_code=columns.identifier(cell(Column.TRANSACTION_CODE)),
        state=columns.state(cell(Column.STATE)),
        amount=columns.amount(cell(Column.AMOUNT)),
        sales_date=columns.date_of(sales_date) if sales_date else None,
    )
