"""状態不一致の巡回: every open payment is compared within a day, at a rate the gateway bears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest

from escott.clock import SettableClock
from escott.django.models import CaseKind, MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import compare as comparing
from escott.django.services import operate, pay_by_token
from escott.django.services.compare import sweep_due
from escott.django.services.expiry import expire_due
from escott.gateway import NotSent, NotSentReason, Refused, Secret
from escott.gateway.answers import Answer
from escott.gateway.operations import OperateId
from escott.gateway.response_codes import parse
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once

A_DAY: Final = timedelta(days=1)

Charge = Callable[..., Payment]


@pytest.fixture
def charge(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Charge:
    """Makes a payment by a charge, and does to it here what follows."""

    def make(*steps: CardOperation) -> Payment:
        first, *others = steps or (CardOperation.GATHER,)
        MerchantAccount.objects.update(card_charge=first)
        payment = pay_by_token(new_order(), token(), clock=clock)
        for step in others:
            operate(payment.pk, step, key=f"{payment.pk}-{step}", clock=clock)
        return payment

    return make


@pytest.fixture
def copies(charge: Charge) -> Callable[[int], list[int]]:
    """Makes many payments of the same kind, quickly: rows, without the gateway's books."""

    def make(count: int) -> list[int]:
        pattern = charge()
        made = []
        for number in range(count):
            copy = Payment.objects.get(pk=pattern.pk)
            copy.pk, copy.transaction_code = None, f"{number:012}"
            copy.order_reference = f"copy-{number}"
            copy.save(force_insert=True)
            made.append(copy.pk)
        return made

    return make


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, clock: SettableClock) -> list[tuple[str, datetime]]:
    """The gateway with nothing to say; gives the transaction codes asked about, and when.

    It takes its time to say nothing.
    """
    asked: list[tuple[str, datetime]] = []

    def inquire(telegram: Any, *_account: Any) -> NotSent:
        asked.append((telegram.transaction_code, clock.now()))
        clock.advance(timedelta(seconds=2))
        return NotSent(NotSentReason.CONNECTION_REFUSED, "nobody listens")

    monkeypatch.setattr(comparing, "inquire", inquire)
    return asked


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch, clock: SettableClock) -> list[tuple[str, datetime]]:
    """The same, where the gateway refuses to tell about each of them."""
    asked: list[tuple[str, datetime]] = []

    def inquire(telegram: Any, *_account: Any) -> Refused:
        asked.append((telegram.transaction_code, clock.now()))
        return Refused(Answer("1Search", telegram.transaction_code, "K71"), parse("K71"))

    monkeypatch.setattr(comparing, "inquire", inquire)
    return asked


def run_for(time: timedelta, clock: SettableClock, step: timedelta = timedelta(seconds=10)) -> None:
    """Let the worker do its rounds while time passes."""
    end = clock.now() + time
    while clock.now() < end:
        while sweep_due(clock, NEVER):
            pass
        clock.advance(step)


def due_of(payment: Payment) -> datetime | None:
    payment.refresh_from_db()
    return payment.compare_due_at


@pytest.mark.parametrize(
    "way",
    [
        (CardOperation.AUTHORISE,),
        (CardOperation.GATHER,),
        (CardOperation.AUTHORISE, CardOperation.CAPTURE),
        (CardOperation.GATHER, CardOperation.CANCEL),
    ],
)
def test_every_open_payment_is_compared_within_a_day_and_again_the_day_after(
    way: tuple[CardOperation, ...], charge: Charge, clock: SettableClock
) -> None:
    payment = charge(*way)
    for _day in range(3):
        before = clock.now()
        run_for(A_DAY, clock, step=timedelta(minutes=30))
        payment.refresh_from_db()
        assert payment.compared_at is not None
        assert before < payment.compared_at <= before + A_DAY
    assert attention_of(payment) == ""


def test_it_finds_what_was_done_in_the_console(
    charge: Charge, simulator: SimulatorServer, clock: SettableClock
) -> None:
    payment = charge(CardOperation.GATHER)
    simulator.gateway.console_operate(payment.transaction_code, OperateId.DELETE)
    run_for(A_DAY, clock, step=timedelta(hours=1))
    assert attention_of(payment) == CaseKind.STATE_DIFFERS


def test_as_many_as_the_rate_allows_are_all_compared_within_a_day(
    copies: Callable[[int], list[int]],
    answered: list[tuple[str, datetime]],
    clock: SettableClock,
) -> None:
    made = copies(60)
    MerchantAccount.objects.update(compares_a_minute=5)
    clock.advance(timedelta(hours=20))
    run_for(timedelta(minutes=13), clock)
    codes = Counter(code for code, _at in answered)
    assert len(codes) == len(made) + 1
    assert set(codes.values()) == {1}


@pytest.mark.parametrize("rate", [1, 7])
def test_the_rate_is_held_whatever_the_gateway_answers(
    rate: int,
    copies: Callable[[int], list[int]],
    answered: list[tuple[str, datetime]],
    clock: SettableClock,
) -> None:
    copies(30)
    MerchantAccount.objects.update(compares_a_minute=rate)
    clock.advance(timedelta(hours=20))
    run_for(timedelta(minutes=4), clock)
    assert len(answered) == 4 * rate
    for _code, at in answered:
        minute = [other for _, other in answered if at <= other < at + timedelta(minutes=1)]
        assert len(minute) <= rate


def test_two_workers_share_the_rate_and_compare_no_payment_twice(
    copies: Callable[[int], list[int]],
    answered: list[tuple[str, datetime]],
    clock: SettableClock,
) -> None:
    copies(12)
    clock.advance(timedelta(hours=20))
    at_once([partial(sweep_due, clock, NEVER)] * 4)
    codes = Counter(code for code, _at in answered)
    assert (len(codes), set(codes.values())) == (13, {1})


def test_a_gateway_that_is_down_is_asked_once_a_minute_and_each_payment_later(
    copies: Callable[[int], list[int]],
    asked: list[tuple[str, datetime]],
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copies(10)
    clock.advance(timedelta(hours=20))
    run_for(timedelta(minutes=5), clock)
    assert len(asked) == 5
    assert len({code for code, _at in asked}) == 5, "one that was asked about waits"
    assert Payment.objects.filter(compared_at__isnull=False).count() == 0
    monkeypatch.undo()
    run_for(timedelta(hours=1, minutes=10), clock)
    assert Payment.objects.filter(compared_at__isnull=True).count() == 0


def test_what_the_gateway_refuses_to_tell_keeps_the_others_from_nothing(
    copies: Callable[[int], list[int]],
    answered: list[tuple[str, datetime]],
    clock: SettableClock,
) -> None:
    copies(50)
    clock.advance(timedelta(hours=20))
    run_for(timedelta(minutes=1), clock)
    assert len(answered) == 51
    run_for(timedelta(hours=10), clock, step=timedelta(hours=1))
    assert len(answered) == 51, "asked again the day after"


def test_the_one_that_has_waited_longest_is_asked_first(
    copies: Callable[[int], list[int]],
    answered: list[tuple[str, datetime]],
    clock: SettableClock,
) -> None:
    made = copies(5)
    for hours, pk in enumerate(made):
        due = clock.now() - timedelta(hours=hours)
        Payment.objects.filter(pk=pk).update(compare_due_at=due)
    sweep_due(clock, NEVER)
    assert [code for code, _at in answered] == [f"{number:012}" for number in (4, 3, 2, 1, 0)]


def test_nothing_is_compared_that_is_not_open(
    charge: Charge,
    asked: list[tuple[str, datetime]],
    clock: SettableClock,
) -> None:
    run_out = charge(CardOperation.AUTHORISE)
    past_its_period = charge(CardOperation.GATHER)
    settled_by_hand = charge(CardOperation.GATHER)
    Payment.objects.filter(pk=settled_by_hand.pk).update(process_id="")
    clock.advance(timedelta(days=61))
    expire_due(clock, NEVER)
    clock.advance(A_DAY)
    assert expire_due(clock, NEVER) == 1
    before = len(asked)
    Payment.objects.update(compare_due_at=clock.now())
    assert sweep_due(clock, NEVER) == 0
    assert len(asked) == before
    for payment in (run_out, past_its_period, settled_by_hand):
        assert due_of(payment) is None, "it is not looked at again"


def test_a_payment_whose_result_is_unknown_is_compared_once_it_is_known(
    charge: Charge, clock: SettableClock
) -> None:
    payment = charge(CardOperation.AUTHORISE)
    Operation.objects.update(state="unknown")
    clock.advance(A_DAY)
    assert sweep_due(clock, NEVER) == 0
    Operation.objects.update(state="ok")
    assert sweep_due(clock, NEVER) == 1
    assert due_of(payment) == clock.now() + timedelta(hours=20)


def test_a_shop_without_an_account_and_a_worker_that_stops_compare_nothing(
    charge: Charge, asked: list[tuple[str, datetime]], clock: SettableClock
) -> None:
    charge()
    clock.advance(A_DAY)
    stopped = type(NEVER)()
    stopped.set()
    assert sweep_due(clock, stopped) == 0
    MerchantAccount.objects.update(name="other")
    assert sweep_due(clock, NEVER) == 0
    assert asked == []
