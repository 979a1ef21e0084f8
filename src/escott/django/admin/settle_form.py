"""What staff answer when they settle an unknown result."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _


class SettleForm(forms.Form):
    """What the gateway's console shows, and a word for the record."""

    DONE: Final = "done"
    NOT_DONE: Final = "not_done"

    found = forms.ChoiceField(
        label=_("What the gateway's console shows"),
        choices=[
            (DONE, _("It is there: it was carried out")),
            (NOT_DONE, _("It is not there: nothing happened")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("What you saw (for the record)"), max_length=150)
