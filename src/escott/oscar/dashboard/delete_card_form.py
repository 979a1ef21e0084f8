"""What staff say when they delete a saved card that payments still need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DeleteCardForm(forms.Form):
    """A reason for the audit log, and that the consequences were read."""

    reason = forms.CharField(
        label=_("Reason (kept in the audit log)"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"required": _("Please give the reason.")},
    )
    understood = forms.BooleanField(
        label=_("I understand that these payments can no longer be cancelled or changed."),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Please confirm that you have read this.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
