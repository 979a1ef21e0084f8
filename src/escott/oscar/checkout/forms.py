"""The address form of a shop in Japan: family name first, kana, postcode, prefecture."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.forms import UserAddressForm as OscarUserAddressForm
from oscar.apps.checkout.forms import *  # noqa: F403
from oscar.apps.checkout.forms import ShippingAddressForm as OscarShippingAddressForm
from oscar.core.loading import get_model

from escott.oscar.order_kana import FIELDS, kana_of, keep_in_address_book
from escott.oscar.prefectures import PREFECTURES
from escott.rules.kana import NotKana, katakana

Country = get_model("address", "Country")

#: The fields in the order in which people write an address in Japan.
_ORDER: Final = (
    "country",
    "last_name",
    "first_name",
    "last_name_kana",
    "first_name_kana",
    "postcode",
    "state",
    "line4",
    "line1",
    "line2",
    "phone_number",
)

_LABELS: Final = {
    "last_name": _("Last name"),
    "first_name": _("First name"),
    "postcode": _("Postcode"),
    "state": _("Prefecture"),
    "line4": _("City or ward"),
    "line1": _("Town and house number"),
    "line2": _("Building and room"),
    "phone_number": _("Telephone number"),
}

#: ``autocomplete`` tokens of HTML, so that a browser can fill the form in.
_AUTOCOMPLETE: Final = {
    "last_name": "family-name",
    "first_name": "given-name",
    "postcode": "postal-code",
    "state": "address-level1",
    "line4": "address-level2",
    "line1": "address-line1",
    "line2": "address-line2",
    "phone_number": "tel",
}

_EXAMPLES: Final = {
    "last_name": "山田",
    "first_name": "太郎",
    "last_name_kana": "ヤマダ",
    "first_name_kana": "タロウ",
    "postcode": "100-0001",
    "line4": "千代田区",
    "line1": "千代田1-1",
    "line2": "つむぎビル 201",
    "phone_number": "03-1234-5678",
}

_NUMERIC: Final = {"postcode": "numeric", "phone_number": "tel"}


class KanaField(forms.CharField):
    """Takes hiragana and katakana of any width, gives full-width katakana."""

    def clean(self, value: Any) -> str:
        """The reading in full-width katakana."""
        text = super().clean(value)
        try:
            return katakana(text) if text else ""
        except NotKana:
            raise forms.ValidationError(
                _("Please write the reading in kana only."), code="not_kana"
            ) from None


class JapaneseAddress(forms.Form):
    """Turns one of Oscar's address forms into one for Japan.

    Oscar's models keep their fields: ``state`` is the prefecture, ``line4`` the city,
    ``line1`` the rest, ``line2`` the building.
    """

    last_name_kana = KanaField(label=_("Last name (kana)"), max_length=60)
    first_name_kana = KanaField(label=_("First name (kana)"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"] = forms.ChoiceField(
            choices=[("", _("Please choose")), *((name, name) for name in PREFECTURES)]
        )
        self.fields["phone_number"].required = True
        for name in ("line3", "notes"):
            self.fields.pop(name, None)
        for name, label in _LABELS.items():
            self.fields[name].label = label
        self.order_fields(_ORDER)
        for name, field in self.fields.items():
            self._describe(name, field)

    def _describe(self, name: str, field: forms.Field) -> None:
        attributes = {
            "autocomplete": _AUTOCOMPLETE.get(name),
            "placeholder": _EXAMPLES.get(name),
            "inputmode": _NUMERIC.get(name),
        }
        field.widget.attrs.update({key: value for key, value in attributes.items() if value})
        if name in FIELDS:
            field.widget.attrs["lang"] = "ja-Kana-JP"

    def clean_postcode(self) -> str:
        """``100-0001``, also where it was typed in full width or without the hyphen.

        Anything else is left as it is, for Oscar's address to refuse.
        """
        typed: str = self.cleaned_data["postcode"]
        digits = re.sub(r"[\s\-‐-―−ー〒]", "", unicodedata.normalize("NFKC", typed))
        return f"{digits[:3]}-{digits[3:]}" if re.fullmatch(r"[0-9]{7}", digits) else typed

    @property
    def kana(self) -> dict[str, str]:
        """The reading of the name, once the form is valid."""
        return {field: self.cleaned_data[field] for field in FIELDS}


class ShippingAddressForm(JapaneseAddress, OscarShippingAddressForm):
    """Where the order goes."""


class UserAddressForm(JapaneseAddress, OscarUserAddressForm):
    """An entry of the customer's address book; saving it saves its reading."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            kwargs["initial"] = {**kana_of(instance.pk), **(kwargs.get("initial") or {})}
        super().__init__(user, *args, **kwargs)
        countries = list(Country.objects.filter(is_shipping_country=True)[:2])
        if len(countries) == 1:
            del self.fields["country"]
            self.instance.country = countries[0]

    def save(self, commit: bool = True) -> Any:
        """Save the address and, with it, the reading."""
        address = super().save(commit)
        if commit:
            keep_in_address_book(address, self.kana)
        return address
