"""Log lines are kept for 30 days: long enough to look for a cause, and no archive."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Final

from escott.clock import Clock
from escott.django.models import LogEntry

KEPT_FOR: Final = timedelta(days=30)

#: How many lines one round deletes, so that it holds the database for a moment only.
_A_ROUND: Final = 500


def delete_old_lines(clock: Clock, stop: threading.Event) -> int:
    """Delete lines that are older than 30 days; the number deleted."""
    old = LogEntry.objects.filter(at__lt=clock.now() - KEPT_FOR).order_by("at")
    found = list(old.values_list("pk", flat=True)[:_A_ROUND])
    if not found or stop.is_set():
        return 0
    return LogEntry.objects.filter(pk__in=found).delete()[0]
