"""返金を記録: money that went back outside the gateway, written down by staff."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.generic import View

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import Payment, Refund
from escott.django.payment_page import see_other
from escott.django.services.refunds import (
    MayGoBackByItself,
    NothingTaken,
    NotRecorded,
    NotYetReturned,
    TooMuch,
    UsedBefore,
    record_refund,
    refunded,
    take_back_refund,
)
from escott.oscar.dashboard.case_forms import RefundForm, TakeBackRefundForm
from escott.oscar.dashboard.payment_links import payment_url
from escott.rules.yen import format_yen


class _OfRefunds(View):
    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS: the service is a transaction of its own."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))


class PaymentRefundView(_OfRefunds):
    """The form, what was recorded before, and what may still be given back."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        today = in_japan(the_clock().now()).date()
        form = RefundForm(initial={"key": uuid.uuid4().hex, "returned_on": today})
        return self._show(get_object_or_404(Payment, pk=pk), form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment, form = get_object_or_404(Payment, pk=pk), RefundForm(request.POST)
        if not form.is_valid():
            return self._show(payment, form, status=422)
        try:
            refund = record_refund(payment.pk, actor=request.user, **form.cleaned_data)
        except TooMuch as wrong:
            form.add_error("amount", _too_much(wrong.left))
        except NotYetReturned:
            form.add_error("returned_on", _("The date lies in the future."))
        except NothingTaken:
            form.add_error(None, _("This payment holds no money that could be given back."))
        except MayGoBackByItself:
            form.add_error(None, _(_MAY_GO_BACK))
        except UsedBefore:
            form.add_error(None, _("The form was used before. Please begin again."))
        else:
            text = _("The refund of %s has been recorded.") % format_yen(refund.amount)
            messages.success(request, text)
            return see_other(payment_url(payment))
        return self._show(payment, form, status=409)

    def _show(self, payment: Payment, form: RefundForm, status: int = 200) -> HttpResponse:
        before = refunded(payment)
        context = {
            "payment": payment,
            "form": form,
            "refunds": payment.refunds.select_related("actor"),
            "refunded": before,
            "left": max(payment.amount - before, 0),
            "payment_url": payment_url(payment),
        }
        template = "escott/oscar/cases/refund.html"
        return TemplateResponse(self.request, template, context, status=status)


class TakeBackRefundView(_OfRefunds):
    """Take back a record that is wrong: which one, that no money moves by it, and why."""

    def get(self, request: HttpRequest, pk: int, refund: int) -> HttpResponse:
        return self._show(self._record(), TakeBackRefundForm())

    def post(self, request: HttpRequest, pk: int, refund: int) -> HttpResponse:
        form = TakeBackRefundForm(request.POST)
        if not form.is_valid():
            return self._show(self._record(), form, status=422)
        payment = get_object_or_404(Payment, pk=pk)
        try:
            take_back_refund(pk, refund, actor=request.user, **form.cleaned_data)
        except NotRecorded:
            messages.warning(request, _("Somebody else has taken this record back already."))
        else:
            messages.success(request, _("The record has been taken back."))
        return see_other(reverse("dashboard:payment-refund", args=[payment.pk]))

    def _record(self) -> Refund:
        refunds = Refund.objects.select_related("payment", "actor")
        found: Refund = get_object_or_404(
            refunds, pk=self.kwargs["refund"], payment=self.kwargs["pk"]
        )
        return found

    def _show(self, refund: Refund, form: TakeBackRefundForm, status: int = 200) -> HttpResponse:
        context = {
            "refund": refund,
            "payment": refund.payment,
            "form": form,
            "payment_url": payment_url(refund.payment),
            "refund_url": reverse("dashboard:payment-refund", args=[refund.payment_id]),
        }
        template = "escott/oscar/cases/take_back_refund.html"
        return TemplateResponse(self.request, template, context, status=status)


_MAY_GO_BACK: Final = noop(
    "An operation on this payment is under way, or its result is unknown: it may give the same "
    "money back. Record the refund once that is known."
)


def _too_much(left: int) -> str:
    if left <= 0:
        return _("All of the payment has been given back already.")
    return _("At most %s can be given back.") % format_yen(left)
