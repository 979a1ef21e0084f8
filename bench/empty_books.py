"""Take everything off the books of a shop: orders, payments, and all that belongs to them."""

from __future__ import annotations

from typing import Final

from django.core.management.color import no_style
from django.db import connection
from oscar.core.loading import get_model

from escott.django.models import Case, Mail, Notice, Payment
from escott.oscar.models import KanaName

Order = get_model("order", "Order")
ShippingAddress = get_model("order", "ShippingAddress")

#: What refers to these goes with them.
_BOOKS: Final = (Case, Mail, Notice, Payment, KanaName, Order, ShippingAddress)


def empty_books() -> None:
    """Leave no order and no payment, and nothing for the worker to do."""
    tables = [model._meta.db_table for model in _BOOKS]
    statements = connection.ops.sql_flush(no_style(), tables, allow_cascade=True)
    with connection.constraint_checks_disabled():
        connection.ops.execute_sql_flush(statements)
