"""The figures of the day and of the last thirty, from our own rows; the gateway is not asked.

Every sum and count is of one mode: in production the test orders are left out, in test mode
there is nothing but tests. A sale by card counts on its 売上計上日, one by slip on the day of its
deposit, and either on the day of its order, while it stands: what was cancelled counts nowhere.
Refunds made outside the gateway do not change what the gateway pays out, so they are told beside
the sales, on the day on which they were returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from escott.clock import JST, in_japan
from escott.django.models import (
    Case,
    CaseKind,
    Mode,
    Notice,
    Operation,
    OperationState,
    Payment,
    Refund,
    Slip,
)
from escott.django.models.operation import ResolvedBy
from escott.rules.collection_states import CollectionOperation
from escott.rules.due_dates import DUE_NEAR_DAYS
from escott.rules.gateway_health import LATELY, GatewayHealth, gateway_health
from escott.rules.payment_states import PaymentState
from escott.rules.watch_dates import NEAR_DAYS, WARNING_DAYS, days_left

#: How many days the chart shows, today included.
DAYS: Final = 30

#: How many of the newest operations tell how the gateway does, and of the newest notices
#: whether they come.
_NEWEST: Final = 200

#: Money is taken.
_SOLD: Final = (PaymentState.GATHERED, PaymentState.CAPTURED)

#: The gateway has answered.
_ANSWERS: Final = (OperationState.OK, OperationState.REFUSED)

#: Ends that the gateway had no part in.
_WITHOUT_THE_GATEWAY: Final = (ResolvedBy.STAFF, ResolvedBy.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of payments, or refunds, and their sum in yen."""

    count: int = 0
    yen: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.count + other.count, self.yen + other.yen)


NOTHING: Final = Amount()


@dataclass(frozen=True, slots=True)
class Day:
    """One day in Japan.

    Attributes:
        by_sales_date: 売上計上 on that day.
        by_order_date: sales by card of orders of that day, whenever they were captured.
        authorised: 与信 of orders of that day which are neither captured nor cancelled.
        refunded: given back on that day, outside the gateway.
        deposited: 入金 on that day.
        deposited_by_order_date: 入金 for orders of that day, whenever it came.
    """

    day: date
    by_sales_date: Amount = NOTHING
    by_order_date: Amount = NOTHING
    authorised: Amount = NOTHING
    refunded: Amount = NOTHING
    deposited: Amount = NOTHING
    deposited_by_order_date: Amount = NOTHING


@dataclass(frozen=True, slots=True)
class Answers:
    """How the gateway has answered.

    Attributes:
        health: the word for it.
        answered, unanswered: of the requests of the last 15 minutes.
        last_answer: the last answer known, OK or a refusal; ``None`` if there is none.
    """

    health: GatewayHealth
    answered: int
    unanswered: int
    last_answer: datetime | None

    @property
    def asked(self) -> int:
        """Requests of the last 15 minutes."""
        return self.answered + self.unanswered


@dataclass(frozen=True, slots=True)
class Unpaid:
    """未入金: slips that wait for their deposit.

    Attributes:
        all: the payments and their sum.
        near: how many are due within three days, or were due and have their days of grace.
    """

    all: Amount
    near: int


@dataclass(frozen=True, slots=True)
class TradeFigures:
    """What the tiles and the chart show.

    Attributes:
        at: when the figures were taken (JST).
        days: the last thirty, oldest first; the last one is today.
        unknown: payments of this mode with a result that nobody knows.
        attention: open cases of both modes, for they stand in one queue.
        attention_tests: those of them that belong to tests.
        near: 与信 whose last day of operations is at most so many days away, by days.
        answers: how the gateway has answered.
        unpaid: slips that wait for their deposit.
        last_notice: when the last 入金結果通知 about a payment of this mode came in.
    """

    at: datetime
    days: tuple[Day, ...]
    unknown: int
    attention: int
    attention_tests: int
    near: Mapping[int, int]
    answers: Answers
    unpaid: Unpaid
    last_notice: datetime | None

    @property
    def today(self) -> Day:
        return self.days[-1]

    @property
    def total(self) -> Day:
        """All days together; its ``day`` is the first."""
        return Day(
            self.days[0].day,
            sum((day.by_sales_date for day in self.days), NOTHING),
            sum((day.by_order_date for day in self.days), NOTHING),
            sum((day.authorised for day in self.days), NOTHING),
            sum((day.refunded for day in self.days), NOTHING),
            sum((day.deposited for day in self.days), NOTHING),
            sum((day.deposited_by_order_date for day in self.days), NOTHING),
        )


def trade_figures(mode: str, now: datetime) -> TradeFigures:
    """The figures of one mode, in ten queries however many payments there are.

    Args:
        mode: test or production.
        now: the present (aware).
    """
    now = in_japan(now)
    today = now.date()
    first = today - timedelta(days=DAYS - 1)
    sold = _by_sales_date(mode, first, today)
    ordered = _by_order_date(mode, first, today)
    refunded = _refunds(mode, first, today)
    deposited = _deposits(mode, first, today)
    cases = _open_cases()
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return TradeFigures(
        at=now,
        days=tuple(
            replace(
                ordered.get(day, Day(day)),
                by_sales_date=sold.get(day, NOTHING),
                refunded=refunded.get(day, NOTHING),
                deposited=deposited.get(day, NOTHING),
            )
            for day in days
        ),
        unknown=cases.get((CaseKind.RESULT_UNKNOWN, mode), 0),
        attention=sum(cases.values()),
        attention_tests=sum(
            number for (_kind, of_mode), number in cases.items() if of_mode == Mode.TEST
        ),
        near=_near_their_last_day(mode, today),
        answers=_answers(mode, now),
        unpaid=_unpaid(mode, today),
        last_notice=_last_notice(mode),
    )


def _by_sales_date(mode: str, first: date, last: date) -> dict[date, Amount]:
    days = (
        Payment.objects.filter(
            captured_on__gte=first, captured_on__lte=last, mode=mode, state__in=_SOLD
        )
        .order_by()
        .values_list("captured_on")
        .annotate(Count("id"), Sum("amount"))
    )
    return {day: Amount(count, yen) for day, count, yen in days if day is not None}


def _by_order_date(mode: str, first: date, last: date) -> dict[date, Day]:
    """By the day on which the payment was begun: sold, authorised only, and paid in."""
    sold, held = Q(state__in=_SOLD), Q(state=PaymentState.AUTHORISED)
    paid_in = Q(state=PaymentState.DEPOSITED)
    days = (
        Payment.objects.filter(
            sold | held | paid_in,
            created_at__gte=_midnight(first),
            created_at__lt=_midnight(last + timedelta(days=1)),
            mode=mode,
        )
        .order_by()
        .annotate(day=_DayInJapan("created_at", tzinfo=JST))
        .values("day")
        .annotate(
            sales=Count("id", filter=sold),
            sold=Sum("amount", filter=sold, default=0),
            authorisations=Count("id", filter=held),
            held=Sum("amount", filter=held, default=0),
            deposits=Count("id", filter=paid_in),
            deposited=Sum("amount", filter=paid_in, default=0),
        )
    )
    return {
        row["day"]: Day(
            row["day"],
            by_order_date=Amount(row["sales"], row["sold"]),
            authorised=Amount(row["authorisations"], row["held"]),
            deposited_by_order_date=Amount(row["deposits"], row["deposited"]),
        )
        for row in days
    }


def _deposits(mode: str, first: date, last: date) -> dict[date, Amount]:
    days = (
        Slip.objects.filter(
            deposited_at__gte=_midnight(first),
            deposited_at__lt=_midnight(last + timedelta(days=1)),
            payment__state=PaymentState.DEPOSITED,
            payment__mode=mode,
        )
        .order_by()
        .annotate(day=_DayInJapan("deposited_at", tzinfo=JST))
        .values_list("day")
        .annotate(Count("id"), Sum("deposited_amount", default=0))
    )
    return {day: Amount(count, yen) for day, count, yen in days}


def _unpaid(mode: str, today: date) -> Unpaid:
    near = Q(slip__due_on__lte=today + timedelta(days=DUE_NEAR_DAYS))
    found = Payment.objects.filter(state=PaymentState.UNPAID, mode=mode).aggregate(
        count=Count("id"), yen=Sum("amount", default=0), near=Count("id", filter=near)
    )
    return Unpaid(Amount(found["count"], found["yen"]), found["near"])


def _last_notice(mode: str) -> datetime | None:
    """Only the newest are read; one that names no payment is of no mode."""
    newest = Notice.objects.order_by("-id").values_list("payment__mode", "received_at")
    return next((at for of_mode, at in newest[:_NEWEST] if of_mode == mode), None)


def _refunds(mode: str, first: date, last: date) -> dict[date, Amount]:
    days = (
        Refund.objects.filter(returned_on__gte=first, returned_on__lte=last, payment__mode=mode)
        .order_by()
        .values_list("returned_on")
        .annotate(Count("id"), Sum("amount"))
    )
    return {day: Amount(count, yen) for day, count, yen in days}


def _open_cases() -> dict[tuple[str, str | None], int]:
    """Open cases by kind and mode; one that belongs to no payment has no mode."""
    cases = (
        Case.objects.filter(closed_at=None)
        .order_by()
        .values_list("kind", "payment__mode")
        .annotate(Count("id"))
    )
    return {(kind, mode): number for kind, mode, number in cases}


def _near_their_last_day(mode: str, today: date) -> dict[int, int]:
    by_day = dict(
        Payment.objects.filter(
            state=PaymentState.AUTHORISED,
            operable_until__gte=today,
            operable_until__lte=today + timedelta(days=NEAR_DAYS),
            mode=mode,
        )
        .order_by()
        .values_list("operable_until")
        .annotate(Count("id"))
    )
    return {
        limit: sum(count for day, count in by_day.items() if day and days_left(day, today) <= limit)
        for limit in WARNING_DAYS
    }


def _answers(mode: str, now: datetime) -> Answers:
    """What the newest operations tell, and the comparisons, which answer where nobody operates.

    A deposit was asked of nobody, but an inquiry has told of it. Only the newest are read, of
    whichever mode, so that it takes no longer with more of them.
    """
    newest = [
        row
        for row in Operation.objects.exclude(state=OperationState.STARTED)
        .order_by("-id")
        .values("kind", "state", "resolved_by", "started_at", "ended_at", "payment__mode")[:_NEWEST]
        if row["payment__mode"] == mode and row["resolved_by"] not in _WITHOUT_THE_GATEWAY
    ]
    asked = [row for row in newest if row["kind"] != CollectionOperation.DEPOSIT]
    lately = [row for row in asked if row["started_at"] > now - LATELY]
    answered = sum(_was_answered(row) for row in lately)
    told = [row["ended_at"] for row in newest if row["state"] in _ANSWERS and row["ended_at"]]
    compared = (
        Payment.objects.filter(compared_at__isnull=False)
        .order_by("-compared_at")
        .values_list("mode", "compared_at")
        .first()
    )
    if compared is not None and compared[0] == mode and compared[1] is not None:
        told.append(compared[1])
    return Answers(
        gateway_health(answered, len(lately) - answered),
        answered,
        len(lately) - answered,
        max(told, default=None),
    )


def _was_answered(row: Mapping[str, Any]) -> bool:
    """By the request itself, not by an inquiry later."""
    return row["state"] in _ANSWERS and row["resolved_by"] == ResolvedBy.NOBODY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=JST)


class _DayInJapan(TruncDate):
    """The date in Japan of a moment; SQLite counts nine hours on, without calling Python.

    Whole seconds only: it rounds to milliseconds, and the last of a day to the next day.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, Any]:
        moment, parameters = compiler.compile(self.lhs)
        return f"date(substr({moment}, 1, 19), '+9 hours')", parameters
