"""二重請求なし: however many presses, threads and tabs, an order is charged once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from escott.clock import SettableClock
from escott.django.models import Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from tests.django.conftest import at_once
from tests.soak import figure

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]


@pytest.mark.parametrize("presses", figure([2, 8, 32], [2, 8, 32] * 10))
def test_simultaneous_presses_with_cards_of_their_own_make_one_charge(
    presses: int,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    order = new_order()
    tokens = [token() for _ in range(presses)]
    results = at_once([partial(pay_by_token, order, each, clock=clock) for each in tokens])
    assert {payment.pk for payment in results} == {Payment.objects.get().pk}
    assert len(simulator.gateway.transactions()) == 1
    assert Payment.objects.get().state == "gathered"


@pytest.mark.parametrize("presses", figure([2, 8, 32], [2, 8, 32] * 10))
def test_a_double_click_with_one_token_makes_one_charge(
    presses: int,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    order, same = new_order(), token()
    results = at_once([partial(pay_by_token, order, same, clock=clock)] * presses)
    assert {payment.pk for payment in results} == {Payment.objects.get().pk}
    assert len(simulator.gateway.transactions()) == 1
    assert Operation.objects.count() == 1


def test_presses_for_different_orders_do_not_keep_each_other_out(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    at_once([partial(pay_by_token, new_order(), token(), clock=clock) for _ in range(8)])
    assert len(simulator.gateway.charges()) == 8


def test_simultaneous_presses_of_a_staff_button_run_the_operation_once(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    payment = pay_by_token(new_order(), token(), clock=clock)
    press = partial(operate, payment.pk, CardOperation.CANCEL, clock=clock)
    at_once([partial(press, key=f"press-{number}") for number in range(8)])
    [charge] = simulator.gateway.transactions()
    assert [entry.operation for entry in charge.history] == ["1Gathering", "1Delete"]
    payment.refresh_from_db()
    assert payment.state == "cancelled"


def test_a_cancelled_payment_makes_room_for_another_but_not_for_two(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    order = new_order()
    first = pay_by_token(order, token(), clock=clock)
    operate(first.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    reauthorise = partial(operate, first.pk, CardOperation.REAUTHORISE, amount=3780)
    again = partial(reauthorise, key="again", clock=clock)
    at_once([partial(pay_by_token, order, token(), clock=clock), again])
    assert len(simulator.gateway.charges()) == 1
    assert Payment.objects.filter(live=True).count() == 1
