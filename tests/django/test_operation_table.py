"""決済情報: every card state times every operation, against the gateway over HTTP.

What the manual allows succeeds. What it does not allow is refused here without asking, and,
asked all the same, the gateway refuses it as well.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from escott.clock import SettableClock
from escott.django.gateway_access import client_for
from escott.django.models import CaseKind, MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.django.services.claim import KeyReused, NotPossible, SameAmount
from escott.django.services.expiry import expire_due
from escott.gateway import Capture, Change, Delete, Ok, ReAuth, Refused, Secret, Telegram
from escott.rules.card_states import (
    ALLOWED,
    CHARGES,
    CardOperation,
    CardState,
)
from escott.rules.yen import NotYen
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once

Make = Callable[[CardState], Payment]

FOLLOW_UPS: Final = [operation for operation in CardOperation if operation not in CHARGES]

#: The charge and the operations that lead to each state.
WAYS: Final = {
    CardState.AUTHORISED: (CardOperation.AUTHORISE,),
    CardState.GATHERED: (CardOperation.GATHER,),
    CardState.CAPTURED: (CardOperation.AUTHORISE, CardOperation.CAPTURE),
    CardState.CANCELLED: (CardOperation.AUTHORISE, CardOperation.CANCEL),
    CardState.EXPIRED: (CardOperation.AUTHORISE,),
}

#: The state that each allowed operation leads to.
AFTER: Final = {
    (CardState.AUTHORISED, CardOperation.CAPTURE): "captured",
    (CardState.AUTHORISED, CardOperation.CANCEL): "cancelled",
    (CardState.AUTHORISED, CardOperation.CHANGE_AMOUNT): "authorised",
    (CardState.AUTHORISED, CardOperation.REAUTHORISE): "authorised",
    (CardState.GATHERED, CardOperation.CANCEL): "cancelled",
    (CardState.GATHERED, CardOperation.CHANGE_AMOUNT): "gathered",
    (CardState.CAPTURED, CardOperation.CANCEL): "cancelled",
    (CardState.CAPTURED, CardOperation.CHANGE_AMOUNT): "captured",
    (CardState.CANCELLED, CardOperation.REAUTHORISE): "authorised",
}

#: New totals in yen, for the operations that ask for one.
AMOUNTS: Final = {CardOperation.CHANGE_AMOUNT: 5000, CardOperation.REAUTHORISE: 4000}

CELLS: Final = [(state, operation) for state in CardState for operation in FOLLOW_UPS]


@pytest.fixture
def payment_in(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Make:
    """Makes a payment of ¥3,780 and brings it into a state."""

    def make(state: CardState) -> Payment:
        charge, *steps = WAYS[state]
        MerchantAccount.objects.update(card_charge=charge)
        payment = pay_by_token(new_order(3780), token(), clock=clock)
        for step in steps:
            operate(payment.pk, step, key=f"way-{step}", clock=clock)
        if state is CardState.EXPIRED:
            clock.advance(timedelta(days=61))
            assert expire_due(clock, NEVER) == 1
        payment.refresh_from_db()
        assert payment.state == state
        return payment

    return make


def ask_anyway(payment: Payment, operation: CardOperation, clock: SettableClock) -> Telegram:
    """The telegram that the shop would not send."""
    transaction = payment.transaction
    assert transaction is not None
    named = {"transaction_code": payment.transaction_code, "transaction": transaction}
    today = clock.now().date()
    match operation:
        case CardOperation.CAPTURE:
            return Capture(**named, sales_date=today)  # type: ignore[arg-type]
        case CardOperation.CHANGE_AMOUNT:
            return Change(**named, amount=5000)  # type: ignore[arg-type]
        case CardOperation.CANCEL:
            return Delete(**named)  # type: ignore[arg-type]
        case _:
            return ReAuth(**named, amount=4000, sales_date=today)  # type: ignore[arg-type]


def test_the_table_of_outcomes_covers_what_is_allowed() -> None:
    assert set(AFTER) == {(state, each) for state, allowed in ALLOWED.items() for each in allowed}


@pytest.mark.parametrize(("state", "operation"), CELLS)
def test_every_state_times_every_operation(
    state: CardState,
    operation: CardOperation,
    payment_in: Make,
    clock: SettableClock,
    simulator: SimulatorServer,
    account: MerchantAccount,
) -> None:
    payment = payment_in(state)
    amount = AMOUNTS.get(operation)
    asked = Operation.objects.count()
    if operation in ALLOWED[state]:
        done = operate(payment.pk, operation, amount=amount, key="press", clock=clock)
        payment.refresh_from_db()
        assert (done.state, payment.state) == ("ok", AFTER[state, operation])
        [booked] = simulator.gateway.transactions()
        assert payment.amount == booked.amount == (amount or 3780)
        return
    with pytest.raises(NotPossible):
        operate(payment.pk, operation, amount=amount, key="press", clock=clock)
    assert Operation.objects.count() == asked
    client = client_for(account, payment.mode, clock)
    outcome = client.send(ask_anyway(payment, operation, clock))
    assert isinstance(outcome, Refused)
    assert [str(code) for code in outcome.codes] == ["K12" if state is CardState.EXPIRED else "K14"]


@pytest.mark.parametrize("operation", [CardOperation.CANCEL, CardOperation.CHANGE_AMOUNT])
def test_after_the_handling_period_the_shop_refuses_and_says_why(
    operation: CardOperation, payment_in: Make, clock: SettableClock
) -> None:
    payment = payment_in(CardState.GATHERED)
    clock.advance(timedelta(days=61))
    with pytest.raises(NotPossible, match="period_over"):
        operate(payment.pk, operation, amount=AMOUNTS.get(operation), key="press", clock=clock)


def test_a_cancellation_tried_after_the_period_is_refused_and_nothing_is_suspected(
    payment_in: Make, clock: SettableClock
) -> None:
    payment = payment_in(CardState.GATHERED)
    clock.advance(timedelta(days=61))
    tried = operate(payment.pk, CardOperation.CANCEL, key="late", past_period=True, clock=clock)
    assert (tried.state, tried.response_codes) == ("refused", "K12")
    assert attention_of(payment) == ""


def test_on_the_last_day_a_payment_can_still_be_cancelled(
    payment_in: Make, clock: SettableClock
) -> None:
    payment = payment_in(CardState.GATHERED)
    clock.advance(timedelta(days=60))
    assert operate(payment.pk, CardOperation.CANCEL, key="press", clock=clock).state == "ok"


def test_reauthorising_does_not_start_the_handling_period_anew(
    payment_in: Make, clock: SettableClock
) -> None:
    payment = payment_in(CardState.CANCELLED)
    last_day = payment.operable_until
    clock.advance(timedelta(days=30))
    operate(payment.pk, CardOperation.REAUTHORISE, amount=3780, key="press", clock=clock)
    payment.refresh_from_db()
    assert payment.operable_until == last_day


def test_the_amount_that_a_payment_has_is_refused_without_asking(
    payment_in: Make, clock: SettableClock
) -> None:
    payment = payment_in(CardState.GATHERED)
    with pytest.raises(SameAmount):
        operate(payment.pk, CardOperation.CHANGE_AMOUNT, amount=3780, key="k", clock=clock)
    assert payment.operations.count() == 1


def test_a_refused_operation_leaves_the_payment_as_it_was_and_calls_for_staff(
    payment_in: Make, clock: SettableClock, account: MerchantAccount
) -> None:
    payment = payment_in(CardState.GATHERED)
    cancelled_elsewhere = ask_anyway(payment, CardOperation.CANCEL, clock)
    assert isinstance(client_for(account, payment.mode, clock).send(cancelled_elsewhere), Ok)
    refused = operate(payment.pk, CardOperation.CHANGE_AMOUNT, amount=2980, key="k", clock=clock)
    payment.refresh_from_db()
    assert (refused.state, refused.response_codes) == ("refused", "K14")
    assert (payment.state, payment.amount, payment.live) == ("gathered", 3780, True)
    assert attention_of(payment) == CaseKind.STATE_DIFFERS


def test_a_repeat_of_the_same_press_returns_the_first_result(
    payment_in: Make, clock: SettableClock
) -> None:
    payment = payment_in(CardState.GATHERED)
    press = partial(operate, payment.pk, CardOperation.CANCEL, key="press", clock=clock)
    results = at_once([press] * 8)
    assert {operation.pk for operation in results} == {press().pk}


@pytest.mark.parametrize(
    ("operation", "amount"), [(CardOperation.CANCEL, None), (CardOperation.CHANGE_AMOUNT, 4000)]
)
def test_a_key_that_names_another_press_is_refused(
    operation: CardOperation, amount: int | None, payment_in: Make, clock: SettableClock
) -> None:
    first, other = payment_in(CardState.GATHERED), payment_in(CardState.GATHERED)
    operate(first.pk, CardOperation.CHANGE_AMOUNT, amount=5000, key="press", clock=clock)
    for payment in (first, other):
        with pytest.raises(KeyReused):
            operate(payment.pk, operation, amount=amount, key="press", clock=clock)


@pytest.mark.parametrize(
    ("operation", "amount"),
    [
        (CardOperation.CANCEL, 500),
        (CardOperation.CAPTURE, 500),
        (CardOperation.CHANGE_AMOUNT, None),
        (CardOperation.REAUTHORISE, None),
    ],
)
def test_an_amount_is_given_where_it_is_asked_for_and_nowhere_else(
    operation: CardOperation, amount: int | None, payment_in: Make, clock: SettableClock
) -> None:
    payment = payment_in(CardState.AUTHORISED)
    with pytest.raises(NotYen):
        operate(payment.pk, operation, amount=amount, key="press", clock=clock)
    assert payment.operations.count() == 1
