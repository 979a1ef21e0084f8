"""Change one row, perhaps only while a condition holds, in one statement; tells who came first.

The statement is built once for each set of columns. Django's ``update()`` builds it anew on
every call, which takes longer than the database takes to run it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connections, models, router


def update_row(
    row: models.Model,
    columns: Mapping[str, Any],
    *,
    only_if: str = "TRUE",
    given: Sequence[str] = (),
) -> bool:
    """Write ``columns`` of ``row``; ``False`` if it is gone or ``only_if`` no longer holds.

    The object stays as it is, for only after the commit it may say what the row says.

    Args:
        columns: the new values by the names of their fields.
        only_if: SQL about the row's columns, fixed in the code, that every database takes.
        given: the values for its places (``%s``).
    """
    model = type(row)
    connection = connections[router.db_for_write(model)]
    statement, fields = _statement(model, tuple(columns), only_if)
    values = [
        field.get_db_prep_save(value, connection=connection)
        for field, value in zip(fields, columns.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk, *given])
        return bool(cursor.rowcount)


@lru_cache(maxsize=64)
def _statement(
    model: type[models.Model], names: tuple[str, ...], only_if: str
) -> tuple[str, list[Any]]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    changes = ", ".join(f'"{field.column}" = %s' for field in fields)
    return (
        f'UPDATE "{model._meta.db_table}" SET {changes} '  # noqa: S608
        f'WHERE "{model._meta.pk.column}" = %s AND {only_if}',
        fields,
    )
