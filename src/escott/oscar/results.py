"""The one result of an order's payment, and the page that shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from escott.django.clock import the_clock
from escott.django.models import Payment
from escott.django.services import live_payment_of
from escott.django.services.payments import is_in_doubt
from escott.django.shown_slip import ShownSlip, SlipStage, shown_slip_of, stage_of
from escott.oscar.links import payment_page_url, thank_you_url
from escott.oscar.order_moves import status_of
from escott.oscar.order_totals import CLOSED
from escott.oscar.payable import may_be_paid, total_of
from escott.rules.payment_states import PaymentState


class Result(StrEnum):
    """What a shopper may be told about an order."""

    PAID = "paid"  # or free: nothing is left to pay
    AWAITS_DEPOSIT = "awaits_deposit"  # 未入金: a slip is out, and may be paid
    CHECKING = "checking"  # お支払い状況を確認しています
    UNPAID = "unpaid"  # may be paid now
    CLOSED = "closed"  # cancelled or refunded: can't be paid any more


def result_of(order: Any, live: Payment | None) -> Result:
    """The result of an order whose live payment, if any, is ``live``."""
    if total_of(order) == 0 or (live is not None and live.is_paid):
        return Result.PAID
    if live is not None and live.state == PaymentState.UNPAID:
        return _result_of_slip(order, live)
    if live is not None:
        return Result.CHECKING
    if not may_be_paid(order):
        return Result.CLOSED
    return Result.CHECKING if is_in_doubt(order.number) else Result.UNPAID


def _result_of_slip(order: Any, live: Payment) -> Result:
    """Nobody is asked to pay for a closed order, nor by a slip that is being cancelled, or by
    which another amount has arrived.
    """
    if status_of(order) in CLOSED:
        return Result.CLOSED
    stage = stage_of(live, the_clock().now())
    return Result.CHECKING if stage in _BEING_CHECKED else Result.AWAITS_DEPOSIT


_BEING_CHECKED: Final = frozenset({SlipStage.BEING_DELETED, SlipStage.DEPOSIT_DIFFERS})


def slip_to_show(order: Any, payment: Payment | None, result: Result) -> ShownSlip | None:
    """The slip of the payment that tells how the order stands, for its shopper.

    Nothing of one that is out although the order is closed, nor of one that was not paid in time
    where staff have gone on with the order.
    """
    slip = shown_slip_of(payment)
    if slip is None:
        return None
    if slip.stage is SlipStage.LAPSED:
        return slip if status_of(order) in CLOSED else None
    return None if result is Result.CLOSED and slip.is_to_be_paid else slip


def result_url(order: Any) -> str:
    """The page that shows the order's result."""
    return page_for(result_of(order, live_payment_of(order.number)), order)


def page_for(result: Result, order: Any) -> str:
    """The page that shows such a result."""
    return thank_you_url(order) if result is Result.PAID else payment_page_url(order)
