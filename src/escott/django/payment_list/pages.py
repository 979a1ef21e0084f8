"""A page of the list by keyset: what stands after or before a payment, never "skip so many"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from escott.django.models import Payment
from escott.django.payment_list.conditions import Order, Selection

#: Further than this nobody counts; the page then says "100 or more".
COUNTED: Final = 100

_Key = tuple[datetime | date, int]


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: beside a payment of it.

    Attributes:
        key: where that payment stands in the order.
        forwards: the page follows it; else the page ends before it.
    """

    key: _Key
    forwards: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        payments: in the order of the selection.
        before: the payment before which an earlier page ends; ``None`` on the first.
        after: the payment after which the next page begins; ``None`` on the last.
        count: how many payments there are in all, at most ``counted_to``; told on the first
            page only, ``None`` elsewhere.
        counted_to: where counting stopped.
    """

    payments: list[Payment]
    before: int | None
    after: int | None
    count: int | None
    counted_to: int

    @property
    def has_more_than_counted(self) -> bool:
        """There are at least ``counted_to`` payments, and nobody counted on."""
        return self.count is not None and self.count >= self.counted_to


def cursor_of(order: Order, payment_id: int, *, forwards: bool) -> Cursor | None:
    """The place beside a payment; ``None`` if there is none, or it is not in that order."""
    value = Payment.objects.filter(pk=payment_id).values_list(order.column, flat=True).first()
    return None if value is None else Cursor((value, payment_id), forwards)


def page_of(selection: Selection, *, size: int, cursor: Cursor | None = None) -> Page:
    """The page at the cursor, or the first.

    Args:
        size: rows of a page.
        cursor: see :func:`cursor_of`.
    """
    counted_to = max(COUNTED, size)
    forwards = cursor is None or cursor.forwards
    keys = keys_of(selection, size=(counted_to if cursor is None else size) + 1, cursor=cursor)
    page = keys[:size] if forwards else keys[:size][::-1]
    more = len(keys) > size
    goes_back = cursor is not None if forwards else more
    goes_on = more if forwards else True
    return Page(
        payments=rows_of([key for _, key in page]),
        before=page[0][1] if page and goes_back else None,
        after=page[-1][1] if page and goes_on else None,
        count=min(len(keys), counted_to) if cursor is None else None,
        counted_to=counted_to,
    )


def keys_of(selection: Selection, *, size: int, cursor: Cursor | None = None) -> list[_Key]:
    """The order's column and the number of so many payments, away from the cursor."""
    falling = selection.order.newest_first is (cursor is None or cursor.forwards)
    found: set[_Key] = set()
    for branch in selection.branches:
        found.update(_along(selection.order.column, branch, falling, cursor)[:size])
    return sorted(found, reverse=falling)[:size]


def _along(column: str, branch: Q, falling: bool, cursor: Cursor | None) -> QuerySet[Payment, _Key]:
    payments = Payment.objects.filter(branch)
    if cursor is not None:
        value, number = cursor.key
        side = "lt" if falling else "gt"
        # The first condition bounds the walk along the index; the second settles ties.
        payments = payments.filter(**{f"{column}__{side}e": value}).filter(
            Q(**{f"{column}__{side}": value}) | Q(**{f"pk__{side}": number})
        )
    sign = "-" if falling else ""
    return payments.order_by(f"{sign}{column}", f"{sign}pk").values_list(column, "pk")


def rows_of(keys: Sequence[int]) -> list[Payment]:
    """The payments with these numbers, in that order, without what only the gateway needs."""
    payments = (
        Payment.objects.select_related("customer", "slip").defer("process_pass").in_bulk(keys)
    )
    return [payments[key] for key in keys if key in payments]
