"""The filters of 決済一覧 as staff fill them in, or as a link brings them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.models import Mode
from escott.django.models.payment import METHOD_LABELS, STATE_LABELS
from escott.django.payment_list.conditions import (
    BY_DEPOSIT,
    BY_DUE_DATE,
    BY_LAST_DAY,
    BY_ORDER_DATE,
    BY_SALES_DATE,
    MARK_LABELS,
    Mark,
    Order,
    Selection,
    captured_in,
    deposited_in,
    marked,
    ordered_in,
)
from escott.django.payment_list.search import FindOrders, NotADate, Reading, no_orders, read
from escott.django.searched_days import SEARCHED_DAYS
from escott.rules.payment_states import OF_CARDS, OF_SLIPS, PaymentState

#: Rows of a page.
SIZES: Final = (50, 200)

_FORMATS: Final = ["%Y-%m-%d", "%Y/%m/%d"]


@dataclass(frozen=True, slots=True)
class _Period:
    """What a period counts by: the condition, and the order that goes with it."""

    within: Callable[[date | None, date | None], Q]
    order: Order


_PERIODS: Final[Mapping[str, _Period]] = {
    "": _Period(ordered_in, BY_ORDER_DATE),
    "sales": _Period(captured_in, BY_SALES_DATE),
    "deposit": _Period(deposited_in, BY_DEPOSIT),
}

#: The soonest first, where time runs out.
_ORDERS: Final = {Mark.NEAR: BY_LAST_DAY, Mark.DUE: BY_DUE_DATE}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=_FORMATS,
        validators=SEARCHED_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please give a date like 2026-04-01.")},
    )


def _states(which: frozenset[PaymentState]) -> list[tuple[str, Any]]:
    return [(state.value, STATE_LABELS[state]) for state in PaymentState if state in which]


#: 期限切れ is a state of cards and another one of slips, so the states stand in groups.
_SLIPS_ALONE: Final = OF_SLIPS | {PaymentState.LOST}
_STATES: Final = (
    (_("Card"), _states(OF_CARDS)),
    (_("Online collection"), _states(_SLIPS_ALONE)),
    (_("Both ways to pay"), _states(frozenset(PaymentState) - OF_CARDS - _SLIPS_ALONE)),
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
        choices=[("", _("All")), *_STATES],
    )
    method = forms.ChoiceField(
        label=_("Way to pay"), required=False, choices=[("", _("All")), *METHOD_LABELS]
    )
    dates = forms.ChoiceField(
        label=_("Period by"),
        required=False,
        choices=[("", _("Order date")), ("sales", _("Sales date")), ("deposit", _("Deposit date"))],
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
        for column in ("state", "method", "mode"):
            if given[column]:
                narrowed &= Q(**{column: given[column]})
        branches = (Q(),) if self.reading is None else self.reading.branches
        return Selection(tuple(branch & narrowed for branch in branches), self._order())

    def _period(self) -> Q:
        given = self.cleaned_data
        since, until = given["since"], given["until"]
        if not (since or until):
            return Q()
        return _PERIODS[given["dates"]].within(since, until)

    def _order(self) -> Order:
        given = self.cleaned_data
        if given["mark"] in _ORDERS:
            return _ORDERS[given["mark"]]
        narrowed = given["since"] or given["until"]
        return _PERIODS[given["dates"]].order if narrowed else BY_ORDER_DATE
