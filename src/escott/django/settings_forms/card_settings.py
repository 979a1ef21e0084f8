"""クレジットカード決済の設定: every field of the manual, with the rules that hold among them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django import forms
from django.db import transaction
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escott.clock import Clock
from escott.django.audit import Change, differing, record_change, shown
from escott.django.models import MerchantAccount, Mode, SecureUse
from escott.django.settings_forms import seen
from escott.django.settings_forms.card_texts import FIELDS, HELP, LABELS, SECTIONS, SWITCHES
from escott.django.settings_forms.half_width import HalfWidthField, UpperCaseField
from escott.django.settings_forms.secret_field import DIGITS, PASSWORD, SIXTEEN, SecretField
from escott.gateway.secret import Secret

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[MerchantAccount]
else:
    _ModelForm = forms.ModelForm

#: Choices of 3-D Secure whose risk staff acknowledge.
RISKY: Final = (SecureUse.DONT_USE.value, SecureUse.NOT_CONTRACTED.value)

_DECIDED: Final = [choice for choice in SecureUse.choices if choice[0]]


def _secret(name: str, kind: tuple[str, Any]) -> SecretField:
    field: Any = MerchantAccount._meta.get_field(name)
    return SecretField(*kind, label=capfirst(field.verbose_name), help_text=HELP[name])


def _whole(name: str, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=LABELS[name],
        min_value=least,
        max_value=most,
        localize=False,
        help_text=HELP[name],
    )


class Row(NamedTuple):
    """A field, and what stands beside its box where it is a switch."""

    field: BoundField
    says: Any


class Wrong(NamedTuple):
    """An error, and the id of the input that it is about; empty where it is about none."""

    anchor: str
    label: str
    message: str


class CardSettingsForm(_ModelForm):
    """The settings of one account. Give it an account that is locked, and call ``save_as``.

    A method that is switched off may be saved half-filled; to be switched on it must lack
    nothing. Only what this person touched is written (see :mod:`seen`).
    """

    test_password = _secret("test_password", PASSWORD)
    production_password = _secret("production_password", PASSWORD)
    settlement_key = _secret("settlement_key", DIGITS)
    encryption_key = _secret("encryption_key", SIXTEEN)
    initial_vector = _secret("initial_vector", SIXTEEN)
    mode = forms.ChoiceField(
        label=LABELS["mode"],
        choices=[
            (Mode.TEST.value, gettext_lazy("On: nothing is really charged")),
            (Mode.PRODUCTION.value, gettext_lazy("Off: production, cards are really charged")),
        ],
        widget=forms.RadioSelect,
        help_text=HELP["mode"],
    )
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
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {name: getattr(self.instance, name) for name in FIELDS}
        self._seen = seen.read(self.data.get(self.add_prefix("seen"), ""))
        self.initial["seen"] = self._shown_now

    def _shown_now(self) -> str:
        return json.dumps(seen.digests(self.instance, FIELDS))

    def sections(self) -> Iterator[tuple[Any, list[Row]]]:
        """The fields under their headings, for a template."""
        for title, names in SECTIONS:
            yield title, [Row(self[name], SWITCHES.get(name, "")) for name in names]

    def wrong(self) -> list[Wrong]:
        """Every error with where to mend it, for the top of a page; in the page's order."""
        found = [Wrong("", "", str(error)) for error in self.non_field_errors()]
        for name in FIELDS:
            field = self[name]
            anchor = f"{field.auto_id}_0" if field.use_fieldset else field.auto_id
            found += [Wrong(anchor, str(field.label), str(error)) for error in field.errors]
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in FIELDS:
            if name in cleaned:
                self._compare(name, cleaned)
        cleaned["risk_acknowledged"] = self._is_acknowledged(cleaned)
        if cleaned.get("always_saves_card") and not cleaned.get("saves_cards"):
            self.add_error("always_saves_card", _("This needs payment with saved cards."))
        return cleaned

    def _compare(self, name: str, cleaned: dict[str, Any]) -> None:
        """Leave what was not touched; ask about what somebody else has changed as well."""
        stored, posted = self.before[name], cleaned[name]
        now = seen.digest(stored)
        was_shown = self._seen.get(name, now)
        untouched = posted is None or seen.digest(posted) == was_shown
        if untouched or seen.digest(posted) == now:
            cleaned[name] = stored
        elif was_shown != now:
            self._ask_again(name, stored)

    def _ask_again(self, name: str, stored: Any) -> None:
        if isinstance(stored, Secret):
            message = _("Somebody else has changed this meanwhile. To replace it, enter it again.")
        else:
            message = _(
                "Somebody else has changed this meanwhile. It now says “%(value)s”. "
                "Save again to put yours in its place."
            ) % {"value": shown(self.instance, name, stored)}
        self.add_error(name, message)
        self._seen[name] = seen.digest(stored)
        posted = dict(self.data.items())
        self.data = {**posted, self.add_prefix("seen"): json.dumps(self._seen)}

    def _is_acknowledged(self, cleaned: dict[str, Any]) -> bool:
        """A tick is for the choice and the mode that it was made beside; a new one asks anew."""
        choice, mode = cleaned.get("secure_use"), cleaned.get("mode")
        same = choice == self.before["secure_use"] and mode == self.before["mode"]
        is_new_tick = not self.before["risk_acknowledged"]
        return bool(cleaned.get("risk_acknowledged")) and choice in RISKY and (same or is_new_tick)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.cleaned_data.get("card_enabled"):
            return
        for gap in self.instance.gaps_for_cards():
            if gap.field not in self.errors:
                self.add_error(gap.field, gap.reason)

    def save(self, commit: bool = True) -> MerchantAccount:
        if commit:
            raise TypeError("settings are saved by save_as(), which says who did it")
        return super().save(commit=False)

    def save_as(self, actor: Any, *, clock: Clock | None = None) -> dict[str, Change]:
        """Write what differs, with its audit entry; what differs, by label.

        Args:
            actor: the member of staff.
            clock: the present; the site's clock by default.
        """
        account = self.instance
        names = differing(account, self.before)
        changes = {self._label(name): self._change(name) for name in names}
        with transaction.atomic():
            if account._state.adding:
                account.save()
            elif names:
                account.save(update_fields=names)
            if changes:
                subject = _("Credit card")
                record_change(actor, _("Settings changed"), subject, changes, clock=clock)
        return changes

    def _label(self, name: str) -> str:
        return str(self.base_fields[name].label)

    def _change(self, name: str) -> Change:
        before, after = self.before[name], getattr(self.instance, name)
        if isinstance(after, Secret):
            return None
        return shown(self.instance, name, before), shown(self.instance, name, after)

    @property
    def risk_is_open(self) -> bool:
        """Nobody has acknowledged the risk of the choice that is stored."""
        return self.before["secure_use"] in RISKY and not self.before["risk_acknowledged"]
