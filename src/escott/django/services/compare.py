"""Compare: does the gateway hold what our record says? 1Search, and a case where it differs.

The dialog asks when staff open it, the drift sweep asks each open payment about once a day,
at a rate that the gateway bears. What was done elsewhere is taken over by ``adopt``.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import CaseKind, MerchantAccount, Operation, OperationState, Payment
from escott.django.models.case import DRIFT_KINDS
from escott.django.models.operation import UNFINISHED
from escott.django.services.card_end import COMPARE_AFTER
from escott.django.services.cases import close_cases, open_case
from escott.django.services.token_check import inquire
from escott.gateway import Ok, Outcome, Refused, Search
from escott.rules.drift import Drift, Found, drift_between
from escott.rules.handling_period import handling_period_is_over
from escott.rules.payment_states import PaymentState

log = logging.getLogger("escott.payments")

#: When a comparison that brought no answer is tried again.
_AGAIN_AFTER: Final = timedelta(hours=1)

#: What the setting's number of comparisons is for.
_RATE_OF: Final = timedelta(minutes=1)

#: How many payments one round compares, so that other jobs come to their turn.
_A_ROUND: Final = 20

#: What is open at the gateway: still operable there, so that it may drift.
OPEN: Final = (
    PaymentState.AUTHORISED,
    PaymentState.GATHERED,
    PaymentState.CAPTURED,
    PaymentState.CANCELLED,
)

KIND_OF: Final = {
    Drift.AMOUNT_CHANGED: CaseKind.AMOUNT_DIFFERS,
    Drift.GONE: CaseKind.GONE,
    Drift.CAPTURED: CaseKind.STATE_DIFFERS,
    Drift.CANCELLED: CaseKind.STATE_DIFFERS,
    Drift.REAUTHORISED: CaseKind.STATE_DIFFERS,
}


class Told(StrEnum):
    """Whether the comparison could be made."""

    SAME = "same"
    DIFFERS = "differs"
    NO_ANSWER = "no_answer"  # the gateway did not tell; nothing is known
    NOT_NOW = "not_now"  # an operation is under way, or the gateway has no such payment


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it.

    Attributes:
        told: whether the two agree.
        drift: what was done elsewhere.
        found: what the gateway holds.
        after: the number of the last operation before the gateway was asked.
    """

    told: Told
    drift: Drift | None = None
    found: Found | None = None
    after: int | None = None


def compare(payment_id: int, *, clock: Clock | None = None) -> Comparison:
    """Ask the gateway about the payment, and open or close the case of a difference.

    Raises:
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    payment = Payment.objects.select_related("account", "member").get(pk=payment_id)
    after = payment.operations.count()
    if not _can_be_compared(payment):
        return Comparison(Told.NOT_NOW)
    asked = Search(transaction_code=payment.transaction_code, transaction=payment.transaction)  # type: ignore[arg-type]
    outcome = inquire(asked, payment.account, payment.mode, clock)
    return _conclude(payment, outcome, after, clock.now())


def _can_be_compared(payment: Payment) -> bool:
    if payment.state not in OPEN or not payment.process_id:
        return False
    return not payment.operations.filter(state__in=UNFINISHED).exists()


def _conclude(payment: Payment, outcome: Outcome, after: int, now: datetime) -> Comparison:
    match outcome:
        case Ok(answer):
            found = Found(answer.amount, answer.sales_date)
            return note_comparison(payment, found, now, after=after)
        case Refused(_, codes) if any(code.code == "K12" for code in codes):
            last_day = payment.operable_until
            if last_day is not None and handling_period_is_over(last_day, now):
                _due_again(payment, None)
                return Comparison(Told.NOT_NOW)
            return note_comparison(payment, None, now, after=after)
        case Refused():
            _due_again(payment, now + COMPARE_AFTER)
        case _:
            _due_again(payment, now + _AGAIN_AFTER)
    return Comparison(Told.NO_ANSWER)


def note_comparison(
    payment: Payment, found: Found | None, now: datetime, *, after: int | None = None
) -> Comparison:
    """Write down what the gateway, or its console, told about a payment.

    What is compared is the row as it stands now, locked: an operation that was carried out
    while the gateway was asked must not look like one done elsewhere.

    Args:
        found: what it holds; ``None`` where it knows no such payment.
        after: the number of the last operation before the gateway was asked.
    """
    with transaction.atomic():
        row = Payment.objects.select_for_update().get(pk=payment.pk)
        overtaken = after is not None and row.operations.count() > after
        if overtaken or _has_moved(row, payment) or _is_busy(row):
            return Comparison(Told.NOT_NOW)
        state = PaymentState(row.state).card_state
        assert state is not None, "only open payments are compared"  # noqa: S101
        drift = Drift.GONE if found is None else drift_between(state, row.amount, found)
        kind = KIND_OF[drift] if drift else None
        kept = {kind, *_not_refuted(row, found)}
        close_cases(row, [other for other in DRIFT_KINDS if other not in kept], now=now)
        if drift is not None and kind is not None:
            open_case(row, kind, now=now, **_seen(drift, found))
            log.warning("payment %s: %s elsewhere", row.transaction_code, drift)
        due = now + COMPARE_AFTER if row.operable_until and row.state in OPEN else None
        Payment.objects.filter(pk=row.pk).update(compared_at=now, compare_due_at=due)
    payment.needs_attention, payment.compared_at = row.needs_attention, now
    return Comparison(Told.DIFFERS if drift else Told.SAME, drift, found, after)


def _is_busy(row: Payment) -> bool:
    return row.operations.filter(state__in=UNFINISHED).exists()


#: 1Search does not tell a cancelled 与信 from one that stands (protocol.md C).
_UNTOLD: Final = frozenset({PaymentState.AUTHORISED, PaymentState.CANCELLED})


def _not_refuted(row: Payment, found: Found | None) -> tuple[CaseKind, ...]:
    """K14 has told that the state is another one: 1Search, which cannot tell, ends no such case.

    The console's list does, and an operation that the gateway has carried out since.
    """
    if found is None or found.cancelled is not None or row.state not in _UNTOLD:
        return ()
    case = row.cases.filter(kind=CaseKind.STATE_DIFFERS, closed_at__isnull=True).first()
    if case is None or "K14" not in case.seen.get("refused", ""):
        return ()
    done = row.operations.filter(state=OperationState.OK, ended_at__gt=case.opened_at)
    return () if done.exists() else (CaseKind.STATE_DIFFERS,)


def _has_moved(row: Payment, read_before: Payment) -> bool:
    names = ("state", "amount", "process_id", "captured_on")
    return any(getattr(row, name) != getattr(read_before, name) for name in names)


def _seen(drift: Drift, found: Found | None) -> dict[str, Any]:
    if found is None:
        return {"drift": drift}
    day = found.sales_date
    return {
        "drift": drift,
        "amount": found.amount,
        "sales_date": day.isoformat() if day else "",
    }


def _due_again(payment: Payment, when: datetime | None) -> None:
    Payment.objects.filter(pk=payment.pk).update(compare_due_at=when)


def sweep_due(clock: Clock, stop: threading.Event) -> int:
    """Compare the payments that are due, at most the setting's number a minute.

    A gateway that does not answer is left alone for a minute, and the payment it was asked
    about for an hour.
    """
    account = MerchantAccount.current_or_none()
    if account is None:
        return 0
    now = clock.now()
    _leave_out_what_is_not_open(now)
    keys = _due(now).order_by("compare_due_at").values_list("pk", flat=True)
    done = 0
    for pk in list(keys[:_A_ROUND]):
        if stop.is_set() or not may_ask(account, clock.now()):
            break
        done += compare_first(_due(clock.now()).filter(pk=pk), pk, clock) is not None
    return done


def compare_first(row: QuerySet[Payment], pk: int, clock: Clock) -> Comparison | None:
    """Compare a payment on behalf of the worker; ``None`` if another worker came first.

    Args:
        row: the payment, while it is to be asked about.
    """
    now = clock.now()
    again = now + _AGAIN_AFTER
    if not row.update(compare_asked_at=now, compare_due_at=again):
        return None
    return compare(pk, clock=clock)


def asked_lately(now: datetime) -> Q:
    """The worker has asked about the payment, and does not ask again yet."""
    return Q(compare_asked_at__gt=now - _AGAIN_AFTER)


def _due(now: datetime) -> QuerySet[Payment]:
    """Open, and nothing of ours under way, whose answer would not count."""
    busy = Operation.objects.filter(payment=OuterRef("pk"), state__in=UNFINISHED)
    due = _still_open(now.date()) & Q(compare_due_at__lte=now)
    return Payment.objects.filter(due).exclude(Exists(busy))


def _still_open(today: date) -> Q:
    operable = Q(operable_until__gte=today) | Q(operable_until__isnull=True)
    return operable & Q(state__in=OPEN) & ~Q(process_id="")


def _leave_out_what_is_not_open(now: datetime) -> None:
    due = Payment.objects.filter(compare_due_at__lte=now)
    due.exclude(_still_open(now.date())).update(compare_due_at=None)


def may_ask(account: MerchantAccount, now: datetime) -> bool:
    """Whether the worker may ask now: within the rate, and the gateway has answered of late."""
    lately = Payment.objects.filter(compare_asked_at__gt=now - _RATE_OF)
    if lately.count() >= account.compares_a_minute:
        return False
    in_vain = lately.filter(compare_due_at__lt=F("compare_asked_at") + 2 * _AGAIN_AFTER)
    return not in_vain.exists()
