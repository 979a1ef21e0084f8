"""Django's SQLite, with writers that queue for their turn.

By itself SQLite lets a second writer look again and again, with longer and longer pauses; under
load some wait very long while others overtake them. Here a transaction takes a lock on a file
beside the database before it begins, so the next writer starts the moment the last one ends.
Threads and processes queue alike. Readers never wait.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from typing import Any

from django.db.backends.sqlite3 import base


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
        try:
            super()._rollback()
        finally:
            self._give_turn_back()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._give_turn_back()

    def _take_turn(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self._turn is None and not self.is_in_memory_db():
            self._turn = os.open(f"{name}-turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._turn, fcntl.LOCK_EX)

    def _give_turn_back(self) -> None:
        if self._turn is not None and not self._still_in_transaction():
            turn, self._turn = self._turn, None
            with suppress(OSError):
                os.close(turn)

    def _still_in_transaction(self) -> bool:
        return self.connection is not None and self.connection.in_transaction
