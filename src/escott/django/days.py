"""Days and moments in Japan as shoppers read them, each with its day of the week."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from escott.clock import in_japan


def day_in_words(day: date) -> str:
    """2026年4月8日（水）."""
    return dateformat.format(day, pgettext("format of a day with its weekday", "D, F j, Y"))


def moment_in_words(moment: datetime) -> str:
    """2026年4月8日（水）9:05, Japan time.

    Args:
        moment: aware.
    """
    there = in_japan(moment)
    return f"{day_in_words(there.date())} {there:%H:%M}"


def days_left_in_words(days: int) -> str:
    """3 days left; today where none is left."""
    if days <= 0:
        return _("today")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
