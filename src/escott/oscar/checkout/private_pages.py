"""Pages with personal or payment data are kept by no cache (requirements.md A156)."""

from __future__ import annotations

from typing import TypeVar

from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.generic import View

ViewClass = TypeVar("ViewClass", bound=type[View])


def private_page(view: ViewClass) -> ViewClass:
    """Class decorator: ``Cache-Control: no-store, private`` on every answer of the view."""
    decorate = method_decorator(cache_control(no_store=True, private=True), name="dispatch")
    return decorate(view)
