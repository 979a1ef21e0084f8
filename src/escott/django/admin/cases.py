"""要対応 and 返金 in the admin, for sites without a dashboard: read, and settled where unknown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from escott.django.admin.read_only import ReadOnlyAdmin
from escott.django.case_texts import CaseText, explain_case
from escott.django.models import Case, CaseKind, Operation, OperationState, Refund


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Every case with what it means; an unknown result leads to its settlement."""

    list_display = ["kind", "payment", "opened_at", "closed_at", "closed_by", "settling"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["payment", "closed_by"]
    search_fields = ["payment__transaction_code", "payment__order_reference"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        cases: QuerySet[Case] = super().get_queryset(request)
        return cases.prefetch_related("payment__operations")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "what_happened", "the_money", "next_step"]

    @admin.display(description=_("What happened"))
    def what_happened(self, case: Case) -> str:
        return _text(case).what

    @admin.display(description=_("The money"))
    def the_money(self, case: Case) -> str:
        return _text(case).money

    @admin.display(description=_("Next step"))
    def next_step(self, case: Case) -> str:
        return _text(case).next_step

    @admin.display(description=_("Settle"))
    def settling(self, case: Case) -> str:
        unknown = _unknown(case)
        if case.kind != CaseKind.RESULT_UNKNOWN or case.closed_at or unknown is None:
            return ""
        url = reverse("admin:escott_operation_settle", args=[unknown.pk])
        return format_html('<a class="button" href="{}">{}</a>', url, _("Settle"))


def _text(case: Case) -> CaseText:
    return explain_case(case, _unknown(case))


def _unknown(case: Case) -> Operation | None:
    if case.payment is None:
        return None
    operations = case.payment.operations.all()
    return next((each for each in operations if each.state == OperationState.UNKNOWN), None)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """What was given back outside the gateway."""

    list_display = ["returned_on", "payment", "amount", "bank", "actor", "recorded_at"]
    list_filter = ["returned_on"]
    list_select_related = ["payment", "actor"]
    search_fields = ["payment__transaction_code", "payment__order_reference", "bank", "reason"]
