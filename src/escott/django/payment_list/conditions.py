"""What the filters of 決済一覧 mean in rows, each backed by an index of the payment's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.clock import JST
from escott.django.models import Case, CaseKind, Operation, OperationState
from escott.rules.due_dates import DUE_NEAR_DAYS
from escott.rules.payment_states import PaymentState
from escott.rules.watch_dates import NEAR_DAYS


class Mark(StrEnum):
    """What staff look for day by day."""

    ATTENTION = "attention"  # 要対応
    UNCAPTURED = "uncaptured"  # 売上未計上
    UNKNOWN = "unknown"  # 結果不明
    NEAR = "near"  # 操作期限間近
    UNPAID = "unpaid"  # 未入金
    DUE = "due"  # 支払期限間近: unpaid, and soon too late
    AMOUNT = "amount"  # 金額不一致
    STATE = "state"  # 状態不一致


MARK_LABELS: Final = {
    Mark.ATTENTION: _("Needs attention"),
    Mark.UNCAPTURED: _("Not captured yet"),
    Mark.UNKNOWN: _("Result unknown"),
    Mark.NEAR: _("Last day is near"),
    Mark.UNPAID: pgettext_lazy("payment state", "Not paid in yet"),
    Mark.DUE: _("Due date is near"),
    Mark.AMOUNT: _("Amounts differ"),
    Mark.STATE: _("States differ"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the rows are shown: by a column of the payment, then by its number.

    Attributes:
        column: a date or a moment that every row of the selection has, of the payment itself
            or of its slip.
        newest_first: or the soonest first.
    """

    column: str
    newest_first: bool = True


BY_ORDER_DATE: Final = Order("created_at")
BY_SALES_DATE: Final = Order("captured_on")
BY_LAST_DAY: Final = Order("operable_until", newest_first=False)
BY_DEPOSIT: Final = Order("slip__deposited_at")
BY_DUE_DATE: Final = Order("slip__due_on", newest_first=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """The payments that a filter selects.

    Attributes:
        branches: what a payment has to meet one of. Each is asked for by itself and the rows
            are merged, so that each can go along its own index.
        order: in which order they are shown.
    """

    branches: tuple[Q, ...] = (Q(),)
    order: Order = BY_ORDER_DATE


def _with_case(*kinds: CaseKind) -> Q:
    opened = Case.objects.filter(closed_at__isnull=True, kind__in=kinds, payment__isnull=False)
    return Q(pk__in=opened.values("payment"))


def _unknown(_today: date) -> Q:
    operations = Operation.objects.filter(state=OperationState.UNKNOWN)
    return Q(pk__in=operations.values("payment"))


def _near(today: date) -> Q:
    last_days = (today, today + timedelta(days=NEAR_DAYS))
    return Q(state=PaymentState.AUTHORISED.value, operable_until__range=last_days)


def _due(today: date) -> Q:
    """A slip past its due date counts until 2Ref has told that it was not paid at the last."""
    until = today + timedelta(days=DUE_NEAR_DAYS)
    return Q(state=PaymentState.UNPAID.value, slip__due_on__lte=until)


_MARKS: Final[Mapping[Mark, Callable[[date], Q]]] = {
    Mark.ATTENTION: lambda _today: Q(needs_attention=True),
    Mark.UNCAPTURED: lambda _today: Q(state=PaymentState.AUTHORISED.value),
    Mark.UNKNOWN: _unknown,
    Mark.NEAR: _near,
    Mark.UNPAID: lambda _today: Q(state=PaymentState.UNPAID.value),
    Mark.DUE: _due,
    Mark.AMOUNT: lambda _today: _with_case(
        CaseKind.TOTAL_DIFFERS, CaseKind.AMOUNT_DIFFERS, CaseKind.DEPOSIT_AMOUNT
    ),
    Mark.STATE: lambda _today: _with_case(
        CaseKind.STATE_DIFFERS, CaseKind.GONE, CaseKind.SLIP_GONE
    ),
}


def marked(mark: Mark, today: date) -> Q:
    """The payments with a mark.

    Args:
        today: the date in Japan.
    """
    return _MARKS[mark](today)


def ordered_in(since: date | None, until: date | None) -> Q:
    """The payments that were started on these days (Japan), both included."""
    found = Q()
    if since is not None:
        found &= Q(created_at__gte=_midnight(since))
    if until is not None:
        found &= Q(created_at__lt=_midnight(until + timedelta(days=1)))
    return found


def captured_in(since: date | None, until: date | None) -> Q:
    """The payments whose 売上計上日 is one of these days, both included."""
    found = Q(captured_on__isnull=False)
    if since is not None:
        found &= Q(captured_on__gte=since)
    if until is not None:
        found &= Q(captured_on__lte=until)
    return found


def deposited_in(since: date | None, until: date | None) -> Q:
    """The payments that were paid in on these days (Japan), both included."""
    found = Q(slip__deposited_at__isnull=False)
    if since is not None:
        found &= Q(slip__deposited_at__gte=_midnight(since))
    if until is not None:
        found &= Q(slip__deposited_at__lt=_midnight(until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=JST)
