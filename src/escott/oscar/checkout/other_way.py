"""別のお支払い方法に変更: an unpaid slip is given up, so that its order can be paid otherwise.

The gateway must have cancelled the slip first (2Del), or the order could be paid twice
(requirements.md part 2 no. 15). If it was paid meanwhile, that is shown.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import View

from escott.django.card_page import new_press
from escott.django.models import OperationState, Payment
from escott.django.payment_page import see_other
from escott.django.services import live_payment_of
from escott.django.services.claim import KeyReused, NotPossible, Overtaken
from escott.django.services.collection import ask_about_deposit, delete_slip
from escott.django.shown_slip import ShownSlip
from escott.oscar.checkout.private_pages import payment_page
from escott.oscar.checkout.slip_form import METHOD
from escott.oscar.links import order_of, payment_page_url
from escott.oscar.own_orders import is_own_order
from escott.oscar.results import Result, result_of, result_url
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState

log = logging.getLogger("escott.oscar")


@payment_page
@method_decorator(non_atomic_requests, name="dispatch")
class OtherWayView(View):
    """Asks once, then cancels the slip. Whoever holds the order's link may do it."""

    template_name = "oscar/checkout/other_way.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        order = order_of(reference)
        payment = _to_give_up(order)
        if payment is None:
            return see_other(result_url(order))
        context = {
            "order": order,
            "slip": ShownSlip.of(payment),
            "payment_id": payment.pk,
            "seen": payment.operations.count(),
            "key": new_press(),
            "page_url": payment_page_url(order),
        }
        return TemplateResponse(request, self.template_name, context)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Cancel the slip that was shown; the page of the order then says what became of it."""
        order = order_of(reference)
        payment = _to_give_up(order)
        if payment is None:
            return see_other(result_url(order))
        if request.POST.get("payment") != str(payment.pk):
            return see_other(request.path)
        try:
            operation = delete_slip(
                payment.pk,
                key=f"other-way-{request.POST.get('key', '')[:32] or new_press()}",
                actor=order.user if is_own_order(request, order) else None,
                after=_whole(request.POST.get("seen", "")),
            )
        except (NotPossible, Overtaken, KeyReused) as refused:
            log.info("order %s: its slip was not cancelled: %s", order.number, refused)
            return see_other(result_url(order))
        if operation.state in {OperationState.REFUSED, OperationState.NOT_SENT}:
            self._not_cancelled(order, payment, operation.state)
        payment.refresh_from_db()
        if payment.state == PaymentState.DELETED:
            return see_other(f"{payment_page_url(order)}?{METHOD}={PaymentMethod.CARD}")
        return see_other(result_url(order))

    def _not_cancelled(self, order: Any, payment: Payment, state: str) -> None:
        """Most often because it was paid a moment ago: the gateway tells."""
        if state == OperationState.REFUSED:
            ask_about_deposit(payment.pk)
        if result_of(order, live_payment_of(order.number)) is Result.AWAITS_DEPOSIT:
            text = _("The payment number could not be cancelled. Please try again later.")
            messages.warning(self.request, text)


def _to_give_up(order: Any) -> Payment | None:
    """The order's payment, if it is a slip that is out and whose last day has not passed."""
    payment = live_payment_of(order.number)
    if payment is None or result_of(order, payment) is not Result.AWAITS_DEPOSIT:
        return None
    return payment if ShownSlip.of(payment).is_to_be_paid else None


def _whole(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None
