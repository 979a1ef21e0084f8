"""お支払い: the page of a placed order, where it is paid again after a refusal.

Whoever holds its signed link may use it (escott.oscar.links). It asks the gateway nothing
while it renders; while a result is being checked it asks the shop's own database.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.generic import View

from escott.django.advice import advice_for
from escott.django.forms import CardTokenForm
from escott.django.models import MerchantAccount, Payment
from escott.django.services import MethodUnavailable, payments_of
from escott.django.services.pay import pay_by_token
from escott.oscar.checkout.card_forms import card_form, refuses_card_data
from escott.oscar.checkout.private_pages import private_page
from escott.oscar.links import order_of, payment_page_url, payment_state_url
from escott.oscar.payable import payable, total_of
from escott.oscar.payment_methods import available_methods
from escott.oscar.results import Result, result_of, result_url, see_other


def _payments(order: Any) -> tuple[Payment | None, Payment | None]:
    """The live payment of the order, and the newest attempt."""
    attempts = list(payments_of(order.number).filter(purpose="order")[:10])
    live = next((payment for payment in attempts if payment.is_live), None)
    return live, attempts[0] if attempts else None


@private_page
@refuses_card_data
@method_decorator(non_atomic_requests, name="dispatch")
class PaymentPageView(View):
    """Pay an order that is placed, or see how its payment stands."""

    template_name = "oscar/checkout/payment_page.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        order = order_of(reference)
        return self._show(request, order)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Pay. A second press, or one while a result is being checked, charges nothing."""
        order = order_of(reference)
        live, _newest = _payments(order)
        if result_of(order, live) is not Result.UNPAID:
            return see_other(result_url(order))
        form = CardTokenForm(request.POST)
        if not form.is_valid():
            return self._show(request, order, notice=str(form.errors["token"][0]))
        with suppress(MethodUnavailable):  # the page says so by itself
            pay_by_token(payable(order), form.cleaned_data["token"])
        return see_other(result_url(order))

    def _show(self, request: HttpRequest, order: Any, notice: str = "") -> HttpResponse:
        live, newest = _payments(order)
        result = result_of(order, live)
        if result is Result.PAID:
            return see_other(result_url(order))
        amount = total_of(order)
        context: dict[str, Any] = {
            "order": order,
            "amount": amount,
            "result": result.value,
            "payment": newest,
            "state_url": payment_state_url(order),
        }
        if result is Result.UNPAID:
            context["methods"] = methods = available_methods(amount)
            context["advice"] = advice_for(newest) if newest else None
            if methods:
                context["card_form"] = card_form(
                    MerchantAccount.current(),
                    action=payment_page_url(order),
                    amount=amount,
                    notice=notice,
                )
        return TemplateResponse(request, self.template_name, context)


@private_page
class PaymentStateView(View):
    """Asked by the payment page's script every few seconds while a result is being checked."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        order = order_of(reference)
        live, _newest = _payments(order)
        result = result_of(order, live)
        return JsonResponse({"result": result.value, "url": result_url(order)})
