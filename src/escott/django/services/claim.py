"""Claim: write the operation down before anything is sent, and be the only one to do so.

Two constraints decide, not the order in which threads happen to look: one live payment per
order and purpose, one unfinished operation per payment. The loser of a race gets the row of
the winner. What is asked for a card is in ``card_claims``, what for a slip in ``collection``.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from escott.django.audit import record_change
from escott.django.gateway_access import timeouts
from escott.django.insert_once import insert_once
from escott.django.models import AuditArea, Operation, OperationState, Payment
from escott.django.orders import OrderNotPayable, PayableOrder
from escott.django.services.payments import is_in_doubt
from escott.django.signals import charge_claimed
from escott.gateway.secret import Secret
from escott.rules.operability import Obstacle

#: Beyond the time-outs, how long a process may take to write down what came back.
_TIME_TO_RECORD: Final = timedelta(seconds=30)

_CODE_DIGITS: Final = 12

NO_SECRET: Final = Secret("")


@dataclass(frozen=True, slots=True)
class Claim:
    """The row that describes the operation. ``won`` tells whether this caller may send it."""

    payment: Payment
    operation: Operation
    won: bool
    counted_from: float = field(default_factory=time.monotonic, repr=False)


class NotPossible(Exception):
    """The rule refuses the operation as the payment stands; the gateway was not asked.

    Attributes:
        obstacle: what stands in the way.
    """

    def __init__(self, payment: Payment, obstacle: Obstacle) -> None:
        super().__init__(f"payment {payment.transaction_code}: {obstacle}")
        self.obstacle = obstacle


class SavedCardUnusable(Exception):
    """The saved card is being changed or deleted, or is gone; nothing was written."""


class KeyReused(Exception):
    """The key of a press names an operation that asked for something else."""


class Overtaken(Exception):
    """The payment is not the one that was confirmed: somebody else has operated on it since."""


class SameAmount(Exception):
    """The change would change nothing: 利用額変更 to the amount that the payment has already."""


def win_or_find(order: PayableOrder, key: str, attempt: Callable[[], Claim | None]) -> Claim:
    """Attempt until this press has won, or what stands in its way is found.

    Args:
        attempt: writes a new payment under a transaction code of its own; ``None`` if a
            constraint forbids it.
    """
    while True:
        claim = attempt() or _earlier(order, key)
        if claim is not None:
            return claim


def insert_claim(order: PayableOrder, payment: Payment, operation: Operation) -> bool:
    """Write payment and operation in the caller's transaction; ``False`` if there are others.

    Raises:
        OrderNotPayable: the host shop has closed the order, or an earlier payment of it may be
            charged after all.
    """
    if not insert_once(payment):
        return False
    operation.payment = payment
    if not insert_once(operation):
        payment.delete()
        return False
    if is_in_doubt(order.reference):
        raise OrderNotPayable(order.reference)
    charge_claimed.send(sender=Payment, order_reference=order.reference)
    return True


def _earlier(order: PayableOrder, key: str) -> Claim | None:
    """What stood in the way; ``None`` if it has gone meanwhile or the code was taken."""
    operations = Operation.objects.select_related("payment")
    same_press = operations.filter(key=key).first()
    if same_press is None:
        same_press = operations.filter(
            payment__order_reference=order.reference, payment__purpose="order", payment__live=True
        ).first()
    if same_press is None:
        return None
    return Claim(same_press.payment, same_press, won=False)


def new_transaction_code() -> str:
    """A code that goes out as MerchantFree1: twelve digits, by chance."""
    return f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What is asked of a payment that exists, and what whoever asks had seen of it.

    Attributes:
        amount: the new total in yen; ``None`` where the payment's stays.
        due_on: the new last day of a slip, where there is one.
        actor: the member of staff, or ``None`` for a job.
        after: the number of the last operation that the caller has seen.
        amount_seen: the payment's amount in yen as the caller has seen it.
    """

    kind: str
    key: str
    amount: int | None = None
    due_on: date | None = None
    actor: Any = None
    tells_customer: bool = False
    after: int | None = None
    amount_seen: int | None = None


def claim_follow_up(
    payment_id: int,
    asked: FollowUp,
    *,
    now: datetime,
    check: Callable[[Payment], None],
    prepare: Callable[[Payment], None],
    audit: Callable[[Operation], None],
) -> Claim:
    """Claim an operation on a payment that exists. The three run while its row is locked.

    Args:
        check: raises what the rule says against it.
        prepare: after nobody came between: refuses what would change nothing, makes room.
        audit: writes who has asked for it; not called for a job.

    Raises:
        Overtaken: another operation came between, or has changed the amount.
        KeyReused: the key was used for something else.
    """
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        repeat = Operation.objects.select_related("payment").filter(key=asked.key).first()
        if repeat is not None:
            return _repeated(repeat, payment_id, asked)
        check(payment)
        number = payment.operations.count() + 1
        _refuse_if_overtaken(payment, asked, number)
        prepare(payment)
        operation = new_operation(payment, asked.kind, key=asked.key, now=now)
        operation.number = number
        operation.amount = payment.amount if asked.amount is None else asked.amount
        operation.due_on = asked.due_on
        operation.actor = asked.actor
        operation.tells_customer = asked.tells_customer
        if not insert_once(operation):
            raise KeyReused(f"the key {asked.key!r} was used for another operation")
        if asked.actor is not None:
            audit(operation)
        return Claim(payment, operation, won=True)


def _refuse_if_overtaken(payment: Payment, asked: FollowUp, number: int) -> None:
    code = payment.transaction_code
    if asked.amount_seen not in {None, payment.amount}:
        raise Overtaken(f"payment {code} is not ¥{asked.amount_seen} any more")
    if asked.after is not None and number > asked.after + 1:
        raise Overtaken(f"payment {code}: operation {number - 1} came between")


def _repeated(first: Operation, payment_id: int, asked: FollowUp) -> Claim:
    """The first press with this key, if it asked for the same."""
    same = first.payment_id == payment_id and first.kind == asked.kind
    same = same and asked.due_on == first.due_on
    if not same or asked.amount not in {None, first.amount}:
        raise KeyReused(f"the key {first.key!r} was used for another operation")
    return Claim(first.payment, first, won=False)


def audit_request(
    operation: Operation,
    changes: dict[str, tuple[str, str]],
    *,
    area: AuditArea = AuditArea.OPERATION,
    reason: str = "",
) -> None:
    """What a person has asked for stands in the audit log; a job's work in the history alone."""
    payment = operation.payment
    record_change(
        operation.actor,
        _("Asked for: %s") % operation.get_kind_display(),
        f"{payment.order_reference} ({payment.transaction_code})",
        changes,
        area=area,
        reason=reason,
    )


def new_operation(payment: Payment, kind: str, *, key: str, now: datetime) -> Operation:
    """The row of an operation that is about to be asked for, not yet written."""
    waits = timeouts()
    return Operation(
        payment=payment,
        number=1,
        kind=kind,
        amount=payment.amount,
        key=key,
        state=OperationState.STARTED.value,
        started_at=now,
        due_at=now + timedelta(seconds=waits.connect + waits.read) + _TIME_TO_RECORD,
    )
