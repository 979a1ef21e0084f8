"""The figures of the home page: what counts, on which day, and that tests never count as sales."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escott.clock import JST, SettableClock
from escott.django.models import (
    Case,
    CaseKind,
    MerchantAccount,
    Mode,
    Notice,
    Operation,
    OperationState,
    Payment,
    Refund,
)
from escott.django.models.operation import ResolvedBy
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.django.trade_figures import (
    DAYS,
    NOTHING,
    Amount,
    TradeFigures,
    Unpaid,
    trade_figures,
)
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation
from escott.rules.gateway_health import GatewayHealth
from escott.rules.payment_states import LIVE, PaymentState
from tests.payment_rows import slip_row

pytestmark = pytest.mark.usefixtures("account")

NOW = datetime(2026, 4, 1, 12, 0, tzinfo=JST)
TODAY = NOW.date()

_numbers = count(1)


@pytest.fixture
def paid(account: MerchantAccount) -> Callable[..., Payment]:
    """Makes payments of ¥1,000 that were captured today for an order of today."""

    def make(state: PaymentState = PaymentState.CAPTURED, **columns: Any) -> Payment:
        number = next(_numbers)
        given: dict[str, Any] = {
            "transaction_code": f"{number:012}",
            "account": account,
            "mode": Mode.PRODUCTION,
            "order_reference": f"figures-{number}",
            "amount": 1000,
            "charged_by": "gather",
            "state": state,
            "live": state in LIVE,
            "process_pass": Secret(""),
            "created_at": NOW,
            "captured_on": TODAY if state is PaymentState.CAPTURED else None,
        }
        return Payment.objects.create(**given | columns)

    return make


def asked(payment: Payment, state: OperationState, **columns: Any) -> Operation:
    """Something was asked of the gateway a minute ago."""
    given: dict[str, Any] = {
        "payment": payment,
        "number": payment.operations.count() + 1,
        "kind": CardOperation.CHANGE_AMOUNT,
        "amount": payment.amount,
        "key": f"figures-{next(_numbers)}",
        "state": state,
        "started_at": NOW - timedelta(minutes=1),
        "ended_at": NOW - timedelta(minutes=1),
        "token": Secret(""),
    }
    return Operation.objects.create(**given | columns)


def figures(mode: str = Mode.PRODUCTION, now: datetime = NOW) -> TradeFigures:
    return trade_figures(mode, now)


# ---- what is a sale, and when ----


def test_a_charge_and_its_cancellation_at_the_gateway(
    clock: SettableClock, new_order: Callable[..., PayableOrder], token: Callable[..., Secret]
) -> None:
    payment = pay_by_token(new_order(), token(), clock=clock)
    assert figures("test", clock.now()).today.by_sales_date == Amount(1, 3780)

    operate(payment.pk, CardOperation.CHANGE_AMOUNT, key="less", amount=3000, clock=clock)
    assert figures("test", clock.now()).today.by_sales_date == Amount(1, 3000)
    assert figures("test", clock.now()).today.by_order_date == Amount(1, 3000)

    operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    told = figures("test", clock.now()).today
    assert (told.by_sales_date, told.by_order_date, told.authorised) == (NOTHING,) * 3


def test_an_authorisation_is_no_sale_until_it_is_captured_and_counts_then_on_both_days(
    clock: SettableClock, new_order: Callable[..., PayableOrder], token: Callable[..., Secret]
) -> None:
    MerchantAccount.objects.update(card_charge=CardOperation.AUTHORISE)
    payment = pay_by_token(new_order(), token(), clock=clock)
    before = figures("test", clock.now()).today
    assert (before.by_sales_date, before.authorised) == (NOTHING, Amount(1, 3780))

    clock.advance(timedelta(days=2))
    operate(payment.pk, CardOperation.CAPTURE, key="capture", clock=clock)

    after = figures("test", clock.now())
    assert after.today.by_sales_date == Amount(1, 3780)
    assert after.today.by_order_date == NOTHING
    ordered = after.days[-3]
    assert (ordered.day, ordered.by_order_date) == (TODAY, Amount(1, 3780))
    assert ordered.authorised == NOTHING
    assert after.total.by_sales_date == after.total.by_order_date


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (PaymentState.GATHERED, True),
        (PaymentState.CAPTURED, True),
        *((state, False) for state in PaymentState if state.value not in {"gathered", "captured"}),
    ],
)
def test_only_money_that_is_taken_is_a_sale(
    paid: Callable[..., Payment], state: PaymentState, counts: bool
) -> None:
    # Taken over from the console, a cancelled one may still carry the day of its sale.
    paid(state, captured_on=TODAY)

    told = figures().today
    assert told.by_sales_date == (Amount(1, 1000) if counts else NOTHING)
    assert told.by_order_date == (Amount(1, 1000) if counts else NOTHING)


@pytest.mark.parametrize(
    ("ordered", "day"),
    [
        (datetime(2026, 3, 31, 23, 59, 59, tzinfo=JST), date(2026, 3, 31)),
        (datetime(2026, 4, 1, 0, 0, tzinfo=JST), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 8, 59, 59, tzinfo=JST), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 9, 0, 0, 500, tzinfo=JST), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 23, 59, 59, 999999, tzinfo=JST), date(2026, 4, 1)),
    ],
)
def test_a_day_is_one_in_japan(paid: Callable[..., Payment], ordered: datetime, day: date) -> None:
    paid(created_at=ordered, captured_on=day)

    told = [shown.day for shown in figures().days if shown.by_order_date.count]
    assert told == [day]


def test_thirty_days_count_and_the_thirty_first_does_not(paid: Callable[..., Payment]) -> None:
    first = TODAY - timedelta(days=29)
    for day in (first, first - timedelta(days=1)):
        paid(created_at=datetime.combine(day, NOW.timetz()), captured_on=day)

    told = figures()
    assert len(told.days) == DAYS
    assert (told.days[0].day, told.days[-1].day) == (first, TODAY)
    assert told.total.by_sales_date == told.total.by_order_date == Amount(1, 1000)


# ---- tests and production ----


def test_tests_are_left_out_in_production_and_stand_alone_in_test_mode(
    paid: Callable[..., Payment],
) -> None:
    for mode, amount in ((Mode.TEST, 7), (Mode.PRODUCTION, 1000)):
        payment = paid(mode=mode, amount=amount)
        paid(PaymentState.AUTHORISED, mode=mode, amount=amount, operable_until=TODAY)
        Refund.objects.create(
            payment=payment, amount=amount, returned_on=TODAY, key=f"{mode}", recorded_at=NOW
        )
        asked(payment, OperationState.UNKNOWN)
        Case.objects.create(kind=CaseKind.RESULT_UNKNOWN, payment=payment, opened_at=NOW)

    for mode, amount in ((Mode.TEST, 7), (Mode.PRODUCTION, 1000)):
        told = figures(mode)
        day = told.today
        assert {day.by_sales_date, day.by_order_date, day.authorised, day.refunded} == {
            Amount(1, amount)
        }
        assert (told.unknown, told.near[1], told.answers.asked) == (1, 1, 1)
        assert (told.attention, told.attention_tests) == (2, 1)


# ---- refunds ----


def test_a_refund_outside_the_gateway_counts_on_its_day_and_leaves_the_sale(
    paid: Callable[..., Payment],
) -> None:
    sold = TODAY - timedelta(days=3)
    payment = paid(captured_on=sold)
    for number, amount in enumerate((300, 200)):
        Refund.objects.create(
            payment=payment, amount=amount, returned_on=TODAY, key=f"{number}", recorded_at=NOW
        )

    told = figures()
    assert told.today.refunded == Amount(2, 500)
    assert told.days[-4].by_sales_date == Amount(1, 1000)
    assert told.total.refunded == Amount(2, 500)


# ---- what waits for a person ----


def test_closed_cases_do_not_wait(paid: Callable[..., Payment]) -> None:
    payment = paid()
    Case.objects.create(kind=CaseKind.EXPIRED, payment=payment, opened_at=NOW)
    Case.objects.create(kind=CaseKind.GONE, payment=payment, opened_at=NOW, closed_at=NOW)
    Case.objects.create(kind=CaseKind.EXPIRED, payment=None, opened_at=NOW)

    told = figures()
    assert (told.unknown, told.attention) == (0, 2)


def test_last_days_near_are_told_by_days_and_only_while_something_is_to_be_captured(
    paid: Callable[..., Payment],
) -> None:
    for days in (-1, 0, 1, 2, 3, 7, 14, 15):
        paid(PaymentState.AUTHORISED, operable_until=TODAY + timedelta(days=days))
    paid(operable_until=TODAY)

    assert figures().near == {14: 6, 7: 5, 3: 4, 1: 2}


# ---- how the gateway does ----


def test_what_became_of_the_requests_tells_how_the_gateway_does(
    paid: Callable[..., Payment],
) -> None:
    assert figures().answers.health is GatewayHealth.QUIET
    for state in (OperationState.OK, OperationState.REFUSED):
        asked(paid(), state)
    assert figures().answers.health is GatewayHealth.NORMAL
    for state in (OperationState.UNKNOWN, OperationState.NOT_SENT):
        asked(paid(), state)
    asked(paid(), OperationState.OK, resolved_by=ResolvedBy.SEARCH)

    told = figures().answers
    assert (told.answered, told.unanswered) == (2, 3)
    assert told.health is GatewayHealth.UNSTEADY


def test_what_is_under_way_long_ago_or_done_elsewhere_tells_nothing(
    paid: Callable[..., Payment],
) -> None:
    asked(paid(), OperationState.STARTED)
    asked(paid(), OperationState.OK, resolved_by=ResolvedBy.ELSEWHERE)
    asked(paid(), OperationState.NOT_DONE, resolved_by=ResolvedBy.STAFF)
    asked(paid(), OperationState.NOT_SENT, started_at=NOW - timedelta(minutes=16))

    told = figures().answers
    assert (told.health, told.last_answer) == (GatewayHealth.QUIET, None)


def test_the_last_answer_is_that_of_an_operation_or_of_a_comparison(
    paid: Callable[..., Payment],
) -> None:
    early, late = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    asked(paid(), OperationState.REFUSED, ended_at=early)
    assert figures().answers.last_answer == early
    paid(compared_at=late)
    assert figures().answers.last_answer == late
    asked(paid(), OperationState.UNKNOWN, ended_at=NOW)
    assert figures().answers.last_answer == late


# ---- slips ----


@pytest.mark.parametrize("state", PaymentState)
def test_only_what_was_paid_in_is_a_deposit(state: PaymentState) -> None:
    deposit(TODAY, state=state)

    counts = state is PaymentState.DEPOSITED
    told = figures().today
    assert told.deposited == (Amount(1, 1000) if counts else NOTHING)
    assert told.deposited_by_order_date == (Amount(1, 1000) if counts else NOTHING)


def test_a_deposit_counts_on_its_own_day_and_on_that_of_its_order() -> None:
    ordered = TODAY - timedelta(days=4)
    deposit(TODAY - timedelta(days=1), ordered=ordered)

    told = figures()
    assert [(day.day, day.deposited) for day in told.days if day.deposited.count] == [
        (TODAY - timedelta(days=1), Amount(1, 1000))
    ]
    assert [day.day for day in told.days if day.deposited_by_order_date.count] == [ordered]
    assert told.total.deposited == told.total.deposited_by_order_date == Amount(1, 1000)
    assert (told.total.by_sales_date, told.total.by_order_date) == (NOTHING, NOTHING)


@pytest.mark.parametrize(("hour", "day"), [(0, TODAY), (23, TODAY)])
def test_the_day_of_a_deposit_is_one_in_japan(hour: int, day: date) -> None:
    deposit(TODAY, hour=hour)

    assert [shown.day for shown in figures().days if shown.deposited.count] == [day]


def test_deposits_of_tests_are_left_out_in_production_and_stand_alone_in_test_mode() -> None:
    deposit(TODAY, mode=Mode.TEST)
    deposit(TODAY)
    deposit(TODAY)

    for mode, number in ((Mode.TEST, 1), (Mode.PRODUCTION, 2)):
        told = figures(mode).today
        assert told.deposited == told.deposited_by_order_date == Amount(number, 1000 * number)


def test_unpaid_slips_are_counted_and_those_due_within_three_days_or_past_due() -> None:
    for days in (-2, 0, 3, 4):
        slip_row(created_at=NOW, amount=500, slip={"due_on": TODAY + timedelta(days=days)})
    slip_row(created_at=NOW, mode=Mode.TEST)
    deposit(TODAY)

    assert figures().unpaid == Unpaid(Amount(4, 2000), near=3)
    assert figures(Mode.TEST).unpaid == Unpaid(Amount(1, 3780), near=0)


def test_the_last_notice_is_one_about_a_payment_of_this_mode() -> None:
    assert figures().last_notice is None
    for number, mode in enumerate((Mode.PRODUCTION, Mode.TEST, None)):
        payment = slip_row(mode=mode) if mode else None
        at = NOW + timedelta(minutes=number)
        Notice.objects.create(payment=payment, received_at=at, raw=Secret("x"))

    assert figures().last_notice == NOW
    assert figures(Mode.TEST).last_notice == NOW + timedelta(minutes=1)


def test_a_deposit_was_asked_of_nobody_and_tells_nothing_of_the_gateway() -> None:
    asked(
        deposit(TODAY),
        OperationState.OK,
        kind=CollectionOperation.DEPOSIT,
        resolved_by=ResolvedBy.NOTICE,
    )

    assert figures().answers.asked == 0


def deposit(
    day: date,
    *,
    ordered: date = TODAY,
    hour: int = 9,
    state: PaymentState = PaymentState.DEPOSITED,
    mode: Mode = Mode.PRODUCTION,
) -> Payment:
    """A slip of ¥1,000 that was paid in on a day."""
    return slip_row(
        mode=mode,
        created_at=datetime.combine(ordered, NOW.timetz()),
        amount=1000,
        state=state.value,
        slip={
            "deposited_at": datetime.combine(day, NOW.timetz()).replace(hour=hour),
            "deposited_amount": 1000,
        },
    )


# ---- what it costs ----


def test_the_figures_take_ten_queries_however_many_payments_there_are(
    paid: Callable[..., Payment],
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures()
        return len(captured)

    assert queries() == 10
    for days in range(40):
        payment = paid(captured_on=TODAY - timedelta(days=days))
        asked(payment, OperationState.OK)
        Case.objects.create(kind=CaseKind.EXPIRED, payment=payment, opened_at=NOW)
        deposit(TODAY - timedelta(days=days))
    assert queries() == 10


def test_no_query_reads_all_payments(paid: Callable[..., Payment]) -> None:
    paid()
    with CaptureQueriesContext(connection) as captured:
        figures()
    explain, reads_all = {
        "sqlite": ("EXPLAIN QUERY PLAN", "SCAN escott_payment"),
        "postgresql": ("EXPLAIN", "Seq Scan on escott_payment"),
    }[connection.vendor]
    plans = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # With a single row it would read them all, whatever indexes there are.
            cursor.execute("SET enable_seqscan = off")
        for query in captured:
            cursor.execute(f"{explain} {query['sql']}")
            plans += [str(row[-1]) for row in cursor.fetchall()]
        if connection.vendor == "postgresql":
            cursor.execute("RESET enable_seqscan")
    assert len(plans) >= 10
    assert [step for step in plans if reads_all in step] == []
