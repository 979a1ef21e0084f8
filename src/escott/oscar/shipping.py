"""出荷時に自動で売上計上: an order that was sent has its 与信 captured, where the setting says so.

Oscar shops say in one of two ways that an order was sent: by shipping events on its lines, or
by its status 完了. Both count. Of an order that is sent in parts the whole amount is captured
with the last part, for the gateway captures a 与信 once; lines that need no shipping are not
waited for. The worker asks the gateway (:mod:`escott.django.services.plans`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import override
from oscar.apps.order.signals import order_status_changed
from oscar.core.loading import get_class, get_model

from escott.django.clock import the_clock
from escott.django.conf import escott_settings
from escott.django.models import MerchantAccount, Payment, PlannedOperation, PlanState
from escott.django.services import live_payment_of
from escott.django.services.plans import drop_captures, plan_capture
from escott.oscar.order_moves import word_for
from escott.oscar.order_notes import note, note_by
from escott.oscar.order_totals import CLOSED, compare_total_of, difference_of
from escott.rules.card_states import CardOperation
from escott.rules.order_status import OrderStatus
from escott.rules.payment_states import UNRESOLVED, PaymentState

Order = get_model("order", "Order")
EventHandler = get_class("order.processing", "EventHandler")
InvalidShippingEvent = get_class("order.exceptions", "InvalidShippingEvent")
ShippingEventType = get_model("order", "ShippingEventType")
ShippingEventQuantity = get_model("order", "ShippingEventQuantity")

#: What may still become a captured payment; one whose result is unknown is told to staff.
_TO_CAPTURE = UNRESOLVED | {PaymentState.AUTHORISED}


@receiver(order_status_changed, dispatch_uid="escott.oscar.completed_is_shipped")
def completed_is_shipped(order: Any, new_status: str, **_kwargs: Any) -> None:
    """完了: whoever gave it that status says that everything was sent."""
    if new_status == word_for(OrderStatus.COMPLETED):
        capture_when_shipped(order)


@receiver(order_status_changed, dispatch_uid="escott.oscar.closed_is_not_captured")
def closed_is_not_captured(order: Any, new_status: str, **_kwargs: Any) -> None:
    """キャンセル, 払い戻し: what was planned and not asked for yet takes no money any more."""
    if new_status in {word_for(status) for status in CLOSED}:
        drop_captures(order.number)


@receiver(post_save, sender=ShippingEventQuantity, dispatch_uid="escott.oscar.line_was_shipped")
def line_was_shipped(instance: Any, created: bool, raw: bool, **_kwargs: Any) -> None:
    """Look whether it was the last of the order's lines."""
    if created and not raw and is_shipped(instance.event.order):
        capture_when_shipped(instance.event.order)


def shipped_types() -> QuerySet[Any]:
    """The shop's event types that say that goods were sent."""
    names = escott_settings().shipped_events
    types: QuerySet[Any] = ShippingEventType.objects.filter(Q(code__in=names) | Q(name__in=names))
    return types


def is_shipped(order: Any) -> bool:
    """Every line that needs shipping was sent whole; ``False`` where none needs it."""
    lines = _lines_to_ship(order)
    return bool(lines) and all(_left_to_ship(line) <= 0 for line in lines)


def capture_when_shipped(order: Any) -> bool:
    """Have the worker capture the order's 与信; ``False`` if there is nothing to do.

    A total that is no longer the authorised amount is for staff: capturing would take money
    for what was not sent, or too little.
    """
    account = MerchantAccount.current_or_none()
    if account is None or not account.captures_on_shipping:
        return False
    payment = live_payment_of(order.number)
    if payment is None or payment.state not in _TO_CAPTURE or _is_planned(payment):
        return False
    now = the_clock().now()
    if difference_of(order, now) is not None:
        compare_total_of(order.number, now)
        with override(settings.LANGUAGE_CODE):
            _note_once(
                order,
                _(
                    "Shipped, but not captured: the order's total is not the amount of card "
                    "payment %s. Bring them together, then capture it."
                )
                % payment.transaction_code,
            )
        return False
    return plan_capture(payment, key=_key_for(payment))


def record_shipment(order: Any, shipped_on: date, tracking_number: str, *, actor: Any) -> None:
    """Write down that the whole order was sent: a note, and a shipping event where the shop
    has a type for it. Harmless when called again with the same.

    Args:
        shipped_on: the date in Japan.
        tracking_number: 送り状番号; may be empty.
        actor: the member of staff.
    """
    with override(settings.LANGUAGE_CODE):
        text = _("Shipped on %s.") % f"{shipped_on:%Y/%m/%d}"
        if tracking_number:
            tracking = _("Tracking number: %s") % tracking_number
            text = f"{text} {tracking}"
    with transaction.atomic():
        held = Order.objects.select_for_update().get(pk=order.pk)
        if held.notes.filter(message=text).exists():
            return
        note_by(actor, held, text)
        _record_event(held, tracking_number, actor)


def _record_event(order: Any, tracking_number: str, actor: Any) -> None:
    event_type = shipped_types().first()
    left = {line: _left_to_ship(line) for line in _lines_to_ship(order)}
    lines = [line for line, quantity in left.items() if quantity > 0]
    if event_type is None or not lines:
        return
    try:
        with transaction.atomic():
            EventHandler(actor).handle_shipping_event(
                order,
                event_type,
                lines,
                [left[line] for line in lines],
                reference=tracking_number,
            )
    except InvalidShippingEvent:
        note(order, _("The shop's rules did not allow a shipping event."))


def _lines_to_ship(order: Any) -> list[Any]:
    lines = order.lines.select_related("product__product_class", "product__parent__product_class")
    return [line for line in lines if line.product is None or line.product.is_shipping_required]


def _left_to_ship(line: Any) -> int:
    sent = line.shipping_event_quantities.filter(event__event_type__in=shipped_types())
    return int(line.quantity - (sent.aggregate(total=Sum("quantity"))["total"] or 0))


def _is_planned(payment: Payment) -> bool:
    """Somebody has asked for the capture, such as by a shipping list."""
    return PlannedOperation.objects.filter(
        payment=payment, kind=CardOperation.CAPTURE, state=PlanState.WAITING
    ).exists()


def _key_for(payment: Payment) -> str:
    """One capture for each payment, and another after one that a closing of the order stopped."""
    stopped = PlannedOperation.objects.filter(
        payment=payment, batch__isnull=True, state=PlanState.STOPPED
    ).count()
    return f"shipped-{payment.pk}-{stopped + 1}" if stopped else f"shipped-{payment.pk}"


def _note_once(order: Any, text: str) -> None:
    if not order.notes.filter(message=text).exists():
        note(order, text)
