"""The settings of the shop's account in the Django admin, for sites without a dashboard."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from escott.django.admin.settings_admin import SaysBesideTheBox, SettingsAdmin
from escott.django.models import MerchantAccount
from escott.django.settings_forms import CardSettingsForm
from escott.django.settings_forms.card_texts import CARD_PAGE


class AdminCardForm(SaysBesideTheBox, CardSettingsForm):
    """The card settings, as the admin shows them."""


@admin.register(MerchantAccount)
class MerchantAccountAdmin(SettingsAdmin):
    """The shop's contract and the card."""

    form = AdminCardForm
    texts = CARD_PAGE
    list_display = ["name", "mode", "merchant_id", "card_enabled", "missing"]

    @admin.display(description=_("What is missing"))
    def missing(self, account: MerchantAccount) -> str:
        return " ".join(account.missing_for_cards())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        for _title, options in fieldsets:
            if "secure_use" in options["fields"]:
                options["description"] = _secure_notes(obj)
        return fieldsets


def _secure_notes(account: MerchantAccount | None) -> str:
    notes = render_to_string("escott/settings/secure_notes.html")
    if CardSettingsForm(instance=account).risk_is_open:
        risk = render_to_string("escott/settings/secure_risk.html")
        notes += format_html('<div class="es-note es-note--risk">{}</div>', risk)
    return notes
