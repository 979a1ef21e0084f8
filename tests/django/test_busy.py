"""A gateway that hangs: whoever comes beyond the bound is told so, and nothing was charged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from escott.clock import SettableClock
from escott.django.advice import advice_for
from escott.django.models import Payment
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.gateway import Client, Secret
from escott.simulator.server import SimulatorServer

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]


def test_beyond_the_bound_nothing_is_sent_and_the_shopper_may_try_again(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"MAX_GATEWAY_CALLS": 1}
    send, under_way, go_on = Client.send, threading.Event(), threading.Event()

    def hang(self: Client, telegram: Any) -> Any:
        under_way.set()
        assert go_on.wait(10)
        return send(self, telegram)

    def pay_slowly(order: PayableOrder, with_token: Secret) -> Payment:
        try:
            return pay_by_token(order, with_token, clock=clock)
        finally:
            connections.close_all()

    monkeypatch.setattr(Client, "send", hang)
    late, late_token = new_order(), token()
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(pay_slowly, new_order(), token())
        assert under_way.wait(10)
        busy = pay_by_token(late, late_token, clock=clock)
        go_on.set()
        assert hanging.result().is_paid
    assert (busy.state, busy.operations.get().reason) == ("not_sent", "busy")
    assert "ご請求は発生していません" in advice_for(busy)
    assert len(simulator.gateway.charges()) == 1
    assert pay_by_token(late, token(), clock=clock).is_paid
