"""入金結果通知: every notice that came in, what it said, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from escott.clock import JST
from escott.django.models import Notice, NoticeEnd, Payment
from escott.django.searched_days import SEARCHED_DAYS
from escott.django.shown_notice import Genuine, ShownNotice
from escott.oscar.dashboard.payment_links import order_urls, payment_url

_A_PAGE: Final = 50

#: The longest number of a row that is believed.
_DIGITS: Final = 18

_GENUINE: Final = {Genuine.YES: True, Genuine.NO: False, Genuine.UNKNOWN: None}

#: An end that is stored as an empty text, which in a filter means all of them.
_WAITING: Final = "waiting"


class NoticeFilter(forms.Form):
    """Each field narrows the list; empty ones do not."""

    end = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            ("", _("All")),
            (_WAITING, NoticeEnd.WAITING.label),
            *((end.value, end.label) for end in NoticeEnd if end is not NoticeEnd.WAITING),
        ],
        required=False,
    )
    genuine = forms.ChoiceField(
        label=_("HashCd"), choices=[("", _("All")), *Genuine.choices], required=False
    )
    text = forms.CharField(
        label=_("Order number or transaction code"), max_length=100, required=False
    )
    day = forms.DateField(
        label=_("Day received"),
        required=False,
        validators=SEARCHED_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def narrow(self, notices: QuerySet[Notice]) -> QuerySet[Notice]:
        """The notices that fit; all of them where a field is not understood."""
        if not self.is_valid():
            return notices
        wanted = self.cleaned_data
        if end := wanted["end"]:
            notices = notices.filter(end="" if end == _WAITING else end)
        if genuine := wanted["genuine"]:
            notices = notices.filter(genuine=_GENUINE[Genuine(genuine)])
        if text := wanted["text"]:
            payments = Payment.objects.filter(Q(order_reference=text) | Q(transaction_code=text))
            notices = notices.filter(
                Q(payment__in=list(payments.values_list("pk", flat=True)))
                | Q(transaction_code=text)
            )
        if day := wanted["day"]:
            begin = datetime.combine(day, time.min, tzinfo=JST)
            notices = notices.filter(
                received_at__gte=begin, received_at__lt=begin + timedelta(days=1)
            )
        return notices

    def query(self) -> str:
        """The filters in force, without the place in the list."""
        given = {name: self.data.get(name, "") for name in self.fields}
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class NoticePage:
    """One page, the newest first.

    Attributes:
        before, after: the rows beside which the pages before and after lie; ``None`` at an end.
    """

    notices: Sequence[Notice]
    before: int | None
    after: int | None


def notice_page(
    notices: QuerySet[Notice], *, after: int | None = None, before: int | None = None
) -> NoticePage:
    """The page that follows a row, or ends before one; the first without either.

    By key: a page deep in the list costs what the first one costs.
    """
    rows = notices.select_related("payment")
    if before is not None:
        found = list(rows.filter(pk__gt=before).order_by("pk")[: _A_PAGE + 1])
        page = found[:_A_PAGE][::-1]
        newer, older = len(found) > _A_PAGE, True
    else:
        if after is not None:
            rows = rows.filter(pk__lt=after)
        found = list(rows.order_by("-pk")[: _A_PAGE + 1])
        page = found[:_A_PAGE]
        newer, older = after is not None, len(found) > _A_PAGE
    return NoticePage(
        page,
        before=page[0].pk if page and newer else None,
        after=page[-1].pk if page and older else None,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A notice with where its order and its payment are shown."""

    shown: ShownNotice
    order_url: str
    payment_url: str


class NoticesView(View):
    """The list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = NoticeFilter(request.GET)
        page = notice_page(
            form.narrow(Notice.objects.all()),
            after=_row_number(request.GET.get("after", "")),
            before=_row_number(request.GET.get("before", "")),
        )
        context = {
            "filter": form,
            "is_narrowed": bool(form.query()),
            "page": page,
            "rows": _rows(page.notices),
            "without_cursor": form.query(),
        }
        return TemplateResponse(request, "escott/oscar/settings/notices.html", context)


def _rows(notices: Sequence[Notice]) -> list[Row]:
    payments = [notice.payment for notice in notices if notice.payment is not None]
    orders = order_urls(payments)
    return [
        Row(
            shown,
            orders.get(shown.order_reference, ""),
            payment_url(shown.notice.payment) if shown.notice.payment else "",
        )
        for shown in map(ShownNotice.of, notices)
    ]


def _row_number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_number else None
