"""Persist: what the gateway has told is written down, whatever the database does meanwhile.

The answer to a telegram exists once. Its write is tried again on a new connection when the
database has dropped the old one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, connections

log = logging.getLogger("escott.payments")

#: Pauses before another attempt to reach the database, in seconds.
_PAUSES: Final = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0)

Written = TypeVar("Written")


def persist(write: Callable[[], Written]) -> Written:
    """Run ``write``, a transaction of its own; when the database is gone, run it again."""
    for pause in _PAUSES:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            log.warning("the database did not take a record (%s); again", type(error).__name__)
            _drop_dead_connections()
            time.sleep(pause)
    return write()


def _drop_dead_connections() -> None:
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
