"""ご注文内容の確認: the final page, and 注文する.

The press posts the signed basket, and a card token where it is paid by card. One transaction
takes the basket, places the order (支払い待ち, or 保留中 where a slip is to be paid) and claims its
payment; after the commit the gateway is asked. Whoever comes second, by double click, reload,
second tab or back button, is shown the one result.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
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
from escott.django.card_page import CardForm
from escott.django.clock import the_clock
from escott.django.days import day_in_words
from escott.django.mail_queue import queue_mail
from escott.django.models import MerchantAccount
from escott.django.models.mail import MailKind
from escott.django.orders import OrderNotPayable
from escott.django.payment_page import see_other
from escott.django.press import PressRefused, card_form_for, read_press, saved_card_gone
from escott.django.services import MethodUnavailable
from escott.django.services.claim import SavedCardUnusable
from escott.oscar import order_kana
from escott.oscar.checkout.confirmed import Confirmed
from escott.oscar.checkout.paying import Paying
from escott.oscar.checkout.private_pages import payment_page
from escott.oscar.checkout.ways import ByCard, BySlip, Way
from escott.oscar.order_moves import wanted_status, word_for
from escott.oscar.placement import BasketTaken, OutOfStock, order_placed_from, place_once
from escott.oscar.results import result_url
from escott.rules.order_status import status_of_free_order
from escott.rules.yen import format_yen

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
        return self._show()

    def _show(self, error: str = "") -> HttpResponse:
        context = self.get_context_data(error=error)
        if context["payment_kwargs"]["paying"].must_choose:
            if self.checkout_session.payment_method():
                text = _("Please choose again how to pay: this order can't be paid as before.")
                messages.warning(self.request, text)
            return redirect("checkout:payment-method")
        self.preview = True
        return self.render_to_response(context)  # type: ignore[no-any-return]

    def build_submission(self, **kwargs: Any) -> dict[str, Any]:
        """Oscar's, with how the order is going to be paid."""
        submission: dict[str, Any] = super().build_submission(**kwargs)
        submission["payment_kwargs"]["paying"] = Paying.of(submission, self.checkout_session)
        return submission

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        total = context["order_total"].incl_tax
        paying: Paying = context["payment_kwargs"]["paying"]
        context.update(
            amount=total,
            kana=self.checkout_session.kana() if context["shipping_address"] else {},
            order_url=f"{reverse('checkout:preview')}?{Confirmed.of(context).query()}",
            methods=paying.methods,
            method=paying.method,
            payer=paying.payer,
        )
        if paying.method is not None:
            amount = format_yen(paying.method.amount)
            context["button"] = _("Place the order (%(amount)s)") % {"amount": amount}
            if paying.method.due_on is not None:
                context["due_date"] = day_in_words(paying.method.due_on)
                context["form_goes_on_to"] = paying.method.goes_on_to
            else:
                context["card_form"] = self._card_form(context, paying.method.amount)
        return context

    def _card_form(self, context: Mapping[str, Any], amount: int) -> CardForm:
        return card_form_for(
            self.request,
            MerchantAccount.current(),
            customer=self.request.user,
            action=context["order_url"],
            amount=amount,
            notice=context.get("error", ""),
            button=context["button"],
        )

    # ---- 注文する ----

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """注文する: order what the page showed, to be paid as it showed."""
        submission = self.build_submission()
        paying: Paying = submission["payment_kwargs"]["paying"]
        costs = bool(submission["order_total"].incl_tax)
        if costs and not paying.methods:
            log.error("an order cannot be paid: no method takes it")
            return self._show(_sorry())
        if Confirmed.asked_for(request.GET) != Confirmed.of(submission):
            changed = _("Your order has changed since this page was shown. Please check it again.")
            return self._show(changed)
        if costs and paying.must_choose:
            return self._show()
        try:
            way = self._way(paying, submission["basket"]) if costs else None
        except PressRefused as refused:
            return self._show(refused.notice)
        except MethodUnavailable as unavailable:
            log.error("an order cannot be paid: %s", unavailable)
            return self._show(_sorry())
        submission["payment_kwargs"] = {"way": way}
        return self.submit(**submission)

    def _way(self, paying: Paying, basket: Any) -> Way:
        if paying.method is not None and paying.payer is not None:
            return BySlip(paying.payer, fee=paying.method.fee, press=f"basket-{basket.pk}")
        return ByCard(read_press(self.request, customer=self.request.user))

    def submit(self, basket: Any, payment_kwargs: Any = None, **submission: Any) -> HttpResponse:
        """Place the order and claim its payment, commit, and only then ask the gateway."""
        way: Way | None = payment_kwargs["way"]

        def place() -> Any:
            order = self._write_order(basket, way, **submission)
            if way is None:
                queue_mail(MailKind.ORDER_FREE, None, order_reference=order.number)
            else:
                way.begin(order)
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
            return self._show(saved_card_gone())
        except (MethodUnavailable, OrderNotPayable, UnableToPlaceOrder, ValueError):
            log.exception("basket %s could not be ordered", basket.pk)
            return self._show(_sorry())
        return self._pay(order, way)

    def _write_order(self, basket: Any, way: Way | None, **submission: Any) -> Any:
        if way is not None:
            status = way.status_before
        else:
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

    def _pay(self, order: Any, way: Way | None) -> HttpResponse:
        self._keep_session(order)
        leaves_at = None
        if way is not None:
            try:
                leaves_at = way.finish()
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
