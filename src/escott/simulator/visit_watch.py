"""Hosted visits that nobody comes back to end by themselves, so that their merchant hears of it."""

from __future__ import annotations

import threading
from typing import Final

from escott.simulator.visit_desk import VisitDesk

#: Seconds of real time between two looks at the gateway's clock.
_EVERY: Final = 0.5


class VisitWatch:
    """A thread that looks after the visits of a desk, from ``start`` until ``stop``."""

    def __init__(self, desk: VisitDesk) -> None:
        self._desk = desk
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="visits", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; nothing is touched any more when this returns."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(_EVERY):
            self._desk.end_abandoned()
