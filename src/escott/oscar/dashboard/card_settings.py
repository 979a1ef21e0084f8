"""クレジットカード決済の設定, in the dashboard."""

from __future__ import annotations

from typing import Any

from escott.django.settings_forms import (
    CardSettingsForm,
    account_to_change,
    account_to_show,
    collection_to_show,
)
from escott.oscar.dashboard.method_states import Standing, card_standing, collection_standing
from escott.oscar.dashboard.settings_view import SettingsView


class CardSettingsView(SettingsView):
    """The page of the card."""

    template_name = "escott/oscar/settings/card_settings.html"
    page = "card-settings"

    def form_to_show(self) -> CardSettingsForm:
        return CardSettingsForm(instance=account_to_show())

    def form_to_save(self, posted: Any) -> CardSettingsForm:
        return CardSettingsForm(posted, instance=account_to_change())

    def standing(self) -> Standing:
        return card_standing(account_to_show())

    def standing_of_other(self) -> Standing:
        return collection_standing(collection_to_show())
