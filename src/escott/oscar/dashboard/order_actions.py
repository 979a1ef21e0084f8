"""What staff do so that an order is paid: 登録済みカードで決済, お支払いURL, 差額注文.

Every page says what will happen before it happens. A first form, sent by GET, leads to the
confirmation, so that Enter in a field never charges anybody; the confirmation's POST carries a
key, so that a repeat returns the first result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from oscar.core.loading import get_model

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import Member, MerchantAccount, Payment
from escott.django.models.operation import OPERATION_LABELS
from escott.django.orders import OrderNotPayable
from escott.django.payment_page import see_other
from escott.django.services import MethodUnavailable
from escott.django.services.charge_saved_card import (
    AnotherPayment,
    CardChanged,
    card_seen,
    charge_saved_card,
    chargeable_card_of,
)
from escott.django.services.claim import SavedCardUnusable
from escott.django.services.members import SavedCardsOff
from escott.oscar.dashboard.of_order import OfOrder
from escott.oscar.dashboard.order_action_forms import ChargeForm, DifferenceForm, KeyForm
from escott.oscar.difference_order import order_difference
from escott.oscar.links import payment_page_url
from escott.oscar.payable import may_be_paid, payable, total_of
from escott.oscar.payment_request import (
    NotAsked,
    Refusal,
    ask_for_payment,
    last_link_of,
    why_not,
)
from escott.rules.card_expiry import Expiry, expiry_of
from escott.rules.card_states import CardOperation
from escott.rules.yen import format_yen

Order = get_model("order", "Order")

_NOT_PAYABLE: Final = {
    Refusal.PAID: noop("The order has a payment that stands."),
    Refusal.AWAITS_DEPOSIT: noop(
        "The customer has a slip and may pay it. Cancel the slip first, on the payment itself."
    ),
    Refusal.CHECKING: noop(
        "A payment of the order is under way, or its result is unknown. Nothing can be charged "
        "until that is known."
    ),
    Refusal.CLOSED: noop("The order is closed."),
    Refusal.NOTHING_TO_PAY: noop("The order's total cannot be paid by card."),
    Refusal.NOT_UNPAID: noop("The order is not waiting for a payment."),
}

#: What keeps the saved card from being charged before anything is claimed.
_CHARGES_NOTHING: Final = frozenset(
    {Refusal.AWAITS_DEPOSIT, Refusal.CLOSED, Refusal.NOTHING_TO_PAY, Refusal.NOT_UNPAID}
)


class ChargeSavedCardView(OfOrder):
    """登録済みカードで決済: charge the customer's saved card, as asked by telephone."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS: the gateway is asked."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        form = ChargeForm(request.GET or None, initial={"charge": self._usual_charge()})
        return self._show(form)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        form, press = ChargeForm(request.POST), KeyForm(request.POST)
        if not (form.is_valid() and press.is_valid()):
            return self._show(form, status=422)
        refusal = why_not(self.order)
        if refusal is None and request.POST.get("amount") != str(total_of(self.order)):
            text = _("The order's total has changed since this page was shown. Please check it.")
            return self._show(form, notice=text, status=409)
        if refusal in _CHARGES_NOTHING:
            return self.back(messages.error, _nothing_charged(_(_NOT_PAYABLE[refusal])))
        try:
            payment = charge_saved_card(
                payable(self.order),
                CardOperation(form.cleaned_data["charge"]),
                seen=request.POST.get("card", ""),
                reason=form.cleaned_data["reason"],
                key=press.cleaned_data["key"],
                actor=request.user,
            )
        except CardChanged:
            text = _("The saved card has changed since this page was shown. Please check it.")
            return self._show(form, notice=text, status=409)
        except AnotherPayment as other:
            text = _("Another payment of this order was first: %s.") % _of(other.payment)
            return self.back(messages.warning, _nothing_charged(text))
        except OrderNotPayable:
            refusal = why_not(self.order) or Refusal.CLOSED
            return self.back(messages.error, _nothing_charged(_(_NOT_PAYABLE[refusal])))
        except (SavedCardUnusable, SavedCardsOff, MethodUnavailable):
            text = _("The saved card cannot be charged at the moment.")
            return self.back(messages.error, _nothing_charged(text))
        return self.back(*_charged(payment))

    def _show(self, form: ChargeForm, *, notice: str = "", status: int = 200) -> HttpResponse:
        account = MerchantAccount.current_or_none()
        member = chargeable_card_of(self.order.user, account) if account else None
        refusal = why_not(self.order)
        confirms = form.is_bound and form.is_valid() and member is not None and refusal is None
        charge = CardOperation(form.cleaned_data["charge"]) if confirms else None
        return self.show(
            "charge_saved_card",
            status=status,
            form=form,
            notice=notice,
            refusal=_(_NOT_PAYABLE[refusal]) if refusal else "",
            member=member,
            card_is_past=_is_past(member),
            card_seen=card_seen(member) if member else "",
            test_mode=account is not None and account.mode == "test",
            amount=None if refusal else total_of(self.order),
            charge=charge,
            charge_label=OPERATION_LABELS[charge] if charge else "",
        )

    def _usual_charge(self) -> str:
        account = MerchantAccount.current_or_none()
        return str(account.card_charge) if account else CardOperation.GATHER.value


class PaymentLinkView(OfOrder):
    """お支払いURL: make the order payable, mail the link, and show it to be copied."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        press = KeyForm(request.POST)
        if not press.is_valid():
            return self._show(status=422)
        try:
            ask_for_payment(self.order.pk, key=press.cleaned_data["key"], actor=request.user)
        except NotAsked as refused:
            messages.warning(request, _(_NOT_PAYABLE[refused.refusal]))
        else:
            messages.success(request, _asked(self.order))
        return see_other(request.path)

    def _show(self, status: int = 200) -> HttpResponse:
        refusal = why_not(self.order)
        can_be_opened = refusal is None and may_be_paid(self.order)
        link = self.request.build_absolute_uri(payment_page_url(self.order))
        return self.show(
            "payment_link",
            status=status,
            refusal=_(_NOT_PAYABLE[refusal]) if refusal else "",
            amount=None if refusal else total_of(self.order),
            link=link if can_be_opened else "",
            last_link=last_link_of(self.order),
        )


class DifferenceView(OfOrder):
    """差額注文: an order of its own for a difference, and its link."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        asked = request.GET if "confirm" in request.GET else None
        form = DifferenceForm(asked, initial={"amount": request.GET.get("amount")})
        return self._show(form)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        form, press = DifferenceForm(request.POST), KeyForm(request.POST)
        if not (form.is_valid() and press.is_valid()):
            return self._show(form, status=422)
        key = press.cleaned_data["key"]
        try:
            made = order_difference(self.order.pk, key=key, actor=request.user, **form.cleaned_data)
        except (ValueError, Order.DoesNotExist) as stale:
            raise Http404 from stale
        try:
            ask_for_payment(made.pk, key=key, actor=request.user)
        except NotAsked as refused:
            messages.warning(request, _(_NOT_PAYABLE[refused.refusal]))
        else:
            messages.success(request, _asked(made))
        return see_other(reverse("dashboard:order-payment-link", kwargs={"number": made.number}))

    def _show(self, form: DifferenceForm, status: int = 200) -> HttpResponse:
        confirms = form.is_bound and form.is_valid()
        amount = form.cleaned_data["amount"] if confirms else None
        return self.show("difference", status=status, form=form, amount=amount)


def _is_past(member: Member | None) -> bool:
    today = in_japan(the_clock().now()).date()
    return member is not None and expiry_of(member.expiry, today) is Expiry.PAST


def _of(payment: Payment) -> str:
    return f"{payment.transaction_code}, {payment.get_state_display()}"


def _nothing_charged(text: str) -> str:
    nothing = _("Nothing was charged by this press.")
    return f"{text} {nothing}"


def _charged(payment: Payment) -> tuple[Callable[..., None], str]:
    """How the charge ended, for whoever pressed."""
    text = _("Saved card, %(amount)s: %(payment)s.") % {
        "amount": format_yen(payment.amount),
        "payment": _of(payment),
    }
    if payment.is_paid:
        return messages.success, text
    if payment.is_unresolved:
        more = _(
            "The result is not known yet, and nothing else can be charged. Look at the gateway's "
            "console: only there can it be told."
        )
        return messages.warning, f"{text} {more}"
    nothing = _("Nothing was charged.")
    return messages.error, f"{text} {nothing}"


def _asked(order: Any) -> str:
    if order.email:
        return _("The mail with the payment link goes to %s.") % str(order.email)
    return _("The order can be paid now. It has no e-mail address: pass the link on yourself.")
