"""Moments and days as the panel writes them: Japan time, as the gateway's console shows it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escott.clock import in_japan
from escott.rules.watch_dates import days_left


def japan_time(moment: datetime) -> str:
    """``2026/04/01 12:00:00``."""
    return f"{in_japan(moment):%Y/%m/%d %H:%M:%S}"


def japan_day(day: date) -> str:
    """``2026/04/01``."""
    return f"{day:%Y/%m/%d}"


def day_of_week(day: date) -> str:
    """``2026/04/01 (Wed)``."""
    words = {"day": japan_day(day), "weekday": str(WEEKDAYS_ABBR[day.weekday()])}
    return _("%(day)s (%(weekday)s)") % words


def with_days_left(last_day: date, today: date, *, written: str = "") -> str:
    """The day and how far away it is: ``2026/04/01 (7 days left)``.

    Args:
        written: how the day is written, if not as :func:`japan_day` does.
    """
    left = days_left(last_day, today)
    words = {"day": written or japan_day(last_day), "left": left}
    if left < 0:
        return _("%(day)s (has passed)") % words
    if left == 0:
        return _("%(day)s (today)") % words
    return ngettext("%(day)s (%(left)d day left)", "%(day)s (%(left)d days left)", left) % words
