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


def read_one(model: type[Row], field: str, value: Any) -> Row:
    """The row whose ``field``, a unique one, has this value.

    Raises:
        model.DoesNotExist: there is none.
    """
    connection = connections[router.db_for_read(model)]
    select = _select(model, field, connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(select.statement, [value])
        found = cursor.fetchone()
    if found is None:
        raise model.DoesNotExist(f"no {model.__name__} has {field} {value!r}")
    values = list(found)
    for place, column, convert in select.converters:
        values[place] = convert(values[place], column, connection)
    return model.from_db(connection.alias, select.names, values)


@dataclass(frozen=True, slots=True)
class _Select:
    """The statement, the fields it reads, and what turns their columns into their values."""

    statement: str
    names: Sequence[str]
    converters: Sequence[tuple[int, Any, Any]]


@lru_cache(maxsize=16)
def _select(model: type[models.Model], by: str, alias: str) -> _Select:
    connection = connections[alias]
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    converters = []
    for place, field in enumerate(fields):
        column = field.get_col(table)
        for convert in (
            *connection.ops.get_db_converters(column),
            *column.get_db_converters(connection),
        ):
            converters.append((place, column, convert))
    key = model._meta.get_field(by).column
    return _Select(
        f'SELECT {columns} FROM "{table}" WHERE "{key}" = %s',  # noqa: S608
        [field.attname for field in fields],
        converters,
    )
