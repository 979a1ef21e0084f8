"""A database's own driver, without Django between: ``sqlite3`` and ``psycopg``."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import partial
from typing import Any

import psycopg
from django.db import connection

from shop.database import SQLITE_PRAGMAS

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Driver:
    """One connection, and the little in which the two drivers differ.

    Attributes:
        raw: the driver's own connection, in autocommit.
        begin: how a transaction begins that is going to write.
        place: makes the place of a named value in a statement.
        turn: held by the one who writes, where the database itself has no queue.
    """

    raw: Any
    begin: str
    place: Callable[[str], str]
    turn: Callable[[], AbstractContextManager[None]] = nullcontext

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is written within; whoever measures does not roll back."""
        with self.turn():
            self.raw.execute(self.begin)
            yield
            self.raw.execute("COMMIT")

    def insert(self, table: str, row: Row) -> int:
        """Insert the row; its key."""
        columns = ", ".join(f'"{name}"' for name in row)
        places = ", ".join(map(self.place, row))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING id"
        key: int = self.raw.execute(statement, row).fetchone()[0]
        return key

    def update(self, table: str, columns: Row, key: int) -> None:
        """Change columns of the row with this key."""
        changes = ", ".join(f'"{name}" = {self.place(name)}' for name in columns)
        statement = f"UPDATE {table} SET {changes} WHERE id = {self.place('id')}"
        self.raw.execute(statement, {**columns, "id": key})

    def close(self) -> None:
        """Hang up."""
        self.raw.close()


@contextmanager
def _queue(name: str) -> Iterator[None]:
    """The queue of the demo's SQLite (shop.queueing), without Django."""
    with open(name, "ab") as file:
        flock(file, LOCK_EX)
        yield


def connect() -> Driver:
    """A new connection to the database of Django's settings."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        file = sqlite3.connect(
            settings["NAME"], isolation_level=None, check_same_thread=False, cached_statements=128
        )
        file.executescript(SQLITE_PRAGMAS)
        turn = partial(_queue, f"{settings['NAME']}-turn")
        return Driver(file, "BEGIN IMMEDIATE", ":{}".format, turn)
    server = psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or None,
        autocommit=True,
    )
    return Driver(server, "BEGIN", "%({})s".format)
