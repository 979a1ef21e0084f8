"""The columns of the console's list: how they may be called, and how a cell is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_noop as noop

from escott.clock import JST
from escott.rules.console_evidence import ListedState


class Column(StrEnum):
    """A column that is read."""

    PROCESSED_AT = "処理日時"
    TRANSACTION_ID = "処理連番"
    TRANSACTION_CODE = "加盟店自由領域1"
    STATE = "状態"
    AMOUNT = "利用金額"
    SALES_DATE = "売上計上日"


#: Every heading that is understood, after NFKC and without spaces.
HEADINGS: Final[Mapping[str, Column]] = {
    **{column.value: column for column in Column},
    "処理日": Column.PROCESSED_AT,
    "取引日時": Column.PROCESSED_AT,
    "TransactionId": Column.TRANSACTION_ID,
    "取引番号": Column.TRANSACTION_ID,
    "加盟店自由領域": Column.TRANSACTION_CODE,
    "自由領域1": Column.TRANSACTION_CODE,
    "MerchantFree1": Column.TRANSACTION_CODE,
    "取引状態": Column.STATE,
    "金額": Column.AMOUNT,
    "利用額": Column.AMOUNT,
    "計上日": Column.SALES_DATE,
}

#: A list without one of these tells nothing.
REQUIRED: Final = (
    Column.PROCESSED_AT,
    Column.TRANSACTION_ID,
    Column.TRANSACTION_CODE,
    Column.STATE,
    Column.AMOUNT,
)

STATES: Final[Mapping[str, ListedState]] = {
    "与信": ListedState.AUTHORISED,
    "与信売上計上": ListedState.GATHERED,
    "売上計上": ListedState.CAPTURED,
    "取消": ListedState.CANCELLED,
    "取消済": ListedState.CANCELLED,
    "取消済み": ListedState.CANCELLED,
    "失敗": ListedState.FAILED,
    "エラー": ListedState.FAILED,
    "カードチェック": ListedState.CHECKED,
}

#: The most that is read as an amount, in yen; more is no card payment of anybody.
_MOST_DIGITS: Final = 10

_AMOUNT: Final = re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+")
_DATE: Final = re.compile(r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")

#: What a spreadsheet makes of a long number when it is opened and saved there.
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
    return unicodedata.normalize("NFKC", cell).strip()


def heading(cell: str) -> Column | None:
    """Which column a heading names; ``None`` for one that is not read."""
    return HEADINGS.get("".join(plain(cell).split()))


def identifier(cell: str) -> str:
    """A code or number of the gateway, as text.

    Raises:
        BadCell: a spreadsheet has rounded it.
    """
    if _DAMAGED.fullmatch(cell):
        raise BadCell(DAMAGED)
    return cell


def amount(cell: str) -> int:
    """An amount in yen, with or without commas.

    Raises:
        BadCell: it is none.
    """
    if not _AMOUNT.fullmatch(cell) or len(cell.replace(",", "")) > _MOST_DIGITS:
        raise BadCell(noop("利用金額 is not a whole amount of yen."))
    return int(cell.replace(",", ""))


def state(cell: str) -> ListedState:
    """The state.

    Raises:
        BadCell: nobody here knows the word.
    """
    found = STATES.get(cell)
    if found is None:
        raise BadCell(noop("状態 is not one of 与信, 与信売上計上, 売上計上, 取消 and 失敗."))
    return found


def moment(cell: str) -> tuple[datetime, bool]:
    """A date with or without a time of day, in Japan; whether there was a time.

    Raises:
        BadCell: it is none.
    """
    day, _space, clock = cell.partition(" ")
    clock = clock.strip()
    found = _TIME.fullmatch(clock)
    if clock and found is None:
        raise BadCell(_NO_DATE)
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    try:
        at = time(hour, minute, second)
    except ValueError:
        raise BadCell(_NO_DATE) from None
    return datetime.combine(date_of(day), at, tzinfo=JST), found is not None


def date_of(cell: str) -> date:
    """A date, with slashes or hyphens.

    Raises:
        BadCell: it is none.
    """
    found = _DATE.fullmatch(cell)
    if found is None:
        raise BadCell(_NO_DATE)
    year, month, day = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell(_NO_DATE) from None


_NO_DATE: Final = noop("The date is not of the form 2026/04/01 or 2026/04/01 12:34:56.")

DAMAGED: Final = noop(
    "A spreadsheet program has shortened a long number. Export the list again and upload the "
    "file without opening it."
)
