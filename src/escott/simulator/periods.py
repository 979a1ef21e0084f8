"""How long the gateway lets a transaction be operated, and remembers it and a member.

All count in Japanese calendar days from the day of the first telegram.
Source: protocol.md C (dates and periods), requirements.md part 2 no. 10.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from escott.clock import in_japan
from escott.simulator.options import Options


def is_over(begun_at: datetime, now: datetime, options: Options) -> bool:
    """Whether the handling period has passed; its last day counts to the end."""
    last_day = in_japan(begun_at).date() + timedelta(days=options.handling_days)
    return in_japan(now).date() > last_day


def is_purged(begun_at: datetime, now: datetime, options: Options) -> bool:
    """Whether the transaction has been deleted."""
    return in_japan(now).date() >= _months_later(in_japan(begun_at).date(), options.purge_months)


def is_member_purged(added_at: datetime, now: datetime, options: Options) -> bool:
    """Whether the test environment has forgotten a member that was added at this moment."""
    months = options.member_purge_months
    if months is None:
        return False
    return in_japan(now).date() >= _months_later(in_japan(added_at).date(), months)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
