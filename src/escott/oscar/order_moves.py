"""Move an order to another status, exactly once, whoever else is moving it.

Oscar's ``set_status`` trusts the instance it is called on, which may be stale; here the
database decides (design.md, hook points).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from oscar.apps.order.signals import order_status_changed
from oscar.core.loading import get_model

from escott.django.conf import escott_settings
from escott.django.models import MerchantAccount
from escott.oscar.statuses import words
from escott.rules.order_status import OrderStatus

Order = get_model("order", "Order")


def word_for(status: OrderStatus) -> str:
    """The shop's word for a status."""
    return words(escott_settings().order_statuses)[status]


def wanted_status() -> OrderStatus:
    """The shop's setting 注文ステータス: 処理中 or 完了."""
    account = MerchantAccount.current_or_none()
    return OrderStatus(account.order_status) if account else OrderStatus.PROCESSING


def status_of(order: Any) -> OrderStatus | None:
    """What the order's word means; ``None`` for a word of the shop's own."""
    for status, word in words(escott_settings().order_statuses).items():
        if word == order.status:
            return status
    return None


def move_order(order: Any, to: OrderStatus, *, only_from: Collection[OrderStatus]) -> bool:
    """Give the order a status if its present one, in the database, is one of ``only_from``.

    Sends Oscar's ``order_status_changed``, keeps its history of statuses and cascades to
    the lines, all in one transaction. ``order`` is brought up to date.

    Returns:
        Whether this call changed it.
    """
    new = word_for(to)
    allowed = {word_for(status) for status in only_from} - {new}
    with transaction.atomic(savepoint=False):
        while order.status in allowed:
            old = order.status
            if Order.objects.filter(pk=order.pk, status=old).update(status=new):
                order.status = new
                _tell(order, old, new)
                return True
            order.refresh_from_db(fields=["status"])
    return False


def _tell(order: Any, old: str, new: str) -> None:
    line_status = order.cascade.get(new)
    if line_status is not None:
        for line in order.lines.all():
            if line_status in line.available_statuses():
                line.status = line_status
                line.save(update_fields=["status"])
    order_status_changed.send(sender=order, order=order, old_status=old, new_status=new)
    order.status_changes.create(old_status=old, new_status=new)
