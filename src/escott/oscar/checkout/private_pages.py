"""Pages with personal or payment data are kept by no cache (requirements.md A156)."""

from __future__ import annotations

from typing import TypeVar

from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.generic import View

from escott.django.page_policy import card_page_policy

ViewClass = TypeVar("ViewClass", bound=type[View])


def private_page(view: ViewClass) -> ViewClass:
    """Class decorator: ``Cache-Control: no-store, private`` on every answer of the view."""
    decorate = method_decorator(cache_control(no_store=True, private=True), name="dispatch")
    return decorate(view)


def payment_page(view: ViewClass) -> ViewClass:
    """Class decorator: a private page that loads nothing from strangers either.

    Its templates must do without inline scripts and styles.
    """
    return method_decorator(card_page_policy, name="dispatch")(view)
