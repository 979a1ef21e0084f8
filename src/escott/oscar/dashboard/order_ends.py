"""What staff make of an order itself: 注文を閉じる, 完了, 注文を復活させる."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.django.services import live_payment_of
from escott.oscar.dashboard.of_order import OfOrder
from escott.oscar.dashboard.order_action_forms import CloseForm
from escott.oscar.dashboard.payment_links import payment_url
from escott.oscar.order_closing import (
    NotClosed,
    Refusal,
    close_order,
    closing_words,
    complete_order,
    goods_of,
    has_goods_to_return,
    may_be_closed,
)
from escott.oscar.order_reopening import (
    NotReopened,
    goods_wanted_by,
    reopen_order,
    status_after_reopening,
)
from escott.rules.order_status import OrderStatus
from escott.rules.payment_states import PaymentState

_NOT_CLOSED: Final = {
    Refusal.PAYMENT_STANDS: noop(
        "A payment of the order stands, or its result is unknown. Cancel the payment first."
    ),
    Refusal.ALREADY: noop("Somebody else was first: nothing is left to be done."),
    Refusal.NOT_FOR_THIS: noop("The order's status does not allow this any more."),
}


class CloseOrderView(OfOrder):
    """キャンセル or 払い戻し済み with the goods back on the shelf; 完了 after a 売上計上."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self._show(CloseForm())

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        form = CloseForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        to = OrderStatus(form.cleaned_data["to"])
        try:
            if to is OrderStatus.COMPLETED:
                order = complete_order(self.order.pk, actor=request.user)
            else:
                order = close_order(
                    self.order.pk,
                    to,
                    taken_too=form.cleaned_data["taken_too"],
                    actor=request.user,
                )
        except NotClosed as refused:
            return self.back(messages.warning, _(_NOT_CLOSED[refused.refusal]))
        return self.back(messages.success, _("The order is %s now.") % order.status)

    def _show(self, form: CloseForm, status: int = 200) -> HttpResponse:
        goods = goods_of(self.order)
        live = live_payment_of(self.order.number)
        waits = live is not None and live.state == PaymentState.UNPAID
        return self.show(
            "close",
            status=status,
            slip_url=payment_url(live) if live is not None and waits else "",
            form=form,
            possible=may_be_closed(self.order),
            words=closing_words(),
            goods=goods,
            goes_back=has_goods_to_return(self.order),
            any_taken=any(line.taken for line in goods),
        )


class ReopenOrderView(OfOrder):
    """注文を復活させる: a cancelled order whose payment came late is carried out after all."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        payment = live_payment_of(self.order.number)
        return self.show(
            "reopen",
            word=status_after_reopening(self.order),
            amount=payment.amount if payment is not None else None,
            goods=goods_wanted_by(self.order),
        )

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        try:
            order = reopen_order(self.order.pk, actor=request.user)
        except NotReopened:
            return self.back(messages.warning, _("The order cannot be reopened any more."))
        return self.back(messages.success, _("The order is %s now.") % order.status)
