"""A payment in words for staff: facts, history, refunds and what is open. From our rows alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from escott.django.explanation import Explanation, explain
from escott.django.models import (
    Case,
    Operation,
    OperationState,
    Payment,
    Refund,
)
from escott.django.models.planned_operation import PlanState
from escott.django.panel.card_facts import card_facts
from escott.django.panel.days import day_of_week, japan_day, japan_time
from escott.django.panel.facts import Fact
from escott.django.panel.slip_facts import fee_note, slip_facts
from escott.rules.payment_methods import PaymentMethod
from escott.rules.yen import format_yen


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history.

    Attributes:
        transaction_id: 処理連番; empty where the gateway has told none.
        due: the day until which a slip can be paid by it; empty where it tells none.
        tone: ``ok``, ``refused`` or ``unknown``, for its colour.
        result: the state of the operation, with the codes that are not OK.
        who: who did it; empty for a shopper or a job.
    """

    number: int
    at: str
    transaction_id: str
    operation: str
    amount: str
    due: str
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
        amount_note: what stands beside the amount; empty for most.
        history: newest first.
        cases: what stands in the queue 要対応.
        plans: what the worker is still to do.
    """

    payment: Payment
    amount: str
    amount_note: str
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
        method = PaymentMethod(payment.method)
        return cls(
            payment=payment,
            amount=format_yen(payment.amount),
            amount_note=_AMOUNT_NOTES[method](payment),
            facts=list(_FACTS[method](payment, today)),
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
    return payments.select_related("account", "member", "slip").prefetch_related(
        "operations__actor", "refunds__actor", "cases", "plans"
    )


def name_of(user: Any) -> str:
    """How a member of staff is called; empty for nobody."""
    return "" if user is None else user.get_full_name() or str(user)


_TONES = {
    OperationState.OK: "ok",
    OperationState.REFUSED: "refused",
    OperationState.NOT_SENT: "refused",
    OperationState.NOT_DONE: "refused",
    OperationState.STARTED: "unknown",
    OperationState.UNKNOWN: "unknown",
    OperationState.LOST: "unknown",
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
        due=day_of_week(operation.due_on) if operation.due_on else "",
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


_FACTS: Final[Mapping[PaymentMethod, Callable[[Payment, date], Iterator[Fact]]]] = {
    PaymentMethod.CARD: card_facts,
    PaymentMethod.COLLECTION: slip_facts,
}

_AMOUNT_NOTES: Final[Mapping[PaymentMethod, Callable[[Payment], str]]] = {
    PaymentMethod.CARD: lambda _payment: "",
    PaymentMethod.COLLECTION: fee_note,
}


def _case(case: Case) -> str:
    return str(case.get_kind_display())
