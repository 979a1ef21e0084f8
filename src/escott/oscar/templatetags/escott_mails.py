"""What a mail to the shop says about payments: ``{% load escott_mails %}``."""

from __future__ import annotations

from datetime import date

from django import template

from escott.django.models import Payment
from escott.django.plain_mails import left_in_words

register = template.Library()


@register.filter
def time_left(payment: Payment, today: date) -> str:
    """``{{ payment|time_left:today }}``: until its last day of operations, 3 days left."""
    return left_in_words(payment, today)
