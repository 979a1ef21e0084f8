"""取扱期間: the days in which a payment may still be operated on.

The day of the first charge is day 0; the last day is day 60 (by contract), until 23:59 Japan
time. 再オーソリ does not start it anew. Source: requirements.md A089 and part 2 no. 10.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from escott.clock import in_japan

#: Days after the first charge in which operations are possible, unless the contract differs.
DEFAULT_DAYS: Final = 60


def last_day_of_operations(charged_at: datetime, days: int = DEFAULT_DAYS) -> date:
    """The last date in Japan on which the payment may be operated on.

    Args:
        charged_at: the moment of the first charge (aware).
        days: the contract's number of days.
    """
    return in_japan(charged_at).date() + timedelta(days=days)


def handling_period_is_over(last_day: date, now: datetime) -> bool:
    """Whether an operation asked for at ``now`` comes after the last day, in Japan."""
    return in_japan(now).date() > last_day
