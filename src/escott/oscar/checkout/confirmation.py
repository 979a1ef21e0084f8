"""ご注文内容の確認: the final page, and 注文する.

The press posts the signed basket and a card token. One transaction takes the basket, places
the order (支払い待ち) and claims its payment; after the commit the gateway is asked. Whoever
comes second, by double click, reload, second tab or back button, is shown the one result.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from oscar.apps.checkout.exceptions import PassedSkipCondition
from oscar.apps.checkout.views import PaymentDetailsView as OscarPaymentDetailsView
from oscar.core.loading import get_class, get_model

from escott.django.card_data_guard import refuses_card_data
from escott.django.clock import the_clock
from escott.django.mail_queue import queue_mail
from escott.django.models import MerchantAccount
from escott.django.models.mail import MailKind
from escott.django.payment_page import see_other
from escott.django.press import (
    Begin,
    PressRefused,
    begin_press,
    card_form_for,
    finish_press,
    read_press,
    saved_card_gone,
)
from escott.django.services import MethodUnavailable
from escott.django.services.claim import SavedCardUnusable
from escott.oscar import order_kana
from escott.oscar.checkout.confirmed import Confirmed
from escott.oscar.checkout.private_pages import payment_page
from escott.oscar.links import payment_page_url
from escott.oscar.order_moves import wanted_status, word_for
from escott.oscar.payable import payable, total_of
from escott.oscar.payment_methods import available_methods
from escott.oscar.placement import BasketTaken, OutOfStock, order_placed_from, place_once
from escott.oscar.results import result_url
from escott.rules.order_status import OrderStatus, status_of_free_order
from escott.rules.yen import format_yen, yen_from_decimal

Order = get_model("order", "Order")
UnableToPlaceOrder = get_class("order.exceptions", "UnableToPlaceOrder")

log = logging.getLogger("escott.oscar")


@payment_page
@refuses_card_data("escott/oscar/card_data_refused.html")
@method_decorator(non_atomic_requests, name="dispatch")
class PaymentDetailsView(OscarPaymentDetailsView):
    """Oscar's last step, with the order placed before it is paid."""

    # ---- Who comes second sees the one result ----

    def get_skip_conditions(self, request: HttpRequest) -> list[str]:
        return ["skip_if_already_ordered", *super().get_skip_conditions(request)]

    def skip_if_already_ordered(self, request: Any) -> None:
        """Show the result of the placed order instead of the page.

        The open basket is read before the order is looked for: if another press wins between
        the two, its order is found here; if it wins later, it keeps us from taking the basket.
        """
        open_basket_id = request.basket.pk
        confirmed = Confirmed.asked_for(request.GET)
        order = None
        if confirmed is not None and confirmed.basket_id != open_basket_id:
            order = order_placed_from(confirmed.basket_id)
        elif confirmed is None and request.basket.is_empty:
            order = Order.objects.filter(pk=request.session.get("checkout_order_id")).first()
        if order is not None:
            self._remember_if_ours(order)
            raise PassedSkipCondition(url=result_url(order))

    def _remember(self, order: Any) -> None:
        """Let this session see its order."""
        self.request.session["checkout_order_id"] = order.pk

    def _remember_if_ours(self, order: Any) -> None:
        """The same for a second press. Whoever only holds the page's address sees less."""
        if order.user_id is not None:
            ours = order.user_id == self.request.user.pk
        else:
            ours = order.guest_email == self.checkout_session.get_guest_email()
        if ours:
            self._remember(order)

    # ---- The page ----

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The confirmation page; Oscar's page for payment details has nothing to ask."""
        if not self.preview:
            return redirect("checkout:preview")
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        total = context["order_total"].incl_tax
        context.update(
            amount=total,
            kana=self.checkout_session.kana() if context["shipping_address"] else {},
            order_url=f"{reverse('checkout:preview')}?{Confirmed.of(context).query()}",
        )
        if total:
            context["methods"] = methods = available_methods(total)
            if methods:
                amount = yen_from_decimal(total)
                context["card_form"] = card_form_for(
                    self.request,
                    MerchantAccount.current(),
                    customer=self.request.user,
                    action=context["order_url"],
                    amount=amount,
                    notice=kwargs.get("error", ""),
                    button=_("Place the order (%(amount)s)") % {"amount": format_yen(amount)},
                )
        return context

    # ---- 注文する ----

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """注文する: order what the page showed, with the card that was posted."""
        submission = self.build_submission()
        if Confirmed.asked_for(request.GET) != Confirmed.of(submission):
            changed = _("Your order has changed since this page was shown. Please check it again.")
            return self._show_again(changed)
        if submission["order_total"].incl_tax:
            try:
                submission["payment_kwargs"] = {"press": read_press(request, customer=request.user)}
            except PressRefused as refused:
                return self._show_again(refused.notice)
            except MethodUnavailable as unavailable:
                log.error("card payment is not available: %s", unavailable)
                return self._show_again(_sorry())
        return self.submit(**submission)

    def _show_again(self, error: str) -> HttpResponse:
        response: HttpResponse = self.render_preview(self.request, error=error)
        return response

    def submit(self, basket: Any, payment_kwargs: Any = None, **submission: Any) -> HttpResponse:
        """Place the order and claim its payment, commit, and only then ask the gateway."""
        begun: Begin | None = None

        def place() -> Any:
            nonlocal begun
            order = self._write_order(basket, **submission)
            if total_of(order) == 0:
                queue_mail(MailKind.ORDER_FREE, None, order_reference=order.number)
            else:
                begun = begin_press(
                    payable(order), payment_kwargs["press"], next_url=payment_page_url(order)
                )
            return order

        try:
            order = place_once(basket, place)
        except BasketTaken:
            order = order_placed_from(basket.pk)
            if order is None:
                return redirect("basket:summary")
            self._remember_if_ours(order)
            return see_other(result_url(order))
        except OutOfStock as ran_out:
            for title in ran_out.titles:
                messages.error(self.request, _("“%s” has just sold out.") % title)
            return redirect("basket:summary")
        except SavedCardUnusable:
            return self._show_again(saved_card_gone())
        except (MethodUnavailable, UnableToPlaceOrder, ValueError):
            log.exception("basket %s could not be ordered", basket.pk)
            return self._show_again(_sorry())
        return self._pay(order, begun)

    def _write_order(self, basket: Any, **submission: Any) -> Any:
        status = OrderStatus.AWAITING_PAYMENT
        if submission["order_total"].incl_tax == 0:
            status = status_of_free_order(
                all_virtual=not basket.is_shipping_required(), wanted=wanted_status()
            )
        order_kwargs = {
            "date_placed": the_clock().now(),
            **(submission.pop("order_kwargs", None) or {}),
        }
        return self.place_order(
            order_number=str(self.generate_order_number(basket)),
            basket=basket,
            status=word_for(status),
            **submission,
            **order_kwargs,
        )

    def _pay(self, order: Any, begun: Begin | None) -> HttpResponse:
        self._keep_session(order)
        leaves_at = None
        if begun is not None:
            try:
                leaves_at = finish_press(begun)
            except Exception:
                log.exception("order %s: paying was interrupted; recovery asks", order.number)
        response = see_other(leaves_at or result_url(order))
        self.send_signal(self.request, response, order)
        return response

    def _keep_session(self, order: Any) -> None:
        """Saved before the gateway is asked; a session that cannot be saved stops no payment."""
        try:
            self.checkout_session.flush()
            self._remember(order)
            self.request.session.save()
        except Exception:
            log.exception("order %s: its session could not be saved", order.number)

    # ---- The address with its reading ----

    def get_shipping_address(self, basket: Any) -> Any:
        """Oscar's, asked for several times in one request, read from the database once."""
        if not hasattr(self, "_shipping_address"):
            self._shipping_address = super().get_shipping_address(basket)
        return self._shipping_address

    def create_shipping_address(self, user: Any, shipping_address: Any) -> Any:
        saved = super().create_shipping_address(user, shipping_address)
        if saved is not None and (kana := self.checkout_session.kana()):
            order_kana.keep_for_order(saved, kana)
        return saved

    def update_address_book(self, user: Any, addr: Any) -> None:
        super().update_address_book(user, addr)
        if self.checkout_session.shipping_user_address_id() is None:
            entry = user.addresses.filter(hash=addr.generate_hash()).first()
            if entry is not None and (kana := self.checkout_session.kana()):
                order_kana.keep_in_address_book(entry, kana)


def _sorry() -> str:
    return _("We could not take your order, and nothing was charged. Please try again.")
