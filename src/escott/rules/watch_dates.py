"""操作期限: when staff are warned that the last day of operations comes near.

Fourteen, seven, three and one day before, once each; a job that did not run for some days
warns with the nearest figure that has passed. Source: requirements.md A089, part 5.
"""

from __future__ import annotations

from datetime import date
from typing import Final

#: Days before the last day of operations.
WARNING_DAYS: Final = (14, 7, 3, 1)

#: 操作期限間近: what the list and the tiles call near.
NEAR_DAYS: Final = WARNING_DAYS[0]


def days_left(last_day: date, today: date) -> int:
    """Days until the last day of operations; 0 on that day, negative after it."""
    return (last_day - today).days


def warning_due(last_day: date, today: date, *, warned: int | None) -> int | None:
    """The warning to send today: one of :data:`WARNING_DAYS`, or ``None``.

    Args:
        last_day: the last day of operations (Japan).
        today: the date in Japan.
        warned: the smallest figure that was sent before.
    """
    left = days_left(last_day, today)
    if left < 0:
        return None
    reached = [days for days in WARNING_DAYS if left <= days]
    if not reached:
        return None
    nearest = min(reached)
    return nearest if warned is None or nearest < warned else None
