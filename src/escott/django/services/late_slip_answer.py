"""An answer about a slip that comes after its operation had ended.

A registration was taken for lost, or recovery or staff have concluded how 変更 or 削除 ended,
and then the gateway's own answer arrives after all. What it brings is kept, the payment is
mended where nothing else has happened to it, and the gateway is asked how the slip stands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from escott.django.mail_queue import queue_mail_of
from escott.django.models import CaseKind, Operation, OperationState, Slip
from escott.django.services.cases import close_cases, open_case
from escott.django.services.end import identity_of
from escott.django.services.slip_end import (
    OVER_WITH_THE_SLIP,
    columns_registered,
    is_unpaid,
    slip_changed,
    slip_registered,
    with_former_link,
)
from escott.django.services.slip_lock import lock
from escott.django.update_row import update_row
from escott.gateway import Answer, NotSent, Ok, Outcome, Refused
from escott.rules.collection_states import CollectionOperation
from escott.rules.payment_states import PaymentState

log = logging.getLogger("escott.payments")


def keep_late_answer_of_slip(operation: Operation, outcome: Outcome, now: datetime) -> bool:
    """Keep what a late answer tells, and bring both objects up to date; always ``True``."""
    payment = operation.payment
    with transaction.atomic():
        slip = lock(payment)
        operation.refresh_from_db()
        operation.payment = payment
        if isinstance(outcome, Ok) and operation.state != OperationState.OK:
            log.error(
                "payment %s: the gateway's OK came after %s had ended as %s",
                payment.transaction_code,
                operation.kind,
                operation.state,
            )
            _KEEPERS[operation.collection_operation](operation, slip, outcome.answer, now)
        elif is_unpaid(payment) and not isinstance(outcome, Ok):
            _look_again(operation, slip, outcome, now)
    payment.refresh_from_db()
    return True


def _look_again(operation: Operation, slip: Slip, outcome: Outcome, now: datetime) -> None:
    """The slip is asked about; a change that certainly was not carried out leaves its number."""
    columns: dict[str, Any] = {"due_at": now}
    if isinstance(outcome, Refused | NotSent):
        columns |= with_former_link(slip)
        close_cases(operation.payment, [CaseKind.SLIP_LINK_LOST], now=now)
    update_row(slip, columns)


def _keep_registration(operation: Operation, slip: Slip, answer: Answer, now: datetime) -> None:
    """The slip can be paid after all, unless its order is being paid otherwise by now."""
    payment = operation.payment
    if payment.state != PaymentState.LOST:
        return
    update_row(payment, {**identity_of(answer), "announce_due_at": now})
    update_row(slip, {"kessai_number": answer.kessai_number})
    try:
        with transaction.atomic():
            update_row(payment, columns_registered(operation, answer))
            update_row(slip, slip_registered(operation, slip, answer, now))
    except IntegrityError:
        log.info("payment %s: its order has another live payment", payment.transaction_code)


def _keep_change(operation: Operation, slip: Slip, answer: Answer, now: datetime) -> None:
    payment = operation.payment
    open_case(payment, CaseKind.LATE_SUCCESS, now=now)
    if is_unpaid(payment):
        update_row(payment, {"amount": operation.amount, "announce_due_at": now})
        update_row(slip, slip_changed(operation, slip, answer, now))
        close_cases(payment, [CaseKind.SLIP_LINK_LOST], now=now)
        queue_mail_of(operation, now=now)


def _keep_deletion(operation: Operation, slip: Slip, _answer: Answer, now: datetime) -> None:
    payment = operation.payment
    open_case(payment, CaseKind.LATE_SUCCESS, now=now)
    if is_unpaid(payment):
        deleted = {"state": PaymentState.DELETED, "live": False, "announce_due_at": now}
        update_row(payment, deleted)
        update_row(slip, {"due_at": None})
        close_cases(payment, OVER_WITH_THE_SLIP, now=now)
        queue_mail_of(operation, now=now)


_KEEPERS: Final[
    Mapping[CollectionOperation, Callable[[Operation, Slip, Answer, datetime], None]]
] = {
    CollectionOperation.REGISTER: _keep_registration,
    CollectionOperation.CHANGE: _keep_change,
    CollectionOperation.DELETE: _keep_deletion,
}
