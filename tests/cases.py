"""What stands open for staff."""

from __future__ import annotations

from escott.django.models import Case, Payment


def attention_of(payment: Payment) -> str:
    """The kinds of the payment's open cases, joined by ``+``; the payment's mark agrees."""
    opened = Case.objects.filter(payment=payment, closed_at__isnull=True)
    kinds = list(opened.order_by("kind").values_list("kind", flat=True))
    payment.refresh_from_db(fields=["needs_attention"])
    assert payment.needs_attention is bool(kinds)
    return "+".join(kinds)
