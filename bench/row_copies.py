"""Very many rows from one: a statement that copies a row and varies it by its number ``i``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Model


def copy_row(row: Model, varied: Mapping[str, str], times: int) -> None:
    """Copy a stored row so many times.

    Args:
        varied: the columns that differ from copy to copy, as SQL of ``i``.
    """
    fields = [field.column for field in row._meta.concrete_fields]
    columns = ", ".join(f'"{name}"' for name in fields)
    values = ", ".join(varied.get(name, f'"{name}"') for name in fields)
    table = table_of(type(row))
    run_statement(
        f"INSERT INTO {table} ({columns}) WITH RECURSIVE numbers(i) AS "
        f"(SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {times}) "
        f"SELECT {values} FROM numbers, (SELECT * FROM {table} WHERE id = {row.pk}) AS one"
    )


def table_of(model: Any) -> str:
    """The quoted name of a model's table."""
    return f'"{model._meta.db_table}"'


def run_statement(statement: str) -> None:
    """Run a statement that gives nothing back."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
