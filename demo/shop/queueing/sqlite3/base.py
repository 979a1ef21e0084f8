"""Django's SQLite, with writers that queue for their turn.

By itself SQLite lets a second writer look again and again, with longer and longer pauses; under
load some wait very long while others overtake them. Here a transaction takes a lock on a file
beside the database before it begins, looking every millisecond and giving up after the
database's own time-out. Threads and processes queue alike. Readers never wait.
"""

from __future__ import annotations

import fcntl
import os
import time
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

#: Seconds between two looks; always the same, so that nobody is overtaken for long.
_PAUSE = 0.001


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes its turn when a transaction begins, and gives it back when the transaction ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give_turn_back()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._give_turn_back()

    def _rollback(self) -> None:
        super()._rollback()
        self._give_turn_back()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._give_turn_back()

    def _take_turn(self) -> None:
        if self._turn is not None or self.is_in_memory_db():
            return
        name = str(self.settings_dict["NAME"])
        turn = os.open(f"{name}-turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        last_look = time.monotonic() + self.settings_dict["OPTIONS"].get("timeout", 20)
        while not _taken(turn):
            if time.monotonic() > last_look:
                os.close(turn)
                raise OperationalError("another writer has held the database for too long")
            time.sleep(_PAUSE)
        self._turn = turn

    def _give_turn_back(self) -> None:
        if self._turn is not None:
            turn, self._turn = self._turn, None
            os.close(turn)


def _taken(turn: int) -> bool:
    """Take the lock if it is free."""
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
