"""Change one row while it still is what it was, in one statement; tells who came first.

The statement is built once for each set of columns. Django's ``update()`` builds it anew on
every call, which takes longer than the database takes to run it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.db import connections, models, router

_NOTHING: Final[Mapping[str, tuple[Any, ...]]] = {}


def update_row(
    row: models.Model,
    columns: Mapping[str, Any],
    *,
    still: Mapping[str, tuple[Any, ...]] = _NOTHING,
) -> bool:
    """Write ``columns`` of ``row``; ``False`` if it is gone or is no longer as in ``still``.

    The object stays as it is, for only after the commit it may say what the row says.

    Args:
        columns: the new values by the names of their fields.
        still: fields that must each hold one of these values, or nothing is written.
    """
    model = type(row)
    connection = connections[router.db_for_write(model)]
    kinds = tuple((name, len(values)) for name, values in still.items())
    statement, fields = _statement(model, tuple(columns), kinds)
    given = [*columns.values(), row.pk, *(value for values in still.values() for value in values)]
    parameters = [
        field.get_db_prep_save(value, connection=connection)
        for field, value in zip(fields, given, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return bool(cursor.rowcount)


@lru_cache(maxsize=64)
def _statement(
    model: type[models.Model], names: tuple[str, ...], still: tuple[tuple[str, int], ...]
) -> tuple[str, list[Any]]:
    """The statement, and the field of each of its parameters."""
    by_name: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields}
    changes = ", ".join(f'"{by_name[name].column}" = %s' for name in names)
    conditions = [f'"{model._meta.pk.column}" = %s']
    fields = [*(by_name[name] for name in names), model._meta.pk]
    for name, count in still:
        conditions.append(f'"{by_name[name].column}" IN ({", ".join(["%s"] * count)})')
        fields += [by_name[name]] * count
    statement = (
        f'UPDATE "{model._meta.db_table}" SET {changes} '  # noqa: S608
        f"WHERE {' AND '.join(conditions)}"
    )
    return statement, fields
