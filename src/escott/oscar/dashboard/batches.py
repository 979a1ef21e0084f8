"""一括処理: 売上計上 and 取消 of chosen payments, after a dry run, with a result for each row.

The pages only write down what is to be done; the worker asks for it one by one
(:mod:`escott.django.services.plans`), so closing the page, a reload or a second press change
nothing, and what was stopped has not been asked for.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from escott.django.clock import the_clock
from escott.django.models import Batch, Payment, PlanState
from escott.django.obstacle_texts import why_not_possible
from escott.django.payment_list.filter_form import SIZES
from escott.django.payment_page import see_other
from escott.django.permissions import may_operate
from escott.django.services.plans import look_ahead, plan_batch, stop_batch
from escott.oscar.dashboard.batch_results import as_json, standing_of
from escott.rules.card_states import CardOperation

#: What can be asked for many payments at once.
IN_BULK: Final = (CardOperation.CAPTURE, CardOperation.CANCEL)

_MOST: Final = max(SIZES)
_DIGITS: Final = 18
_LONGEST_KEY: Final = 64
_LISTED: Final = 50
#: The worker looks every second: after this, something is amiss.
_SOON: Final = timedelta(minutes=1)


class BatchNewView(View):
    """The dry run of what was chosen in the list; and, confirmed with its key, the batch."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Where a bookmark or a reload without the form leads."""
        return see_other(reverse("dashboard:payment-list"))

    def post(self, request: HttpRequest) -> HttpResponse:
        kind = _kind(request)
        earlier = _batch_of(request.POST.get("key", ""))
        if earlier is not None:
            return _to(earlier)
        payments = _chosen(request)
        if not payments:
            messages.error(request, _("Please choose payments first."))
            return see_other(_list_url(request))
        prospects = look_ahead(payments, kind)
        possible = [each.payment for each in prospects if each.obstacle is None]
        total = sum(payment.amount for payment in possible)
        if "confirm" in request.POST:
            if possible and _agreed(request, len(possible), total):
                key = request.POST["key"]
                return _to(plan_batch(possible, kind, key=key, actor=request.user))
            messages.warning(
                request, _("Something has changed meanwhile. Please look at the figures again.")
            )
        context = {
            "kind": kind,
            "is_cancel": kind is CardOperation.CANCEL,
            "possible": possible,
            "total": total,
            "left_out": [
                (each.payment, why_not_possible(each.obstacle))
                for each in prospects
                if each.obstacle is not None
            ],
            "key": secrets.token_urlsafe(24),
            "back": request.POST.get("back", ""),
            "back_url": _list_url(request),
        }
        return TemplateResponse(request, "escott/oscar/payment_list/batch_new.html", context)


def _kind(request: HttpRequest) -> CardOperation:
    """The operation that is asked for.

    Raises:
        PermissionDenied: it is none that goes in bulk, or the user may not ask for it.
    """
    named = {kind.value: kind for kind in IN_BULK}.get(request.POST.get("kind", ""))
    if named is None or not may_operate(request.user, named):
        raise PermissionDenied
    return named


def _batch_of(key: str) -> Batch | None:
    return Batch.objects.filter(key=key).first() if 0 < len(key) <= _LONGEST_KEY else None


def _chosen(request: HttpRequest) -> list[Payment]:
    """The payments that were ticked, in the order of the list; at most a page of them."""
    numbers = [
        int(text)
        for text in request.POST.getlist("payment")[:_MOST]
        if text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    ]
    found = Payment.objects.defer("process_pass").in_bulk(numbers)
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def _agreed(request: HttpRequest, count: int, total: int) -> bool:
    """What is confirmed is what was shown: as many payments, and as many yen."""
    shown = (request.POST.get("count"), request.POST.get("total"))
    key = request.POST.get("key", "")
    return shown == (str(count), str(total)) and 0 < len(key) <= _LONGEST_KEY


def _list_url(request: HttpRequest) -> str:
    """The list as it was when the payments were chosen."""
    back = request.POST.get("back", "")
    return f"{reverse('dashboard:payment-list')}{f'?{back}' if back else ''}"


def _to(batch: Batch) -> HttpResponse:
    return see_other(reverse("dashboard:batch-detail", args=[batch.pk]))


class BatchDetailView(View):
    """How the batch stands, row by row."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = get_object_or_404(Batch.objects.select_related("actor"), pk=pk)
        now = the_clock().now()
        standing = standing_of(batch, now)
        context = {
            "batch": batch,
            "standing": standing,
            "may_stop": not standing.ended
            and batch.stopped_at is None
            and may_operate(request.user, CardOperation(batch.kind)),
            "worker_is_late": not standing.asked
            and not standing.ended
            and batch.created_at < now - _SOON,
        }
        return TemplateResponse(request, "escott/oscar/payment_list/batch_detail.html", context)


class BatchProgressView(View):
    """The same for the page's script."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        batch = get_object_or_404(Batch, pk=pk)
        return JsonResponse(as_json(standing_of(batch, the_clock().now())))


class BatchStopView(View):
    """中止: what has not been asked for is not asked for any more."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _to(get_object_or_404(Batch, pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = get_object_or_404(Batch, pk=pk)
        if not may_operate(request.user, CardOperation(batch.kind)):
            raise PermissionDenied
        stopped = stop_batch(batch.pk)
        messages.success(
            request, _("Stopped. Payments that were not asked for any more: %d") % stopped
        )
        return _to(batch)


class BatchListView(View):
    """The latest batches."""

    def get(self, request: HttpRequest) -> HttpResponse:
        latest: Any = Batch.objects.order_by("-pk").values_list("pk", flat=True)[:_LISTED]
        batches = (
            Batch.objects.filter(pk__in=list(latest))
            .select_related("actor")
            .annotate(
                total=Count("plans"),
                waiting=Count("plans", filter=Q(plans__state=PlanState.WAITING)),
                yen=Sum("plans__amount_seen"),
            )
            .order_by("-pk")
        )
        context = {"batches": batches}
        return TemplateResponse(request, "escott/oscar/payment_list/batch_list.html", context)
