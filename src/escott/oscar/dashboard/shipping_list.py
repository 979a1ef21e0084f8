"""出荷CSV: upload what was sent, look at the dry run, confirm; the worker captures."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as noop
from django.views.generic import View

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.obstacle_texts import why_not_possible
from escott.django.payment_page import see_other
from escott.oscar.shipping_list import (
    LARGEST,
    MOST_LINES,
    BadLine,
    DryRunGone,
    Entry,
    Meaning,
    Unreadable,
    confirm,
    read_shipping_list,
    read_shown,
    review,
    sign_shown,
)
from escott.oscar.shipping_list.columns import HEADINGS, Column
from escott.oscar.shipping_list.review import CARRIED_OUT

_TEXTS: Final[Mapping[Meaning, str]] = {
    Meaning.CAPTURE: noop("Will be captured."),
    Meaning.NOTE: noop("The money has been taken; the shipment is noted."),
    Meaning.PLANNED: noop("The capture has been asked for already; the shipment is noted."),
    Meaning.NO_ORDER: noop("There is no order with this number."),
    Meaning.ORDER_CLOSED: noop("The order is cancelled or refunded."),
    Meaning.NOT_PAID: noop("No card payment of the order stands."),
    Meaning.TOTAL_DIFFERS: noop(
        "The order's total is not the authorised amount. Bring them together on the order's page."
    ),
}


class ShippingListForm(forms.Form):
    """The shipping list as a file."""

    file = forms.FileField(
        label=gettext_lazy("Shipping list (CSV)"),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        error_messages={
            "required": gettext_lazy("Please choose the file."),
            "empty": gettext_lazy("The file is empty."),
            "missing": gettext_lazy("Please choose the file."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A line as the dry run's page shows it."""

    entry: Entry
    text: str


@dataclass(frozen=True, slots=True)
class ShownBadLine:
    """A line that could not be read, in words."""

    line_number: int
    reason: str


class ShippingListView(View):
    """The file, and what it means; nothing is written."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._ask(ShippingListForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ShippingListForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask(form, status=422)
        now = the_clock().now()
        data = form.cleaned_data["file"].read(LARGEST + 1)
        try:
            found = read_shipping_list(data, in_japan(now).date())
        except Unreadable as wrong:
            form.add_error("file", str(wrong))
            return self._ask(form, status=422)
        return self._dry_run(review(found.shipments, now=now), found.bad_lines)

    def _ask(self, form: ShippingListForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "columns": _columns(), "most_lines": MOST_LINES}
        template = "escott/oscar/shipping/list.html"
        return TemplateResponse(self.request, template, context, status=status)

    def _dry_run(self, entries: Sequence[Entry], bad_lines: Sequence[BadLine]) -> HttpResponse:
        by_meaning = Counter(entry.meaning for entry in entries)
        captures = [entry for entry in entries if entry.meaning is Meaning.CAPTURE]
        carried_out = sum(by_meaning[meaning] for meaning in CARRIED_OUT)
        context = {
            "captures": [_shown(entry) for entry in captures],
            "noted": [_shown(each) for each in entries if each.meaning in CARRIED_OUT[1:]],
            "left": [_shown(each) for each in entries if each.meaning not in CARRIED_OUT],
            "bad_lines": [ShownBadLine(bad.line_number, _(bad.reason)) for bad in bad_lines],
            "total": sum(entry.payment.amount for entry in captures if entry.payment),
            "carried_out": carried_out,
            "shown": sign_shown(
                entries, key=secrets.token_urlsafe(24), user_id=self.request.user.pk
            ),
        }
        return TemplateResponse(self.request, "escott/oscar/shipping/dry_run.html", context)


class ShippingConfirmView(View):
    """What the dry run showed, written down; the worker then asks the gateway."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Where a reload without the form leads."""
        return see_other(reverse("dashboard:shipping-list"))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            key, shown = read_shown(request.POST.get("shown", ""), user_id=request.user.pk)
        except DryRunGone:
            messages.warning(
                request, _("What was shown is too old. Nothing was done: upload the file again.")
            )
            return see_other(reverse("dashboard:shipping-list"))
        confirmed = confirm(shown, key=key, actor=request.user)
        if confirmed.changed:
            numbers = ", ".join(confirmed.changed)
            messages.warning(
                request, _("These orders have changed meanwhile and were left out: %s") % numbers
            )
        if confirmed.written_down:
            text = _("Shipments noted on their orders: %d") % confirmed.written_down
            messages.success(request, text)
        if confirmed.batch is None:
            return see_other(reverse("dashboard:shipping-list"))
        return see_other(reverse("dashboard:batch-detail", args=[confirmed.batch.pk]))


def _shown(entry: Entry) -> ShownEntry:
    if entry.obstacle is not None:
        return ShownEntry(entry, why_not_possible(entry.obstacle))
    return ShownEntry(entry, _(_TEXTS[entry.meaning]))


def _columns() -> list[tuple[str, str]]:
    """Each column with the other headings that are understood, in Japanese."""
    names: dict[Column, list[str]] = {column: [] for column in Column}
    for name, column in HEADINGS.items():
        if name != column.value and not name.isascii():
            names[column].append(name)
    return [(column.value, "、".join(others)) for column, others in names.items()]


def shipping_pages() -> list[Any]:
    """The pages; the permission that they need stands in :mod:`escott.oscar.dashboard.site`."""
    return [
        path("payments/shipping/", ShippingListView.as_view(), name="shipping-list"),
        path("payments/shipping/confirm/", ShippingConfirmView.as_view(), name="shipping-confirm"),
    ]
