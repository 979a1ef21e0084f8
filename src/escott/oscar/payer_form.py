"""お支払いになる方: name, reading and telephone number, asked for where an order has them not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from escott.oscar.payers import PayerDetails
from escott.rules.payer import Payer, PayerField, PayerNotTaken, PayerProblem, payer_of

#: What an HTML form needs of each field beside its label.
_ATTRIBUTES: Final[Mapping[PayerField, Mapping[str, str]]] = {
    PayerField.NAME: {"autocomplete": "name", "placeholder": "鈴木 一郎"},
    PayerField.KANA: {"lang": "ja-Kana-JP", "placeholder": "スズキ イチロウ"},
    PayerField.TELEPHONE: {
        "autocomplete": "tel",
        "inputmode": "tel",
        "placeholder": "03-1234-5678",
    },
}

_LABELS: Final[Mapping[PayerField, Any]] = {
    PayerField.NAME: _("Name"),
    PayerField.KANA: _("Name (kana)"),
    PayerField.TELEPHONE: _("Telephone number"),
}

_PROBLEMS: Final[Mapping[PayerProblem, Any]] = {
    PayerProblem.MISSING: _("Please fill this in."),
    PayerProblem.NOT_KANA: _("Please write the reading in kana only."),
    PayerProblem.ABROAD: _("Please enter a telephone number in Japan."),
    PayerProblem.NOT_DIGITS: _("Please write the telephone number in digits."),
    PayerProblem.WRONG_LENGTH: _("Please enter a telephone number of 9 to 11 digits."),
    PayerProblem.NO_LEADING_ZERO: _("Please begin with the area code and its 0."),
}

_LONGEST: Final = 60


class PayerForm(forms.Form):
    """Asks for the payer. ``payer`` is there once the form is valid.

    The fields are not ``required`` in HTML: where they stand beside a choice of methods, a
    browser would hold them against a shopper who pays by card.
    """

    use_required_attribute = False
    prefix = "payer"

    name = forms.CharField(max_length=_LONGEST, required=False, label=_LABELS[PayerField.NAME])
    kana = forms.CharField(max_length=_LONGEST, required=False, label=_LABELS[PayerField.KANA])
    telephone = forms.CharField(
        max_length=_LONGEST,
        required=False,
        label=_LABELS[PayerField.TELEPHONE],
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    payer: Payer

    def __init__(self, *args: Any, known: PayerDetails | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = known.to_keep() if known else {}
        for name, attributes in _ATTRIBUTES.items():
            self.fields[name.value].widget.attrs.update(attributes)

    def clean(self) -> dict[str, Any]:
        """The payer as a slip carries it, or what keeps it from standing there."""
        cleaned = super().clean() or {}
        try:
            self.payer = payer_of(**self._typed(cleaned))
        except PayerNotTaken as refused:
            for name, problem in refused.problems.items():
                self.add_error(name.value, forms.ValidationError(_PROBLEMS[problem], problem))
        return cleaned

    @property
    def details(self) -> PayerDetails:
        """What was typed, once the form is valid."""
        return PayerDetails(**self._typed(self.cleaned_data))

    @staticmethod
    def _typed(cleaned: Mapping[str, Any]) -> dict[str, str]:
        return {name.value: cleaned.get(name.value, "") for name in PayerField}
