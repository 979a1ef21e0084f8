"""What the rows of 決済一覧 and of 一括処理 show."""

from __future__ import annotations

from datetime import datetime

from django import template

from escott.clock import in_japan
from escott.rules.card_brands import NAMES, CardBrand

register = template.Library()


@register.filter
def card_brand(brand: str) -> str:
    """``{{ payment.card_brand|card_brand }}``: VISA; empty for a card of another brand."""
    return NAMES[CardBrand(brand)] if brand else ""


@register.filter
def japan_day(moment: datetime) -> str:
    """``{{ payment.created_at|japan_day }}``: the date in Japan."""
    return f"{in_japan(moment):%Y/%m/%d}"
