"""操作期限: warnings before the last day of operations, and 期限切れ after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest

from escott.clock import JST, SettableClock
from escott.django import worker
from escott.django.jobs import JOBS, add_job
from escott.django.models import Case, CaseKind, MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.django.services.adopt import adopt
from escott.django.services.cases import dismiss
from escott.django.services.expiry import expire_due
from escott.django.services.warnings import warn_due
from escott.django.signals import case_opened, last_day_near, payment_changed
from escott.gateway import Secret
from escott.gateway.operations import OperateId
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once

CHARGED: Final = date(2026, 4, 1)
LAST_DAY: Final = date(2026, 5, 31)

Charge = Callable[..., Payment]

#: The figures sent so far, by payment, in the order in which they were sent.
Told = list[tuple[int, int]]


@pytest.fixture
def charge(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Charge:
    """Makes a 与信 of ¥3,780, charged on 2026-04-01 at noon."""

    def make(kind: CardOperation = CardOperation.AUTHORISE) -> Payment:
        MerchantAccount.objects.update(card_charge=kind)
        return pay_by_token(new_order(), token(), clock=clock)

    return make


@contextmanager
def listening(signal: Any, listener: Callable[..., None]) -> Iterator[None]:
    signal.connect(listener, weak=False)
    try:
        yield
    finally:
        signal.disconnect(listener)


@pytest.fixture
def told() -> Iterator[Told]:
    """What the receivers heard: the payment and its figure, as the rows say at that moment."""
    heard: Told = []

    def listen(payments: list[Payment], **_kwargs: Any) -> None:
        rows = Payment.objects.in_bulk([payment.pk for payment in payments])
        assert [rows[payment.pk].warned_days for payment in payments] == [
            payment.warned_days for payment in payments
        ]
        heard.extend((payment.pk, payment.warned_days or 0) for payment in payments)

    with listening(last_day_near, listen):
        yield heard


def go_to(clock: SettableClock, days_before: int, hour: int = 9) -> None:
    """To a morning so many days before the last day."""
    day = LAST_DAY - timedelta(days=days_before)
    clock.set(datetime(day.year, day.month, day.day, hour, tzinfo=JST))


def run_daily(clock: SettableClock, days: range) -> None:
    """The worker on each of these days, several rounds a day."""
    for left in days:
        go_to(clock, left)
        for _round in range(3):
            warn_due(clock, NEVER)


def test_staff_are_told_14_7_3_and_1_days_before_once_each(
    charge: Charge, told: Told, clock: SettableClock
) -> None:
    payment = charge()
    assert payment.operable_until == LAST_DAY
    run_daily(clock, range(60, -3, -1))
    assert told == [(payment.pk, days) for days in (14, 7, 3, 1)]


@pytest.mark.parametrize(
    ("days", "figures"),
    [([20, 5, 4], [7]), ([10, 2], [14, 3]), ([0], [1]), ([6, 0], [7, 1]), ([-1], [])],
)
def test_a_job_that_did_not_run_for_days_tells_the_nearest_figure_once(
    days: list[int], figures: list[int], charge: Charge, told: Told, clock: SettableClock
) -> None:
    payment = charge()
    for left in days:
        go_to(clock, left)
        warn_due(clock, NEVER)
    assert told == [(payment.pk, figure) for figure in figures]


def test_all_of_a_round_are_told_at_once_the_nearest_first(
    charge: Charge, clock: SettableClock
) -> None:
    later = charge()
    Payment.objects.filter(pk=later.pk).update(operable_until=LAST_DAY + timedelta(days=3))
    first = charge()
    heard: list[tuple[list[int], date]] = []

    def listen(payments: list[Payment], now: date, **_kwargs: Any) -> None:
        heard.append(([payment.pk for payment in payments], now))

    go_to(clock, 10)
    with listening(last_day_near, listen):
        assert warn_due(clock, NEVER) == 2
    assert heard == [([first.pk, later.pk], date(2026, 5, 21))]


@pytest.mark.parametrize(
    ("operation", "amount"),
    [(CardOperation.REAUTHORISE, 5000), (CardOperation.CHANGE_AMOUNT, 5000)],
)
def test_changing_it_keeps_its_last_day_and_what_was_told(
    operation: CardOperation,
    amount: int,
    charge: Charge,
    told: Told,
    clock: SettableClock,
) -> None:
    payment = charge()
    go_to(clock, 10)
    warn_due(clock, NEVER)
    operate(payment.pk, operation, amount=amount, key="k", clock=clock)
    run_daily(clock, range(10, -1, -1))
    payment.refresh_from_db()
    assert payment.operable_until == LAST_DAY
    assert told == [(payment.pk, days) for days in (14, 7, 3, 1)]


def test_one_that_was_cancelled_and_authorised_again_has_the_same_last_day(
    charge: Charge, told: Told, clock: SettableClock
) -> None:
    payment = charge()
    go_to(clock, 20)
    operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    run_daily(clock, range(20, 4, -1))
    assert told == []
    operate(payment.pk, CardOperation.REAUTHORISE, amount=3780, key="again", clock=clock)
    run_daily(clock, range(4, -1, -1))
    assert told == [(payment.pk, days) for days in (7, 3, 1)]


@pytest.mark.parametrize("operation", [CardOperation.CAPTURE, CardOperation.CANCEL])
def test_what_was_captured_or_cancelled_is_not_warned_of(
    operation: CardOperation, charge: Charge, told: Told, clock: SettableClock
) -> None:
    payment = charge()
    go_to(clock, 14)
    warn_due(clock, NEVER)
    operate(payment.pk, operation, key="k", clock=clock)
    run_daily(clock, range(13, -1, -1))
    assert told == [(payment.pk, 14)]


def test_money_that_was_taken_with_the_order_is_not_warned_of(
    charge: Charge, told: Told, clock: SettableClock
) -> None:
    charge(CardOperation.GATHER)
    run_daily(clock, range(15, -2, -1))
    assert told == []


def test_a_receiver_that_raises_does_not_lose_the_warning(
    charge: Charge, told: Told, clock: SettableClock
) -> None:
    payment = charge()
    go_to(clock, 14)

    def broken(**_kwargs: Any) -> None:
        raise RuntimeError("the mails' table is locked")

    with listening(last_day_near, broken), pytest.raises(RuntimeError):
        warn_due(clock, NEVER)
    payment.refresh_from_db()
    assert payment.warned_days is None, "it does not count as told"
    told.clear()
    assert warn_due(clock, NEVER) == 1
    assert told == [(payment.pk, 14)]


def test_two_workers_tell_it_once(charge: Charge, told: Told, clock: SettableClock) -> None:
    charges = [charge() for _ in range(4)]
    go_to(clock, 7)
    counts = at_once([partial(warn_due, clock, NEVER)] * 4)
    assert sum(counts) == len(charges)
    assert sorted(told) == [(payment.pk, 7) for payment in charges]


def test_the_sixty_days_are_the_contracts(charge: Charge, told: Told, clock: SettableClock) -> None:
    MerchantAccount.objects.update(handling_days=30)
    payment = charge()
    assert payment.operable_until == CHARGED + timedelta(days=30)
    clock.set(datetime(2026, 4, 17, 9, 0, tzinfo=JST))
    assert warn_due(clock, NEVER) == 1
    assert told == [(payment.pk, 14)]


def test_another_contract_does_not_move_the_last_day_of_earlier_payments(
    charge: Charge, clock: SettableClock
) -> None:
    payment = charge()
    MerchantAccount.objects.update(handling_days=30)
    operate(payment.pk, CardOperation.CHANGE_AMOUNT, amount=4000, key="k", clock=clock)
    payment.refresh_from_db()
    assert payment.operable_until == LAST_DAY


# ---- an authorisation that runs out is never silent ----


def test_it_runs_out_after_its_last_day_and_becomes_a_case(
    charge: Charge, clock: SettableClock
) -> None:
    payment = charge()
    opened: list[str] = []
    heard: list[str] = []

    def on_case(case: Case, **_kwargs: Any) -> None:
        opened.append(case.kind)

    def on_change(payment: Payment, **_kwargs: Any) -> None:
        heard.append(payment.state)

    go_to(clock, 0, hour=23)
    assert expire_due(clock, NEVER) == 0, "its last day lasts to midnight in Japan"
    clock.advance(timedelta(hours=1))
    with listening(case_opened, on_case), listening(payment_changed, on_change):
        assert expire_due(clock, NEVER) == 1
        assert expire_due(clock, NEVER) == 0
    payment.refresh_from_db()
    assert (payment.state, payment.live, payment.compare_due_at) == ("expired", False, None)
    assert attention_of(payment) == CaseKind.EXPIRED
    assert (opened, heard) == (["expired"], ["expired"])
    assert Case.objects.get().seen == {"amount": 3780}


def test_two_workers_find_it_once(charge: Charge, clock: SettableClock) -> None:
    charge()
    go_to(clock, -1)
    assert sum(at_once([partial(expire_due, clock, NEVER)] * 4)) == 1
    assert Case.objects.count() == 1


def test_one_that_was_captured_in_the_console_on_its_last_day_does_not_run_out(
    charge: Charge, simulator: SimulatorServer, clock: SettableClock
) -> None:
    payment = charge()
    go_to(clock, 0, hour=23)
    simulator.gateway.console_operate(payment.transaction_code, OperateId.CAPTURE)
    clock.advance(timedelta(hours=2))
    assert expire_due(clock, NEVER) == 0
    payment.refresh_from_db()
    assert (payment.state, payment.live) == ("authorised", True)
    assert attention_of(payment) == CaseKind.STATE_DIFFERS

    # Nobody ticks that off: while the gateway says so, it is a matter for staff.
    dismiss(Case.objects.get().pk, note="seen", actor=None, clock=clock)
    clock.advance(timedelta(hours=2))
    assert expire_due(clock, NEVER) == 0
    assert attention_of(payment) == CaseKind.STATE_DIFFERS

    adopt(payment.pk, key="taken over", actor=None, clock=clock)
    clock.advance(timedelta(days=1))
    assert expire_due(clock, NEVER) == 0
    payment.refresh_from_db()
    assert (payment.state, payment.captured_on) == ("captured", LAST_DAY)
    assert attention_of(payment) == ""


def test_a_gateway_that_does_not_answer_is_asked_again_for_a_day_and_not_for_ever(
    charge: Charge, clock: SettableClock, settings: Any, closed_port: int
) -> None:
    payment = charge()
    go_to(clock, -1, hour=1)
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    asked = set()
    while expire_due(clock, NEVER) == 0:
        payment.refresh_from_db()
        asked.add(payment.compare_asked_at)
        assert payment.state == "authorised"
        clock.advance(timedelta(minutes=30))
    assert 20 <= len(asked) <= 24, "about once an hour"
    assert clock.now().date() == LAST_DAY + timedelta(days=2)
    assert attention_of(payment) == CaseKind.EXPIRED


def test_after_days_without_a_worker_it_is_asked_about_all_the_same(
    charge: Charge, simulator: SimulatorServer, clock: SettableClock
) -> None:
    payment = charge()
    go_to(clock, 0, hour=23)
    simulator.gateway.console_operate(payment.transaction_code, OperateId.CAPTURE)
    go_to(clock, -5)
    assert expire_due(clock, NEVER) == 0
    assert attention_of(payment) == CaseKind.STATE_DIFFERS


def test_one_that_the_gateway_cannot_be_asked_about_runs_out_unasked(
    charge: Charge, clock: SettableClock, settings: Any, closed_port: int
) -> None:
    """照合済み: there is no ProcessId."""
    payment = charge()
    Payment.objects.update(process_id="")
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    go_to(clock, -1)
    assert expire_due(clock, NEVER) == 1
    assert attention_of(payment) == CaseKind.EXPIRED


def test_many_that_run_out_in_one_night_are_asked_about_at_the_rate_of_the_setting(
    charge: Charge, clock: SettableClock
) -> None:
    for _ in range(3):
        charge()
    MerchantAccount.objects.update(compares_a_minute=2)
    go_to(clock, -1)
    assert expire_due(clock, NEVER) == 2
    assert expire_due(clock, NEVER) == 0
    clock.advance(timedelta(minutes=1))
    assert expire_due(clock, NEVER) == 1


def test_what_another_amount_meant_is_over_once_it_has_run_out(
    charge: Charge, simulator: SimulatorServer, clock: SettableClock
) -> None:
    payment = charge()
    simulator.gateway.console_operate(payment.transaction_code, OperateId.CHANGE, amount=2980)
    go_to(clock, -1)
    assert expire_due(clock, NEVER) == 1
    assert attention_of(payment) == CaseKind.EXPIRED


@pytest.mark.parametrize("state", ["started", "unknown"])
def test_it_does_not_run_out_while_an_operation_is_unfinished(
    state: str, charge: Charge, clock: SettableClock
) -> None:
    charge()
    go_to(clock, -1)
    Operation.objects.update(state=state)
    assert expire_due(clock, NEVER) == 0
    Operation.objects.update(state="ok")
    assert expire_due(clock, NEVER) == 1


def test_a_receiver_that_raises_does_not_keep_it_from_running_out(
    charge: Charge, clock: SettableClock
) -> None:
    payment = charge()
    go_to(clock, -1)

    def broken(**_kwargs: Any) -> None:
        raise RuntimeError("the host shop is broken")

    with listening(payment_changed, broken):
        assert expire_due(clock, NEVER) == 1
    payment.refresh_from_db()
    assert payment.state == "expired"
    assert payment.announce_due_at is not None, "the host shop is told later"


# ---- the jobs of a host shop ----


def test_a_host_shop_adds_jobs_of_its_own(
    clock: SettableClock, account: MerchantAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("escott.django.jobs.JOBS", own := {"ours": lambda _clock, _stop: 0})
    monkeypatch.setattr(worker, "JOBS", own)
    rounds: list[datetime] = []

    def job(its_clock: Any, _stop: Any) -> int:
        rounds.append(its_clock.now())
        return 2

    add_job("water the plants", job)
    add_job("water the plants", job)
    assert worker.run_once(clock) == 2
    assert rounds == [clock.now()]
    with pytest.raises(ValueError, match="water the plants"):
        add_job("water the plants", lambda _clock, _stop: 0)


def test_the_worker_watches_the_dates() -> None:
    assert JOBS["warn of last days"] is warn_due
    assert JOBS["expire authorisations"] is expire_due
