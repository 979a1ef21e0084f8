"""決済一覧: every payment, filtered, searched and paged, and as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.payment_list import (
    CSV_ENCODINGS,
    Cursor,
    ListFilter,
    Mark,
    Selection,
    csv_of,
    cursor_of,
    page_of,
)
from escott.django.payment_list.conditions import MARK_LABELS
from escott.django.permissions import may_operate
from escott.oscar.dashboard.batches import IN_BULK
from escott.oscar.dashboard.list_rows import customers, rows_of
from escott.oscar.order_search import MOST, find_orders

#: The longest number of a row that is believed.
_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, and the list without it."""

    label: Any
    value: str
    url: str


class PaymentListView(View):
    """A page of the list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = in_japan(the_clock().now()).date()
        form = ListFilter(request.GET, today=today, find_orders=find_orders)
        page = None
        if form.is_valid():
            selection = form.selection()
            cursor = _cursor(request, selection)
            page = page_of(selection, size=form.page_size, cursor=cursor)
        context = {
            "form": form,
            "page": page,
            "rows": rows_of(page.payments, today) if page else [],
            "marks": _marks(form),
            "chips": _chips(form),
            "without_cursor": _query(form),
            "left_out": MOST if form.reading and not form.reading.all_of_them else 0,
            "operations": [kind for kind in IN_BULK if may_operate(request.user, kind)],
            "csv_encodings": CSV_ENCODINGS,
        }
        status = 200 if page else 400
        template = "escott/oscar/payment_list/list.html"
        return TemplateResponse(request, template, context, status=status)


class PaymentListCsvView(View):
    """The filtered list as a file, written while it is read."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        encoding = CSV_ENCODINGS.get(request.GET.get("encoding", "utf-8"))
        if encoding is None:
            return HttpResponseBadRequest(_("There is no such encoding."))
        now = in_japan(the_clock().now())
        form = ListFilter(request.GET, today=now.date(), find_orders=find_orders)
        if not form.is_valid():
            return redirect(f"{reverse('dashboard:payment-list')}?{request.GET.urlencode()}")
        lines = csv_of(form.selection(), encoding, headings=(_CUSTOMER,), more=customers)
        return StreamingHttpResponse(
            lines,
            content_type=f"text/csv; charset={encoding.charset}",
            headers={
                "Content-Disposition": f'attachment; filename="payments-{now:%Y%m%d-%H%M}.csv"'
            },
        )


_CUSTOMER: Final = gettext_lazy("Customer")


def _cursor(request: HttpRequest, selection: Selection) -> Cursor | None:
    """The place that the link names; the first page where it names none of the list."""
    for name, forwards in (("after", True), ("before", False)):
        number = request.GET.get(name, "")
        if number.isascii() and number.isdecimal() and len(number) <= _DIGITS:
            return cursor_of(selection.order, int(number), forwards=forwards)
    return None


def _query(form: ListFilter, **changes: str) -> str:
    """The filters in force as a query, without the place in the list."""
    given = {name: form.data.get(name, "") for name in form.fields} | changes
    return urlencode({name: value for name, value in given.items() if value})


def _marks(form: ListFilter) -> list[tuple[Any, str, bool]]:
    """The marks as links that keep the other filters: label, query, whether it is in force."""
    chosen = form.data.get("mark", "")
    links = [("", _("All")), *((mark.value, MARK_LABELS[mark]) for mark in Mark)]
    return [(label, _query(form, mark=value), value == chosen) for value, label in links]


def _chips(form: ListFilter) -> list[Chip]:
    """Each filter in force, but for the mark, which stands out by itself."""
    if not form.is_valid():
        return []
    chips = []
    for name in ("q", "state", "method", "since", "until", "mode"):
        value = form.cleaned_data.get(name)
        if value:
            choices = dict(flatten_choices(getattr(form.fields[name], "choices", ())))
            label = form.fields[name].label
            if name in {"since", "until"}:
                by = dict(form.fields["dates"].choices)[form.cleaned_data["dates"]]  # type: ignore[attr-defined]
                label = f"{by} {label}"
                value = f"{value:%Y/%m/%d}"
            chips.append(Chip(label, str(choices.get(value, value)), _query(form, **{name: ""})))
    return chips
