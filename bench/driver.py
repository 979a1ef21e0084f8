"""A database's own driver, without Django between: ``sqlite3`` and ``psycopg``."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    """

    raw: Any
    begin: str
    place: Callable[[str], str]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is written within; whoever measures does not roll back."""
        self.raw.execute(self.begin)
        yield
        self.raw.execute("COMMIT")

    def insert(self, table: str, row: Row) -> int:
        """Insert the row; its key."""
        columns = ", ".join(row)
        places = ", ".join(map(self.place, row))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING id"
        key: int = self.raw.execute(statement, row).fetchone()[0]
        return key

    def update(self, table: str, columns: Row, key: int) -> None:
        """Change columns of the row with this key."""
        changes = ", ".join(f"{name} = {self.place(name)}" for name in columns)
        statement = f"UPDATE {table} SET {changes} WHERE id = {self.place('id')}"
        self.raw.execute(statement, {**columns, "id": key})

    def close(self) -> None:
        """Hang up."""
        self.raw.close()


def connect() -> Driver:
    """A new connection to the database of Django's settings."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        file = sqlite3.connect(
            settings["NAME"], isolation_level=None, check_same_thread=False, cached_statements=128
        )
        file.executescript(SQLITE_PRAGMAS)
        return Driver(file, "BEGIN IMMEDIATE", ":{}".format)
    server = psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or None,
        autocommit=True,
    )
    return Driver(server, "BEGIN", "%({})s".format)
