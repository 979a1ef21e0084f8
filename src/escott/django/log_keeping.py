"""ログを保存: a handler that keeps what the module says for the page of the dashboard (A055, A067).

A line is put into a queue of this process; one thread writes what has come together, in a
connection and transactions of its own. So a payment never waits for its log and never loses
it by rolling back. When the queue is full, lines are counted instead of kept; when the
database is in trouble, they are gone. Nothing here ever raises into what it tells of.

::

    LOGGING = {
        "handlers": {"kept": {"class": "escott.django.log_keeping.LogKeeper"}},
        "loggers": {"escott": {"handlers": ["kept"], "level": "INFO"}},
        ...
    }
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

#: Lines that wait at most; beyond it they are counted.
MOST_WAITING: Final = 2000
#: Seconds in which lines come together before they are written.
LINGER: Final = 1.0
_A_BATCH: Final = 500
_LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """One line, as it was said."""

    at: datetime
    level: int
    source: str
    message: str


@dataclass(slots=True)
class _Desk:
    """The queue of one process and the thread that empties it."""

    process: int = field(default_factory=os.getpid)
    waiting: queue.Queue[Line | None] = field(default_factory=lambda: queue.Queue(MOST_WAITING))
    hurry: threading.Event = field(default_factory=threading.Event)
    lost: int = 0
    writer: threading.Thread | None = None


class LogKeeper(logging.Handler):
    """Keeps the lines of the loggers ``escott`` and ``escott.*`` as rows."""

    def __init__(self, level: int | str = logging.NOTSET, *, linger: float = LINGER) -> None:
        super().__init__(level)
        self.linger = linger
        self._desk = _Desk()

    def emit(self, record: logging.LogRecord) -> None:
        if not f"{record.name}.".startswith("escott."):
            return
        try:
            self._put(_line(record))
        except Exception:  # noqa: BLE001  (a line that cannot be kept harms nobody)
            self._desk.lost += 1

    def _put(self, line: Line) -> None:
        desk = self._desk_of_this_process()
        if desk.writer is threading.current_thread():
            return
        try:
            desk.waiting.put_nowait(line)
        except queue.Full:
            desk.lost += 1
        if desk.writer is None:
            # The handler's own lock is held while emit() runs, so one thread is started.
            desk.writer = threading.Thread(
                target=self._write_for_ever, args=[desk], name="escott-log", daemon=True
            )
            desk.writer.start()

    def _desk_of_this_process(self) -> _Desk:
        """A process that was forked has the queue of its parent, but not the thread."""
        if self._desk.process != os.getpid():
            self._desk = _Desk()
        return self._desk

    def _write_for_ever(self, desk: _Desk) -> None:
        while (first := desk.waiting.get()) is not None:
            desk.hurry.wait(self.linger)
            lines = [first, *_taken(desk.waiting)]
            lost, desk.lost = desk.lost, 0
            _write(lines, lost)
            for _written in lines:
                desk.waiting.task_done()
        desk.waiting.task_done()

    def flush(self, timeout: float = 5.0) -> None:
        """Wait until every line so far is written, or the time is up."""
        desk = self._desk
        if desk.writer is None or desk.process != os.getpid():
            return
        desk.hurry.set()
        last = time.monotonic() + timeout
        with desk.waiting.all_tasks_done:
            while desk.waiting.unfinished_tasks and (left := last - time.monotonic()) > 0:
                desk.waiting.all_tasks_done.wait(left)
        desk.hurry.clear()

    def close(self) -> None:
        """End the thread; a line that comes afterwards starts another."""
        desk, self._desk = self._desk, _Desk()
        if desk.writer is not None:
            desk.waiting.put(None)
        super().close()


def _taken(waiting: queue.Queue[Line | None]) -> Iterator[Line]:
    """What else is waiting, for one batch; the end of the work is left for the next look."""
    for _place in range(_A_BATCH):
        with waiting.mutex:
            if not waiting.queue or waiting.queue[0] is None:
                return
        line = waiting.get()
        if line is not None:
            yield line


def _line(record: logging.LogRecord) -> Line:
    from escott.django.clock import the_clock

    message = record.getMessage()
    if record.exc_info and record.exc_info[0]:
        message += f" ({record.exc_info[0].__name__}: {record.exc_info[1]})"
    return Line(the_clock().now(), record.levelno, record.name, message)


def _write(lines: list[Line], lost: int) -> None:
    """Keep the lines that the shop wants; silently nothing if the database is in trouble."""
    from django.db import connections

    # Said nowhere: saying it would come back here.
    with suppress(Exception):
        _insert(lines, lost)
    with suppress(Exception):
        connections.close_all()


def _insert(lines: list[Line], lost: int) -> None:
    from escott.django.log_switches import log_switches
    from escott.django.models import LogEntry
    from escott.django.redaction import redacted

    if lost:
        told = Line(lines[-1].at, logging.WARNING, "escott", f"{lost} log lines were lost")
        lines = [*lines, told]
    switches = log_switches()
    LogEntry.objects.bulk_create(
        LogEntry(
            at=line.at,
            level=line.level,
            source=line.source[:100],
            message=redacted(line.message)[:_LONGEST],
        )
        for line in lines
        if switches.keep(line.source)
    )


def flush(timeout: float = 5.0) -> None:
    """Wait for every keeper that is attached to ``escott``; for tests."""
    for handler in logging.getLogger("escott").handlers:
        if isinstance(handler, LogKeeper):
            handler.flush(timeout)
