"""An answer that comes after its operation had ended: never silence about money.

Staff may settle an operation as not done, or recovery may prove it, and then the gateway's OK
arrives after all. What it brings is kept, the payment is marked for staff, and its state is
mended where nothing else has happened to it meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from escott.django.models import CaseKind, Operation, OperationState, Payment
from escott.django.services.cases import open_case
from escott.django.services.end import End
from escott.gateway import UnknownReason
from escott.rules.payment_states import PaymentState

log = logging.getLogger("escott.payments")

#: What recovery concludes from silence; whoever has heard more knows better.
_GUESSES: Final = frozenset({UnknownReason.PROCESS_DIED, UnknownReason.NOT_RETURNED})

_ENDED_WITHOUT: Final = frozenset(
    {OperationState.NOT_DONE, OperationState.REFUSED, OperationState.NOT_SENT}
)

#: The attempt took no money, as far as was known. The gateway's page may be open twice: one
#: visit is refused or left, and another is charged.
_WITHOUT_CHARGE: Final = frozenset(
    {
        PaymentState.NOT_CHARGED,
        PaymentState.REFUSED,
        PaymentState.WITHDRAWN,
        PaymentState.NOT_SENT,
    }
)

_IDENTITY: Final = ("process_id", "process_pass")


def keep_late_answer(operation: Operation, end: End, now: datetime) -> bool:
    """Keep what a late answer tells, and bring both objects up to date; always ``True``."""
    keep = _KEEPERS.get(end.operation["state"])
    if keep is not None:
        with transaction.atomic():
            keep(operation, end, now)
    payment = operation.payment
    operation.refresh_from_db()
    payment.refresh_from_db()
    operation.payment = payment
    return True


def _keep_doubt(operation: Operation, end: End, now: datetime) -> None:
    """It was taken for not done, and now nobody can say: staff must look."""
    settled = Operation.objects.get(pk=operation.pk)
    heard = end.operation["reason"] not in _GUESSES
    if settled.state not in (_ENDED_WITHOUT if heard else {OperationState.NOT_DONE}):
        return
    log.error(
        "payment %s: asked the gateway after %s had been given up, and the result is unknown",
        operation.payment.transaction_code,
        operation.kind,
    )
    open_case(operation.payment, CaseKind.LATE_DOUBT, now=now)
    Payment.objects.filter(pk=operation.payment_id).update(announce_due_at=now)


def _keep_ok(operation: Operation, end: End, now: datetime) -> None:
    payment = Payment.objects.select_for_update().get(pk=operation.payment_id)
    settled = Operation.objects.get(pk=operation.pk)
    log.error(
        "payment %s: the gateway's OK came after %s had ended as %s",
        payment.transaction_code,
        operation.kind,
        settled.state,
    )
    brought = {name: end.payment[name] for name in _IDENTITY if name in end.payment}
    rows = Payment.objects.filter(pk=payment.pk)
    if settled.state == OperationState.OK:
        if brought and not payment.process_id:
            rows.update(**brought)
        return
    rows.update(**brought, announce_due_at=now)
    open_case(payment, CaseKind.LATE_SUCCESS, now=now)
    if payment.state in _WITHOUT_CHARGE:
        _charge_after_all(payment, end)


def _charge_after_all(payment: Payment, end: End) -> None:
    """The payment is charged, unless its order has been paid by another one meanwhile."""
    try:
        with transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**end.payment)
    except IntegrityError:
        code = payment.transaction_code
        log.exception("payment %s: its order has another live payment", code)


#: What a late answer still tells; a refusal tells nothing that the settled row does not know.
_KEEPERS: Final[dict[OperationState, Callable[[Operation, End, datetime], None]]] = {
    OperationState.OK: _keep_ok,
    OperationState.UNKNOWN: _keep_doubt,
}
