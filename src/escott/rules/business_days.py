"""営業日: Monday to Friday without the public holidays of Japan (国民の祝日に関する法律).

Banks also close from 31 December to 3 January; those are not public holidays, and count here.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

_SATURDAY: Final = 5


def is_business_day(day: date) -> bool:
    """Whether ``day`` (Japan) is neither at a weekend nor a public holiday."""
    from jpholiday import is_holiday  # of all processes only the worker asks

    return day.weekday() < _SATURDAY and not is_holiday(day)


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
