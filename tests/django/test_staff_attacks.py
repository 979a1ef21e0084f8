"""Staff who mean harm, and staff who are unlucky: what 決済情報 must not let happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from escott.clock import JST, SettableClock
from escott.django.models import MerchantAccount, Operation, Payment, PlannedOperation, Refund
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.django.services.adopt import NothingToAdopt, write_over
from escott.django.services.claim import NotPossible
from escott.django.services.plans import carry_out_due, look_ahead, plan_batch
from escott.django.services.refunds import (
    MayGoBackByItself,
    NothingTaken,
    UsedBefore,
    record_refund,
    refunded,
)
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.rules.drift import Drift, Found
from escott.rules.operability import Obstacle
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER

#: Approved; what is asked later is carried out, and its answers get lost.
LOSES_LATER_ANSWERS = "4000000091020000"

Pay = Callable[..., Payment]
GivesBack = Callable[..., Refund]


@pytest.fixture
def pay(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Pay:
    """Charges a card ¥3,780."""

    def make(card: str = "4000000000001000", by: str = "gather") -> Payment:
        MerchantAccount.objects.update(card_charge=by)
        return pay_by_token(new_order(), token(card), clock=clock)

    return make


@pytest.fixture
def gives_back(clock: SettableClock, django_user_model: Any) -> GivesBack:
    """Staff send money to the customer's bank account, and write it down."""
    clerk = django_user_model.objects.create_user("suzuki", is_staff=True)

    def record(payment: Payment, amount: int = 1000, key: str = "refund") -> Refund:
        return record_refund(
            payment.pk,
            amount=amount,
            returned_on=clock.now().date(),
            bank="みずほ銀行",
            reason="破損",
            key=key,
            actor=clerk,
            clock=clock,
        )

    return record


# ---- money that would go back twice ----


def test_what_was_given_back_by_bank_is_not_given_back_by_a_cancellation_as_well(
    pay: Pay, gives_back: GivesBack, clock: SettableClock, simulator: SimulatorServer
) -> None:
    payment = pay()
    gives_back(payment, 3780)
    with pytest.raises(NotPossible) as refused:
        operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    assert refused.value.obstacle is Obstacle.REFUNDED
    clock.set(clock.now() + timedelta(days=100))
    with pytest.raises(NotPossible):
        operate(payment.pk, CardOperation.CANCEL, key="late", past_period=True, clock=clock)
    [booked] = simulator.gateway.charges()
    assert booked.state == "gathered"


def test_with_a_refund_the_amount_goes_no_lower_than_what_went_back(
    pay: Pay, gives_back: GivesBack, clock: SettableClock
) -> None:
    payment = pay()
    gives_back(payment, 1000)
    change = CardOperation.CHANGE_AMOUNT
    with pytest.raises(NotPossible) as refused:
        operate(payment.pk, change, amount=999, key="too low", clock=clock)
    assert refused.value.obstacle is Obstacle.REFUNDED
    assert operate(payment.pk, change, amount=1000, key="the rest", clock=clock).state == "ok"


def test_a_batch_leaves_out_what_was_given_back_since_it_was_confirmed(
    pay: Pay, gives_back: GivesBack, clock: SettableClock, simulator: SimulatorServer
) -> None:
    payment = pay()
    batch = plan_batch([payment], CardOperation.CANCEL, key="press", actor=None, clock=clock)
    gives_back(payment)
    carry_out_due(clock, NEVER)
    assert batch.plans.get().obstacle == Obstacle.REFUNDED
    assert simulator.gateway.charges()[0].state == "gathered"
    assert look_ahead([payment], CardOperation.CANCEL, clock=clock)[0].obstacle is Obstacle.REFUNDED


def test_no_refund_is_recorded_while_a_cancellation_may_return_the_same_money(
    pay: Pay, gives_back: GivesBack, clock: SettableClock
) -> None:
    payment = pay(LOSES_LATER_ANSWERS)
    assert operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock).state == "unknown"
    with pytest.raises(MayGoBackByItself):
        gives_back(payment)
    assert refunded(payment) == 0


def test_what_is_only_held_on_a_card_cannot_be_given_back(pay: Pay, gives_back: GivesBack) -> None:
    payment = pay(by="authorise")
    with pytest.raises(NothingTaken):
        gives_back(payment)


def test_the_key_of_one_refund_does_not_pass_for_that_of_another_payment(
    pay: Pay, gives_back: GivesBack
) -> None:
    first, second = pay(), pay()
    gives_back(first, key="one")
    with pytest.raises(UsedBefore):
        gives_back(second, key="one")
    assert (refunded(first), refunded(second)) == (1000, 0)


# ---- plans of the worker ----


def test_a_batch_does_not_capture_an_amount_that_nobody_confirmed(
    pay: Pay, clock: SettableClock, simulator: SimulatorServer
) -> None:
    payment = pay(by="authorise")
    batch = plan_batch([payment], CardOperation.CAPTURE, key="press", actor=None, clock=clock)
    operate(payment.pk, CardOperation.CHANGE_AMOUNT, amount=9000, key="up", clock=clock)
    carry_out_due(clock, NEVER)
    plan = batch.plans.get()
    assert (plan.state, plan.obstacle) == ("left_out", Obstacle.CHANGED_SINCE)
    assert simulator.gateway.charges()[0].state == "authorised"


def test_a_key_that_somebody_took_first_does_not_hold_up_the_worker(
    pay: Pay, clock: SettableClock
) -> None:
    payments = [pay(by="authorise"), pay(by="authorise"), pay(by="authorise")]
    batch = plan_batch(payments[:2], CardOperation.CAPTURE, key="press", actor=None, clock=clock)
    taken = batch.plans.earliest("pk").key
    operate(payments[2].pk, CardOperation.CAPTURE, key=taken, clock=clock)
    assert carry_out_due(clock, NEVER) == 2
    assert [plan.state for plan in PlannedOperation.objects.order_by("pk")] == ["left_out", "done"]


# ---- a console's list that was made up ----


def test_an_amount_that_no_card_payment_may_have_is_not_taken_over(
    pay: Pay, clock: SettableClock
) -> None:
    payment = pay()
    found = Found(9_999_999_999, date(2026, 4, 1), cancelled=False)
    with pytest.raises(NothingToAdopt):
        write_over(payment.pk, Drift.AMOUNT_CHANGED, found, key="forged", actor=None, clock=clock)
    payment.refresh_from_db()
    assert payment.amount == 3780


# ---- midnight ----


class Midnight:
    """It strikes between the first look at the clock and the next."""

    def __init__(self) -> None:
        self._moments = [datetime(2026, 4, 1, 23, 59, 59, 900_000, tzinfo=JST)]

    def now(self) -> datetime:
        late = datetime(2026, 4, 2, 0, 0, 0, 100_000, tzinfo=JST)
        return self._moments.pop() if self._moments else late


def test_the_sales_date_at_midnight_is_the_same_in_both_books(
    pay: Pay, simulator: SimulatorServer
) -> None:
    payment = pay(by="authorise")
    operate(payment.pk, CardOperation.CAPTURE, key="capture", clock=Midnight())
    payment.refresh_from_db()
    assert Operation.objects.get(key="capture").state == "ok"
    assert payment.captured_on == date(2026, 4, 1)
    assert simulator.gateway.charges()[0].sales_date == "20260401"
