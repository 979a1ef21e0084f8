"""クレジットカード決済の設定: every field of the manual, with the rules that hold among them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escott.django.models import MerchantAccount, SecureUse
from escott.django.models.merchant_account import Gap
from escott.django.settings_forms.card_texts import CARD_PAGE, FIELDS, HELP, LABELS
from escott.django.settings_forms.half_width import HalfWidthField, UpperCaseField
from escott.django.settings_forms.secret_field import DIGITS, PASSWORD, SIXTEEN, SecretField
from escott.django.settings_forms.settings_form import (
    SettingsForm,
    mode_switch,
    secret_of,
    whole_number,
)

#: Choices of 3-D Secure whose risk staff acknowledge.
RISKY: Final = (SecureUse.DONT_USE.value, SecureUse.NOT_CONTRACTED.value)

_DECIDED: Final = [choice for choice in SecureUse.choices if choice[0]]

_whole = partial(whole_number, CARD_PAGE)


def _secret(name: str, kind: tuple[str, Any]) -> SecretField:
    return secret_of(MerchantAccount, name, kind, HELP[name])


class CardSettingsForm(SettingsForm):
    """The card settings of one account."""

    texts = CARD_PAGE
    subject = gettext_lazy("Credit card")
    enabled_by = "card_enabled"

    test_password = _secret("test_password", PASSWORD)
    production_password = _secret("production_password", PASSWORD)
    settlement_key = _secret("settlement_key", DIGITS)
    encryption_key = _secret("encryption_key", SIXTEEN)
    initial_vector = _secret("initial_vector", SIXTEEN)
    mode = mode_switch(CARD_PAGE)
    secure_use = forms.ChoiceField(
        label=gettext_lazy("3-D Secure"),
        choices=_DECIDED,
        required=False,
        widget=forms.RadioSelect,
        help_text=HELP["secure_use"],
    )
    handling_days = _whole("handling_days", 1, 365)
    abandoned_after_hours = _whole("abandoned_after_hours", 0, 24 * 365)
    compares_a_minute = _whole("compares_a_minute", 1, 600)

    class Meta:
        model = MerchantAccount
        fields = FIELDS
        labels = LABELS
        help_texts = HELP
        field_classes = {
            "merchant_id": HalfWidthField,
            "tenant_id": HalfWidthField,
            "token_code": HalfWidthField,
            "seller_country": UpperCaseField,
            "currency": UpperCaseField,
        }
        widgets = {
            "connection": forms.RadioSelect,
            "secure_policy": forms.RadioSelect,
            "merchant_id": forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            "tenant_id": forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            "token_code": forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
            "consent_text": forms.Textarea({"rows": 10}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["risk_acknowledged"] = self._is_acknowledged(cleaned)
        if cleaned.get("always_saves_card") and not cleaned.get("saves_cards"):
            self.add_error("always_saves_card", _("This needs payment with saved cards."))
        return cleaned

    def _is_acknowledged(self, cleaned: dict[str, Any]) -> bool:
        """A tick is for the choice and the mode that it was made beside; a new one asks anew."""
        choice, mode = cleaned.get("secure_use"), cleaned.get("mode")
        same = choice == self.before["secure_use"] and mode == self.before["mode"]
        is_new_tick = not self.before["risk_acknowledged"]
        return bool(cleaned.get("risk_acknowledged")) and choice in RISKY and (same or is_new_tick)

    def gaps(self) -> list[Gap]:
        gaps: list[Gap] = self.instance.gaps_for_cards()
        return gaps

    def write(self, names: list[str], at: datetime) -> None:
        account: MerchantAccount = self.instance
        if account._state.adding:
            account.save()
        elif names:
            account.save(update_fields=names)

    @property
    def risk_is_open(self) -> bool:
        """Nobody has acknowledged the risk of the choice that is stored."""
        return self.before["secure_use"] in RISKY and not self.before["risk_acknowledged"]
