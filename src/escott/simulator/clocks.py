"""The clocks that the simulator can move: one in a file, shared with a shop, or its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from escott.clock import Clock, SystemClock, in_japan


class MovableClock(Clock, Protocol):
    """A clock that can be set; ``SettableClock`` and ``SharedClock`` are such."""

    def set(self, moment: datetime) -> None: ...

    def advance(self, by: timedelta) -> None: ...


class RunningClock:
    """The machine's clock plus an offset that this process keeps."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._offset = timedelta()

    def now(self) -> datetime:
        return self._machine.now() + self._offset

    def set(self, moment: datetime) -> None:
        self._offset = in_japan(moment) - self._machine.now()

    def advance(self, by: timedelta) -> None:
        self._offset += by
