"""Place an order from a basket, once, however many times the button was pressed.

The basket is the lock: the one who turns it from OPEN to SUBMITTED places the order, in the
same transaction (design.md, hook points). Works the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from escott.django.clock import the_clock

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")


class BasketTaken(Exception):
    """The basket is no longer open: ordered by another press, or merged into another."""


class OutOfStock(Exception):
    """Somebody else got the last one. ``titles`` name what can't be ordered any more."""

    def __init__(self, titles: list[str]) -> None:
        super().__init__(", ".join(titles))
        self.titles = titles


def order_placed_from(basket_id: int) -> Any:
    """The order that came of the basket, or ``None``."""
    return Order.objects.select_related("user").filter(basket_id=basket_id).first()


def place_once(basket: Any, place: Callable[[], Any]) -> Any:
    """Take the basket, place the order and commit both.

    Args:
        basket: the shopper's open basket.
        place: writes the order; everything it writes belongs to this transaction.

    Returns:
        The order, committed.

    Raises:
        BasketTaken: another press was first; nothing was written.
        OutOfStock: the goods ran out meanwhile; nothing was written.
        RuntimeError: called inside a transaction, which could still undo the order.
    """
    with transaction.atomic(durable=True):
        open_basket = Basket.objects.filter(pk=basket.pk, status=Basket.OPEN)
        if not open_basket.update(status=Basket.SUBMITTED, date_submitted=the_clock().now()):
            raise BasketTaken(f"basket {basket.pk} is not open")
        order = place()
        _refuse_overselling(basket)
    return order


def _refuse_overselling(basket: Any) -> None:
    """Oscar allocates stock without a limit. Allocating has locked each row and read it anew."""
    titles = [
        line.product.get_title()
        for line in basket.all_lines()
        if line.product.get_product_class().track_stock and line.stockrecord.net_stock_level < 0
    ]
    if titles:
        raise OutOfStock(titles)
