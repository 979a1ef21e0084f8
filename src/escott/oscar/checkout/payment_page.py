"""お支払い: the page of a placed order, where it is paid, or paid again after a refusal.

Whoever holds its signed link may use it (escott.oscar.links). It asks the gateway nothing
while it renders; while a result is being checked, or a deposit waited for, it asks the shop's
own database.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import View

from escott.django.advice import TOTAL_CHANGED, in_language_of_page, notice_for
from escott.django.card_data_guard import refuses_card_data
from escott.django.models import MerchantAccount, Payment
from escott.django.orders import OrderNotPayable
from escott.django.payment_page import see_other
from escott.django.press import PressRefused, card_form_for, read_press, saved_card_gone
from escott.django.services import MethodUnavailable, current_payment_of, live_payment_of
from escott.django.services.claim import SavedCardUnusable
from escott.django.services.start_trip import reopen_url
from escott.gateway import InvalidTelegram
from escott.oscar.checkout.private_pages import payment_page
from escott.oscar.checkout.slip_form import METHOD, SlipForm, SlipNotTaken, read_slip, slip_form
from escott.oscar.checkout.ways import ByCard, Way
from escott.oscar.links import order_of, other_way_url, payment_page_url, payment_state_url
from escott.oscar.order_fee import total_without_fee
from escott.oscar.payment_methods import OfferedMethod, available_methods
from escott.oscar.results import Result, result_of, result_url, slip_to_show
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState

log = logging.getLogger("escott.oscar")

#: A slip could not be registered: its shopper most likely wants to try again.
_TRY_AGAIN = frozenset({PaymentState.REFUSED, PaymentState.NOT_SENT, PaymentState.LOST})


class NothingToSend(Exception):
    """What was posted is not sent on; ``notice`` or ``slip_form`` says why, on the page."""

    def __init__(self, notice: str = "", slip_form: SlipForm | None = None) -> None:
        super().__init__(notice)
        self.notice = notice
        self.slip_form = slip_form


@payment_page
@refuses_card_data("escott/oscar/card_data_refused.html")
@method_decorator(non_atomic_requests, name="dispatch")
class PaymentPageView(View):
    """Pay an order that is placed, or see how its payment stands."""

    template_name = "oscar/checkout/payment_page.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self._show(request, order_of(reference))

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Pay. A second press, or one while a payment stands, charges nothing."""
        order = order_of(reference)
        if result_of(order, live_payment_of(order.number)) is not Result.UNPAID:
            return see_other(result_url(order))
        try:
            way = self._way(request, order)
            with transaction.atomic(durable=True):
                way.begin(order)
        except NothingToSend as why:
            return self._show(request, order, notice=why.notice, slip_form=why.slip_form)
        except SavedCardUnusable:
            return self._show(request, order, notice=saved_card_gone())
        except OrderNotPayable:
            return see_other(result_url(order))
        except (MethodUnavailable, InvalidTelegram) as unavailable:
            log.error("order %s cannot be paid: %s", order.number, unavailable)
            return see_other(result_url(order))
        return see_other(way.finish() or result_url(order))

    def _way(self, request: HttpRequest, order: Any) -> Way:
        methods = available_methods(total_without_fee(order))
        offered = {method.method: method for method in methods}
        if request.POST.get(METHOD) == PaymentMethod.COLLECTION:
            by_slip = offered.get(PaymentMethod.COLLECTION)
            if by_slip is None:
                raise MethodUnavailable([_("Online collection is not offered for this order.")])
            try:
                return read_slip(request, order, by_slip)
            except SlipNotTaken as refused:
                raise NothingToSend(slip_form=refused.form) from None
        try:
            press = read_press(request, customer=order.user, order_reference=order.number)
        except PressRefused as refused:
            raise NothingToSend(refused.notice) from None
        by_card = offered.get(PaymentMethod.CARD)
        if by_card is None or press.amount_shown != by_card.amount:
            raise NothingToSend(in_language_of_page(TOTAL_CHANGED))
        return ByCard(press)

    def _show(
        self,
        request: HttpRequest,
        order: Any,
        notice: str = "",
        slip_form: SlipForm | None = None,
    ) -> HttpResponse:
        payment = current_payment_of(order.number)
        result = result_of(order, payment if payment and payment.live else None)
        if result is Result.PAID:
            return see_other(result_url(order))
        context: dict[str, Any] = {
            "order": order,
            "result": result.value,
            "payment": payment,
            "advice": "" if notice else notice_for(order.number),
            "slip": slip_to_show(order, payment, result),
            "state_url": payment_state_url(order),
            "reopen_url": reopen_url(payment) if payment else "",
        }
        if result in {Result.UNPAID, Result.AWAITS_DEPOSIT}:
            methods = available_methods(total_without_fee(order))
        else:
            methods = []
        if result is Result.AWAITS_DEPOSIT and any(not offer.is_collection for offer in methods):
            context["other_way_url"] = other_way_url(order)
        if result is Result.UNPAID and methods:
            chosen = _chosen(request, methods, payment, posted=slip_form)
            context |= {"methods": methods, "method": chosen, "page_url": payment_page_url(order)}
            context |= _form(request, order, chosen, notice, slip_form)
        return TemplateResponse(request, self.template_name, context)


def _chosen(
    request: HttpRequest,
    methods: list[OfferedMethod],
    payment: Payment | None,
    *,
    posted: SlipForm | None,
) -> OfferedMethod:
    """The method whose form is shown: as the address asks, else what was tried last."""
    offered = {method.code: method for method in methods}
    if posted is not None:
        return posted.method
    wanted = request.GET.get(METHOD, "")
    if not wanted and payment is not None and payment.state in _TRY_AGAIN:
        wanted = payment.method
    return offered.get(wanted, methods[0])


def _form(
    request: HttpRequest,
    order: Any,
    method: OfferedMethod,
    notice: str,
    posted: SlipForm | None,
) -> dict[str, Any]:
    if method.is_collection:
        return {
            "slip_form": posted or slip_form(request, order, method),
            "form_goes_on_to": method.goes_on_to,
        }
    return {
        "card_form": card_form_for(
            request,
            MerchantAccount.current(),
            customer=order.user,
            action=payment_page_url(order),
            amount=method.amount,
            notice=notice,
        )
    }


@payment_page
class PaymentStateView(View):
    """Asked by the payment page's script every few seconds while something is waited for."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        order = order_of(reference)
        result = result_of(order, live_payment_of(order.number))
        return JsonResponse({"result": result.value, "url": result_url(order)})
