"""What staff post about a slip: the new amount and due date, and why they settle it so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escott.clock import in_japan
from escott.django.models import Payment
from escott.django.models.slip import slip_of
from escott.django.panel.days import day_of_week
from escott.django.panel.forms import KeyForm, PressForm, YenField
from escott.rules.due_dates import latest_due_date, may_become_due
from escott.rules.yen import COLLECTION_MAXIMUM, collection_amount, format_yen


class ChangeSlipForm(forms.Form):
    """変更: the whole new amount, and the last day on which it can be paid.

    Args:
        payment: as it stands.
        now: the present (aware).
    """

    amount = YenField(
        label=gettext_lazy("New total (yen)"),
        check=collection_amount,
        maximum=COLLECTION_MAXIMUM,
        error_messages={"required": gettext_lazy("Enter the new total.")},
    )
    due_on = forms.DateField(
        label=gettext_lazy("New due date"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Enter the new due date."),
            "invalid": gettext_lazy("Enter a date, such as 2026-04-10."),
        },
    )

    def __init__(self, data: Any, *, payment: Payment, now: datetime) -> None:
        slip = slip_of(payment)
        due_on = slip.due_on if slip is not None else None
        self._before = (payment.amount, due_on)
        self._ordered_at = payment.charged_at or payment.created_at
        self._now = now
        super().__init__(data, initial={"amount": payment.amount, "due_on": due_on})
        limits = {"min": self.first_day.isoformat(), "max": self.last_day.isoformat()}
        self.fields["due_on"].widget.attrs.update(limits)

    @property
    def first_day(self) -> date:
        """Today, in Japan."""
        return in_japan(self._now).date()

    @property
    def last_day(self) -> date:
        """The order's day 60."""
        return latest_due_date(self._ordered_at)

    def clean_due_on(self) -> date:
        """From today to the order's day 60."""
        due_on: date = self.cleaned_data["due_on"]
        if not may_become_due(due_on, ordered_at=self._ordered_at, now=self._now):
            raise forms.ValidationError(not_a_due_date(self.first_day, self.last_day))
        return due_on

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if (given.get("amount"), given.get("due_on")) == self._before:
            self.add_error("amount", same_slip(*self._before))
        return given


class PressedChangeForm(PressForm):
    """The press of the confirmation of a 変更; whether it may be is the service's to say, for a
    repeat of the press comes after the change.
    """

    amount = forms.IntegerField(min_value=1, max_value=COLLECTION_MAXIMUM)
    due_on = forms.DateField(input_formats=["%Y-%m-%d"])


class ReasonForm(KeyForm):
    """Why staff settle it so, for the record."""

    reason = forms.CharField(
        label=gettext_lazy("Why (for the record)"),
        max_length=200,
        error_messages={"required": gettext_lazy("Please give the reason.")},
    )


def same_slip(amount: int, due_on: date | None) -> str:
    """変更 to what is there already; the gateway is not asked."""
    words = {"amount": format_yen(amount), "day": day_of_week(due_on) if due_on else ""}
    return _("The slip has this amount and due date already: %(amount)s, %(day)s.") % words


def not_a_due_date(first: date, last: date) -> str:
    """Which days can be given."""
    words = {"first": day_of_week(first), "last": day_of_week(last)}
    return _("Enter a day from %(first)s to %(last)s.") % words
