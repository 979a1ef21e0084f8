"""The settings of the shop's account in the Django admin, for sites without a dashboard.

The form, its rules and its audit entry are those of the dashboard.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters

from escott.django.encrypted_field import EncryptedField
from escott.django.models import MerchantAccount
from escott.django.settings_forms import CardSettingsForm
from escott.django.settings_forms.card_texts import SECTIONS, SWITCHES


class AdminSettingsForm(CardSettingsForm):
    """The admin shows one text beside a box: what the box does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, says in SWITCHES.items():
            if name in self.fields:
                self.fields[name].label = says


@admin.register(MerchantAccount)
class MerchantAccountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The shop's contract; its secrets are written and never shown."""

    form = AdminSettingsForm
    list_display = ["name", "mode", "merchant_id", "card_enabled", "missing"]

    class Media:
        css = {"all": ["escott/settings.css"]}

    @admin.display(description=_("What is missing"))
    def missing(self, account: MerchantAccount) -> str:
        return " ".join(account.missing_for_cards())

    def get_fieldsets(self, request: HttpRequest, obj: MerchantAccount | None = None) -> Any:
        may_change = self.has_change_permission(request, obj)
        fieldsets: list[tuple[Any, dict[str, Any]]] = []
        for title, names in SECTIONS:
            options: dict[str, Any] = {"fields": _readable(names, may_change)}
            if "secure_use" in names:
                options["description"] = _secure_notes(obj)
            fieldsets.append((title, options))
        if may_change:
            fieldsets[0][1]["fields"].append("seen")
        return fieldsets

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Locked while it is being changed, so that the form compares with what is true.

        The admin changes a row in a transaction; its history, say, is only read.
        """
        found = super().get_object(request, object_id, from_field)
        changing = request.method == "POST" and transaction.get_connection().in_atomic_block
        if found is None or not changing:
            return found
        return MerchantAccount.objects.select_for_update().get(pk=found.pk)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.save_as(request.user)

    @method_decorator(sensitive_post_parameters())
    @method_decorator(cache_control(no_store=True, private=True))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A shop has one account."""
        return super().has_add_permission(request) and not MerchantAccount.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _readable(names: Any, may_change: bool) -> list[str]:
    """A page that is only read shows no secret at all."""
    fields = MerchantAccount._meta.get_field
    return [name for name in names if may_change or not isinstance(fields(name), EncryptedField)]


def _secure_notes(account: MerchantAccount | None) -> str:
    notes = render_to_string("escott/settings/secure_notes.html")
    if CardSettingsForm(instance=account).risk_is_open:
        risk = render_to_string("escott/settings/secure_risk.html")
        notes += format_html('<div class="es-note es-note--risk">{}</div>', risk)
    return notes
