"""A payment in words for staff: facts, history, refunds and what is open. From our rows alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escott.clock import in_japan
from escott.django.explanation import Explanation, explain
from escott.django.models import (
    Case,
    Operation,
    OperationState,
    Payment,
    Refund,
)
from escott.django.models.planned_operation import PlanState
from escott.django.pay_type_labels import PAY_TYPE_LABELS
from escott.django.secure_results import meaning_of
from escott.rules.payment_states import PAID, PaymentState
from escott.rules.watch_dates import NEAR_DAYS, days_left
from escott.rules.yen import format_yen


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a payment. ``urgent`` where time runs out."""

    label: str
    text: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history.

    Attributes:
        transaction_id: 処理連番; empty where the gateway has told none.
        tone: ``ok``, ``refused`` or ``unknown``, for its colour.
        result: the state of the operation, with the codes that are not OK.
        who: who did it; empty for a shopper or a job.
    """

    number: int
    at: str
    transaction_id: str
    operation: str
    amount: str
    tone: str
    result: str
    told: Explanation
    who: str
    resolved_by: str
    note: str


@dataclass(frozen=True, slots=True)
class ShownRefund:
    """Money that went back outside the gateway."""

    amount: str
    on: str
    bank: str
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class ShownPayment:
    """Everything that staff see of one payment.

    Attributes:
        history: newest first.
        cases: what stands in the queue 要対応.
        plans: what the worker is still to do.
    """

    payment: Payment
    amount: str
    facts: list[Fact]
    history: list[Step]
    refunds: list[ShownRefund]
    cases: list[str]
    plans: list[str]

    @classmethod
    def of(cls, payment: Payment, today: date) -> ShownPayment:
        """The payment in the language of the page.

        Args:
            payment: as :func:`with_its_rows` reads it, so that nothing is asked again.
            today: the date in Japan.
        """
        return cls(
            payment=payment,
            amount=format_yen(payment.amount),
            facts=list(_facts(payment, today)),
            history=[_step(operation, payment) for operation in payment.operations.all()],
            refunds=[_refund(refund) for refund in payment.refunds.all()],
            cases=[_case(case) for case in payment.cases.all() if case.closed_at is None],
            plans=[
                plan.get_kind_display()
                for plan in payment.plans.all()
                if plan.state == PlanState.WAITING
            ],
        )


def with_its_rows(payments: Any) -> Any:
    """A query for payments with all rows that the panel shows."""
    return payments.select_related("account", "member").prefetch_related(
        "operations__actor", "refunds__actor", "cases", "plans"
    )


def japan_time(moment: datetime) -> str:
    """As the gateway's console shows it: ``2026/04/01 12:00:00``."""
    return f"{in_japan(moment):%Y/%m/%d %H:%M:%S}"


def japan_day(day: date) -> str:
    """``2026/04/01``."""
    return f"{day:%Y/%m/%d}"


def name_of(user: Any) -> str:
    """How a member of staff is called; empty for nobody."""
    return "" if user is None else user.get_full_name() or str(user)


def _facts(payment: Payment, today: date) -> Iterator[Fact]:
    yield Fact(_("Transaction code"), payment.transaction_code)
    yield Fact(_("Started"), japan_time(payment.created_at))
    if payment.captured_on:
        yield Fact(_("Sales date"), japan_day(payment.captured_on))
    yield Fact(_("Number of payments"), str(PAY_TYPE_LABELS.get(payment.pay_type, "")))
    if payment.card_label:
        yield Fact(_("Card"), payment.card_label)
    if payment.member is not None:
        yield Fact(_("Saved card"), payment.member.label)
    if code := payment.secure_result_code:
        yield Fact(_("3-D Secure"), f"{code}: {meaning_of(code)}")
    if payment.consent_id:
        yield Fact(_("Consent"), _("given"))
    if payment.operable_until:
        yield _last_day(payment, payment.operable_until, today)
    if payment.email:
        yield Fact(_("E-mail of the customer"), payment.email)
    if payment.is_paid and not payment.process_id:
        yield Fact(
            _("Settled by staff"),
            _(
                "It has no ProcessId: operate on it in the gateway's console, by the "
                "transaction code above."
            ),
            urgent=True,
        )


def _last_day(payment: Payment, last_day: date, today: date) -> Fact:
    uncaptured = payment.state == PaymentState.AUTHORISED
    label = _("Capture by") if uncaptured else _("Operations until")
    left = days_left(last_day, today)
    if left < 0:
        text = _("%(day)s (has passed)") % {"day": japan_day(last_day)}
    elif left == 0:
        text = _("%(day)s (today)") % {"day": japan_day(last_day)}
    else:
        text = ngettext("%(day)s (%(left)d day left)", "%(day)s (%(left)d days left)", left) % {
            "day": japan_day(last_day),
            "left": left,
        }
    waits = PaymentState(payment.state) in PAID | {PaymentState.EXPIRED}
    return Fact(label, text, urgent=waits and left <= NEAR_DAYS)


_TONES = {
    OperationState.OK: "ok",
    OperationState.REFUSED: "refused",
    OperationState.NOT_SENT: "refused",
    OperationState.NOT_DONE: "refused",
    OperationState.STARTED: "unknown",
    OperationState.UNKNOWN: "unknown",
}


def tone_of(operation: Operation) -> str:
    """``ok``, ``refused`` or ``unknown``."""
    return _TONES[OperationState(operation.state)]


def result_of(operation: Operation) -> str:
    """処理結果: the state, with the gateway's codes unless they are OK."""
    codes = operation.response_codes
    shown = f" ({codes})" if codes and codes != "OK" else ""
    return f"{operation.get_state_display()}{shown}"


def _step(operation: Operation, payment: Payment) -> Step:
    operation.payment = payment
    return Step(
        number=operation.number,
        at=japan_time(operation.started_at),
        transaction_id=operation.transaction_id,
        operation=operation.get_kind_display(),
        amount=format_yen(operation.amount),
        tone=tone_of(operation),
        result=result_of(operation),
        told=explain(operation),
        who=_staff_name(operation, payment),
        resolved_by=operation.get_resolved_by_display() if operation.resolved_by else "",
        note=operation.note,
    )


def _staff_name(operation: Operation, payment: Payment) -> str:
    """Who of the staff asked for it; empty where the customer or a job did."""
    by_customer = operation.actor_id is not None and operation.actor_id == payment.customer_id
    return "" if by_customer else name_of(operation.actor)


def _refund(refund: Refund) -> ShownRefund:
    return ShownRefund(
        amount=format_yen(refund.amount),
        on=japan_day(refund.returned_on),
        bank=refund.bank,
        reason=refund.reason,
        who=name_of(refund.actor),
    )


def _case(case: Case) -> str:
    return str(case.get_kind_display())
