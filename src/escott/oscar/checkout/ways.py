"""One press of 注文する, or of the button of a placed order: by card, or by slip.

Both go the same way::

    read_...   what was posted                                          nothing is written
    begin      the payment or the trip is written, the fee settled      in the host's transaction
    finish     the gateway is asked, or the browser is sent to it       after the commit
"""

from __future__ import annotations

import logging
from typing import Any, Protocol

from django.db import transaction

from escott.django.models import Trip
from escott.django.orders import OrderNotPayable, PayableOrder
from escott.django.press import Begin, Press, begin_press, finish_press
from escott.django.services import live_payment_of
from escott.django.services.claim import Claim
from escott.django.services.collection import (
    SlipInstruction,
    begin_slip,
    go_on_with_slip,
    slip_page_url,
)
from escott.oscar.links import LONGEST_RETURN_URL, absolute, payment_page_url
from escott.oscar.order_fee import put_fee, total_without_fee
from escott.oscar.payable import payable, total_of
from escott.rules.order_status import OrderStatus
from escott.rules.payer import Payer
from escott.rules.product_name import product_name
from escott.rules.yen import yen_from_decimal

log = logging.getLogger("escott.oscar")


class Way(Protocol):
    """One press."""

    @property
    def status_before(self) -> OrderStatus:
        """What an order is until it is paid in this way."""

    def begin(self, order: Any) -> None:
        """Write the payment down, in the caller's transaction.

        Raises:
            OrderNotPayable: another payment was first, or the order is closed.
            MethodUnavailable, SavedCardUnusable: nothing was written.
        """

    def finish(self) -> str | None:
        """Ask the gateway; where the browser leaves for it, the address."""


class ByCard:
    """By card: there is no fee."""

    status_before = OrderStatus.AWAITING_PAYMENT

    def __init__(self, press: Press) -> None:
        self._press = press
        self._begun: Begin | None = None

    def begin(self, order: Any) -> None:
        """Write the payment or the trip down."""
        with transaction.atomic(savepoint=False):
            asked = _payable(order, fee=0)
            self._begun = begin_press(asked, self._press, next_url=payment_page_url(order))
            begun = self._begun.begun
            if isinstance(begun, Trip):
                _keep_to(begun, order)
            elif not begun.won:
                return
            _settle_fee(order, 0, asked)

    def finish(self) -> str | None:
        """Charge the card, or send the browser off."""
        return finish_press(self._begun) if self._begun is not None else None


class BySlip:
    """オンライン収納代行: at a convenience store, by Pay-easy or with e-money."""

    status_before = OrderStatus.ON_HOLD

    def __init__(self, payer: Payer, *, fee: int, press: str) -> None:
        """
        Args:
            fee: in yen, of the order's total without it.
            press: names the press of the button.
        """
        self._payer = payer
        self._fee = fee
        self._press = press
        self._claim: Claim | None = None

    def begin(self, order: Any) -> None:
        """Write the slip down, and its fee into the order's total."""
        with transaction.atomic(savepoint=False):
            asked = _payable(order, fee=self._fee)
            instruction = SlipInstruction(
                payer=self._payer,
                product_name=product_name([line.title for line in order.lines.all()]),
                fee=self._fee,
                press=self._press,
                return_url=return_url_of(order),
            )
            self._claim = begin_slip(asked, instruction)
            if self._claim.won:
                _settle_fee(order, self._fee, asked)

    def finish(self) -> str | None:
        """Register the slip; the gateway's page on which the shopper chooses where to pay."""
        if self._claim is None:
            return None
        payment = go_on_with_slip(self._claim)
        return slip_page_url(payment, from_checkout=True) or None


def return_url_of(order: Any) -> str:
    """Where the slip's page leads back to; empty where the shop's addresses are too long.

    A system check tells the shop of that; its shoppers come back by themselves.
    """
    url = absolute(payment_page_url(order))
    if len(url) <= LONGEST_RETURN_URL:
        return url
    log.error("order %s: the address of its payment page is longer than 128", order.number)
    return ""


def _payable(order: Any, *, fee: int) -> PayableOrder:
    """The order with the fee of this way in its amount, whatever stands in its total now."""
    asked = payable(order)
    amount = yen_from_decimal(total_without_fee(order)) + fee
    return PayableOrder(
        reference=asked.reference,
        amount=amount,
        all_virtual=asked.all_virtual,
        email=asked.email,
        customer=asked.customer,
    )


def _keep_to(trip: Trip, order: Any) -> None:
    """Hold that no other payment stands: an authentication claims nothing yet, so a slip may have
    been registered meanwhile, and its fee stays.

    Raises:
        OrderNotPayable: another payment was first.
    """
    live = live_payment_of(order.number)
    if live is not None and live.pk != trip.payment_id:
        raise OrderNotPayable(order.number)


def _settle_fee(order: Any, fee: int, asked: PayableOrder) -> None:
    """Bring the order's total in line with what was written down, or undo all of it.

    Raises:
        OrderNotPayable: the total has changed.
    """
    put_fee(order, fee)
    if total_of(order) != asked.amount:
        raise OrderNotPayable(order.number)
