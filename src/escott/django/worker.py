"""The worker's loop: run what is due, wait a little, stop when asked."""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import Error, connections

from escott.clock import Clock
from escott.django.jobs import JOBS

log = logging.getLogger("escott.worker")

#: Seconds between two rounds that found nothing to do.
IDLE_PAUSE: Final = 1.0


def run_once(clock: Clock, stop: threading.Event | None = None) -> int:
    """Run every job once; how much they did. A job that fails does not keep the others."""
    stop = stop or threading.Event()
    done = 0
    for name, job in JOBS.items():
        try:
            count = job(clock, stop)
        except Error:
            log.exception("job %r met a database error", name)
            connections.close_all()
        except Exception:
            log.exception("job %r failed", name)
        else:
            done += count
            if count:
                log.info("%s: %d", name, count)
    return done


def run(clock: Clock, stop: threading.Event) -> None:
    """Run the jobs until ``stop`` is set; the row under way is finished first."""
    while not stop.is_set():
        if not run_once(clock, stop):
            stop.wait(IDLE_PAUSE)
