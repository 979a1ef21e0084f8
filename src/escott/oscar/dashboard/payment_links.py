"""Where the dashboard's pages of a payment and of its order stand."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from oscar.core.loading import get_model

from escott.django.models import Payment

Order = get_model("order", "Order")


def payment_url(payment: Payment) -> str:
    """決済情報 of the payment, as a page."""
    return reverse("dashboard:payment-detail", args=[payment.pk])


def order_urls(payments: Iterable[Payment]) -> dict[str, str]:
    """By its number the page of each order that was not deleted."""
    numbers = {payment.order_reference for payment in payments}
    kept = Order.objects.filter(number__in=numbers).values_list("number", flat=True)
    return {number: reverse("dashboard:order-detail", args=[number]) for number in kept}
