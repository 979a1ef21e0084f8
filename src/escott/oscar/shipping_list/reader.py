"""Read a shipping list: whatever the bytes are, lines come back, or one known error.

A bad line is reported by its number and costs no other line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.oscar.shipping_list import columns
from escott.oscar.shipping_list.columns import REQUIRED, BadCell, Column

#: The largest file, in bytes, and the most lines that are read.
LARGEST: Final = 1_000_000
MOST_LINES: Final = 1_000

_ENCODINGS: Final = ("utf-8-sig", "cp932")


class Unreadable(Exception):
    """The file is no shipping list. The text says why, in the language of the page."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """One line.

    Attributes:
        line_number: of the line in the file, from 1.
        shipped_on: the date in Japan.
        tracking_number: 送り状番号; may be empty.
    """

    line_number: int
    order_number: str
    shipped_on: date
    tracking_number: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read.

    Attributes:
        line_number: of the line in the file, from 1.
        reason: a text of the catalogue.
    """

    line_number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ShippingList:
    """What a file holds."""

    shipments: Sequence[Shipment]
    bad_lines: Sequence[BadLine]


def read_shipping_list(data: bytes, today: date) -> ShippingList:
    """The lines of an uploaded file, in UTF-8 or Shift_JIS.

    An order may stand in several lines, one for each parcel: they become one shipment with all
    their numbers, of the last day.

    Args:
        today: the date in Japan; a later day of shipping is a slip.

    Raises:
        Unreadable: too long, another encoding, or without the columns that are needed.
    """
    if len(data) > LARGEST:
        raise Unreadable(_("The file is larger than 1 MB."))
    rows = list(_rows(_decoded(data)))
    if not rows:
        raise Unreadable(_("The file is empty."))
    if len(rows) - 1 > MOST_LINES:
        raise Unreadable(_("The file has more than 1,000 lines. Please split it."))
    places = _places(rows[0][1])
    shipments: dict[str, Shipment] = {}
    bad: list[BadLine] = []
    for number, cells in rows[1:]:
        try:
            shipment = _shipment(number, cells, places, today)
        except BadCell as wrong:
            bad.append(BadLine(number, wrong.reason))
            continue
        earlier = shipments.get(shipment.order_number)
        shipments[shipment.order_number] = _together(earlier, shipment) if earlier else shipment
    return ShippingList(list(shipments.values()), bad)


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file is neither in UTF-8 nor in Shift_JIS. Is it a CSV file?"))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, each with the number of its last line in the file."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error:
        raise Unreadable(_("The file could not be read as CSV.")) from None


def _places(cells: Sequence[str]) -> Mapping[Column, int]:
    places: dict[Column, int] = {}
    for place, cell in enumerate(cells):
        column = columns.heading(cell)
        if column is not None:
            places.setdefault(column, place)
    missing = [column.value for column in REQUIRED if column not in places]
    if missing:
        raise Unreadable(
            _("The first line has no column %s. The list needs its headings.") % "、".join(missing)
        )
    return places


def _shipment(
    number: int, cells: Sequence[str], places: Mapping[Column, int], today: date
) -> Shipment:
    def cell(column: Column) -> str:
        return columns.plain(cells[places[column]]) if column in places else ""

    if len(cells) <= max(places.values()):
        raise BadCell(noop("The line has too few columns."))
    return Shipment(
        number,
        columns.order_number(cell(Column.ORDER_NUMBER)),
        columns.shipped_on(cell(Column.SHIPPED_ON), today),
        columns.tracking_number(cell(Column.TRACKING_NUMBER)),
    )


def _together(first: Shipment, other: Shipment) -> Shipment:
    numbers = [*first.tracking_number.split(", "), *other.tracking_number.split(", ")]
    return Shipment(
        first.line_number,
        first.order_number,
        max(first.shipped_on, other.shipped_on),
        ", ".join(dict.fromkeys(number for number in numbers if number)),
    )
