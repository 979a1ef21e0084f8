"""金額不一致: what an order costs beside what its payment holds, and the case about it.

Changing or cancelling an order in the shop does not touch its payment (requirements.md A087).
Whatever saves the order or its payment looks here; a bulk UPDATE tells nobody, so the order's
page works the difference out anew each time it is shown, and the next change opens the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from oscar.core.loading import get_model

from escott.django.models import Case, CaseKind, Payment
from escott.django.services import live_payment_of
from escott.django.services.card_claims import standing_of
from escott.django.services.cases import close_cases, open_case
from escott.django.services.collection import standing_of_slip
from escott.django.services.refunds import refunded
from escott.oscar.models import DifferenceOrder
from escott.oscar.order_fee import total_without_fee
from escott.oscar.order_moves import status_of, word_for
from escott.oscar.payable import total_of
from escott.rules import collection_operability, operability
from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation
from escott.rules.operability import Obstacle
from escott.rules.order_status import OrderStatus
from escott.rules.order_total import Mending, agrees, mending_of, mending_of_slip
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState
from escott.rules.yen import NotYen

Order = get_model("order", "Order")

#: Nothing is to be paid for an order that is closed.
CLOSED: Final = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})

#: These end by themselves; until then nothing can be mended.
_PASSING: Final = frozenset({Obstacle.UNDER_WAY, Obstacle.RESULT_UNKNOWN})


@dataclass(frozen=True, slots=True)
class Difference:
    """An order's total and its payment differ.

    Attributes:
        payment: the payment that stands.
        total: what is to be paid for the order, in yen; 0 once it is closed. What orders for
            a difference ask for is not part of it.
        held: what was paid, or is asked for by a slip, less what was given back, in yen.
        mending: what brings the two together; ``None`` while an operation has not ended.
        obstacle: why the payment itself can't be changed.
    """

    payment: Payment
    total: int
    held: int
    mending: Mending | None
    obstacle: Obstacle | None

    @property
    def amount(self) -> int:
        """By how much they differ, in yen; negative where too much was paid."""
        asked_for_more = self.total > self.payment.amount
        return self.total - (self.payment.amount if asked_for_more else self.held)


def difference_of(order: Any, now: datetime) -> Difference | None:
    """How the order differs from its payment; ``None`` if it doesn't, or there is none that
    stands or waits for its deposit.
    """
    payment = live_payment_of(order.number)
    if payment is None or not (payment.is_paid or payment.state == PaymentState.UNPAID):
        return None
    back = refunded(payment)
    held = payment.amount - back
    total = _to_be_paid(order, held)
    if total is None or agrees(amount=payment.amount, total=total, refunded=back):
        return None
    mending, obstacle = _MENDINGS[PaymentMethod(payment.method)](payment, total, back, now)
    return Difference(payment, total, held, None if obstacle in _PASSING else mending, obstacle)


_Mends = tuple[Mending | None, Obstacle | None]


def _mending_of_card(payment: Payment, total: int, back: int, now: datetime) -> _Mends:
    operation = CardOperation.CHANGE_AMOUNT if total else CardOperation.CANCEL
    obstacle = operability.obstacle_to(operation, standing_of(payment), now)
    mending = mending_of(
        PaymentState(payment.state),
        amount=payment.amount,
        total=total,
        refunded=back,
        may_be_changed=obstacle is None,
    )
    return mending, obstacle


def _mending_of_slip(payment: Payment, total: int, back: int, now: datetime) -> _Mends:
    standing = standing_of_slip(payment)
    to_change, to_delete = (
        collection_operability.obstacle_to(operation, standing, now)
        for operation in (CollectionOperation.CHANGE, CollectionOperation.DELETE)
    )
    if payment.is_paid:
        mending = mending_of(
            PaymentState(payment.state),
            amount=payment.amount,
            total=total,
            refunded=back,
            may_be_changed=False,
        )
    else:
        mending = mending_of_slip(
            amount=payment.amount,
            total=total,
            may_be_changed=to_change is None,
            may_be_deleted=to_delete is None,
        )
    return mending, to_change if total else to_delete


_MENDINGS: Final[Mapping[PaymentMethod, Callable[[Payment, int, int, datetime], _Mends]]] = {
    PaymentMethod.CARD: _mending_of_card,
    PaymentMethod.COLLECTION: _mending_of_slip,
}


def _to_be_paid(order: Any, held: int) -> int | None:
    """The total less what orders of its own ask for; ``None`` if it isn't in whole yen.

    Such an order may also ask for more than the total says, so it explains a lack of money
    and never makes one.
    """
    if status_of(order) in CLOSED:
        return 0
    try:
        total = int(total_of(order))
    except NotYen:
        return None
    return max(held, total - _asked_elsewhere(order)) if total > held else total


def _asked_elsewhere(order: Any) -> int:
    numbers = DifferenceOrder._default_manager.filter(original=order.number).values("number")
    closed = [word_for(status) for status in CLOSED]
    standing = Order.objects.filter(number__in=numbers).exclude(status__in=closed)
    return sum(int(total_without_fee(order)) for order in standing)


def compare_total(order: Any, now: datetime) -> None:
    """Open the case of a difference, or close it. Harmless when called again."""
    difference = difference_of(order, now)
    told_of = Payment.objects.filter(
        order_reference=order.number,
        cases__kind=CaseKind.TOTAL_DIFFERS,
        cases__closed_at__isnull=True,
    )
    for payment in told_of:
        if difference is None or payment != difference.payment:
            close_cases(payment, [CaseKind.TOTAL_DIFFERS], now=now)
    if difference is not None and not _is_known(difference):
        open_case(
            difference.payment,
            CaseKind.TOTAL_DIFFERS,
            now=now,
            amount=difference.held,
            total=difference.total,
        )


def _is_known(difference: Difference) -> bool:
    """Staff have closed the case of this very difference, or another one tells of it."""
    cases = Case.objects.filter(payment=difference.payment)
    if cases.filter(kind=CaseKind.ORDER_CLOSED, closed_at__isnull=True).exists():
        return True
    last = cases.filter(kind=CaseKind.TOTAL_DIFFERS).first()
    if last is None or last.closed_by_id is None:
        return False
    return bool(last.seen == {"amount": difference.held, "total": difference.total})


def compare_total_of(number: str, now: datetime) -> None:
    """The same for an order by its number, and for the order whose difference it asks for."""
    made = DifferenceOrder._default_manager.filter(number=number).values("original")
    for order in Order.objects.filter(number__in=[number, *(row["original"] for row in made)]):
        compare_total(order, now)
