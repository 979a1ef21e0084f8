"""The columns of a shipping list: how they may be called, and how a cell is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_noop as noop


class Column(StrEnum):
    """A column that is read; the others are passed over."""

    ORDER_NUMBER = "注文番号"
    SHIPPED_ON = "出荷日"
    TRACKING_NUMBER = "送り状番号"


#: Every heading that is understood, after NFKC, in small letters and without spaces.
HEADINGS: Final[Mapping[str, Column]] = {
    "注文番号": Column.ORDER_NUMBER,
    "受注番号": Column.ORDER_NUMBER,
    "オーダー番号": Column.ORDER_NUMBER,
    "お客様管理番号": Column.ORDER_NUMBER,
    "ordernumber": Column.ORDER_NUMBER,
    "order_number": Column.ORDER_NUMBER,
    "出荷日": Column.SHIPPED_ON,
    "発送日": Column.SHIPPED_ON,
    "出荷予定日": Column.SHIPPED_ON,
    "shippedon": Column.SHIPPED_ON,
    "shipped_on": Column.SHIPPED_ON,
    "送り状番号": Column.TRACKING_NUMBER,
    "伝票番号": Column.TRACKING_NUMBER,
    "お問い合わせ番号": Column.TRACKING_NUMBER,
    "お問合せ番号": Column.TRACKING_NUMBER,
    "追跡番号": Column.TRACKING_NUMBER,
    "trackingnumber": Column.TRACKING_NUMBER,
    "tracking_number": Column.TRACKING_NUMBER,
}

REQUIRED: Final = (Column.ORDER_NUMBER,)

_LONGEST: Final = 64

_DATES: Final = (
    re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})(?: .*)?"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
#: What a spreadsheet writes so that a number stays text: ="0123".
_KEPT_AS_TEXT: Final = re.compile(r'="(.*)"')
#: What a spreadsheet makes of a long number.
_DAMAGED: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)


class BadCell(Exception):
    """A cell that cannot be read.

    Attributes:
        reason: a text of the catalogue.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plain(cell: str) -> str:
    """A cell in half width, without the spaces round it."""
    text = unicodedata.normalize("NFKC", cell).strip()
    kept = _KEPT_AS_TEXT.fullmatch(text)
    return kept[1].strip() if kept else text


def heading(cell: str) -> Column | None:
    """Which column a heading names; ``None`` for one that is not read."""
    return HEADINGS.get("".join(plain(cell).split()).lower())


def order_number(cell: str) -> str:
    """An order's number, with or without the # of some lists.

    Raises:
        BadCell: it is none.
    """
    number = cell.removeprefix("#")
    if not number:
        raise BadCell(noop("The order number is missing."))
    if len(number) > _LONGEST:
        raise BadCell(noop("The order number is too long."))
    return number


def shipped_on(cell: str, today: date) -> date:
    """The day of shipping; today where the list has none.

    Raises:
        BadCell: it is no date, or lies in the future.
    """
    if not cell:
        return today
    found = next((match for form in _DATES if (match := form.fullmatch(cell))), None)
    if found is None:
        raise BadCell(_NO_DATE)
    year, month, day = map(int, found.groups())
    try:
        shipped = date(year, month, day)
    except ValueError:
        raise BadCell(_NO_DATE) from None
    if shipped > today:
        raise BadCell(noop("The date of shipping lies in the future."))
    return shipped


def tracking_number(cell: str) -> str:
    """送り状番号; may be empty.

    Raises:
        BadCell: a spreadsheet has rounded it, or it is too long.
    """
    if _DAMAGED.fullmatch(cell):
        raise BadCell(
            noop("A spreadsheet program has shortened the tracking number: export it as text.")
        )
    if len(cell) > _LONGEST:
        raise BadCell(noop("The tracking number is too long."))
    return cell


_NO_DATE: Final = noop("The date of shipping is not of the form 2026/04/01.")
