"""Notices that nobody vouches for are kept for 30 days; genuine ones for ever."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Final

from escott.clock import Clock
from escott.django.models import Notice, NoticeEnd

KEPT_FOR: Final = timedelta(days=30)

#: How many one round deletes, so that it holds the database for a moment only.
_A_ROUND: Final = 500

_NOBODYS: Final = (
    NoticeEnd.UNTRUSTED,
    NoticeEnd.UNREADABLE,
    NoticeEnd.OTHER_MERCHANT,
    NoticeEnd.UNKNOWN_PAYMENT,
)


def delete_untrusted_notices(clock: Clock, stop: threading.Event) -> int:
    """Delete the notices that proved nothing, some weeks later; the number deleted."""
    old = Notice.objects.filter(end__in=_NOBODYS, received_at__lt=clock.now() - KEPT_FOR)
    found = list(old.exclude(genuine=True).values_list("pk", flat=True)[:_A_ROUND])
    if not found or stop.is_set():
        return 0
    return Notice.objects.filter(pk__in=found).delete()[0]
