"""``{% load escott_home %}``: payments on the dashboard's first page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from escott.oscar.dashboard.home import home

register = template.Library()


@register.inclusion_tag("escott/oscar/home.html", takes_context=True)
def payment_home(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """``{% payment_home %}``: tiles, chart and table; nothing for those who may not see them."""
    return home(context["request"])
