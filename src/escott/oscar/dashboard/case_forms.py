"""What staff say when they end a case, and when they write down a refund."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from escott.clock import in_japan
from escott.django.admin.settle_form import SettleForm
from escott.django.clock import the_clock
from escott.django.settings_forms.half_width import HalfWidthField
from escott.rules.yen import NotYen, card_amount

_REASON: Final = {"required": _("Please give the reason.")}


class SettleCaseForm(SettleForm):
    """What the gateway's console shows, and a word for the record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["found"].error_messages["required"] = _("Please choose what you found.")
        self.fields["note"].error_messages["required"] = _("Please write what you saw.")

    @property
    def done(self) -> bool:
        """The console shows it as carried out."""
        return str(self.cleaned_data["found"]) == self.DONE


class DismissForm(forms.Form):
    """How it was seen to."""

    note = forms.CharField(
        label=_("What was done about it (for the record)"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please write what was done about it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class _YenField(HalfWidthField):
    """An amount as people write it: 3780, 3,780, ¥3,780, ３７８０円."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        digits = re.sub(r"[,¥円]", "", typed)
        try:
            return card_amount(int(digits))
        except (ValueError, NotYen):
            raise ValidationError(_("Please give a whole amount of yen, 1 or more.")) from None


class RefundForm(forms.Form):
    """A return of money that the gateway knows nothing of."""

    amount = _YenField(
        label=_("Amount (yen)"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Please give the amount.")},
    )
    returned_on = forms.DateField(
        label=_("Date of the return"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please give the date."),
            "invalid": _("Please give a date."),
        },
    )
    bank = forms.CharField(
        label=_("Bank or way of return"),
        max_length=100,
        help_text=_("For example the bank and branch it was sent from, or cash."),
        error_messages={"required": _("Please say how the money went back.")},
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, error_messages=_REASON)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        today = in_japan(the_clock().now()).date()
        self.fields["returned_on"].widget.attrs["max"] = today.isoformat()


class TakeBackRefundForm(forms.Form):
    """Why the record of a refund is wrong."""

    reason = forms.CharField(
        label=_("Why the record is wrong (for the audit log)"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages=_REASON,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ConsoleListForm(forms.Form):
    """The console's list as a file."""

    file = forms.FileField(
        label=_("The console's list (CSV)"),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        error_messages={
            "required": _("Please choose the file."),
            "empty": _("The file is empty."),
            "missing": _("Please choose the file."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
