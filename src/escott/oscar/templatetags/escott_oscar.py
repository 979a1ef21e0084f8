"""What a page says about the payment of an order, or of a list of orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import (
    Member,
    MerchantAccount,
    Payment,
    Trip,
    TripKind,
)
from escott.django.panel.shown_payment import ShownPayment, with_its_rows
from escott.django.pay_type_labels import PAY_TYPE_LABELS
from escott.django.secure_results import explain_trip
from escott.django.services import current_payment_of, payments_of
from escott.django.shown_slip import ShownSlip
from escott.oscar.links import payment_page_url
from escott.oscar.results import result_of, slip_to_show
from escott.rules.yen import format_yen

register = template.Library()


@dataclass(frozen=True, slots=True)
class Paying:
    """How an order's payment stands, and where it is paid.

    Attributes:
        slip: how the order's slip is paid, or what became of it; ``None`` where the payment
            that tells how the order stands is made otherwise.
    """

    result: str
    url: str
    slip: ShownSlip | None


@register.simple_tag
def payment_of(order: Any) -> Paying:
    """``{% payment_of order as paying %}``: for the shopper's own pages."""
    payment = current_payment_of(order.number)
    result = result_of(order, payment if payment is not None and payment.live else None)
    return Paying(result.value, payment_page_url(order), slip_to_show(order, payment, result))


@register.simple_tag
def has_saved_card_page(user: Any) -> bool:
    """``{% has_saved_card_page user as offered %}``: the page クレジットカード is of use."""
    account = MerchantAccount.current_or_none()
    offered = account is not None and account.saves_cards
    return offered or Member.objects.filter(customer=user.pk, current=True).exists()


@register.simple_tag
def shown_payments_of(order: Any) -> list[ShownPayment]:
    """``{% shown_payments_of order as payments %}``: every attempt in words, for staff."""
    today = in_japan(the_clock().now()).date()
    return [ShownPayment.of(payment, today) for payment in with_its_rows(payments_of(order.number))]


@register.simple_tag
def authentications_for(order: Any) -> list[Trip]:
    """``{% authentications_for order as trips %}``: 本人認証 that no payment has followed."""
    return list(
        Trip.objects.filter(
            order_reference=order.number, kind=TripKind.SECURE, payment__isnull=True
        ).order_by("-id")
    )


@register.simple_tag
def newest_payments(orders: Iterable[Any]) -> dict[str, Payment]:
    """``{% newest_payments orders as payments %}``: by order number the live one, or the newest."""
    numbers = [order.number for order in orders]
    attempts = Payment.objects.filter(order_reference__in=numbers, purpose="order").order_by(
        "live", "id"
    )
    return {payment.order_reference: payment for payment in attempts}


@register.filter
def of_order(payments: dict[str, Payment], order: Any) -> Payment | None:
    """``{{ payments|of_order:order }}``: the payment of one order in such a table."""
    return payments.get(order.number)


@register.filter
def yen(amount: int) -> str:
    """``{{ payment.amount|yen }}``: ¥3,780."""
    return format_yen(amount)


@register.filter
def pay_type_label(pay_type: str) -> str:
    """``{{ payment.pay_type|pay_type_label }}``: 一括払い, 3回払い, リボ払い."""
    return str(PAY_TYPE_LABELS.get(pay_type, pay_type))


@register.filter
def trip_explained(trip: Trip) -> tuple[str, ...]:
    """``{% for line in trip|trip_explained %}``: what became of a 本人認証, for staff."""
    return explain_trip(trip)


@register.filter
def japan_time(moment: datetime) -> str:
    """``{{ operation.started_at|japan_time }}``: as the gateway's console shows it."""
    return f"{in_japan(moment):%Y/%m/%d %H:%M:%S}"
