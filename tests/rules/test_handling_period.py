"""これらの操作ができるのは、注文日から60日以内です."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.rules.handling_period import handling_period_is_over, last_day_of_operations

CHARGED = datetime(2026, 1, 1, 23, 59, tzinfo=JST)


def test_the_day_of_the_charge_is_day_zero() -> None:
    assert last_day_of_operations(CHARGED) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        (datetime(2026, 3, 2, 23, 59, 59, tzinfo=JST), False),
        (datetime(2026, 3, 3, 0, 0, tzinfo=JST), True),
    ],
)
def test_the_last_day_ends_at_midnight_in_japan(now: datetime, over: bool) -> None:
    assert handling_period_is_over(last_day_of_operations(CHARGED), now) is over


def test_the_contract_may_say_another_number_of_days() -> None:
    assert last_day_of_operations(CHARGED, 30) == date(2026, 1, 31)


def test_a_charge_in_the_evening_of_another_time_zone_counts_by_its_day_in_japan() -> None:
    assert last_day_of_operations(datetime(2026, 1, 1, 15, 0, tzinfo=UTC)) == date(2026, 3, 3)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(0, 400))
def test_the_period_is_the_same_number_of_days_in_every_month(start: datetime, days: int) -> None:
    charged = start.replace(tzinfo=JST)
    assert last_day_of_operations(charged, days) - charged.date() == timedelta(days=days)
