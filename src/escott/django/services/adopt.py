"""Adopt: take over into our record what somebody did in the gateway's console.

The gateway is asked once more, so that nothing stale is written. What is taken over stands in
the history as an operation that nobody here asked the gateway for.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.insert_once import insert_once
from escott.django.models import AuditArea, Operation, OperationState, Payment
from escott.django.models.case import DRIFT_KINDS
from escott.django.models.operation import ResolvedBy
from escott.django.services.announce import announce
from escott.django.services.cases import close_cases
from escott.django.services.claim import NotPossible, standing_of
from escott.django.services.compare import Comparison, Told, compare
from escott.django.services.record import columns_after
from escott.rules.drift import DONE_ELSEWHERE, Drift, Found
from escott.rules.operability import Obstacle
from escott.rules.yen import format_yen


class NothingToAdopt(Exception):
    """The gateway holds what our record says, or did not tell.

    Attributes:
        comparison: what it told.
    """

    def __init__(self, comparison: Comparison) -> None:
        super().__init__(comparison.told)
        self.comparison = comparison


def adopt(payment_id: int, *, key: str, actor: Any, clock: Clock | None = None) -> Operation:
    """Bring our record in line with what 1Search tells now.

    Args:
        key: names this press; a repeat returns the first result.

    Raises:
        NothingToAdopt: there is no difference that could be taken over.
        NotPossible: an operation is under way, or 再オーソリ elsewhere while another payment
            of the order is live.
        TransactionManagementError: called inside a transaction.
    """
    clock = clock or the_clock()
    first = Operation.objects.select_related("payment").filter(key=key).first()
    if first is not None:
        return first
    comparison = compare(payment_id, clock=clock)
    drift = comparison.drift
    if comparison.told is not Told.DIFFERS or drift is None or drift not in DONE_ELSEWHERE:
        raise NothingToAdopt(comparison)
    return write_over(payment_id, drift, comparison.found, key=key, actor=actor, clock=clock)


def write_over(
    payment_id: int,
    drift: Drift,
    found: Found | None,
    *,
    key: str,
    actor: Any,
    clock: Clock,
) -> Operation:
    """Write what was done elsewhere as an operation of the payment.

    Args:
        drift: what was done; any but ``GONE``.
        found: what the gateway, or its console, tells.

    Raises:
        NotPossible: see :func:`adopt`.
    """
    now = clock.now()
    with transaction.atomic():
        payment = Payment.objects.select_for_update().select_related("account").get(pk=payment_id)
        standing = standing_of(payment)
        if standing.under_way or standing.unknown:
            raise NotPossible(payment, Obstacle.UNDER_WAY)
        if drift is Drift.REAUTHORISED and standing.another_live:
            raise NotPossible(payment, Obstacle.ANOTHER_LIVE)
        operation = Operation(
            payment=payment,
            number=payment.operations.count() + 1,
            kind=DONE_ELSEWHERE[drift],
            amount=_amount(payment, found),
            key=key,
            actor=actor,
            state=OperationState.OK,
            started_at=now,
            ended_at=now,
            resolved_by=ResolvedBy.ELSEWHERE,
        )
        if not insert_once(operation):
            return Operation.objects.select_related("payment").get(key=key)
        columns = {**columns_after(operation, now), "announce_due_at": now}
        if found is not None and found.sales_date is not None:
            columns["captured_on"] = found.sales_date
        Payment.objects.filter(pk=payment.pk).update(**columns)
        close_cases(payment, DRIFT_KINDS, now=now, actor=actor)
        record_change(
            actor,
            _("Taken over from the gateway: %s") % operation.get_kind_display(),
            f"{payment.order_reference} ({payment.transaction_code})",
            {_("Amount"): (format_yen(payment.amount), format_yen(operation.amount))},
            area=AuditArea.CASE,
            clock=clock,
        )
    payment.refresh_from_db()
    announce(payment)
    return operation


def _amount(payment: Payment, found: Found | None) -> int:
    told = found.amount if found is not None else None
    return told or payment.amount
