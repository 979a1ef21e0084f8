"""Two members of staff at one payment: one wins, the other is told, and the books agree."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from escott.clock import SettableClock
from escott.django.gateway_access import client_for
from escott.django.models import Operation, OperationState, Payment
from escott.django.models.operation import UNFINISHED
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token, settle
from escott.django.services.adopt import write_over
from escott.django.services.claim import NotPossible, SameAmount
from escott.django.services.compare import note_comparison
from escott.django.services.recovery import recover_due
from escott.gateway import Capture, Change, Delete, ReAuth, Secret, Telegram
from escott.rules.card_states import NEEDS_AMOUNT, CardOperation
from escott.rules.drift import Found, drift_between
from escott.rules.operability import STAFF_OPERATIONS, Obstacle
from escott.rules.payment_states import PaymentState
from escott.simulator.books import Transaction
from escott.simulator.law import State
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER, at_once
from tests.soak import figure

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]

#: Approved; later operations are carried out, the answer is lost; the connection breaks before.
CARDS: Final = ("4000000000001000", "4000000091020000", "4000000091030009")
SCHEDULES: Final = figure(40, 1000)
LONGEST_PAUSE: Final = 0.02


def told_or_done(press: Callable[[], Operation]) -> str:
    """How a press ended for the one who pressed."""
    try:
        return press().state
    except NotPossible as refusal:
        return refusal.obstacle
    except SameAmount:
        return "same amount"


@pytest.mark.parametrize("_round", range(figure(5, 50)))
def test_one_cancels_while_the_other_captures_and_only_one_of_the_two_is_carried_out(
    _round: int,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    account: object,
) -> None:
    type(account).objects.update(card_charge="authorise")  # type: ignore[attr-defined]
    payment = pay_by_token(new_order(), token(), clock=clock)
    ends = at_once(
        [
            partial(told_or_done, partial(operate, payment.pk, kind, key=kind, clock=clock))
            for kind in (CardOperation.CANCEL, CardOperation.CAPTURE)
        ]
    )
    payment.refresh_from_db()
    [booked] = simulator.gateway.transactions()
    assert payment.state == booked.state
    assert payment.operations.filter(state=OperationState.OK).count() == 1 + ends.count("ok")
    told = {Obstacle.UNDER_WAY, Obstacle.CANCELLED}
    # A cancellation may follow a capture that has ended; nothing follows a cancellation.
    assert ends == ["ok", "ok"] or (ends.count("ok") == 1 and told & set(ends))


def test_who_comes_second_is_told_what_the_first_has_done(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    payment = pay_by_token(new_order(), token(), clock=clock)
    operate(payment.pk, CardOperation.CANCEL, key="first", clock=clock)
    with pytest.raises(NotPossible) as told:
        operate(payment.pk, CardOperation.CANCEL, key="second", clock=clock)
    assert told.value.obstacle is Obstacle.CANCELLED


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_whatever_the_schedule_the_shop_and_the_gateway_end_equal(
    seed: int,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    account: object,
) -> None:
    """Two or three members of staff, one at the console now and then, answers that are lost."""
    chance = random.Random(seed)
    charge = chance.choice(["authorise", "gather"])
    type(account).objects.update(card_charge=charge)  # type: ignore[attr-defined]
    payment = pay_by_token(new_order(), token(chance.choice(CARDS)), clock=clock)
    actors = [
        partial(_works, payment.pk, f"{seed}-{number}", random.Random(chance.random()), clock)
        for number in range(chance.choice([2, 3]))
    ]
    if chance.random() < 0.4:
        actors.append(partial(_at_the_console, payment, random.Random(chance.random()), clock))
    assert [end for end in at_once(actors) if isinstance(end, Exception)] == []

    _resolved(payment, simulator, clock)
    payment.refresh_from_db()
    [booked] = simulator.gateway.transactions()
    assert payment.state == booked.state
    if booked.state is not State.CANCELLED:
        assert payment.amount == booked.amount
    assert not payment.operations.filter(state__in=UNFINISHED).exists()
    assert payment.live is (booked.state is not State.CANCELLED)
    assert not payment.needs_attention
    numbers = list(payment.operations.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def _works(payment_id: int, name: str, chance: random.Random, clock: SettableClock) -> None:
    """A member of staff presses what comes to mind."""
    for press in range(chance.randint(1, 4)):
        time.sleep(chance.random() * LONGEST_PAUSE)
        kind = chance.choice(STAFF_OPERATIONS)
        amount = chance.choice([2980, 3780, 4500]) if kind in NEEDS_AMOUNT else None
        key = f"{name}-{press}"
        told_or_done(partial(operate, payment_id, kind, amount=amount, key=key, clock=clock))


def _at_the_console(payment: Payment, chance: random.Random, clock: SettableClock) -> None:
    """Somebody operates on the payment where nobody should."""
    time.sleep(chance.random() * 2 * LONGEST_PAUSE)
    transaction = payment.transaction
    assert transaction is not None
    named = {"transaction_code": payment.transaction_code, "transaction": transaction}
    today = clock.now().date()
    telegrams: tuple[Telegram, ...] = (
        Capture(**named, sales_date=today),  # type: ignore[arg-type]
        Change(**named, amount=5000),  # type: ignore[arg-type]
        Delete(**named),  # type: ignore[arg-type]
        ReAuth(**named, amount=4000, sales_date=today),  # type: ignore[arg-type]
    )
    client_for(payment.account, payment.mode, clock).send(chance.choice(telegrams))


def _resolved(payment: Payment, simulator: SimulatorServer, clock: SettableClock) -> None:
    """What inquiries tell is written by the worker; the rest by staff who read the console."""
    for _ in range(4):
        clock.advance(timedelta(minutes=20))
        recover_due(clock, NEVER)
    [booked] = simulator.gateway.transactions()
    for operation in payment.operations.filter(state=OperationState.UNKNOWN):
        done = _is_carried_out(operation, booked)
        settle(operation.pk, done=done, note="as the console shows", clock=clock)
    payment.refresh_from_db()
    state = PaymentState(payment.state).card_state
    assert state is not None
    found = Found(
        booked.amount,
        clock.now().date() if booked.state in {State.CAPTURED, State.GATHERED} else None,
        cancelled=booked.state is State.CANCELLED,
    )
    while (drift := drift_between(state, payment.amount, found)) is not None:
        key = f"console-{payment.operations.count()}"
        write_over(payment.pk, drift, found, key=key, actor=None, clock=clock)
        payment.refresh_from_db()
        state = PaymentState(payment.state).card_state
        assert state is not None
    note_comparison(payment, found, clock.now())  # 1Search does not tell a cancelled 与信


def _is_carried_out(operation: Operation, booked: Transaction) -> bool:
    """Staff compare the console's state with what was asked."""
    match operation.card_operation:
        case CardOperation.CANCEL:
            return booked.state is State.CANCELLED
        case CardOperation.REAUTHORISE:
            return booked.state is not State.CANCELLED and booked.amount == operation.amount
        case CardOperation.CAPTURE:
            return booked.state is State.CAPTURED
        case _:
            return booked.amount == operation.amount
