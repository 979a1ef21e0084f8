"""The filters of 決済一覧 as staff fill them in, or as a link brings them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.models import Mode
from escott.django.models.payment import STATE_LABELS
from escott.django.payment_list.conditions import (
    BY_LAST_DAY,
    BY_ORDER_DATE,
    BY_SALES_DATE,
    MARK_LABELS,
    Mark,
    Order,
    Selection,
    captured_in,
    marked,
    ordered_in,
)
from escott.django.payment_list.search import FindOrders, NotADate, Reading, no_orders, read
from escott.rules.payment_states import PaymentState

#: Rows of a page.
SIZES: Final = (50, 200)

_DAYS: Final = (
    MinValueValidator(date(2000, 1, 1), _("Please give a date from 2000 on.")),
    MaxValueValidator(date(2099, 12, 31), _("Please give a date until 2099.")),
)
_FORMATS: Final = ["%Y-%m-%d", "%Y/%m/%d"]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=_FORMATS,
        validators=_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please give a date like 2026-04-01.")},
    )


class ListFilter(forms.Form):
    """Each field narrows the list; an empty one does not.

    Args:
        today: the date in Japan.
        find_orders: the host's part of the search (:mod:`escott.django.payment_list.search`).
    """

    q = forms.CharField(
        label=_("Search"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "enterkeyhint": "search"}),
    )
    mark = forms.ChoiceField(
        label=_("What to look for"),
        required=False,
        choices=[("", _("All")), *((mark.value, MARK_LABELS[mark]) for mark in Mark)],
        widget=forms.HiddenInput,
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *((s.value, STATE_LABELS[s]) for s in PaymentState)],
    )
    dates = forms.ChoiceField(
        label=_("Period by"),
        required=False,
        choices=[("", _("Order date")), ("sales", _("Sales date"))],
    )
    since = _day(pgettext_lazy("period", "From"))
    until = _day(pgettext_lazy("period", "Until"))
    mode = forms.ChoiceField(
        label=_("Test or production"), required=False, choices=[("", _("Both")), *Mode.choices]
    )
    size = forms.ChoiceField(
        label=_("Rows of a page"),
        required=False,
        choices=[("", str(SIZES[0])), *((str(size), str(size)) for size in SIZES[1:])],
    )

    def __init__(
        self, *args: Any, today: date, find_orders: FindOrders = no_orders, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self._today = today
        self._find_orders = find_orders
        self.reading: Reading | None = None

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if text:
            try:
                self.reading = read(text, self._today, self._find_orders)
            except NotADate:
                raise forms.ValidationError(_("There is no such date.")) from None
        return text

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("The period ends before it begins."))
        return given

    @property
    def page_size(self) -> int:
        """Rows of a page."""
        return int(self.cleaned_data.get("size") or SIZES[0])

    def selection(self) -> Selection:
        """The payments that fit; only where the form is valid."""
        given = self.cleaned_data
        narrowed = self._period()
        if mark := given["mark"]:
            narrowed &= marked(Mark(mark), self._today)
        for column in ("state", "mode"):
            if given[column]:
                narrowed &= Q(**{column: given[column]})
        branches = (Q(),) if self.reading is None else self.reading.branches
        return Selection(tuple(branch & narrowed for branch in branches), self._order())

    def _period(self) -> Q:
        given = self.cleaned_data
        since, until = given["since"], given["until"]
        if not (since or until):
            return Q()
        within = captured_in if given["dates"] == "sales" else ordered_in
        return within(since, until)

    def _order(self) -> Order:
        given = self.cleaned_data
        if given["mark"] == Mark.NEAR:
            return BY_LAST_DAY
        by_sales = given["dates"] == "sales" and (given["since"] or given["until"])
        return BY_SALES_DATE if by_sales else BY_ORDER_DATE
