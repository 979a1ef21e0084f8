"""The books balance to the yen, and a difference is named."""

from __future__ import annotations

from collections.abc import Callable

from escott.clock import SettableClock
from escott.django.models import Payment
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from escott.trade.books import Difference, differences

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]


def test_paid_refused_cancelled_and_changed_payments_balance(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    pay_by_token(new_order(1000), token(), clock=clock)
    pay_by_token(new_order(2000), token("4000000007120001"), clock=clock)
    cancelled = pay_by_token(new_order(4000), token(), clock=clock)
    changed = pay_by_token(new_order(8000), token(), clock=clock)
    operate(cancelled.pk, CardOperation.CANCEL, key="1", clock=clock)
    operate(changed.pk, CardOperation.CHANGE_AMOUNT, amount=9000, key="2", clock=clock)
    assert differences(Payment.objects.all(), simulator.gateway.charges()) == []


def test_an_unknown_result_is_no_difference(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    pay_by_token(new_order(1000), token("4000000090020001"), clock=clock)
    assert differences(Payment.objects.all(), simulator.gateway.charges()) == []


def test_a_difference_names_the_code_and_both_amounts(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    payment = pay_by_token(new_order(1000), token(), clock=clock)
    Payment.objects.update(amount=900)
    [difference] = differences(Payment.objects.all(), simulator.gateway.charges())
    assert difference == Difference(payment.transaction_code, shop=900, gateway=1000)
    assert "shop ¥900, gateway ¥1,000" in str(difference)
