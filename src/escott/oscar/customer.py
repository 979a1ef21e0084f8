"""The account pages: the saved card, an address book with the reading of the name, and no cache.

Closing the account deletes the saved card first, or says why it must stay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import path
from django.views.decorators.cache import cache_control
from oscar.apps.customer.apps import CustomerConfig as OscarCustomerConfig


class CustomerConfig(OscarCustomerConfig):
    """Oscar's customer app with the page クレジットカード.

    It keeps Oscar's own name, so nothing is forked and no migration is copied.
    """

    name = "oscar.apps.customer"

    def ready(self) -> None:
        super().ready()
        from escott.oscar.checkout.forms import UserAddressForm
        from escott.oscar.close_profile import ProfileDeleteView

        for view in (self.address_create_view, self.address_update_view):
            view.form_class = UserAddressForm
        self.profile_delete_view = ProfileDeleteView

    def get_urls(self) -> list[Any]:
        from escott.oscar.account_card import AccountCardView, DeleteAccountCardView

        pages = [
            path("saved-card/", AccountCardView.as_view(), name="saved-card"),
            path("saved-card/delete/", DeleteAccountCardView.as_view(), name="saved-card-delete"),
        ]
        urls: list[Any] = self.post_process_urls(pages) + super().get_urls()
        return urls

    def get_url_decorator(self, pattern: Any) -> Callable[..., Any]:
        """``no-store`` on every answer: each of these pages is about one person."""
        return cache_control(no_store=True, private=True)
