"""Dashboard pages show payments and persons: no cache keeps them (requirements.md A156)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.views.decorators.cache import cache_control


class NoStore:
    """For an Oscar configuration: ``no-store`` on every answer, after Oscar's permissions."""

    def get_url_decorator(self, pattern: Any) -> Callable[..., Any]:
        permitted = super().get_url_decorator(pattern)  # type: ignore[misc]
        kept_by_nobody = cache_control(no_store=True, private=True)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            return kept_by_nobody(permitted(view) if permitted else view)

        return decorate
