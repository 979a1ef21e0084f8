"""A shop that takes payments by slip, and the gateway simulator on a socket beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from escott.clock import JST, SettableClock
from escott.django.models import CollectionAccount, Payment
from escott.django.orders import PayableOrder
from escott.django.services.collection import SlipInstruction, begin_slip, go_on_with_slip
from escott.rules.payer import Payer
from escott.simulator.live_collection import LiveCollection
from escott.simulator.server import SimulatorServer

PAYER = Payer(name="山田　花子", kana="ヤマダ　ハナコ", telephone="0312345678")

Register = Callable[..., Payment]


def instruction(**more: Any) -> SlipInstruction:
    """What a shopper asks for, each press another one unless it is named."""
    return SlipInstruction(payer=PAYER, product_name="つむぎの手ぬぐい", **more)


@pytest.fixture
def till(simulator: SimulatorServer) -> LiveCollection:
    """The gateway's side: where slips are paid, and where trouble is planned."""
    return simulator.gateway.collection


@pytest.fixture
def register(
    collection: CollectionAccount, new_order: Callable[..., PayableOrder], clock: SettableClock
) -> Register:
    """Registers a slip for an order, a new one of ¥3,780 unless it is given."""

    def make(order: PayableOrder | None = None, **more: Any) -> Payment:
        claim = begin_slip(order or new_order(), instruction(**more), clock=clock)
        return go_on_with_slip(claim, clock=clock)

    return make


def again(payment: Payment) -> Payment:
    """The payment as its row says."""
    return Payment.objects.select_related("slip", "account__collection").get(pk=payment.pk)


def day(written: str) -> datetime:
    """Noon in Japan of a day."""
    return datetime.fromisoformat(written).replace(tzinfo=JST) + timedelta(hours=12)
