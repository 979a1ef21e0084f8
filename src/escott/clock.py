"""The clock that everybody passes in: Japan time, real or settable.

No rule, service or simulator reads the time by itself; each is given a :class:`Clock`.
:class:`SharedClock` is a real clock moved by an offset that stands in a file, so that the
demo shop's processes and the gateway simulator live in the same, settable present.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final, Protocol

#: Japan Standard Time. It has no summer time, so a fixed offset is exact.
JST: Final = timezone(timedelta(hours=9), "JST")


class Clock(Protocol):
    """Tells the present moment, always aware and in Japan time."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, in Japan time."""

    def now(self) -> datetime:
        return datetime.now(tz=JST)


class SettableClock:
    """A clock that stands still until it is moved; for tests and simulations."""

    def __init__(self, start: datetime) -> None:
        self._now = in_japan(start)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = in_japan(moment)

    def advance(self, by: timedelta) -> None:
        self._now += by


class SharedClock:
    """The machine's clock plus an offset kept in a file that several processes read.

    The file is replaced whole, so a reader never sees half of it; a missing file means
    an offset of zero.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._seen: tuple[int, int] | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(tz=JST) + self.offset()

    def offset(self) -> timedelta:
        """How far this clock runs ahead of the machine's."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return timedelta()
        version = (stat.st_mtime_ns, stat.st_ino)
        if version != self._seen:
            seconds = json.loads(self.path.read_text(encoding="ascii"))["offset_seconds"]
            self._offset, self._seen = timedelta(seconds=seconds), version
        return self._offset

    def set(self, moment: datetime) -> None:
        """Make ``moment`` the present, for every process that reads the file."""
        self._write(in_japan(moment) - datetime.now(tz=JST))

    def advance(self, by: timedelta) -> None:
        """Move the present by ``by``, for every process that reads the file."""
        self._write(self.offset() + by)

    def _write(self, offset: timedelta) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump({"offset_seconds": offset.total_seconds()}, file)
        Path(name).replace(self.path)


def in_japan(moment: datetime) -> datetime:
    """``moment`` in Japan time.

    Raises:
        ValueError: the moment is naive, so nobody can say which instant it is.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; give an aware datetime")
    return moment.astimezone(JST)
