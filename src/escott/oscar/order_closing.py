"""キャンセル, 払い戻し済み and 完了: the order after its payment, when staff say so.

取消 leaves the order as it is (requirements.md A085). Closing it here gives its goods back
exactly once: a row that the database allows once an order decides, whoever else is closing it,
here, in Oscar's own form or in a job.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _
from oscar.core.loading import get_class, get_model

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.insert_once import insert_once
from escott.django.models import AuditArea, Payment
from escott.django.services import current_payment_of, live_payment_of
from escott.oscar.models import StockReturn
from escott.oscar.order_moves import move_order, status_of, wanted_status, word_for
from escott.oscar.order_notes import note_by
from escott.oscar.order_totals import CLOSED
from escott.rules.order_status import OrderStatus
from escott.rules.payment_states import PaymentState

Order = get_model("order", "Order")
StockRecord = get_model("partner", "StockRecord")
EventHandler = get_class("order.processing", "EventHandler")

#: What an order may be closed as once its payment does not stand.
CLOSINGS: Final = (OrderStatus.CANCELLED, OrderStatus.REFUNDED)

#: Payments that stood and don't any more: the page offers to close the order.
_GONE: Final = frozenset(
    {
        PaymentState.CANCELLED,
        PaymentState.EXPIRED,
        PaymentState.DELETED,
        PaymentState.LAPSED,
    }
)


class Refusal(StrEnum):
    """Why an order is not closed."""

    PAYMENT_STANDS = "payment_stands"
    ALREADY = "already"
    NOT_FOR_THIS = "not_for_this"


class NotClosed(Exception):
    """The order stays as it is; nothing was written.

    Attributes:
        refusal: why.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of an order, as its goods stand.

    Attributes:
        title: the line's title.
        set_aside: pieces on the shelf that are set aside for the order.
        sent: pieces that were sent and are still set aside, for Oscar leaves it to the shop to
            take what is sent off the shelf's count.
        consumed: pieces that have left the shelf's count.
    """

    title: str
    set_aside: int
    sent: int
    consumed: int

    @property
    def taken(self) -> int:
        """Pieces that are not on the shelf any more."""
        return self.sent + self.consumed


def may_be_closed(order: Any) -> bool:
    """Nothing is paid or being paid, and it is open, or its goods have not gone back."""
    if live_payment_of(order.number) is not None:
        return False
    return status_of(order) not in CLOSED or has_goods_to_return(order)


def closing_is_offered(order: Any) -> bool:
    """Its payment was cancelled or ran out, and the order may be closed; or it waits for the
    deposit of a slip, which the page then says has to be cancelled first.
    """
    payment = current_payment_of(order.number)
    if payment is None:
        return False
    if payment.state == PaymentState.UNPAID:
        return status_of(order) not in CLOSED
    return payment.state in _GONE and may_be_closed(order)


def completion_is_offered(order: Any, payment: Payment | None) -> bool:
    """Nothing is to be shipped, the money of a 与信 has been taken since, and 完了 is wanted."""
    return (
        payment is not None
        and payment.state == PaymentState.CAPTURED
        and payment.all_virtual
        and wanted_status() is OrderStatus.COMPLETED
        and status_of(order) is OrderStatus.PROCESSING
    )


def goods_of(order: Any) -> list[Goods]:
    """The order's lines whose stock is counted."""
    lines = order.lines.select_related("stockrecord__product__product_class")
    return [_goods(line) for line in lines if _is_counted(line)]


def has_goods_to_return(order: Any) -> bool:
    """Goods are set aside for the order, and nobody has given them back."""
    if StockReturn._default_manager.filter(order=order).exists():
        return False
    return any(goods.set_aside for goods in goods_of(order))


def close_order(
    order_id: int,
    to: OrderStatus,
    *,
    taken_too: bool = False,
    actor: Any,
    clock: Clock | None = None,
) -> Any:
    """Give the order a closing status, and its goods back, once.

    Args:
        to: キャンセル or 払い戻し済み.
        taken_too: goods that have left the shelf are back on it, such as after a return.
        actor: the member of staff.

    Returns:
        The order.

    Raises:
        NotClosed: a payment stands, somebody else has closed it, or its status does not allow it.
    """
    now = (clock or the_clock()).now()
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        before = order.status
        if live_payment_of(order.number) is not None:
            raise NotClosed(Refusal.PAYMENT_STANDS)
        if to not in CLOSINGS:
            raise NotClosed(Refusal.NOT_FOR_THIS)
        moved = move_order(order, to, only_from=_may_become(to))
        if not moved and status_of(order) is not to:
            raise NotClosed(Refusal.NOT_FOR_THIS)
        returned = give_stock_back(order, now=now, taken_too=taken_too)
        if not moved and not returned:
            raise NotClosed(Refusal.ALREADY)
        _write_down(order, before, returned, actor)
    return order


def complete_order(order_id: int, *, actor: Any) -> Any:
    """完了, for goods without shipping whose 与信 was captured.

    Raises:
        NotClosed: it is not offered, or somebody else was first.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        before = order.status
        if not completion_is_offered(order, live_payment_of(order.number)):
            done = status_of(order) is OrderStatus.COMPLETED
            raise NotClosed(Refusal.ALREADY if done else Refusal.NOT_FOR_THIS)
        if not move_order(order, OrderStatus.COMPLETED, only_from=[OrderStatus.PROCESSING]):
            raise NotClosed(Refusal.ALREADY)
        _write_down(order, before, False, actor)
    return order


def give_stock_back(order: Any, *, now: datetime | None = None, taken_too: bool = False) -> bool:
    """Put the order's goods back on the shelf; ``False`` if that was done before.

    Runs in the caller's transaction, so that the status and the goods change together. Lines
    that Oscar's own handler gave back are left alone.

    Args:
        now: the present.
        taken_too: goods that have left the shelf as well, not only those set aside.
    """
    with transaction.atomic():
        row = StockReturn(order=order, returned_at=now or the_clock().now())
        if not insert_once(row):
            return False
        for line in order.lines.select_for_update():
            if _is_counted(line):
                _give_back(order, line, taken_too=taken_too)
    return True


def _give_back(order: Any, line: Any, *, taken_too: bool) -> None:
    goods = _goods(line)
    pieces = goods.set_aside + (goods.sent if taken_too else 0)
    if pieces:
        EventHandler().cancel_stock_allocations(order, [line], [pieces])
    if taken_too and goods.consumed:
        StockRecord.objects.filter(pk=line.stockrecord_id).update(
            num_in_stock=F("num_in_stock") + goods.consumed
        )


def _is_counted(line: Any) -> bool:
    """A line of a 差額注文, or of a product that is gone, has no stock."""
    return line.stockrecord is not None and line.can_track_allocations


def _goods(line: Any) -> Goods:
    if line.allocation_cancelled:
        return Goods(line.title, set_aside=0, sent=0, consumed=0)
    consumed = max(line.quantity - line.num_allocated, 0)
    by_kind = line.shipping_event_quantities.values("event__event_type")
    shipped = max(
        by_kind.annotate(pieces=Sum("quantity")).values_list("pieces", flat=True), default=0
    )
    sent = max(shipped - consumed, 0)
    return Goods(line.title, line.num_allocated - sent, sent, consumed)


def _may_become(to: OrderStatus) -> frozenset[OrderStatus]:
    """An order that was refunded does not become merely cancelled."""
    if to is OrderStatus.REFUNDED:
        return frozenset(OrderStatus) - {OrderStatus.REFUNDED}
    return frozenset(OrderStatus) - CLOSED


def _write_down(order: Any, before: str, returned: bool, actor: Any) -> None:
    back = _("The goods went back on the shelf.") if returned else ""
    became = _("Status: %(before)s to %(after)s.") % {"before": before, "after": order.status}
    note_by(actor, order, f"{became} {back}".strip())
    record_change(
        actor,
        _("Order closed") if status_of(order) in CLOSED else _("Order completed"),
        order.number,
        {_("Status"): (before, order.status)},
        area=AuditArea.OPERATION,
        reason=back,
    )


def closing_words() -> list[tuple[OrderStatus, str]]:
    """The closing statuses with the shop's words for them."""
    return [(status, word_for(status)) for status in CLOSINGS]
