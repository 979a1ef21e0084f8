"""注文を復活させる: a cancelled order is carried out after all, for its payment came late.

A deposit may be told after 期限切れ has cancelled the order, or after staff have. The order then
gets the status that its payment gives, and its goods are set aside anew, exactly once.
Source: issue "オンライン収納代行", Unpaid; requirements.md part 4 (late success, cancelled order).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.mail_queue import queue_mail
from escott.django.models import AuditArea, CaseKind, Payment
from escott.django.services import live_payment_of
from escott.django.services.cases import close_cases
from escott.django.services.refunds import refunded
from escott.oscar.effects import Effect, effect_of
from escott.oscar.models import StockReturn
from escott.oscar.order_fee import put_fee
from escott.oscar.order_moves import move_order, status_of, word_for
from escott.oscar.order_notes import note_by
from escott.rules.order_status import OrderStatus

Order = get_model("order", "Order")


class NotReopened(Exception):
    """The order stays as it is; nothing was written."""


@dataclass(frozen=True, slots=True)
class GoodsWanted:
    """Goods that are to be set aside anew.

    Attributes:
        title: the line's title.
        pieces: how many the order needs.
        on_shelf: how many are there that nobody else has ordered.
    """

    title: str
    pieces: int
    on_shelf: int

    @property
    def are_short(self) -> bool:
        """There are too few of them."""
        return self.on_shelf < self.pieces


def status_after_reopening(order: Any) -> str:
    """The shop's word for what the order becomes; empty where it can't be reopened.

    It is cancelled and nothing of it was sent, and its payment stands whole.
    """
    payment = live_payment_of(order.number)
    effect = _effect_on(order, payment) if payment is not None else None
    if payment is None or effect is None or effect.to is None:
        return ""
    return word_for(effect.to(payment))


def goods_wanted_by(order: Any) -> list[GoodsWanted]:
    """What has gone back on the shelf, and is to be set aside anew."""
    return [
        GoodsWanted(line.title, line.quantity, max(line.stockrecord.net_stock_level, 0))
        for line in _lines_given_back(order)
    ]


def reopen_order(order_id: int, *, actor: Any, clock: Clock | None = None) -> Any:
    """Give a cancelled order the status of its payment, and set its goods aside anew, once.

    The shopper, who was told that the order is cancelled, gets the mail of the payment.

    Args:
        actor: the member of staff.

    Returns:
        The order.

    Raises:
        NotReopened: its payment does not stand, it is not cancelled, or somebody was first.
    """
    now = (clock or the_clock()).now()
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        before, payment = order.status, live_payment_of(order.number)
        effect = _effect_on(order, payment) if payment is not None else None
        if payment is None or effect is None or effect.to is None:
            raise NotReopened
        close_cases(payment, [CaseKind.ORDER_CLOSED], now=now, actor=actor)
        if effect.has_fee:
            put_fee(order, payment.slip.fee)
        if not move_order(order, effect.to(payment), only_from=[OrderStatus.CANCELLED]):
            raise NotReopened
        _set_aside_anew(order)
        if effect.mail is not None:
            queue_mail(effect.mail, payment, clock=clock)
        _write_down(order, before, actor)
    return order


def _effect_on(order: Any, payment: Payment) -> Effect | None:
    """What the payment means for its order; ``None`` where the order can't be reopened."""
    is_cancelled = status_of(order) is OrderStatus.CANCELLED
    if not (is_cancelled and payment.is_paid) or refunded(payment):
        return None
    return None if order.shipping_events.exists() else effect_of(payment)


def _lines_given_back(order: Any) -> list[Any]:
    lines = order.lines.filter(allocation_cancelled=True, stockrecord__isnull=False)
    counted = lines.select_related("stockrecord__product__product_class")
    return [line for line in counted if line.can_track_allocations]


def _set_aside_anew(order: Any) -> None:
    for line in _lines_given_back(order):
        line.num_allocated, line.allocation_cancelled = line.quantity, False
        line.save(update_fields=["num_allocated", "allocation_cancelled"])
        line.stockrecord.allocate(line.quantity)
    StockReturn._default_manager.filter(order=order).delete()


def _write_down(order: Any, before: str, actor: Any) -> None:
    became = _("Status: %(before)s to %(after)s.") % {"before": before, "after": order.status}
    set_aside = _("The goods are set aside for it anew.")
    note_by(actor, order, f"{became} {set_aside}")
    record_change(
        actor,
        _("Order reopened"),
        order.number,
        {_("Status"): (before, order.status)},
        area=AuditArea.OPERATION,
    )
