"""Insert a row unless a unique constraint forbids it, in one statement and without an error.

``INSERT ... ON CONFLICT DO NOTHING RETURNING`` gives exactly one winner among any number of
simultaneous writers, on PostgreSQL and on SQLite, and leaves the transaction usable for the
losers. Django's own ``bulk_create(ignore_conflicts=True)`` cannot tell who won.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connections, models, router


def insert_once(row: models.Model) -> bool:
    """Insert ``row`` and set its primary key; ``False`` if a constraint already stands there."""
    model = type(row)
    connection = connections[router.db_for_write(model)]
    statement, fields = _statement(model, connection.vendor)
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection=connection)
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        inserted = cursor.fetchone()
    if inserted is None:
        return False
    row.pk = inserted[0]
    row._state.adding = False
    row._state.db = connection.alias
    return True


@lru_cache(maxsize=16)
def _statement(model: type[models.Model], vendor: str) -> tuple[str, list[Any]]:
    key = model._meta.pk
    fields = [field for field in model._meta.concrete_fields if field is not key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places}) '  # noqa: S608
        f'ON CONFLICT DO NOTHING RETURNING "{key.column}"',
        fields,
    )
