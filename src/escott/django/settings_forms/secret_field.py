"""A field that is written and never read: the page shows ●●●● and a way to change it.

It works without JavaScript: an input left empty keeps what is stored, and only its own
checkbox deletes it. What was typed is not sent back either, so after an error in another
field the person is told to type it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from escott.django.settings_forms.half_width import half_width
from escott.gateway.secret import Secret


@dataclass(frozen=True, slots=True)
class SecretEntry:
    """What was posted: a new text, or the wish to delete the stored one, or neither."""

    text: str = field(default="", repr=False)
    clear: bool = False

    def __bool__(self) -> bool:
        return bool(self.text) or self.clear


@dataclass(frozen=True, slots=True)
class SecretShown:
    """What a page may know of a secret."""

    is_stored: bool
    was_typed: bool = False


class SecretInput(forms.Widget):
    """An input that never carries a value."""

    template_name = "escott/settings/secret_input.html"
    label: Any = ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        shown = value if isinstance(value, SecretShown) else SecretShown(is_stored=False)
        context["widget"] |= {"shown": shown, "label": self.label, "clear_name": _clear(name)}
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> SecretEntry:
        return SecretEntry(half_width(data.get(name) or ""), bool(data.get(_clear(name))))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and _clear(name) not in data


class SecretField(forms.Field):
    """Cleans to a :class:`Secret`, or to ``None`` where the stored one stays."""

    widget = SecretInput

    def __init__(self, pattern: str, message: Any, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.well_formed = RegexValidator(rf"\A(?:{pattern})\Z", message)
        self.widget.label = self.label

    def clean(self, value: SecretEntry) -> Secret | None:
        if value.text:
            self.well_formed(value.text)
            return Secret(value.text)
        return Secret("") if value.clear else None

    def bound_data(self, data: SecretEntry, initial: Any) -> SecretShown:
        return SecretShown(is_stored=bool(initial), was_typed=bool(data.text))

    def prepare_value(self, value: Any) -> SecretShown:
        return value if isinstance(value, SecretShown) else SecretShown(is_stored=bool(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


DIGITS = (r"[0-9]{1,32}", _("Digits only."))
PASSWORD = (r"[0-9A-Za-z]{1,20}", _("Half-width letters and digits only, 20 at most."))
SIXTEEN = (r"[0-9A-Za-z]{16}", _("Exactly 16 half-width letters and digits."))


def _clear(name: str) -> str:
    return f"{name}-clear"
