"""The page on which an order is paid: any Django site subclasses it and says which order.

Never inside a transaction, never cached, posted card numbers refused, and every press of the
button, in any tab, ends on the one result of the order.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.generic import View

from escott.django.advice import TOTAL_CHANGED, advice_for, in_language_of_page, notice_for
from escott.django.card_data_guard import refuses_card_data
from escott.django.models import MerchantAccount, Payment
from escott.django.orders import OrderNotPayable, PayableOrder
from escott.django.page_policy import card_page_policy
from escott.django.press import (
    PressRefused,
    begin_press,
    card_form_for,
    finish_press,
    read_press,
    saved_card_gone,
)
from escott.django.services import MethodUnavailable, current_payment_of
from escott.django.services.claim import SavedCardUnusable
from escott.django.services.payments import is_in_doubt
from escott.django.services.start_trip import reopen_url
from escott.gateway.customer_actions import BEING_CHECKED

log = logging.getLogger("escott.payments")


@method_decorator(card_page_policy, name="dispatch")
@refuses_card_data("escott/card_data_refused.html")
class PaymentPage(View):
    """Pays one order by card. Subclass it and implement ``get_order`` and ``paid_url``.

    The templates ``escott/payment_page.html`` and ``escott/payment_checking.html`` extend
    ``escott/page.html``; replace that one to give the page the site's look.
    """

    template_name = "escott/payment_page.html"
    checking_template_name = "escott/payment_checking.html"

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS whatever mixins stand before this class."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def get_order(self) -> PayableOrder | None:
        """The order of this address that this visitor may pay; ``None`` answers 404.

        Read the total from your own rows, never from the request.
        """
        raise NotImplementedError

    def paid_url(self, order: PayableOrder) -> str:
        """Where the shopper goes once the order is paid."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """The state of the order: the card form, the result being checked, or paid."""
        order = self._order()
        payment = current_payment_of(order.reference)
        if payment is not None and payment.is_paid:
            return see_other(self.paid_url(order))
        if payment is not None and (payment.live or is_in_doubt(order.reference)):
            return self._checking(payment)
        return self._form(order, notice_for(order.reference))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Charge the order once, or send the browser to the gateway, and show the result."""
        order = self._order()
        earlier = current_payment_of(order.reference)
        if earlier is not None and earlier.live:
            return self._result(order, earlier)
        try:
            press = read_press(request, customer=order.customer, order_reference=order.reference)
            if press.amount_shown != order.amount:
                return self._form(order, in_language_of_page(TOTAL_CHANGED), status=409)
            begun = begin_press(order, press, next_url=request.get_full_path()[:300])
        except PressRefused as refused:
            return self._form(order, refused.notice, status=refused.status)
        except OrderNotPayable:
            return see_other(request.get_full_path())
        except SavedCardUnusable:
            return self._form(order, saved_card_gone(), status=409)
        except MethodUnavailable as unavailable:
            log.error("card payment is not available: %s", unavailable)
            return self._form(order, "")
        leaves_at = finish_press(begun)
        if leaves_at is not None:
            return see_other(leaves_at)
        return self._result(order, current_payment_of(order.reference))

    def _result(self, order: PayableOrder, payment: Payment | None) -> HttpResponse:
        """To the page that shows how the order stands."""
        paid = payment is not None and payment.is_paid
        return see_other(self.paid_url(order) if paid else self.request.get_full_path())

    def _order(self) -> PayableOrder:
        order = self.get_order()
        if order is None:
            raise Http404
        return order

    def _form(self, order: PayableOrder, notice: str, status: int = 200) -> HttpResponse:
        account = MerchantAccount.current_or_none()
        if account is None or account.missing_for_cards():
            return TemplateResponse(self.request, self.template_name, {"order": order}, status=503)
        form = card_form_for(
            self.request,
            account,
            customer=order.customer,
            action=self.request.get_full_path(),
            amount=order.amount,
            notice=notice,
        )
        context = {"order": order, "card_form": form}
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def _checking(self, payment: Payment) -> HttpResponse:
        context = {
            "payment": payment,
            "advice": advice_for(payment) if payment.live else in_language_of_page(BEING_CHECKED),
            "reopen_url": reopen_url(payment),
        }
        return TemplateResponse(self.request, self.checking_template_name, context)


def see_other(url: str) -> HttpResponseRedirect:
    """303: after a post, get this page; a reload then posts nothing."""
    return HttpResponseRedirect(url, status=303)
