"""登録: one slip for one order, whatever becomes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from escott.clock import SettableClock
from escott.django.models import Case, CollectionAccount, Operation, Payment, Slip
from escott.django.orders import PayableOrder
from escott.django.services import MethodUnavailable, live_payment_of
from escott.django.services.collection import (
    begin_slip,
    go_on_with_slip,
    slip_page_url,
)
from escott.django.services.recovery import recover_due
from escott.gateway import Client, InvalidTelegram
from escott.rules.yen import NotYen
from escott.simulator.live_collection import LiveCollection
from tests.django.collection.conftest import Register, again, instruction
from tests.django.conftest import NEVER, at_once

Order = Callable[..., PayableOrder]


def test_a_slip_is_registered_with_number_link_and_last_day(
    register: Register, till: LiveCollection
) -> None:
    payment = again(register(fee=330))
    [booked] = till.slips(payment.transaction_code)
    assert (payment.state, payment.live, payment.amount) == ("unpaid", True, 3780)
    assert (payment.slip.fee, booked.amount) == (330, 3780)
    assert payment.slip.kessai_number == booked.kessai_number
    assert payment.slip.link_code == booked.link_code
    assert payment.slip.due_on == booked.pay_limit.date() == date(2026, 4, 8)
    assert payment.operable_until == date(2026, 5, 31)
    [registered] = payment.operations.all()
    assert (registered.kind, registered.state) == ("register", "ok")


def test_the_page_of_a_slip_leads_back_from_the_checkout_and_not_from_a_mail(
    register: Register, till: LiveCollection
) -> None:
    payment = again(register())
    shopping, reading = (slip_page_url(payment, from_checkout=choice) for choice in (True, False))
    code = payment.slip.link_code
    assert shopping.endswith(f"/JLPCT/JLPcon?code={code}&rkbn=1")
    assert reading.endswith(f"/JLPCT/JLPcon?code={code}&rkbn=2")


def test_the_claim_is_written_in_the_callers_transaction(
    collection: CollectionAccount, new_order: Order, clock: SettableClock
) -> None:
    with transaction.atomic():
        begin_slip(new_order(), instruction(), clock=clock)
        transaction.set_rollback(True)  # the order could not be placed
    assert not Payment.objects.exists()
    assert not Slip.objects.exists()


def test_a_second_press_gets_the_slip_of_the_first(
    register: Register, new_order: Order, till: LiveCollection
) -> None:
    order = new_order()
    first, second = (register(order, press="one") for _ in range(2))
    assert first.pk == second.pk
    assert len(till.slips()) == 1


@pytest.mark.parametrize("named", ["one press", "presses of their own"])
def test_of_any_number_of_presses_at_once_one_registers(
    named: str, register: Register, new_order: Order, till: LiveCollection
) -> None:
    order = new_order()
    presses = ["" if named != "one press" else "one" for _ in range(6)]
    payments = at_once([partial(register, order, press=press) for press in presses])
    assert len({payment.pk for payment in payments}) == 1
    assert len(till.slips()) == 1


def test_a_card_payment_that_is_live_stands_in_the_way(
    collection: CollectionAccount,
    new_order: Order,
    token: Callable[..., Any],
    clock: SettableClock,
    till: LiveCollection,
) -> None:
    from escott.django.services import pay_by_token

    order = new_order()
    paid = pay_by_token(order, token(), clock=clock)
    claim = begin_slip(order, instruction(), clock=clock)
    assert (claim.won, go_on_with_slip(claim, clock=clock).pk) == (False, paid.pk)
    assert not till.slips()


@pytest.mark.parametrize("outcome", ["K51", "W01"])
def test_a_refused_registration_leaves_the_order_payable(
    outcome: str, register: Register, new_order: Order, till: LiveCollection
) -> None:
    order = new_order()
    till.trouble("2Add", outcome)
    refused = register(order)
    assert (refused.state, refused.live, slip_page_url(refused, from_checkout=True)) == (
        "refused",
        False,
        "",
    )
    assert register(order).state == "unpaid"


def test_a_gateway_that_cannot_be_reached_has_registered_nothing(
    register: Register, settings: Any, closed_port: int
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    payment = register()
    assert (payment.state, payment.live) == ("not_sent", False)


@pytest.mark.parametrize("outcome", ["lost_before", "lost_after"])
def test_a_registration_without_an_answer_is_lost_and_the_order_payable(
    outcome: str, register: Register, new_order: Order, till: LiveCollection
) -> None:
    order = new_order()
    till.trouble("2Add", outcome)
    lost = again(register(order))
    assert (lost.state, lost.live, lost.operations.get().state) == ("lost", False, "lost")
    assert not Case.objects.exists()
    assert lost.operations.get().due_at is None
    second = register(order)
    assert second.state == "unpaid"
    assert second.transaction_code != lost.transaction_code


def test_a_process_that_dies_after_its_claim_leaves_a_lost_registration(
    collection: CollectionAccount, new_order: Order, clock: SettableClock
) -> None:
    order = new_order()
    claim = begin_slip(order, instruction(), clock=clock)
    assert live_payment_of(order.reference) is not None
    clock.advance(timedelta(minutes=3))
    assert recover_due(clock, NEVER) == 1
    payment = again(claim.payment)
    assert (payment.state, payment.live) == ("lost", False)
    assert payment.operations.get().reason == "process_died"


def test_a_process_that_stands_still_after_its_claim_does_not_ask(
    collection: CollectionAccount, new_order: Order, clock: SettableClock, till: LiveCollection
) -> None:
    claim = begin_slip(new_order(), instruction(), clock=clock)
    clock.advance(timedelta(minutes=3))
    recover_due(clock, NEVER)
    payment = go_on_with_slip(claim, clock=clock)
    assert not till.slips()
    assert payment.state == "lost"


@pytest.mark.parametrize("paid_again", [False, True])
def test_an_answer_that_comes_after_the_registration_was_given_up_is_kept(
    paid_again: bool,
    register: Register,
    new_order: Order,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order, send = new_order(), Client.send

    def slowly(self: Client, telegram: Any) -> Any:
        monkeypatch.setattr(Client, "send", send)
        outcome = send(self, telegram)
        clock.advance(timedelta(minutes=3))
        recover_due(clock, NEVER)
        if paid_again:
            register(order)
        return outcome

    monkeypatch.setattr(Client, "send", slowly)
    late = again(register(order))
    assert late.process_id
    assert late.slip.kessai_number
    assert (late.state, bool(late.slip.link_code)) == (
        ("lost", False) if paid_again else ("unpaid", True)
    )
    assert Payment.objects.filter(live=True).count() == 1


def test_what_cannot_stand_on_a_slip_is_refused_before_anything_is_written(
    collection: CollectionAccount, new_order: Order, clock: SettableClock
) -> None:
    with pytest.raises(InvalidTelegram):
        begin_slip(new_order(), instruction(return_url="ftp://shop"), clock=clock)
    with pytest.raises(NotYen):
        begin_slip(new_order(300_000), instruction(), clock=clock)
    with pytest.raises(NotYen):
        begin_slip(new_order(330), instruction(fee=330), clock=clock)
    assert not Operation.objects.exists()


def test_a_method_that_is_not_set_up_registers_nothing(
    collection: CollectionAccount, new_order: Order, clock: SettableClock
) -> None:
    CollectionAccount.objects.update(enabled=False)
    with pytest.raises(MethodUnavailable):
        begin_slip(new_order(), instruction(), clock=clock)


def test_no_transaction_is_open_while_the_gateway_registers(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, open_ones = Client.send, []

    def look(self: Client, telegram: Any) -> Any:
        open_ones.append(connection.in_atomic_block)
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", look)
    register()
    assert open_ones == [False]
