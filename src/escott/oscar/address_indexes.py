"""Indexes on Oscar's table of shipping addresses, by which 決済一覧 finds a name or a telephone.

The table is Oscar's, or a fork's, so no migration of ours may speak for its columns: the
indexes are made after every ``migrate`` unless they are there. On SQLite a later migration of
Oscar's may build the table anew without them; they come back in the same run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import connections
from oscar.core.loading import get_model

#: By their names, the columns of each.
INDEXES: Final[Mapping[str, tuple[str, ...]]] = {
    "escott_address_name": ("last_name", "first_name"),
    "escott_address_first_name": ("first_name",),
    "escott_address_phone": ("phone_number",),
}


def make_address_indexes(using: str = "default", **_signal: Any) -> None:
    """Make the indexes that are missing; for ``post_migrate``."""
    connection = connections[using]
    table = get_model("order", "ShippingAddress")._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return
        for name, columns in INDEXES.items():
            listed = ", ".join(_column(column, connection.vendor) for column in columns)
            cursor.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ({listed})')


def _column(name: str, vendor: str) -> str:
    return f'"{name}" varchar_pattern_ops' if vendor == "postgresql" else f'"{name}"'
