"""Adopt: take over into our record what somebody did in the gateway's console.

The gateway is asked once more, so that nothing stale is written. What is taken over stands in
the history as an operation that nobody here asked the gateway for.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.insert_once import insert_once
from escott.django.models import AuditArea, CaseKind, Operation, OperationState, Payment
from escott.django.models.case import DRIFT_KINDS
from escott.django.models.operation import ResolvedBy
from escott.django.services.announce import announce
from escott.django.services.card_claims import standing_of
from escott.django.services.card_end import columns_after
from escott.django.services.cases import close_cases
from escott.django.services.claim import KeyReused, NotPossible
from escott.django.services.compare import Comparison, Told, compare
from escott.rules.card_states import CardState
from escott.rules.drift import Drift, Found, Step, drift_between, steps_elsewhere
from escott.rules.operability import Obstacle
from escott.rules.payment_states import LIVE, PaymentState
from escott.rules.yen import format_yen


class NothingToAdopt(Exception):
    """The gateway holds what our record says, or did not tell enough.

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
        NothingToAdopt: there is no difference that could be taken over, or none any more.
        NotPossible: an operation is under way, or 再オーソリ elsewhere while another payment
            of the order is live.
        KeyReused: the key names a press about another payment.
        TransactionManagementError: called inside a transaction.
    """
    clock = clock or the_clock()
    first = _earlier_press(key, payment_id)
    if first is not None:
        return first
    comparison = compare(payment_id, clock=clock)
    if comparison.told is not Told.DIFFERS or comparison.drift is None:
        meanwhile = _earlier_press(key, payment_id)
        if meanwhile is not None:
            return meanwhile
        raise NothingToAdopt(comparison)
    return write_over(
        payment_id,
        comparison.drift,
        comparison.found,
        key=key,
        actor=actor,
        after=comparison.after,
        clock=clock,
    )


def write_over(
    payment_id: int,
    drift: Drift,
    found: Found | None,
    *,
    key: str,
    actor: Any,
    after: int | None = None,
    clock: Clock,
) -> Operation:
    """Write what was done elsewhere as operations of the payment; gives the first of them.

    What was found is held against the row as it stands now, locked: of two who take it over at
    the same moment one writes, and an operation of ours that came between leaves nothing to
    take over.

    Args:
        drift: what was done; any but ``GONE``.
        found: what the gateway, or its console, tells.
        after: the number of the last operation before the gateway was asked.

    Raises:
        KeyReused, NothingToAdopt, NotPossible: see :func:`adopt`.
    """
    with transaction.atomic():
        payment = Payment.objects.select_for_update().select_related("account").get(pk=payment_id)
        first = _earlier_press(key, payment_id)
        if first is not None:
            return first
        standing = standing_of(payment)
        if standing.unknown or standing.under_way:
            obstacle = Obstacle.RESULT_UNKNOWN if standing.unknown else Obstacle.UNDER_WAY
            raise NotPossible(payment, obstacle)
        steps = _steps(payment, standing.state.card_state, drift, found, after)
        becomes_live = any(PaymentState(step.state.value) in LIVE for step in steps)
        if becomes_live and standing.another_live:
            raise NotPossible(payment, Obstacle.ANOTHER_LIVE)
        for number, step in enumerate(steps, 1):
            named = _key_of(key, number)
            operation = _write(payment, step, found, key=named, actor=actor, clock=clock)
            first = first or operation
        close_cases(payment, _over(payment), now=clock.now(), actor=actor)
    assert first is not None, "there is at least one step"  # noqa: S101
    announce(payment)
    return first


def _earlier_press(key: str, payment_id: int) -> Operation | None:
    first = Operation.objects.select_related("payment").filter(key=key).first()
    if first is not None and first.payment_id != payment_id:
        raise KeyReused(f"the key {key!r} was used for another payment")
    return first


def _over(payment: Payment) -> tuple[CaseKind, ...]:
    """The cases that end once our record says what the gateway says."""
    ran_out = payment.state == PaymentState.EXPIRED
    return DRIFT_KINDS if ran_out else (*DRIFT_KINDS, CaseKind.EXPIRED)


def _key_of(key: str, number: int) -> str:
    return key if number == 1 else f"{key[:60]}-{number}"


def _steps(
    payment: Payment,
    state: CardState | None,
    drift: Drift,
    found: Found | None,
    after: int | None,
) -> tuple[Step, ...]:
    """What is to be written, unless the payment has changed since the gateway was asked."""
    seen = Comparison(Told.DIFFERS, drift, found)
    if state is None or found is None:
        raise NothingToAdopt(seen)
    overtaken = after is not None and payment.operations.count() > after
    if overtaken or drift_between(state, payment.amount, found) is not drift:
        raise NothingToAdopt(Comparison(Told.NOT_NOW))
    steps = steps_elsewhere(state, payment.amount, found, charged_by=payment.charge)
    if not steps:
        raise NothingToAdopt(seen)
    return steps


def _write(
    payment: Payment, step: Step, found: Found | None, *, key: str, actor: Any, clock: Clock
) -> Operation:
    """One step, in the caller's transaction; ``payment`` is brought up to date."""
    now = clock.now()
    operation = Operation(
        payment=payment,
        number=payment.operations.count() + 1,
        kind=step.operation,
        amount=step.amount,
        key=key,
        actor=actor,
        state=OperationState.OK,
        started_at=now,
        ended_at=now,
        resolved_by=ResolvedBy.ELSEWHERE,
    )
    if not insert_once(operation):
        raise KeyReused(f"the key {key!r} was used for another operation")
    amount_before = payment.amount
    columns = {**columns_after(operation, now), "amount": step.amount, "announce_due_at": now}
    if columns["captured_on"] is not None and found is not None and found.sales_date is not None:
        columns["captured_on"] = found.sales_date
    try:
        with transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**columns)
    except IntegrityError:
        raise NotPossible(payment, Obstacle.ANOTHER_LIVE) from None
    for name, value in columns.items():
        setattr(payment, name, value)
    record_change(
        actor,
        _("Taken over from the gateway: %s") % operation.get_kind_display(),
        f"{payment.order_reference} ({payment.transaction_code})",
        {_("Amount"): (format_yen(amount_before), format_yen(step.amount))},
        area=AuditArea.CASE,
        clock=clock,
    )
    return operation
