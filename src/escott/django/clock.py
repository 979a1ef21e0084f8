"""The clock that views and commands pass on to the services."""

from __future__ import annotations

from functools import lru_cache

from escott.clock import Clock, SharedClock, SystemClock
from escott.django.conf import escott_settings


def the_clock() -> Clock:
    """The machine's clock, or the one shared with the simulator where a file is set."""
    path = escott_settings().clock_file
    return _shared(path) if path else SystemClock()


@lru_cache(maxsize=4)
def _shared(path: str) -> SharedClock:
    return SharedClock(path)
