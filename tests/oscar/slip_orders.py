"""An order that is to be paid by slip, registered at the gateway by the shop's own services."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.sites.models import Site
from oscar.core.loading import get_model

from escott.django.clock import the_clock
from escott.django.models import CollectionAccount, MerchantAccount, Payment
from escott.django.orders import PayableOrder
from escott.django.services.collection import SlipInstruction, begin_slip, go_on_with_slip
from escott.gateway import Secret
from escott.rules.payer import Payer
from escott.simulator.merchants import DEMO_COLLECTION

Order = get_model("order", "Order")

PAYER = Payer(name="山田　花子", kana="ヤマダ　ハナコ", telephone="0312345678")

_numbers = count(700_001)


def offer_slips() -> None:
    """The shop's contract for online collection, in test mode."""
    CollectionAccount.objects.update_or_create(
        account=MerchantAccount.current(),
        defaults={
            "enabled": True,
            "merchant_id": DEMO_COLLECTION.merchant_id,
            "test_password": Secret(DEMO_COLLECTION.merchant_pass),
        },
    )


def new_order(total: int = 3780, status: str = "保留中") -> Any:
    """An order without goods, for the gateway knows nothing of them."""
    return Order.objects.create(
        number=f"{next(_numbers)}",
        site=Site.objects.get_current(),
        currency="JPY",
        total_incl_tax=total,
        total_excl_tax=total,
        shipping_incl_tax=0,
        shipping_excl_tax=0,
        status=status,
        guest_email="hanako@example.com",
        date_placed=the_clock().now(),
    )


def register(order: Any) -> Payment:
    """Registers the slip of an order."""
    offer_slips()
    payable = PayableOrder(
        reference=order.number, amount=int(order.total_incl_tax), email="hanako@example.com"
    )
    instruction = SlipInstruction(payer=PAYER, product_name="つむぎの手ぬぐい")
    return go_on_with_slip(begin_slip(payable, instruction))


def order_with_slip(total: int = 3780) -> tuple[Any, Payment]:
    """An order of that total, and its payment, 未入金."""
    order = new_order(total)
    payment = register(order)
    order.refresh_from_db()
    return order, payment
