"""The account pages: an address book with the reading of the name, and kept by no cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.views.decorators.cache import cache_control
from oscar.apps.customer.apps import CustomerConfig as OscarCustomerConfig


class CustomerConfig(OscarCustomerConfig):
    """Oscar's customer app; only the two forms of the address book are ours.

    It keeps Oscar's own name, so nothing is forked and no migration is copied.
    """

    name = "oscar.apps.customer"

    def ready(self) -> None:
        super().ready()
        from escott.oscar.checkout.forms import UserAddressForm

        for view in (self.address_create_view, self.address_update_view):
            view.form_class = UserAddressForm

    def get_url_decorator(self, pattern: Any) -> Callable[..., Any]:
        """``no-store`` on every answer: each of these pages is about one person."""
        return cache_control(no_store=True, private=True)
