"""An index on Oscar's orders, by which the worker finds those that nobody pays.

The table is Oscar's, or a fork's, so it is made after every ``migrate`` unless it is there
(see :mod:`escott.oscar.address_indexes`).
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from oscar.core.loading import get_model


def make_order_index(using: str = "default", **_signal: Any) -> None:
    """Make the index if it is missing; for ``post_migrate``."""
    connection = connections[using]
    table = get_model("order", "Order")._meta.db_table
    with connection.cursor() as cursor:
        if table in connection.introspection.table_names(cursor):
            cursor.execute(
                'CREATE INDEX IF NOT EXISTS "escott_orders_by_status" '
                f'ON "{table}" ("status", "date_placed")'
            )
