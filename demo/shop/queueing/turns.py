"""Turns at one file's lock: threads and processes queue alike, and nobody waits for ever.

Of each process only one thread looks whether the lock is free, and the others wait behind it
without looking. It looks often, so that the lock is not free for long while somebody waits,
and a process with many threads in the queue looks no oftener than one with a single one.
"""

from __future__ import annotations

import fcntl
import os
import time
from typing import Final

from shop.queueing.line import Line

#: Seconds between two looks; always the same, so that nobody is overtaken for long.
_PAUSE: Final = 0.0002

#: By the name of the file: the threads of this process that wait; the one at the head looks.
_lines: Final[dict[str, Line]] = {}
os.register_at_fork(after_in_child=_lines.clear)


class WaitedTooLong(Exception):
    """Others have held the lock, or waited for it, all the time."""


def take_turn(name: str, seconds: float) -> int:
    """Take the lock of the file ``name``; what to give back.

    Raises:
        WaitedTooLong: it did not become free within ``seconds``.
    """
    last_look = time.monotonic() + seconds
    line = _lines.setdefault(name, Line())
    if not line.join(seconds):
        raise WaitedTooLong
    try:
        return _look_until_free(name, last_look)
    finally:
        line.leave()


def give_turn_back(turn: int) -> None:
    """Let the next one write."""
    os.close(turn)


def _look_until_free(name: str, last_look: float) -> int:
    file = os.open(name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        while not _taken(file):
            if time.monotonic() > last_look:
                raise WaitedTooLong
            time.sleep(_PAUSE)
    except BaseException:
        os.close(file)
        raise
    return file


def _taken(file: int) -> bool:
    """Take the lock if it is free."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
