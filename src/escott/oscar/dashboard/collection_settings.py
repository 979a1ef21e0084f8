"""オンライン収納代行サービスの設定, in the dashboard."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from escott.django.settings_forms import (
    CollectionSettingsForm,
    account_to_show,
    collection_to_change,
    collection_to_show,
)
from escott.django.settings_forms.settings_form import SettingsForm
from escott.oscar.dashboard.method_states import Standing, card_standing, collection_standing
from escott.oscar.dashboard.settings_view import SettingsView


class CollectionSettingsView(SettingsView):
    """The page of online collection."""

    template_name = "escott/oscar/settings/collection_settings.html"
    page = "collection-settings"

    def form_to_show(self) -> CollectionSettingsForm:
        return CollectionSettingsForm(instance=collection_to_show())

    def form_to_save(self, posted: Any) -> CollectionSettingsForm:
        return CollectionSettingsForm(posted, instance=collection_to_change())

    def standing(self) -> Standing:
        return collection_standing(collection_to_show())

    def standing_of_other(self) -> Standing:
        return card_standing(account_to_show())

    def show(self, form: SettingsForm, **more: Any) -> HttpResponse:
        form.fields["fee_rows"].widget.example_url = reverse("dashboard:collection-fee-example")  # type: ignore[attr-defined]
        return super().show(form, **more)
