"""オンライン収納代行: last days, fees and institutions, from the rules themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from table_parts import table

from escott.clock import JST
from escott.gateway.institutions import INSTITUTIONS
from escott.rules.due_dates import due_date
from escott.rules.fee_table import FeeRow, FeeTable
from escott.rules.yen import format_yen

#: The example of the manual.
_EXAMPLE: Final = FeeTable((FeeRow(0, 1100, 0), FeeRow(1101, 5500, 330), FeeRow(5501, None, 550)))
_TOTALS: Final = (0, 1100, 1101, 3780, 5500, 5501, 20000)

_WEEKDAYS: Final = "月火水木金土日"


def due_dates_in_japanese() -> str:
    """The last day of slips that are registered around midnight, for some settings."""
    moments = (datetime(2026, 4, 1, 23, 59, 59, tzinfo=JST), datetime(2026, 4, 2, 0, 0, tzinfo=JST))
    return table(
        ["支払期限日数", *(f"{moment:%-m月%-d日 %H:%M:%S} の注文" for moment in moments)],
        (
            [f"{days}", *(_until(due_date(moment, days)) for moment in moments)]
            for days in (1, 7, 60)
        ),
    )


def _until(day: date) -> str:
    return f"{day:%-m月%-d日}（{_WEEKDAYS[day.weekday()]}）23:59:59"


def fees_in_japanese() -> str:
    """What totals pay by the manual's example."""
    return table(
        ["合計金額（送料・税込）", "決済手数料", "お客様の支払額"],
        (
            [format_yen(total), format_yen(fee), format_yen(total + fee)]
            for total in _TOTALS
            for fee in (_EXAMPLE.fee_for(total),)
        ),
    )


def institutions_in_japanese() -> str:
    """Where a slip can be paid, with the gateway's code."""
    return table(
        ["コード", "収納機関"],
        ([f"`{each.code}`", each.japanese] for each in INSTITUTIONS.values()),
    )
