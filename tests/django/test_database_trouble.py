"""Whatever the database does after the charge: the record is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from escott.clock import SettableClock
from escott.django.models import Mail, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token, settle
from escott.django.services.announce import announce_due
from escott.django.signals import payment_changed
from escott.gateway import Client, OperateId, Secret
from escott.rules.unknown_outcome import GRACE
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]


@contextmanager
def listening(receiver: Callable[..., None]) -> Iterator[None]:
    """The host shop's receiver, connected for a while."""
    payment_changed.connect(receiver, weak=False)
    try:
        yield
    finally:
        payment_changed.disconnect(receiver)


def cut_the_connection() -> None:
    """What a restarted PostgreSQL does to its clients; SQLite has no server to lose."""
    if connection.vendor != "postgresql":
        connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [process] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    other.close()


def test_a_database_error_of_the_shop_after_the_charge_leaves_the_record(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    def failing(payment: Payment, **_: Any) -> None:
        Mail.objects.create(order_reference="lost", kind="order_paid", queued_at=clock.now())
        raise DatabaseError("the shop's own table is broken")

    with listening(failing):
        payment = pay_by_token(new_order(), token(), clock=clock)
    payment.refresh_from_db()
    assert payment.state == "gathered"
    assert payment.process_id == simulator.gateway.charges()[0].process_id
    assert not Mail.objects.exists()


def test_a_shop_that_could_not_be_told_is_told_again_later_and_then_no_more(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    told: list[str] = []

    def failing_once(payment: Payment, **_: Any) -> None:
        told.append(payment.state)
        if len(told) == 1:
            raise RuntimeError("not now")

    with listening(failing_once):
        pay_by_token(new_order(), token(), clock=clock)
        announce_due(clock, NEVER)
        assert told == ["gathered"]
        clock.advance(timedelta(minutes=1))
        announce_due(clock, NEVER)
        announce_due(clock, NEVER)
    assert told == ["gathered", "gathered"]


def test_receivers_that_fail_do_not_keep_the_others_from_being_told(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    told: list[int] = []

    def failing_for_the_first(payment: Payment, **_: Any) -> None:
        if payment.pk == first.pk:
            raise RuntimeError("never")
        told.append(payment.pk)

    first = pay_by_token(new_order(), token(), clock=clock)
    second = pay_by_token(new_order(), token(), clock=clock)
    Payment.objects.update(announce_due_at=clock.now())
    with listening(failing_for_the_first):
        assert announce_due(clock, NEVER) == 1
        assert announce_due(clock, NEVER) == 0
    assert told == [second.pk]


def test_receivers_run_after_the_record_is_committed_in_a_transaction_of_their_own(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    seen: list[bool] = []

    def receiver(payment: Payment, **_: Any) -> None:
        seen.append(connection.in_atomic_block)

    with listening(receiver):
        pay_by_token(new_order(), token(), clock=clock)
    assert seen == [True]


def test_a_database_connection_lost_during_the_call_is_opened_anew_for_the_record(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = Client.send

    def lose_the_connection(self: Client, telegram: Any) -> Any:
        if telegram.operate_id is OperateId.GATHERING:
            connection.ensure_connection()
            cut_the_connection()
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", lose_the_connection)
    payment = pay_by_token(new_order(), token(), clock=clock)
    payment.refresh_from_db()
    assert (payment.state, bool(payment.process_id)) == ("gathered", True)


def test_a_database_that_refuses_for_a_while_gets_the_record_in_the_end(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from escott.django.services import persist, record

    monkeypatch.setattr(persist, "_PAUSES", (0.0, 0.0, 0.0))
    write, failures = record.write_end, iter([True, True])

    def refuse_twice(*arguments: Any, **more: Any) -> bool:
        if next(failures, False):
            raise OperationalError("the database is starting up")
        return write(*arguments, **more)

    monkeypatch.setattr(record, "write_end", refuse_twice)
    assert pay_by_token(new_order(), token(), clock=clock).is_paid
    assert Payment.objects.get().state == "gathered"


def test_no_transaction_is_open_while_the_gateway_works(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send, open_ones = Client.send, []

    def look(self: Client, telegram: Any) -> Any:
        open_ones.append(connection.in_atomic_block)
        open_ones.append(not transaction.get_autocommit())
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", look)
    pay_by_token(new_order(), token(), clock=clock)
    assert open_ones == [False, False] * 3  # twice the token, then the charge


@pytest.mark.parametrize("paid_again", [False, True])
def test_an_ok_after_staff_had_given_up_raises_an_alarm_and_keeps_the_process_id(
    paid_again: bool,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    order, send = new_order(), Client.send

    def settled_meanwhile(self: Client, telegram: Any) -> Any:
        monkeypatch.setattr(Client, "send", send)
        outcome = send(self, telegram)
        Operation.objects.update(state="unknown", ended_at=clock.now() - GRACE)
        settle(Operation.objects.get().pk, done=False, note="not there", clock=clock)
        if paid_again:
            pay_by_token(order, token(), clock=clock)
        return outcome

    told: list[tuple[int, str]] = []

    def receiver(payment: Payment, **_: Any) -> None:
        told.append((payment.pk, payment.state))

    monkeypatch.setattr(Client, "send", settled_meanwhile)
    with listening(receiver):
        returned = pay_by_token(order, token(), clock=clock)
    late = Payment.objects.order_by("pk")[0]
    assert attention_of(late) == "late_success"
    assert late.process_id
    assert late.state == returned.state == ("not_charged" if paid_again else "gathered")
    assert told[-1] == (late.pk, late.state)
    assert "the gateway's OK came after" in caplog.text
