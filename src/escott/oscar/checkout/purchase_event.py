"""コンバージョンのトラッキング: what the thank-you page reports, once for an order paid by card.

A collection order never reports, for it is not paid when its shopper leaves; nor does a free one,
which was no card payment. Source: requirements.md A007; the manual, コンバージョンのトラッキング.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from oscar.core.loading import get_model

from escott.django.models import Payment
from escott.oscar.payable import total_of
from escott.rules.payment_methods import PaymentMethod

Order = get_model("order", "Order")


def claim_purchase_event(order: Any, payment: Payment | None) -> dict[str, Any] | None:
    """The order's GA4 ``purchase`` event for the one who asks first; ``None`` for all others.

    Ask only for the order's own shopper whose browser will show the page: whoever else holds the
    link would use the event up in an analytics session that bought nothing.
    """
    if payment is None or payment.method != PaymentMethod.CARD:
        return None
    unclaimed = Order.objects.filter(pk=order.pk, analytics_tracked=False)
    return _event(order) if unclaimed.update(analytics_tracked=True) else None


def _event(order: Any) -> dict[str, Any]:
    """In whole yen, with tax, as Japanese shoppers see prices; ``value`` is what was charged."""
    tax = _whole(order.total_incl_tax - order.total_excl_tax)
    return {
        "event": "purchase",
        "ecommerce": {
            "transaction_id": order.number,
            "value": total_of(order),
            "currency": order.currency,
            **({"tax": tax} if tax else {}),
            "shipping": _whole(order.shipping_incl_tax),
            "items": [_item(line) for line in order.lines.all()],
        },
    }


def _item(line: Any) -> dict[str, Any]:
    return {
        "item_id": line.partner_sku or line.upc or str(line.product_id),
        "item_name": line.title,
        "price": _whole(line.line_price_incl_tax / line.quantity),
        "quantity": line.quantity,
    }


def _whole(price: Decimal) -> int:
    return int(price.to_integral_value(ROUND_HALF_UP))
