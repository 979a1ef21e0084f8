"""入金: a payment by slip becomes paid. Runs in the caller's transaction, the row locked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from escott.clock import in_japan
from escott.django.insert_once import insert_once
from escott.django.models import CaseKind, Operation, OperationState, Payment, Slip
from escott.django.models.operation import ResolvedBy
from escott.django.services.cases import close_cases
from escott.django.services.claim import KeyReused
from escott.django.services.collection.inquiry import Paid
from escott.django.services.write_end import announcement_due
from escott.django.update_row import update_row
from escott.rules.collection_states import CollectionOperation
from escott.rules.payment_states import PaymentState
from escott.rules.yen import collection_amount

#: What is over once the payment is paid.
_OVER: Final = (
    CaseKind.DEPOSIT_AMOUNT,
    CaseKind.DEPOSIT_AFTER_END,
    CaseKind.PAID_TWICE,
    CaseKind.SLIP_GONE,
    CaseKind.SLIP_LINK_LOST,
)


def facts_of(paid: Paid) -> dict[str, Any]:
    """The slip's columns about the deposit."""
    deposit = paid.deposit
    return {
        "deposited_amount": paid.amount,
        "deposited_at": deposit.paid_at,
        "receipt_number": deposit.recv_num,
        "institution": deposit.cvs_cd,
        "branch": deposit.tenant_cd,
        "stamped": deposit.stamped,
    }


def seen_of(paid: Paid) -> dict[str, Any]:
    """What a case tells of a deposit; the rest stands on the slip."""
    return {"amount": paid.amount, "paid_at": in_japan(paid.deposit.paid_at).isoformat()}


def become_deposited(
    payment: Payment,
    slip: Slip,
    *,
    resolved_by: ResolvedBy,
    now: datetime,
    key: str = "",
    transaction_id: str = "",
    actor: Any = None,
    note: str = "",
) -> Operation:
    """入金済, by what stands on the slip; gives the row of the history.

    Args:
        key: names the press of a person; a deposit that the gateway tells needs none.

    Raises:
        KeyReused: the key was used for something else.
        IntegrityError: another payment of the order is live; nothing more may be written in this
            transaction.
        NotYen: what was paid in is no amount of a slip.
    """
    assert slip.deposited_at is not None, "the deposit stands on the slip"  # noqa: S101
    amount = collection_amount(slip.deposited_amount)
    operation = Operation(
        payment=payment,
        number=payment.operations.count() + 1,
        kind=CollectionOperation.DEPOSIT,
        amount=amount,
        key=key or f"deposit-{payment.transaction_code}",
        actor=actor,
        state=OperationState.OK,
        started_at=now,
        ended_at=now,
        transaction_id=transaction_id,
        resolved_by=resolved_by,
        note=note,
    )
    if not insert_once(operation):
        raise KeyReused(f"the key {operation.key!r} was used for another operation")
    columns: dict[str, Any] = {
        "state": PaymentState.DEPOSITED,
        "live": True,
        "amount": amount,
        "captured_on": in_japan(slip.deposited_at).date(),
        "announce_due_at": announcement_due(now),
    }
    update_row(payment, columns)
    for name, value in columns.items():
        setattr(payment, name, value)
    update_row(slip, {"due_at": None})
    slip.due_at = None
    close_cases(payment, _OVER, now=now, actor=actor)
    return operation
