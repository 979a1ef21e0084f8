"""Oscar's dashboard of orders, kept by no cache: its pages show payments and addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.views.decorators.cache import cache_control
from oscar.apps.dashboard.orders.apps import OrdersDashboardConfig as OscarOrdersDashboardConfig


class OrdersDashboardConfig(OscarOrdersDashboardConfig):
    """Oscar's own, under Oscar's own name: nothing is forked."""

    name = "oscar.apps.dashboard.orders"

    def get_url_decorator(self, pattern: Any) -> Callable[..., Any]:
        """Oscar's permissions, and ``no-store`` on every answer."""
        permitted = super().get_url_decorator(pattern)
        kept_by_nobody = cache_control(no_store=True, private=True)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            return kept_by_nobody(permitted(view) if permitted else view)

        return decorate
