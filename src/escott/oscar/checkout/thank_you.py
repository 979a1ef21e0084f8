"""ご注文ありがとうございました: the page after payment, or with the slip by which to pay."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.generic import View
from oscar.core.loading import get_model

from escott.django.services import live_payment_of
from escott.django.shown_slip import shown_slip_of
from escott.oscar.checkout.private_pages import payment_page
from escott.oscar.checkout.purchase_event import claim_purchase_event
from escott.oscar.links import order_of, payment_page_url, thank_you_url
from escott.oscar.own_orders import is_own_order
from escott.oscar.results import Result, result_of

Order = get_model("order", "Order")


@payment_page
class OrderCompleteView(View):
    """Shows a paid order, or how its slip is paid, to whoever holds its link; the address only to
    its own shopper.

    The purchase is reported from the first page that the order's own shopper gets, and from no
    other: a reload, a second tab or somebody else with the link reports nothing (A007).
    """

    template_name = "oscar/checkout/thank_you.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        order = order_of(reference)
        payment = live_payment_of(order.number)
        result = result_of(order, payment)
        if result not in {Result.PAID, Result.AWAITS_DEPOSIT}:
            return redirect(payment_page_url(order))
        is_own = is_own_order(request, order)
        # Only a page that is shown: HEAD runs no script.
        reports = is_own and request.method == "GET"
        context = {
            "order": order,
            "payment": payment,
            "slip": shown_slip_of(payment),
            "payment_page_url": payment_page_url(order),
            "is_own": is_own,
            "purchase_event": claim_purchase_event(order, payment) if reports else None,
        }
        return TemplateResponse(request, self.template_name, context)


@payment_page
class ThankYouView(View):
    """Oscar's own address for the page: the last order of this session."""

    def get(self, request: HttpRequest) -> HttpResponse:
        order = Order.objects.filter(pk=request.session.get("checkout_order_id")).first()
        return redirect("catalogue:index" if order is None else thank_you_url(order))
