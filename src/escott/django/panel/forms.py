"""What staff post: the new total, and the press of the confirm button."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escott.django.models import Payment
from escott.django.settings_forms.half_width import half_width
from escott.rules.yen import CARD_MAXIMUM, NotYen, card_amount, format_yen

#: What people write round an amount, besides spaces.
_ORNAMENTS: Final = re.compile(r"[¥\\,円]")


class YenField(forms.CharField):
    """Whole yen, １２，３４５円 as good as 12345.

    Args:
        check: refuses what cannot be paid in one go; from escott.rules.yen.
        maximum: the most that it lets pass, in yen.
    """

    def __init__(self, *, check: Callable[[object], int], maximum: int, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self._check = check
        self._maximum = maximum

    def clean(self, value: Any) -> Any:
        digits = _ORNAMENTS.sub("", half_width(super().clean(value)))
        if not (digits.isascii() and digits.isdecimal()):
            raise forms.ValidationError(_("Enter whole yen in digits, such as 2,980."))
        try:
            return self._check(int(digits))
        except NotYen:
            raise forms.ValidationError(
                _("Enter an amount from ¥1 to %(maximum)s.")
                % {"maximum": format_yen(self._maximum)}
            ) from None


class AmountForm(forms.Form):
    """The new total of 利用額変更 and 再オーソリ: ¥1 to ¥9,999,999."""

    amount = YenField(
        label=gettext_lazy("New total (yen)"),
        check=card_amount,
        maximum=CARD_MAXIMUM,
        error_messages={"required": gettext_lazy("Enter the new total.")},
    )


def same_amount(payment: Payment) -> str:
    """利用額変更 to what is there already; the gateway would answer K23 and is not asked."""
    return _("The payment has this amount already: %(amount)s.") % {
        "amount": format_yen(payment.amount)
    }


class KeyForm(forms.Form):
    """A press of a button; ``key`` was made when it was rendered, so that a repeat is known."""

    key = forms.RegexField(r"^[\w-]{16,64}$")


class PressForm(KeyForm):
    """A press of the confirm button.

    ``after`` is the number of the last operation that the confirmation knew of.
    """

    after = forms.IntegerField(min_value=0, max_value=32767)
    tells_customer = forms.BooleanField(required=False)
    past_period = forms.BooleanField(required=False)


def new_key() -> str:
    """A name for one press."""
    return secrets.token_urlsafe(24)
