"""Whatever the database does after the gateway's answer: what it told is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError, connection

from escott.clock import SettableClock
from escott.django.services import persist, record
from escott.django.services.collection import (
    Told,
    ask_about_deposit,
    change_slip,
    delete_slip,
)
from escott.gateway import Client, OperateId
from escott.simulator.live_collection import LiveCollection
from tests.django.collection.conftest import Register, again
from tests.django.test_database_trouble import cut_the_connection


@pytest.fixture
def all_four(register: Register, till: LiveCollection, clock: SettableClock) -> Callable[[], str]:
    """Registers, changes, is paid, and asks; the state afterwards."""

    def go() -> str:
        payment = register()
        change_slip(
            payment.pk, amount=4000, due_on=date(2026, 4, 20), key="c", actor=None, clock=clock
        )
        deleted = register()
        delete_slip(deleted.pk, key="d", actor=None, clock=clock)
        till.pay(payment.transaction_code)
        assert ask_about_deposit(payment.pk, clock=clock) is Told.PAID
        ours = again(payment)
        return f"{ours.state} {ours.amount} {again(deleted).state}"

    return go


def test_a_connection_lost_during_a_call_is_opened_anew_for_the_record(
    all_four: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Client.send

    def lose_the_connection(self: Client, telegram: Any) -> Any:
        outcome = send(self, telegram)
        connection.ensure_connection()
        cut_the_connection()
        return outcome

    monkeypatch.setattr(Client, "send", lose_the_connection)
    assert all_four() == "deposited 4000 deleted"


def test_a_database_that_refuses_for_a_while_gets_the_record_in_the_end(
    all_four: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persist, "_PAUSES", (0.0, 0.0, 0.0))

    def flaky(act: Callable[..., Any]) -> Callable[..., Any]:
        refusals = {"left": 0}

        def refuse_twice(*given: Any, **more: Any) -> Any:
            refusals["left"] = (refusals["left"] or 3) - 1
            if refusals["left"]:
                raise OperationalError("the database is starting up")
            return act(*given, **more)

        return refuse_twice

    monkeypatch.setattr(record, "write_end", flaky(record.write_end))
    module = __import__("escott.django.services.collection.conclude", fromlist=["_conclude"])
    monkeypatch.setattr(module, "_conclude", flaky(module._conclude))
    assert all_four() == "deposited 4000 deleted"


def test_a_write_that_fails_half_way_leaves_nothing_of_itself(
    register: Register,
    till: LiveCollection,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    module = __import__("escott.django.services.collection.deposit", fromlist=["close_cases"])

    def fails(*_: Any, **__: Any) -> int:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(module, "close_cases", fails)
        with pytest.raises(ZeroDivisionError):
            ask_about_deposit(payment.pk, clock=clock)
    ours = again(payment)
    assert (ours.state, ours.slip.deposited_at, ours.operations.count()) == ("unpaid", None, 1)
    assert ask_about_deposit(payment.pk, clock=clock) is Told.PAID


def test_no_transaction_is_open_during_any_call(
    all_four: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Client.send
    seen: dict[str, bool] = {}

    def look(self: Client, telegram: Any) -> Any:
        seen[telegram.operate_id] = connection.in_atomic_block
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", look)
    all_four()
    assert seen == dict.fromkeys(
        (
            OperateId.SLIP_ADD,
            OperateId.SLIP_CHANGE,
            OperateId.SLIP_DELETE,
            OperateId.SLIP_REFERENCE,
        ),
        False,
    )
