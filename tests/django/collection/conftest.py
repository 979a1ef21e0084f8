"""A shop that takes payments by slip, and the gateway simulator on a socket beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from escott.clock import JST, SettableClock
from escott.django.models import CollectionAccount, Notice, Payment
from escott.django.notice_settings import forget
from escott.django.orders import PayableOrder
from escott.django.services.collection import SlipInstruction, begin_slip, go_on_with_slip
from escott.django.services.collection.noticing import process_notices_due
from escott.rules.payer import Payer
from escott.simulator.live_collection import LiveCollection
from escott.simulator.server import SimulatorServer
from tests.django.collection.in_process import InProcess
from tests.django.conftest import NEVER

#: The two addresses of notices, and how the gateway posts to them.
OWN = "/escott/deposit/"
FORMER = "/?wc-api=wc_sonypayment"
FORM = "application/x-www-form-urlencoded"

PAYER = Payer(name="山田　花子", kana="ヤマダ　ハナコ", telephone="0312345678")

Register = Callable[..., Payment]


def instruction(**more: Any) -> SlipInstruction:
    """What a shopper asks for, each press another one unless it is named."""
    return SlipInstruction(payer=PAYER, product_name="つむぎの手ぬぐい", **more)


@pytest.fixture(autouse=True)
def _fresh_settings() -> None:
    """Another test's settings are not this one's."""
    forget()


@pytest.fixture(autouse=True)
def _one_clock(clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site's pages and mails live in the present of the gateway and the worker."""
    for module in ("notice_desk", "shown_slip"):
        monkeypatch.setattr(f"escott.django.{module}.the_clock", lambda: clock)


@pytest.fixture
def till(simulator: SimulatorServer) -> LiveCollection:
    """The gateway's side: where slips are paid, and where trouble is planned."""
    return simulator.gateway.collection


@pytest.fixture
def in_process(simulator: SimulatorServer, settings: Any) -> None:
    """The gateway is asked without a socket."""
    InProcess.gateway = simulator.gateway
    path = f"{InProcess.__module__}.{InProcess.__qualname__}"
    settings.ESCOTT = settings.ESCOTT | {"TRANSPORT": path}


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


@pytest.fixture
def deliver(till: LiveCollection) -> Callable[..., list[int]]:
    """Posts the notices that the gateway has made for a slip; the statuses of the answers."""

    def post_all(payment: Payment, path: str = OWN, **headers: Any) -> list[int]:
        notices = till.notices(till.slip(payment.transaction_code))
        return [post(notice.body, path, **headers).status_code for notice in notices]

    return post_all


def post(body: str, path: str = OWN, **headers: Any) -> Any:
    """A notice, as the gateway's server posts it: no cookie, no referer."""
    return Client().post(path, body, content_type=FORM, **headers)


def work(clock: SettableClock, after: timedelta = timedelta(0)) -> int:
    """The worker looks at what notices have come, some time later."""
    clock.advance(after)
    return process_notices_due(clock, NEVER)


def ends() -> list[str]:
    """What became of the notices, in the order in which they came."""
    return list(Notice.objects.order_by("pk").values_list("end", flat=True))
