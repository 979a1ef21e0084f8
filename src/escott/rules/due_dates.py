"""支払期限: until when a slip can be paid, and when its shopper is reminded.

The day of registration in Japan is day 0; a slip of n days can be paid until day n, 23:59:59
Japan time, so n = 1 is tomorrow. 変更 may give any day from today to the order's day 60. After
the last day come some business days of grace, for a deposit may be told late. Reminders go out
three days and one day before the last day and on it, once each.
Source: requirements.md A062, A092 and A097, part 4 (days of grace); issue "オンライン収納代行".
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from escott.clock import JST, in_japan
from escott.rules.business_days import business_days_after

#: Days after the registration that the setting 支払期限日数 may have.
LEAST_DAYS: Final = 1
MOST_DAYS: Final = 60

#: Days before the last day on which the shopper is reminded; 0 is the last day itself.
REMINDER_DAYS: Final = (3, 1, 0)

#: 支払期限間近: what the list and the tiles call near, as the first reminder does.
DUE_NEAR_DAYS: Final = REMINDER_DAYS[0]


def due_date(registered_at: datetime, days: int) -> date:
    """The last day (Japan) on which a slip can be paid.

    Args:
        registered_at: the moment of the registration (aware).
        days: 支払期限日数, 1 to 60.

    Raises:
        ValueError: ``days`` is not 1 to 60, or the moment is naive.
    """
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise ValueError(f"a slip can be paid for {LEAST_DAYS} to {MOST_DAYS} days, not {days}")
    return in_japan(registered_at).date() + timedelta(days=days)


def deadline(due_on: date) -> datetime:
    """The last moment at which it can be paid: 23:59:59 Japan time, to its last microsecond."""
    return datetime.combine(due_on, time.max, JST)


def is_over(due_on: date, now: datetime) -> bool:
    """Whether the last day has passed in Japan at ``now`` (aware)."""
    return in_japan(now) > deadline(due_on)


def latest_due_date(ordered_at: datetime) -> date:
    """The latest day (Japan) that 変更 may give: the order's day 60.

    Args:
        ordered_at: the moment of the order's payment (aware).
    """
    return in_japan(ordered_at).date() + timedelta(days=MOST_DAYS)


def may_become_due(due_on: date, *, ordered_at: datetime, now: datetime) -> bool:
    """Whether 変更 may give this last day: from today to the order's day 60 (Japan)."""
    return in_japan(now).date() <= due_on <= latest_due_date(ordered_at)


def last_day_of_grace(due_on: date, business_days: int) -> date:
    """The last day (Japan) on which the shop waits for news of a deposit.

    Args:
        due_on: the last day on which the slip could be paid.
        business_days: how many business days of grace follow it; 0 is none.
    """
    return business_days_after(due_on, business_days)


def grace_is_over(due_on: date, business_days: int, now: datetime) -> bool:
    """Whether the last day and the business days of grace after it have passed in Japan."""
    return is_over(last_day_of_grace(due_on, business_days), now)


def days_left(due_on: date, today: date) -> int:
    """Days until the last day; 0 on that day, negative after it."""
    return (due_on - today).days


def reached_reminder(due_on: date, today: date) -> int | None:
    """The nearest of :data:`REMINDER_DAYS` that has come, or ``None``.

    A slip registered or changed today starts with it as reminded: its mail of today has told
    the last day.
    """
    left = days_left(due_on, today)
    return min((days for days in REMINDER_DAYS if 0 <= left <= days), default=None)


def reminder_due(due_on: date, today: date, *, reminded: int | None) -> int | None:
    """The reminder to send today: one of :data:`REMINDER_DAYS`, or ``None``.

    A job that did not run for some days reminds once, by the nearest figure that has come.

    Args:
        due_on: the last day on which the slip can be paid (Japan).
        today: the date in Japan.
        reminded: the smallest figure that was sent before.
    """
    nearest = reached_reminder(due_on, today)
    if nearest is None:
        return None
    return nearest if reminded is None or nearest < reminded else None
