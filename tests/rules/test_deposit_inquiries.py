"""When a slip is asked about: often at first, at its end, and never lapsed unasked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.rules.deposit_inquiries import (
    AFTER_LAPSE,
    IN_GRACE,
    PAUSES,
    after_no_answer,
    lapses_from,
    next_inquiry,
    next_inquiry_after_lapse,
)
from escott.rules.due_dates import deadline, grace_is_over

BEGUN = datetime(2026, 4, 1, 12, tzinfo=JST)
DUE_ON = date(2026, 4, 8)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def following(now: datetime, due_on: date = DUE_ON) -> datetime:
    """The next inquiry about a slip of one business day of grace."""
    return next_inquiry(registered_at=BEGUN, due_on=due_on, grace_business_days=1, now=now)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(), 10 * MINUTE),
        (3 * HOUR - MINUTE, 10 * MINUTE),
        (3 * HOUR, 30 * MINUTE),
        (DAY, 2 * HOUR),
        (7 * DAY, 4 * HOUR),
    ],
)
def test_the_older_a_slip_the_longer_the_pause(age: timedelta, pause: timedelta) -> None:
    assert following(BEGUN + age, due_on=date(2026, 5, 20)) == BEGUN + age + pause


def test_it_is_asked_about_at_the_very_end_of_its_last_day_and_hourly_in_the_grace() -> None:
    end = datetime(2026, 4, 9, tzinfo=JST)
    assert following(end - MINUTE) == end
    assert following(end) == end + IN_GRACE
    assert following(end + DAY - MINUTE) == end + DAY == lapses_from(DUE_ON, 1)


@given(
    due_on=st.dates(date(2026, 4, 2), date(2028, 12, 31)),
    grace=st.integers(0, 10),
    before=st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_no_pause_leads_past_the_end_of_the_last_day_or_of_the_grace(
    due_on: date, grace: int, before: timedelta
) -> None:
    over = lapses_from(due_on, grace)
    for end in (deadline(due_on) + timedelta(microseconds=1), over):
        now = end - before
        following = next_inquiry(
            registered_at=now - before, due_on=due_on, grace_business_days=grace, now=now
        )
        assert now < following
        if before:
            assert following <= end
    assert grace_is_over(due_on, grace, over)
    assert not grace_is_over(due_on, grace, over - timedelta(microseconds=1))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_it_is_japans_day_whatever_the_zone_of_the_clock(zone: str) -> None:
    from zoneinfo import ZoneInfo

    now = datetime(2026, 4, 8, 23, 59, tzinfo=JST).astimezone(ZoneInfo(zone))
    assert following(now) == datetime(2026, 4, 9, tzinfo=JST)


def test_a_lapsed_slip_is_asked_about_on_some_days_and_within_the_period_only() -> None:
    now, asked = lapses_from(DUE_ON, 1), []
    facts = {"due_on": DUE_ON, "grace_business_days": 1}
    while moment := next_inquiry_after_lapse(**facts, last_day=None, now=now):  # type: ignore[arg-type]
        asked.append((moment - lapses_from(DUE_ON, 1)).days)
        now = moment
    assert tuple(asked) == AFTER_LAPSE
    last_day = lapses_from(DUE_ON, 1).date() + timedelta(days=2)
    first = next_inquiry_after_lapse(**facts, last_day=last_day, now=lapses_from(DUE_ON, 1))  # type: ignore[arg-type]
    assert first == lapses_from(DUE_ON, 1) + DAY
    assert next_inquiry_after_lapse(**facts, last_day=last_day, now=first) is None  # type: ignore[arg-type]


def test_a_silent_gateway_is_asked_less_and_less_often_and_at_least_hourly() -> None:
    pauses = [after_no_answer(attempts, BEGUN) - BEGUN for attempts in range(1, 20)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (2 * MINUTE, HOUR)


def test_the_table_ends_with_what_the_oldest_slip_may_be() -> None:
    ages = [until for until, _pause in PAUSES]
    assert ages == sorted(ages)
    assert ages[-1] == 60 * DAY
