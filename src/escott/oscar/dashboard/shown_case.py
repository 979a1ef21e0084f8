"""A case as staff see it: its words, the console's search keys, and the buttons that help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django.case_texts import CaseText, explain_case
from escott.django.explanation import explain
from escott.django.models import Case, CaseKind, Operation, OperationState, Payment
from escott.django.models.case import DRIFT_KINDS
from escott.django.models.slip import slip_of
from escott.django.permissions import RECORD_REFUND, RESOLVE, SETTLE
from escott.django.services.cases import ENDED_OTHERWISE
from escott.django.services.recovery import asking_helps
from escott.django.shown_notice import Genuine
from escott.oscar.dashboard.payment_links import order_urls, payment_url
from escott.rules.payment_states import PAID
from escott.rules.yen import format_yen

#: Where money may have to go back by hand.
_MAY_BE_OWED: Final = frozenset(
    {CaseKind.ORDER_CLOSED, CaseKind.LATE_SUCCESS, CaseKind.STATE_DIFFERS, CaseKind.AMOUNT_DIFFERS}
)


#: Of which 2Ref may tell something new.
ASKED_BY_REFERENCE: Final = frozenset(
    {CaseKind.SLIP_GONE, CaseKind.DEPOSIT_AMOUNT, CaseKind.DEPOSIT_CONDITION}
)


@dataclass(frozen=True, slots=True)
class SearchKey:
    """One thing that staff type into the console's search.

    Attributes:
        value: empty where nobody has told it.
        is_code: it is copied as it stands.
    """

    label: str
    value: str
    is_code: bool = True


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One entry of the queue.

    Attributes:
        details: what the gateway said, or why it said nothing.
        unknown: the operation whose result is unknown.
        asks: the gateway may be asked from here.
        payment_url: empty where the case is about no payment.
        notices_url: the deposit notices that it is about; empty for other kinds.
        order_url: empty where the order was deleted.
    """

    case: Case
    text: CaseText
    details: tuple[str, ...]
    keys: tuple[SearchKey, ...]
    unknown: Operation | None
    asks: bool
    may_settle: bool
    may_dismiss: bool
    may_refund: bool
    payment_url: str
    order_url: str
    notices_url: str

    @property
    def is_open(self) -> bool:
        return self.case.closed_at is None


def with_history(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that :func:`shown` reads, in a fixed number of queries."""
    history = Operation.objects.defer("token").order_by("-number")
    return cases.select_related("payment__member", "payment__slip", "closed_by").prefetch_related(
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
    is_open = case.closed_at is None
    about_unknown = case.kind == CaseKind.RESULT_UNKNOWN
    unknown = unknown_of(payment) if payment and about_unknown and is_open else None
    return ShownCase(
        case=case,
        text=explain_case(case, unknown),
        details=explain(unknown).what if unknown else (),
        keys=tuple(_keys_of_payment(payment, unknown) if payment else _keys_of_notice(case)),
        unknown=unknown,
        asks=is_open and (asking_helps(unknown) if unknown else case.kind in _MAY_BE_ASKED),
        may_settle=unknown is not None and user.has_perm(SETTLE),
        may_dismiss=is_open and case.kind not in ENDED_OTHERWISE and user.has_perm(RESOLVE),
        may_refund=_may_be_owed(case, payment) and user.has_perm(RECORD_REFUND),
        payment_url=payment_url(payment) if payment else "",
        order_url=orders.get(payment.order_reference, "") if payment else "",
        notices_url=_notices_url(case),
    )


#: What a notice has brought up.
_OF_NOTICES: Final = frozenset(
    {
        CaseKind.DEPOSIT_AFTER_END,
        CaseKind.DEPOSIT_CONDITION,
        CaseKind.NOTICE_UNMATCHED,
        CaseKind.PAID_TWICE,
    }
)


def _notices_url(case: Case) -> str:
    """The list of notices, filtered to those of the case."""
    if case.kind == CaseKind.NOTICE_UNTRUSTED:
        sought = {"genuine": Genuine.NO.value}
    elif case.kind in _OF_NOTICES:
        told = case.payment.transaction_code if case.payment else case.seen.get("transaction_code")
        sought = {"text": str(told or "")}
    else:
        return ""
    return f"{reverse('dashboard:notice-list')}?{urlencode(sought)}"


#: With a payment, and no unknown operation of it.
_MAY_BE_ASKED: Final = frozenset(DRIFT_KINDS) | ASKED_BY_REFERENCE


def _keys_of_payment(payment: Payment, unknown: Operation | None) -> Iterator[SearchKey]:
    operations = list(payment.operations.all())
    operation = unknown or (operations[-1] if operations else None)
    if operation is None:
        return
    known = (each.transaction_id for each in operations if each.transaction_id)
    asked_at = f"{in_japan(operation.started_at):%Y/%m/%d %H:%M:%S}"
    yield SearchKey("MerchantFree1", payment.transaction_code)
    yield SearchKey(_("Amount"), format_yen(operation.amount), is_code=False)
    yield SearchKey(_("Date and time"), asked_at, is_code=False)
    yield SearchKey(_("TransactionId"), operation.transaction_id or next(known, ""))
    if payment.member is not None:
        yield SearchKey(_("KaiinId"), payment.member.kaiin_id)
    slip = slip_of(payment)
    if slip is not None:
        yield SearchKey(_("Payment number"), slip.kessai_number)
        if slip.receipt_number:
            yield SearchKey(_("Receipt number"), slip.receipt_number)


def _keys_of_notice(case: Case) -> Iterator[SearchKey]:
    code = case.seen.get("transaction_code")
    if code:
        yield SearchKey("MerchantFree1", str(code))


def _may_be_owed(case: Case, payment: Payment | None) -> bool:
    owed = case.closed_at is None and case.kind in _MAY_BE_OWED
    return owed and payment is not None and payment.state in PAID
