"""The database as it stood when it was kept: brought back after each test, transactions and all.

Tests here commit, in many threads, so nothing can be undone by a rollback.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Final

from django.db import connection, transaction

#: Tables of so many bytes are cleaned up and measured anew after many of their rows went.
_LARGE: Final = 1_000_000


def kept_database() -> AbstractContextManager[Callable[[], None]]:
    """While the ``with`` lasts: a function that brings back what stood in Django's database."""
    return _kept_on_sqlite() if connection.vendor == "sqlite" else _kept_on_postgresql()


@contextmanager
def _kept_on_sqlite() -> Iterator[Callable[[], None]]:
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)

        def bring_back() -> None:
            connection.ensure_connection()
            copy.backup(connection.connection)

        yield bring_back


@contextmanager
def _kept_on_postgresql() -> Iterator[Callable[[], None]]:
    kept = _KeptRows()
    yield kept.bring_back


class _KeptRows:
    """A copy of every table beside it, in a schema of its own.

    Only what a test touched is put back: a table is as it was if it has as many rows, and none
    that a later transaction wrote (``xmin``).
    """

    def __init__(self) -> None:
        with transaction.atomic():
            _execute("DROP SCHEMA IF EXISTS kept CASCADE")
            _execute("CREATE SCHEMA kept")
            self._columns = dict(_rows(_COLUMNS))
            for table in self._columns:
                _execute(f'CREATE TABLE kept."{table}" AS TABLE public."{table}"')
            sizes = {table: _value(f'SELECT count(*) FROM "{table}"') for table in self._columns}
            self._sequences = dict(_rows(_SEQUENCES))
        self._find_touched = " UNION ALL ".join(
            f"SELECT '{table}' FROM \"{table}\" HAVING count(*) <> {size} "
            "OR max(xmin::text::bigint) >= (SELECT * FROM since)"
            for table, size in sizes.items()
        )
        self._since = _value(_NEXT_TRANSACTION)

    def bring_back(self) -> None:
        """Put back what anybody has touched since."""
        with transaction.atomic():
            _execute("SET LOCAL lock_timeout = '20s'")
            _execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            touched = [
                table
                for (table,) in _rows(
                    f"WITH since AS (SELECT {self._since}::bigint) {self._find_touched}"
                )
            ]
            for table in touched:
                columns = self._columns[table]
                _execute(f'DELETE FROM "{table}"')
                _execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM kept."{table}"')
            for name, value in _rows(_SEQUENCES):
                if value != self._sequences.get(name, value):
                    _execute(f"ALTER SEQUENCE {name} RESTART WITH {self._sequences[name]}")
        self._since = _value(_NEXT_TRANSACTION)
        for table in touched:
            if _value(f"SELECT pg_relation_size('\"{table}\"')") > _LARGE:
                _execute(f'VACUUM (ANALYZE) "{table}"')


#: The columns of each table that can be written.
_COLUMNS: Final = """
    SELECT table_name, string_agg('"' || column_name || '"', ', ' ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY table_name
"""
#: The number that each sequence gives next.
_SEQUENCES: Final = """
    SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value + 1, start_value)
    FROM pg_sequences WHERE schemaname = 'public'
"""
#: No row has been written by this transaction or a later one.
_NEXT_TRANSACTION: Final = (
    "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::numeric % 4294967296"
)


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _value(sql: str) -> Any:
    return _rows(sql)[0][0]
