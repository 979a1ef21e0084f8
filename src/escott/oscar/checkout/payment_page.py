"""お支払い: the page of a placed order, where it is paid again after a refusal.

Whoever holds its signed link may use it (escott.oscar.links). It asks the gateway nothing
while it renders; while a result is being checked it asks the shop's own database.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.generic import View

from escott.django.advice import TOTAL_CHANGED, in_language_of_page, notice_for
from escott.django.card_data_guard import refuses_card_data
from escott.django.models import MerchantAccount
from escott.django.orders import OrderNotPayable
from escott.django.payment_page import see_other
from escott.django.press import (
    PressRefused,
    begin_press,
    card_form_for,
    finish_press,
    read_press,
    saved_card_gone,
)
from escott.django.services import MethodUnavailable, current_payment_of, live_payment_of
from escott.django.services.claim import SavedCardUnusable
from escott.django.services.start_trip import reopen_url
from escott.oscar.checkout.private_pages import payment_page
from escott.oscar.links import order_of, payment_page_url, payment_state_url
from escott.oscar.payable import payable, total_of
from escott.oscar.payment_methods import available_methods
from escott.oscar.results import Result, result_of, result_url

log = logging.getLogger("escott.oscar")


@payment_page
@refuses_card_data("escott/oscar/card_data_refused.html")
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
        if result_of(order, live_payment_of(order.number)) is not Result.UNPAID:
            return see_other(result_url(order))
        try:
            press = read_press(request, customer=order.user, order_reference=order.number)
            if press.amount_shown != total_of(order):
                return self._show(request, order, notice=in_language_of_page(TOTAL_CHANGED))
            begun = begin_press(payable(order), press, next_url=payment_page_url(order))
        except PressRefused as refused:
            return self._show(request, order, notice=refused.notice)
        except OrderNotPayable:
            return see_other(result_url(order))
        except SavedCardUnusable:
            return self._show(request, order, notice=saved_card_gone())
        except MethodUnavailable as unavailable:
            log.error("card payment is not available: %s", unavailable)
            return see_other(result_url(order))
        return see_other(finish_press(begun) or result_url(order))

    def _show(self, request: HttpRequest, order: Any, notice: str = "") -> HttpResponse:
        payment = current_payment_of(order.number)
        result = result_of(order, payment if payment and payment.live else None)
        if result is Result.PAID:
            return see_other(result_url(order))
        amount = total_of(order)
        context: dict[str, Any] = {
            "order": order,
            "amount": amount,
            "result": result.value,
            "payment": payment,
            "state_url": payment_state_url(order),
            "reopen_url": reopen_url(payment) if payment else "",
        }
        if result is Result.UNPAID:
            context["methods"] = methods = available_methods(order.total_incl_tax)
            context["advice"] = "" if notice else notice_for(order.number)
            if methods:
                context["card_form"] = card_form_for(
                    request,
                    MerchantAccount.current(),
                    customer=order.user,
                    action=payment_page_url(order),
                    amount=amount,
                    notice=notice,
                )
        return TemplateResponse(request, self.template_name, context)


@payment_page
class PaymentStateView(View):
    """Asked by the payment page's script every few seconds while a result is being checked."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        order = order_of(reference)
        result = result_of(order, live_payment_of(order.number))
        return JsonResponse({"result": result.value, "url": result_url(order)})
