"""When the gateway is asked next whether a slip was paid (2Ref).

A notice tells of a deposit within seconds; these inquiries stand in for the notices that are
lost. Often at first, when most people pay, then less often; at the end of the last day; hourly
while the days of grace run; once more when they are over, for nothing lapses unasked; and some
times after that, for a deposit may come late.
Source: issue "オンライン収納代行", Notice and Unpaid.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from escott.clock import JST, in_japan
from escott.rules.due_dates import last_day_of_grace

#: Until a slip is so old, it is asked about so often; from the last age on, as in the last row.
PAUSES: Final = (
    (timedelta(hours=3), timedelta(minutes=10)),
    (timedelta(days=1), timedelta(minutes=30)),
    (timedelta(days=7), timedelta(hours=2)),
    (timedelta(days=60), timedelta(hours=4)),
)

#: While the days of grace run.
IN_GRACE: Final = timedelta(hours=1)

#: Days after the last day of grace on which a slip that has lapsed is asked about once more.
AFTER_LAPSE: Final = (1, 3, 7, 14, 30)

#: Where an inquiry brought no answer: the first pause, doubled each time up to the longest.
_UNANSWERED: Final = timedelta(minutes=2)
_LONGEST_UNANSWERED: Final = timedelta(hours=1)

#: A slip that the gateway does not know, or that was paid with another amount, waits for staff.
FOR_STAFF: Final = timedelta(hours=12)


def next_inquiry(
    *, registered_at: datetime, due_on: date, grace_business_days: int, now: datetime
) -> datetime:
    """When an unpaid slip is asked about next.

    Args:
        registered_at: the moment of its registration (aware).
        due_on: the last day on which it can be paid (Japan).
        grace_business_days: business days of grace after that day.
        now: the present (aware).
    """
    day_is_over = _day_after(due_on)
    grace_is_over = lapses_from(due_on, grace_business_days)
    if now < day_is_over:
        return min(now + _pause(now - registered_at), day_is_over)
    if now < grace_is_over:
        return min(now + IN_GRACE, grace_is_over)
    return now + IN_GRACE


def lapses_from(due_on: date, grace_business_days: int) -> datetime:
    """The first moment at which an unpaid slip may lapse: the days of grace are over."""
    return _day_after(last_day_of_grace(due_on, grace_business_days))


def next_inquiry_after_lapse(
    *, due_on: date, grace_business_days: int, last_day: date | None, now: datetime
) -> datetime | None:
    """When a slip that has lapsed is asked about next; ``None`` when it is left alone.

    Args:
        last_day: the last day of operations (Japan), after which the gateway knows nothing.
    """
    lapsed = lapses_from(due_on, grace_business_days)
    moments = (lapsed + timedelta(days=days) for days in AFTER_LAPSE)
    following = next((moment for moment in moments if moment > now), None)
    if following is None or (last_day is not None and in_japan(following).date() > last_day):
        return None
    return following


def after_no_answer(attempts: int, now: datetime) -> datetime:
    """When a slip is asked about again whose inquiries, so many in a row, were not answered."""
    doublings = min(max(attempts - 1, 0), 10)
    return now + min(_UNANSWERED * (1 << doublings), _LONGEST_UNANSWERED)


def _pause(age: timedelta) -> timedelta:
    return next((pause for until, pause in PAUSES if age < until), PAUSES[-1][1])


def _day_after(day: date) -> datetime:
    """The moment at which ``day`` is over in Japan."""
    return datetime(day.year, day.month, day.day, tzinfo=JST) + timedelta(days=1)
