"""A case as staff see it: its words, the console's search keys, and the buttons that help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from escott.django.case_texts import CaseText, explain_case
from escott.django.explanation import explain
from escott.django.models import Case, CaseKind, Operation, OperationState, Payment
from escott.django.models.case import DRIFT_KINDS
from escott.django.permissions import RECORD_REFUND, RESOLVE, SETTLE
from escott.django.services.recovery import asking_helps
from escott.oscar.dashboard.payment_links import order_urls, payment_url
from escott.rules.payment_states import PAID

#: Where money may have to go back by hand.
_MAY_BE_OWED: Final = frozenset(
    {CaseKind.ORDER_CLOSED, CaseKind.LATE_SUCCESS, CaseKind.STATE_DIFFERS, CaseKind.AMOUNT_DIFFERS}
)


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """What staff type into the console's search.

    Attributes:
        operation: that the keys belong to.
        transaction_id: 処理連番; empty where its answer never came.
    """

    operation: Operation
    transaction_id: str


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One entry of the queue.

    Attributes:
        details: what the gateway said, or why it said nothing.
        unknown: the operation whose result is unknown.
        asks: the gateway may be asked from here.
        order_url: empty where the order was deleted.
    """

    case: Case
    text: CaseText
    details: tuple[str, ...]
    keys: SearchKeys | None
    unknown: Operation | None
    asks: bool
    may_settle: bool
    may_dismiss: bool
    may_refund: bool
    payment_url: str
    order_url: str

    @property
    def is_open(self) -> bool:
        return self.case.closed_at is None


def with_history(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that :func:`shown` reads, in a fixed number of queries."""
    history = Operation.objects.defer("token").order_by("-number")
    return cases.select_related("payment__member", "closed_by").prefetch_related(
        Prefetch("payment__operations", queryset=history)
    )


def shown(cases: Iterable[Case], user: Any) -> list[ShownCase]:
    """The cases as this member of staff sees them."""
    listed = list(cases)
    orders = order_urls(case.payment for case in listed if case.payment is not None)
    return [_shown(case, user, orders) for case in listed]


def unknown_of(payment: Payment) -> Operation | None:
    """The payment's operation whose result is unknown."""
    unknown = (each for each in payment.operations.all() if each.state == OperationState.UNKNOWN)
    return next(unknown, None)


def _shown(case: Case, user: Any, orders: dict[str, str]) -> ShownCase:
    payment = case.payment
    assert payment is not None, "every kind of case has a payment"  # noqa: S101
    is_open = case.closed_at is None
    about_unknown = case.kind == CaseKind.RESULT_UNKNOWN
    unknown = unknown_of(payment) if about_unknown and is_open else None
    return ShownCase(
        case=case,
        text=explain_case(case, unknown),
        details=explain(unknown).what if unknown else (),
        keys=_keys(payment, unknown),
        unknown=unknown,
        asks=is_open and (asking_helps(unknown) if unknown else case.kind in DRIFT_KINDS),
        may_settle=unknown is not None and user.has_perm(SETTLE),
        may_dismiss=is_open and not about_unknown and user.has_perm(RESOLVE),
        may_refund=_may_be_owed(case, payment) and user.has_perm(RECORD_REFUND),
        payment_url=payment_url(payment),
        order_url=orders.get(payment.order_reference, ""),
    )


def _keys(payment: Payment, unknown: Operation | None) -> SearchKeys | None:
    operations = list(payment.operations.all())
    operation = unknown or (operations[-1] if operations else None)
    if operation is None:
        return None
    known = (each.transaction_id for each in operations if each.transaction_id)
    return SearchKeys(operation, operation.transaction_id or next(known, ""))


def _may_be_owed(case: Case, payment: Payment) -> bool:
    return case.closed_at is None and case.kind in _MAY_BE_OWED and payment.state in PAID
