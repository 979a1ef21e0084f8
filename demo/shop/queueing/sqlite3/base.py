"""Django's SQLite, with writers that queue for their turn.

By itself SQLite lets a second writer look again and again, with longer and longer pauses; under
load some wait very long while others overtake them. Here a transaction takes a lock on a file
beside the database before it begins, and gives up after the database's own time-out. So does a
statement that writes outside a transaction, unless it gives rows back: what it has written
counts only once they are read. Readers never wait.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from shop.queueing.turns import WaitedTooLong, give_turn_back, take_turn

_WRITES: Final = ("INSERT", "UPDATE", "DELETE")
_GIVES_ROWS: Final = " RETURNING "


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes its turn when a transaction begins, and gives it back when the transaction ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: int | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=lambda raw: _QueueingCursor(raw, self))

    def needs_turn(self, query: str) -> bool:
        """Whether a statement writes and is a transaction of its own."""
        return self._turn is None and query.startswith(_WRITES) and _GIVES_ROWS not in query

    def take_turn(self) -> None:
        """Wait until nobody else writes.

        Raises:
            OperationalError: somebody else did for too long.
        """
        if self._turn is not None or self.is_in_memory_db():
            return
        seconds = self.settings_dict["OPTIONS"].get("timeout", 20)
        try:
            self._turn = take_turn(f"{self.settings_dict['NAME']}-turn", seconds)
        except WaitedTooLong:
            reason = "another writer has held the database for too long"
            raise OperationalError(reason) from None

    def give_turn_back(self) -> None:
        """Let the next one write; nothing if it is not ours."""
        if self._turn is not None:
            turn, self._turn = self._turn, None
            give_turn_back(turn)

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.give_turn_back()
            raise

    def _commit(self) -> None:
        super()._commit()
        self.give_turn_back()

    def _rollback(self) -> None:
        super()._rollback()
        self.give_turn_back()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self.give_turn_back()


class _QueueingCursor(base.SQLiteCursorWrapper):
    def __init__(self, raw: Any, queue: DatabaseWrapper) -> None:
        super().__init__(raw)
        self._queue = queue

    def execute(self, query: str, params: Any = None) -> Any:
        if not self._queue.needs_turn(query):
            return super().execute(query, params)
        self._queue.take_turn()
        try:
            return super().execute(query, params)
        finally:
            self._queue.give_turn_back()
