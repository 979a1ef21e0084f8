"""銀行営業日: weekends, public holidays of 2026 to 2028, and the turn of the year, from the law.

The days of the equinoxes are those that the National Astronomical Observatory announces in the
February before (2026, 2027) or has reckoned (2028).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.rules.business_days import business_days_after, is_business_day

#: (month, day) of each public holiday, those in lieu included.
HOLIDAYS = {
    2026: "1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-20 8-11 9-21 9-22 9-23 10-12 11-3 11-23",
    2027: "1-1 1-11 2-11 2-23 3-21 3-22 4-29 5-3 5-4 5-5 7-19 8-11 9-20 9-23 10-11 11-3 11-23",
    2028: "1-1 1-10 2-11 2-23 3-20 4-29 5-3 5-4 5-5 7-17 8-11 9-18 9-22 10-9 11-3 11-23",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_every_day_of_the_year_is_what_the_calendar_says(year: int) -> None:
    holidays = {date.fromisoformat(f"{year}-{int(m):02}-{int(d):02}") for m, d in _days(year)}
    holidays |= {date(year, 12, 31), date(year, 1, 2), date(year, 1, 3)}
    day = date(year, 1, 1)
    while day.year == year:
        expected = day.isoweekday() <= 5 and day not in holidays
        assert is_business_day(day) is expected, day
        day += timedelta(days=1)


def _days(year: int) -> list[list[str]]:
    return [day.split("-") for day in HOLIDAYS[year].split()]


@pytest.mark.parametrize(
    ("day", "count", "after"),
    [
        ("2027-06-14", 1, "2027-06-15"),  # Monday
        ("2027-06-11", 1, "2027-06-14"),  # Friday: the weekend does not count
        ("2027-06-12", 1, "2027-06-14"),  # Saturday
        ("2027-06-12", 2, "2027-06-15"),
        ("2027-04-28", 1, "2027-04-30"),  # before 昭和の日
        ("2027-04-30", 1, "2027-05-06"),  # before the golden week
        ("2026-09-18", 1, "2026-09-24"),  # 敬老の日, 国民の休日, 秋分の日
        ("2026-12-30", 1, "2027-01-04"),  # banks close on 31 December
        ("2027-12-30", 1, "2028-01-04"),  # 3 January is a Monday
        ("2027-03-19", 1, "2027-03-23"),  # 春分の日 on a Sunday, made up for on Monday
        ("2027-06-12", 0, "2027-06-12"),
    ],
)
def test_days_at_weekends_and_public_holidays_are_not_counted(
    day: str, count: int, after: str
) -> None:
    assert business_days_after(date.fromisoformat(day), count) == date.fromisoformat(after)


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 30), st.integers(0, 30))
def test_to_count_on_is_to_count_together(day: date, one: int, two: int) -> None:
    assert business_days_after(business_days_after(day, one), two) == business_days_after(
        day, one + two
    )


def test_nobody_counts_backwards() -> None:
    with pytest.raises(ValueError, match="-1 business days"):
        business_days_after(date(2027, 6, 14), -1)
