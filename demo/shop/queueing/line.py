"""A line of threads: whoever came first goes first, which a lock of Python's does not promise."""

from __future__ import annotations

import threading
from collections import deque


class Line:
    """One thread at a time is at its head."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_led = False
        self._waiting: deque[threading.Lock] = deque()

    def join(self, seconds: float) -> bool:
        """Wait to be at the head; ``False`` if it took longer than so many seconds."""
        with self._guard:
            if not self._is_led:
                self._is_led = True
                return True
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        return called.acquire(timeout=seconds) or not self._has_left(called)

    def leave(self) -> None:
        """From its head; the next one is called."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_led = False

    def _has_left(self, called: threading.Lock) -> bool:
        """Give up waiting; ``False`` for one who was called just now."""
        with self._guard:
            if called not in self._waiting:
                return False
            self._waiting.remove(called)
            return True
