"""When a slip's row is due: the rule (escott.rules.deposit_inquiries) with the shop's settings."""

from __future__ import annotations

from datetime import date, datetime

from escott.django.models import Payment
from escott.rules.deposit_inquiries import next_inquiry, next_inquiry_after_lapse
from escott.rules.due_dates import grace_is_over


def asked_next(
    payment: Payment, due_on: date, now: datetime, *, registered_at: datetime | None = None
) -> datetime:
    """When an unpaid slip is asked about next.

    Args:
        due_on: its last day.
        registered_at: the moment of its registration, where the payment does not tell it yet.
    """
    return next_inquiry(
        registered_at=registered_at or payment.charged_at or payment.created_at,
        due_on=due_on,
        grace_business_days=_grace(payment),
        now=now,
    )


def asked_after_lapse(payment: Payment, due_on: date, now: datetime) -> datetime | None:
    """When a slip that has lapsed is asked about next; ``None`` when it is left alone."""
    return next_inquiry_after_lapse(
        due_on=due_on,
        grace_business_days=_grace(payment),
        last_day=payment.operable_until,
        now=now,
    )


def may_lapse(payment: Payment, due_on: date, asked_at: datetime) -> bool:
    """Whether the last day and the days of grace were over before the gateway was asked."""
    return grace_is_over(due_on, _grace(payment), asked_at)


def _grace(payment: Payment) -> int:
    return payment.account.collection.grace_business_days
