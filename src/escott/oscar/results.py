"""The one result of an order's payment, and the page that shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from escott.django.models import Payment
from escott.django.services import live_payment_of
from escott.django.services.payments import is_in_doubt
from escott.oscar.links import payment_page_url, thank_you_url
from escott.oscar.order_moves import status_of
from escott.oscar.payable import total_of
from escott.oscar.statuses import PAYABLE


class Result(StrEnum):
    """What a shopper may be told about an order."""

    PAID = "paid"  # or free: nothing is left to pay
    CHECKING = "checking"  # お支払い状況を確認しています
    UNPAID = "unpaid"  # may be paid now
    CLOSED = "closed"  # cancelled or refunded: can't be paid any more


def result_of(order: Any, live: Payment | None) -> Result:
    """The result of an order whose live payment, if any, is ``live``."""
    if total_of(order) == 0 or (live is not None and live.is_paid):
        return Result.PAID
    if live is not None:
        return Result.CHECKING
    if status_of(order) not in PAYABLE:
        return Result.CLOSED
    return Result.CHECKING if is_in_doubt(order.number) else Result.UNPAID


def result_url(order: Any) -> str:
    """The page that shows the order's result."""
    return page_for(result_of(order, live_payment_of(order.number)), order)


def page_for(result: Result, order: Any) -> str:
    """The page that shows such a result."""
    return thank_you_url(order) if result is Result.PAID else payment_page_url(order)
