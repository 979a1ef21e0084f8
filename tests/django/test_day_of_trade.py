"""A day of trade from one seed: impatient shoppers, bad cards, lost answers; the books balance.

The small day runs in ``make test``, the full one in ``make soak``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from escott.clock import SettableClock
from escott.django.models import Operation, OperationState, Payment
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token, settle
from escott.django.services.recovery import recover_due
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.rules.unknown_outcome import GRACE
from escott.simulator.server import SimulatorServer
from escott.trade.books import differences
from tests.django.conftest import NEVER
from tests.soak import figure

GOOD = "4000000000001000"
REFUSED = ["4000000007120001", "4000000007550009", "4000000007830005", "4000000011970003"]
TROUBLED = [
    "4000000090020001",  # charged, and the answer is lost
    "4000000090030000",  # the connection breaks before anything is done
    "4000000090040009",  # carried out after we gave it up
    "4000000090080005",  # charged, and answered with status 500
    "4000000090100001",  # charged, and half an answer
    "4000000090130008",  # K96 although it was charged
]


@pytest.mark.parametrize(("orders", "seed"), figure([(40, 1)], [(2000, 2), (2000, 3)]))
def test_a_day_of_trade_ends_with_balanced_books_and_one_charge_an_order(
    orders: int,
    seed: int,
    new_order: Callable[..., PayableOrder],
    token: Callable[..., Secret],
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    dice = random.Random(seed)
    day = [new_order(dice.randint(1, 99_999)) for _ in range(orders)]

    def shop(order: PayableOrder) -> None:
        """One shopper: some card, an impatient finger, and another card after a refusal."""
        taste = random.Random(f"{seed}-{order.reference}")
        try:
            for _attempt in range(3):
                card = taste.choices(
                    [GOOD, taste.choice(REFUSED), taste.choice(TROUBLED)], weights=[70, 15, 15]
                )[0]
                pressed = token(card)
                for _press in range(taste.choice([1, 1, 2])):
                    payment = pay_by_token(order, pressed, clock=clock)
                if not payment.may_pay_again:
                    return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(shop, dice.choices(day, k=orders * 5 // 4)))

    staff_cancel_some(dice, clock)
    resolve_everything(simulator, clock)

    charges = Counter(charge.merchant_free1 for charge in simulator.gateway.charges())
    order_of = dict(Payment.objects.values_list("transaction_code", "order_reference"))
    per_order = Counter(order_of[code] for code in charges.elements())
    assert max(per_order.values()) == 1
    assert differences(Payment.objects.all(), simulator.gateway.charges()) == []
    assert Payment.objects.filter(state="unknown").count() == 0


def staff_cancel_some(dice: random.Random, clock: SettableClock) -> None:
    """Every tenth paid order is cancelled."""
    for payment in Payment.objects.filter(state="gathered").exclude(process_id=""):
        if dice.random() < 0.1:
            operate(payment.pk, CardOperation.CANCEL, key=f"c-{payment.pk}", clock=clock)


def resolve_everything(simulator: SimulatorServer, clock: SettableClock) -> None:
    """The worker asks; then staff settle by what the gateway's console shows."""
    for _round in range(3):
        clock.advance(GRACE + timedelta(minutes=1))
        while recover_due(clock, NEVER):
            pass
    for operation in Operation.objects.filter(state=OperationState.UNKNOWN):
        code = operation.payment.transaction_code
        found = bool(simulator.gateway.charges(code))
        settle(operation.pk, done=found, note="by the console", clock=clock)
