"""The forms of the order's actions: what staff have chosen, before anything happens."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from escott.django.models.operation import OPERATION_LABELS
from escott.rules.card_states import CHARGES
from escott.rules.order_status import OrderStatus
from escott.rules.yen import CARD_MAXIMUM

_REASON_LENGTH: Final = 200


class KeyForm(forms.Form):
    """The key that names a press."""

    key = forms.RegexField(r"^[0-9a-f]{32}$")


class ChargeForm(forms.Form):
    """与信 or 与信売上計上, and who asked for it."""

    charge = forms.ChoiceField(
        label=_("Processing class"),
        choices=[(charge.value, OPERATION_LABELS[charge]) for charge in CHARGES],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Who asked for it, and how"),
        max_length=_REASON_LENGTH,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class DifferenceForm(forms.Form):
    """The amount of a 差額注文, in yen, and what it is for."""

    amount = forms.IntegerField(
        label=_("Difference (yen, tax included)"),
        min_value=1,
        max_value=CARD_MAXIMUM,
        widget=forms.TextInput(
            attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    reason = forms.CharField(
        label=_("What it is for (kept in the order's notes and the audit log)"),
        max_length=_REASON_LENGTH,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class CloseForm(forms.Form):
    """What the order becomes, and whether goods that were sent are back."""

    to = forms.ChoiceField(
        choices=[
            (status.value, status.value)
            for status in (OrderStatus.CANCELLED, OrderStatus.REFUNDED, OrderStatus.COMPLETED)
        ]
    )
    taken_too = forms.BooleanField(required=False)
