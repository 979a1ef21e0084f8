"""支払期限: due dates, the days of grace after them, and the reminders before them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.rules.due_dates import (
    MOST_DAYS,
    REMINDER_DAYS,
    days_left,
    deadline,
    due_date,
    grace_is_over,
    is_over,
    last_day_of_grace,
    latest_due_date,
    may_become_due,
    reached_reminder,
    reminder_due,
)

FIRST_DAY = date(2027, 1, 1)
DAYS = [FIRST_DAY + timedelta(days=day) for day in range(365 + 366)]
MIDNIGHT = (0, 0, 0, 0)
LAST_MOMENT = (23, 59, 59, 999_999)

#: Where the server may stand, or the moment may have been written down.
ZONES = {
    "UTC": UTC,
    "Tokyo": ZoneInfo("Asia/Tokyo"),
    "New York": ZoneInfo("America/New_York"),
    "Kiritimati": ZoneInfo("Pacific/Kiritimati"),
    "Apia": ZoneInfo("Pacific/Apia"),
    "Lord Howe": ZoneInfo("Australia/Lord_Howe"),
    "twelve behind": timezone(timedelta(hours=-12)),
    "Kathmandu": ZoneInfo("Asia/Kathmandu"),
}

DUE = date(2027, 6, 11)  # a Friday


def in_japan(day: date, clock: tuple[int, int, int, int] = (12, 0, 0, 0)) -> datetime:
    return datetime(day.year, day.month, day.day, *clock, tzinfo=JST)


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])
def server_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The process lives in another time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_every_day_of_two_years_and_every_number_of_days() -> None:
    """2027 and 2028, n = 1 to 60; the days are counted on a calendar of ordinals."""
    assert DAYS[-1] == date(2028, 12, 31)
    for day in DAYS:
        for moment in (in_japan(day, MIDNIGHT), in_japan(day, LAST_MOMENT)):
            for days in range(1, MOST_DAYS + 1):
                due_on = due_date(moment, days)
                assert due_on.toordinal() - day.toordinal() == days
                last = deadline(due_on)
                assert last.isoformat() == f"{due_on.isoformat()}T23:59:59.999999+09:00"


def test_it_can_be_paid_on_every_day_until_the_last_and_not_after() -> None:
    for due_on in DAYS:
        next_day = due_on + timedelta(days=1)
        assert not is_over(due_on, in_japan(due_on, MIDNIGHT))
        assert not is_over(due_on, in_japan(due_on, LAST_MOMENT))
        assert is_over(due_on, in_japan(next_day, MIDNIGHT))


def test_one_day_is_tomorrow() -> None:
    ordered = datetime(2027, 6, 10, 23, 59, 59, 999_999, tzinfo=JST)

    assert due_date(ordered, 1) == date(2027, 6, 11)
    assert due_date(ordered + timedelta(microseconds=1), 1) == date(2027, 6, 12)


@pytest.mark.parametrize("zone", ZONES)
def test_a_moment_is_the_same_day_in_japan_in_whichever_zone_it_is_given(zone: str) -> None:
    for day in DAYS:
        for clock in (MIDNIGHT, LAST_MOMENT):
            here = in_japan(day, clock)
            there = here.astimezone(ZONES[zone])
            assert due_date(there, 7) == day + timedelta(days=7)
            assert is_over(day, there) is False
            assert is_over(day - timedelta(days=1), there) is True
            assert latest_due_date(there) == day + timedelta(days=60)
            assert may_become_due(day, ordered_at=there, now=there)
            assert not may_become_due(day - timedelta(days=1), ordered_at=there, now=there)


def test_the_zone_of_the_server_changes_nothing(server_zone: str) -> None:
    day = date(2027, 6, 10)
    for clock in (MIDNIGHT, LAST_MOMENT):
        stamp = in_japan(day, clock).timestamp()
        # as a server in that zone would give the moment
        for moment in (
            datetime.fromtimestamp(stamp).astimezone(),
            datetime.fromtimestamp(stamp, UTC),
        ):
            assert due_date(moment, 1) == date(2027, 6, 11)
            assert not is_over(day, moment)
            assert is_over(date(2027, 6, 9), moment)
    assert deadline(day).timestamp() == in_japan(day, LAST_MOMENT).timestamp()
    assert not grace_is_over(DUE, 1, in_japan(date(2027, 6, 14), LAST_MOMENT).astimezone())
    assert grace_is_over(DUE, 1, in_japan(date(2027, 6, 15), MIDNIGHT).astimezone())


@pytest.mark.parametrize("days", [-1, 0, 61, 600])
def test_a_slip_can_be_paid_for_one_to_sixty_days(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 60"):
        due_date(in_japan(DUE), days)


def test_a_moment_of_no_zone_is_refused() -> None:
    naive = datetime(2027, 6, 10, 12)

    for ask in (
        lambda: due_date(naive, 1),
        lambda: is_over(DUE, naive),
        lambda: latest_due_date(naive),
        lambda: grace_is_over(DUE, 1, naive),
    ):
        with pytest.raises(ValueError, match="no time zone"):
            ask()


def test_a_change_may_give_any_day_from_today_to_the_orders_day_60() -> None:
    ordered = in_japan(date(2027, 6, 1), LAST_MOMENT)
    now = in_japan(date(2027, 6, 10), MIDNIGHT)
    given = [day for day in DAYS if may_become_due(day, ordered_at=ordered, now=now)]

    assert (given[0], given[-1]) == (date(2027, 6, 10), date(2027, 7, 31))
    assert all(after - before == timedelta(days=1) for before, after in pairwise(given))
    assert latest_due_date(ordered) == date(2027, 7, 31)


def test_after_the_orders_day_60_no_day_is_left() -> None:
    ordered = in_japan(date(2027, 6, 1))
    now = in_japan(date(2027, 8, 1), MIDNIGHT)

    assert not any(may_become_due(day, ordered_at=ordered, now=now) for day in DAYS)


@pytest.mark.parametrize(
    ("due_on", "business_days", "last"),
    [
        (DUE, 0, DUE),
        (DUE, 1, date(2027, 6, 14)),  # over the weekend
        (date(2027, 6, 14), 1, date(2027, 6, 15)),
        (date(2027, 4, 28), 2, date(2027, 5, 6)),  # over the golden week
        (date(2027, 6, 13), 1, date(2027, 6, 14)),  # a Sunday
    ],
)
def test_grace_lasts_until_the_end_of_its_last_business_day(
    due_on: date, business_days: int, last: date
) -> None:
    assert last_day_of_grace(due_on, business_days) == last
    assert not grace_is_over(due_on, business_days, in_japan(last, LAST_MOMENT))
    assert grace_is_over(due_on, business_days, in_japan(last + timedelta(days=1), MIDNIGHT))


def test_grace_is_never_over_while_the_slip_can_be_paid() -> None:
    for due_on in DAYS:
        for business_days in (0, 1, 3):
            assert not grace_is_over(due_on, business_days, deadline(due_on))


def before(days: int) -> date:
    return DUE - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "due"),
    [(60, None), (4, None), (3, 3), (2, 3), (1, 1), (0, 0), (-1, None), (-30, None)],
)
def test_the_days_on_which_a_shopper_is_reminded(days: int, due: int | None) -> None:
    assert reminder_due(DUE, before(days), reminded=None) == due
    assert reached_reminder(DUE, before(days)) == due
    assert days_left(DUE, before(days)) == days


@pytest.mark.parametrize(("days", "reminded"), [(3, 3), (2, 3), (1, 1), (0, 0)])
def test_each_reminder_is_sent_once(days: int, reminded: int) -> None:
    assert reminder_due(DUE, before(days), reminded=reminded) is None


@given(st.integers(1, 60), st.sets(st.integers(-5, 60)))
def test_on_whichever_days_the_job_runs_a_shopper_is_reminded_once_of_each(
    slip_days: int, runs: set[int]
) -> None:
    """The order's own mail has told what had come on the day of registration."""
    at_first = reached_reminder(DUE, before(slip_days))
    reminded, sent = at_first, []
    for left in sorted((run for run in runs if run < slip_days), reverse=True):
        due = reminder_due(DUE, before(left), reminded=reminded)
        if due is not None:
            reminded = due
            sent.append(due)
            assert 0 <= left <= due
    assert sent == sorted(set(sent), reverse=True)
    assert set(sent) <= set(REMINDER_DAYS) - {at_first}
    if 0 in runs:
        assert sent[-1] == 0, "whose job runs on the last day is reminded on it"
