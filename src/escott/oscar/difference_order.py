"""差額注文: an order of its own for a difference that a payment can't take any more.

One line without a product, no goods, no shipping: 支払い待ち until it is paid by its link.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override
from oscar.core.loading import get_class, get_model

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.insert_once import insert_once
from escott.django.models import AuditArea
from escott.oscar.models import DifferenceOrder
from escott.oscar.order_moves import word_for
from escott.oscar.order_notes import note_by
from escott.oscar.order_totals import compare_total
from escott.rules.order_status import OrderStatus
from escott.rules.yen import card_amount, format_yen

Order = get_model("order", "Order")
NoShippingRequired = get_class("shipping.methods", "NoShippingRequired")


def order_difference(
    order_id: int,
    amount: int,
    *,
    key: str,
    actor: Any,
    reason: str = "",
    clock: Clock | None = None,
) -> Any:
    """Place an order for a difference; it asks for money and changes nothing else.

    Args:
        order_id: the order that lacks the money.
        amount: in yen.
        key: names this press; a repeat returns the first order.
        actor: the member of staff.
        reason: what it is for; it stands in the notes of both orders and in the audit log.

    Raises:
        NotYen: the amount is not an ``int`` of 1 to 9,999,999.
        Order.DoesNotExist: the order is gone; or it is a repeat, and its order is gone.
        ValueError: the key was used for another order.
    """
    card_amount(amount)
    clock = clock or the_clock()
    with transaction.atomic(), override(settings.LANGUAGE_CODE):
        original = Order.objects.select_related("user").get(pk=order_id)
        row, won = _number(original, amount, key)
        if not won:
            return Order.objects.get(number=row.number)
        order = _write(original, row, clock)
        asks = {"number": order.number, "amount": format_yen(amount)}
        noted = _("Order %(number)s asks for a difference of %(amount)s.") % asks
        note_by(actor, original, f"{noted} {reason}".strip())
        noted = _("For a difference of order %s.") % original.number
        note_by(actor, order, f"{noted} {reason}".strip())
        record_change(
            actor,
            _("Order for a difference"),
            original.number,
            {_("Order"): ("", order.number), _("Amount"): ("", format_yen(amount))},
            area=AuditArea.OPERATION,
            reason=reason,
            clock=clock,
        )
        compare_total(original, clock.now())
    return order


def differences_of(order: Any) -> list[Any]:
    """The orders for a difference of this one, oldest first."""
    numbers = DifferenceOrder._default_manager.filter(original=order.number).values("number")
    return list(Order.objects.filter(number__in=numbers).order_by("pk"))


def original_number_of(order: Any) -> str:
    """The number of the order that this one asks for a difference of; empty if it doesn't."""
    row = DifferenceOrder._default_manager.filter(number=order.number).first()
    return row.original if row else ""


def _number(original: Any, amount: int, key: str) -> tuple[DifferenceOrder, bool]:
    """Take the next number, and tell whether this press took it. The database decides."""
    rows = DifferenceOrder._default_manager
    while True:
        first = rows.filter(key=key).first()
        if first is not None and first.original != original.number:
            raise ValueError(f"the key {key!r} was used for order {first.original}")
        if first is not None:
            return first, False
        last = rows.filter(original=original.number).aggregate(last=Max("serial"))["last"] or 0
        serial = last + 1
        while Order.objects.filter(number=f"{original.number}-D{serial}").exists():
            serial += 1
        row = DifferenceOrder(
            original=original.number,
            serial=serial,
            number=f"{original.number}-D{serial}",
            amount=amount,
            key=key,
        )
        if insert_once(row):
            return row, True


def _write(original: Any, row: DifferenceOrder, clock: Clock) -> Any:
    amount, nothing = Decimal(row.amount), Decimal(0)
    order = Order.objects.create(
        number=row.number,
        site=original.site or Site.objects.get_current(),
        user=original.user,
        guest_email=original.guest_email,
        billing_address=original.billing_address,
        shipping_address=original.shipping_address,
        currency=original.currency,
        total_incl_tax=amount,
        total_excl_tax=amount,
        shipping_incl_tax=nothing,
        shipping_excl_tax=nothing,
        shipping_method=str(NoShippingRequired.name),
        shipping_code=NoShippingRequired.code,
        status=word_for(OrderStatus.AWAITING_PAYMENT),
        date_placed=clock.now(),
    )
    line = order.lines.create(
        title=_("Difference (order %s)") % original.number,
        quantity=1,
        partner_sku=row.number,
        num_allocated=0,
        line_price_incl_tax=amount,
        line_price_excl_tax=amount,
        line_price_before_discounts_incl_tax=amount,
        line_price_before_discounts_excl_tax=amount,
        unit_price_incl_tax=amount,
        unit_price_excl_tax=amount,
        status=getattr(settings, "OSCAR_INITIAL_LINE_STATUS", ""),
    )
    line.prices.create(order=order, quantity=1, price_incl_tax=amount, price_excl_tax=amount)
    return order
