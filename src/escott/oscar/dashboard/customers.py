"""Oscar's dashboard of customers with their saved cards, kept by no cache."""

from __future__ import annotations

from typing import Any, Final

from django.urls import path
from oscar.apps.dashboard.users.apps import UsersDashboardConfig as OscarUsersDashboardConfig

from escott.django.permissions import VIEW
from escott.oscar.dashboard.no_store import NoStore

#: Who sees the payments made with a card sees the card.
_NEEDED: Final = ["is_staff", VIEW]


class UsersDashboardConfig(NoStore, OscarUsersDashboardConfig):
    """Oscar's own, under Oscar's own name: nothing is forked.

    Staff who see payments see the cards and may ask the gateway how they stand; to delete one
    they need the permission ``escott.delete_saved_card``, and against the rule
    ``escott.override_saved_card``.
    """

    name = "oscar.apps.dashboard.users"

    def configure_permissions(self) -> None:
        super().configure_permissions()
        for page in self._card_pages():
            self.permissions_map[page.name] = _NEEDED

    def get_urls(self) -> list[Any]:
        urls: list[Any] = self.post_process_urls(self._card_pages()) + super().get_urls()
        return urls

    def _card_pages(self) -> list[Any]:
        from escott.oscar.dashboard.customer_cards import (
            AskAboutCardView,
            CustomerCardsView,
            DeleteCardView,
        )

        return [
            path("<int:pk>/cards/", CustomerCardsView.as_view(), name="user-cards"),
            path(
                "<int:pk>/cards/<int:card>/ask/", AskAboutCardView.as_view(), name="user-card-ask"
            ),
            path(
                "<int:pk>/cards/<int:card>/delete/",
                DeleteCardView.as_view(),
                name="user-card-delete",
            ),
        ]
