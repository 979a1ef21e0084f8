"""銀行営業日: the days on which banks in Japan are open, and deposits are told of.

Monday to Friday without the public holidays (国民の祝日に関する法律) and without 31 December to
3 January (銀行法施行令 第5条).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

_SATURDAY: Final = 5

#: (month, day) at the turn of the year, beside 1 January, which is a public holiday.
_TURN_OF_THE_YEAR: Final = frozenset({(12, 31), (1, 2), (1, 3)})


def is_business_day(day: date) -> bool:
    """Whether banks are open on ``day`` (Japan)."""
    from jpholiday import is_holiday  # of all processes only the worker asks

    if day.weekday() >= _SATURDAY or (day.month, day.day) in _TURN_OF_THE_YEAR:
        return False
    return not is_holiday(day)


def business_days_after(day: date, count: int) -> date:
    """The ``count``-th business day after ``day``; ``day`` itself for 0.

    Raises:
        ValueError: ``count`` is negative.
    """
    if count < 0:
        raise ValueError(f"cannot count {count} business days")
    while count:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day
