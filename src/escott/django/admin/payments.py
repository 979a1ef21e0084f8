"""Payments and their operations: 決済情報, and to settle 結果不明."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from escott.clock import in_japan
from escott.django.admin.panel import panel_urls
from escott.django.admin.payment_filters import MarkFilter, SearchesAsTheList
from escott.django.admin.read_only import ReadOnlyAdmin
from escott.django.admin.settle_form import SettleForm
from escott.django.explanation import explain
from escott.django.models import Operation, OperationState, Payment
from escott.django.models.slip import slip_of
from escott.django.services import NotSettleable, settle
from escott.rules.yen import format_yen


class OperationInline(admin.TabularInline):  # type: ignore[type-arg]
    """The history of a payment, newest first."""

    model = Operation
    fields = readonly_fields = (
        "number", "started_at", "transaction_id", "kind", "amount", "state",
        "response_codes", "meaning", "actor", "resolved_by", "note",
    )  # fmt: skip
    ordering = ["-number"]
    extra = 0
    can_delete = False

    @admin.display(description=_("What it means"))
    def meaning(self, operation: Operation) -> str:
        explained = explain(operation)
        return " ".join((*explained.what, explained.money, *explained.next_steps))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Payment)
class PaymentAdmin(SearchesAsTheList, ReadOnlyAdmin):
    """Every attempt to pay, with what the gateway said; 決済情報 operates on it."""

    list_display = [
        "transaction_code", "order_reference", "method", "state", "amount", "mode",
        "needs_attention", "created_at", "payable_until",
    ]  # fmt: skip
    list_filter = [MarkFilter, "method", "state", "mode", "created_at", "captured_on"]
    list_select_related = ["slip"]
    show_full_result_count = False
    search_fields = ["transaction_code", "order_reference", "operations__transaction_id", "email"]
    date_hierarchy = "created_at"
    inlines = [OperationInline]

    @admin.display(description=_("Payable until"), ordering="slip__due_on", empty_value="–")
    def payable_until(self, payment: Payment) -> date | None:
        slip = slip_of(payment)
        return None if slip is None else slip.due_on

    def get_urls(self) -> list[URLPattern]:
        return [*panel_urls(self.admin_site), *super().get_urls()]


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    """Every operation; those whose result is unknown can be settled."""

    list_display = ["payment", "number", "kind", "amount", "state", "started_at", "settling"]
    list_filter = ["state", "kind"]
    show_full_result_count = False
    list_select_related = ["payment"]
    search_fields = ["payment__transaction_code", "payment__order_reference", "transaction_id"]

    @admin.display(description=_("Settle"))
    def settling(self, operation: Operation) -> str:
        if operation.state != OperationState.UNKNOWN:
            return ""
        url = reverse("admin:escott_operation_settle", args=[operation.pk])
        return format_html('<a class="button" href="{}">{}</a>', url, _("Settle"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.settle_view)
        return [
            path("<int:operation_id>/settle/", view, name="escott_operation_settle"),
            *super().get_urls(),
        ]

    @method_decorator(never_cache)
    def settle_view(self, request: HttpRequest, operation_id: int) -> HttpResponse:
        """Ask what the gateway's console shows, and write it down."""
        if not request.user.has_perm("escott.settle_payment"):
            raise PermissionDenied
        operation = get_object_or_404(Operation.objects.select_related("payment"), pk=operation_id)
        form = SettleForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                settle(
                    operation.pk,
                    done=form.cleaned_data["found"] == SettleForm.DONE,
                    note=form.cleaned_data["note"],
                    actor=request.user,
                )
            except NotSettleable as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The result has been recorded."))
                back = reverse("admin:escott_payment_change", args=[operation.payment_id])
                return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Settle a payment whose result is unknown"),
            "operation": operation,
            "payment": operation.payment,
            "amount": format_yen(operation.amount),
            "asked_at": in_japan(operation.started_at).replace(tzinfo=None),
            "form": form,
            "opts": Operation._meta,
        }
        return render(request, "admin/escott/settle.html", context)
