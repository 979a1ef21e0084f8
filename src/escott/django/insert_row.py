"""Insert one row in one statement; what is not given is as the model's fields have it.

For rows that are written while somebody waits, and are not read back at once. The statement is
built once for each set of columns, the defaults within it; Django's ``create()`` builds it anew
for every row, which takes longer than the database takes to run it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connections, models, router


def insert_row(model: type[models.Model], columns: Mapping[str, Any]) -> None:
    """Insert a row of ``model``; its key stays unknown.

    Args:
        columns: values by the names of their fields. Of the others, which are left to their
            defaults, none may have a function for it.

    Raises:
        TypeError: one of them has.
    """
    connection = connections[router.db_for_write(model)]
    insert = _insert(model, tuple(columns), connection.alias)
    values = [
        field.get_db_prep_save(value, connection=connection)
        for field, value in zip(insert.fields, columns.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(insert.statement, values)


@dataclass(frozen=True, slots=True)
class _Insert:
    """The statement, and the fields of its parameters."""

    statement: str
    fields: Sequence[Any]


@lru_cache(maxsize=16)
def _insert(model: type[models.Model], names: tuple[str, ...], alias: str) -> _Insert:
    connection = connections[alias]
    by_name: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields}
    given = [by_name.pop(name) for name in names]
    places = {field.column: "%s" for field in given}
    for field in by_name.values():
        if field is model._meta.pk:
            continue
        default = field.get_db_prep_save(_default_of(field), connection=connection)
        if default is not None:
            places[field.column] = _literal(field, default)
    columns = ", ".join(map(connection.ops.quote_name, places))
    values = ", ".join(places.values())
    table = connection.ops.quote_name(model._meta.db_table)
    return _Insert(f"INSERT INTO {table} ({columns}) VALUES ({values})", given)  # noqa: S608


def _default_of(field: Any) -> Any:
    if field.has_default() and callable(field.default):
        raise TypeError(f"the default of {field} is a function: it has to be given")
    return field.get_default()


def _literal(field: Any, default: Any) -> str:
    """A default within the statement: a number, or nothing."""
    if default == "":
        return "''"
    if isinstance(default, int):
        return str(default)
    raise TypeError(f"the default of {field} is neither a number nor empty: it has to be given")
