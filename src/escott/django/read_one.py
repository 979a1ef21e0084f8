"""Read the one row with a value, in a statement that is built once.

For rows that every payment reads; Django's ``get()`` builds the statement anew on every call,
which takes longer than the database takes to run it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connections, models, router

Row = TypeVar("Row", bound=models.Model)


def read_one(model: type[Row], field: str, value: Any) -> Row | None:
    """The row whose ``field``, a unique one, has this value."""
    connection = connections[router.db_for_read(model)]
    select = _select(model, field, connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(select.statement, [value])
        found = cursor.fetchone()
    if found is None:
        return None
    values = list(found)
    for place, column in select.converted:
        for convert in _converters(column, connection):
            values[place] = convert(values[place], column, connection)
    return model.from_db(connection.alias, select.names, values)


@dataclass(frozen=True, slots=True)
class _Select:
    """The statement, the fields that it reads, and the columns that are no values yet."""

    statement: str
    names: Sequence[str]
    converted: Sequence[tuple[int, Any]]


@lru_cache(maxsize=32)
def _select(model: type[models.Model], by: str, alias: str) -> _Select:
    table, fields = model._meta.db_table, model._meta.concrete_fields
    read = [field.get_col(table) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    key = next(field.column for field in fields if field.name == by)
    return _Select(
        f'SELECT {names} FROM "{table}" WHERE "{key}" = %s',  # noqa: S608
        [field.attname for field in fields],
        [(place, col) for place, col in enumerate(read) if _converters(col, connections[alias])],
    )


def _converters(column: Any, connection: Any) -> list[Any]:
    """Those of the connection's own operations, which no other thread may keep."""
    return [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
