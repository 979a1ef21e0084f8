"""決済一覧's filters and its search box in the Django admin, for sites without a dashboard."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import Payment
from escott.django.payment_list import Mark, NotADate, Selection, read
from escott.django.payment_list.conditions import MARK_LABELS, marked
from escott.django.payment_list.pages import keys_of

#: So many payments are found by one search, the newest.
_MOST: Final = 1000


class MarkFilter(admin.SimpleListFilter):
    """売上未計上, 結果不明, 操作期限間近, 金額不一致, 状態不一致, 要対応."""

    title = _("What to look for")
    parameter_name = "mark"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(mark.value, MARK_LABELS[mark]) for mark in Mark]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        chosen = self.value()
        if not chosen or chosen not in set(Mark):
            return queryset
        return queryset.filter(marked(Mark(chosen), in_japan(the_clock().now()).date()))


class SearchesAsTheList:
    """For the admin of payments: the search box reads a text as 決済一覧 does."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payment], search_term: str
    ) -> tuple[QuerySet[Payment], bool]:
        """The payments that fit, at most the newest thousand; none for a date that is none."""
        text = search_term.replace("\x00", "").strip()
        if not text:
            return queryset, False
        try:
            reading = read(text, in_japan(the_clock().now()).date())
        except NotADate:
            return queryset.none(), False
        keys = keys_of(Selection(reading.branches), size=_MOST)
        return queryset.filter(pk__in=[key for _moment, key in keys]), False
