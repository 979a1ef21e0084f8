"""返金を記録: money that went back outside the gateway, written down once; a slip is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.insert_once import insert_once
from escott.django.models import AuditArea, Payment, Refund
from escott.django.models.operation import UNFINISHED
from escott.django.signals import payment_changed
from escott.rules.payment_states import PaymentState
from escott.rules.yen import card_amount, format_yen


class TooMuch(Exception):
    """More would be given back than was taken.

    Attributes:
        left: what may still be given back, in yen.
    """

    def __init__(self, left: int) -> None:
        super().__init__(f"at most {format_yen(left)} can be given back")
        self.left = left


#: Money was taken; a 与信 only holds it, and 取消 lets it go.
_TAKEN: Final = frozenset({PaymentState.GATHERED, PaymentState.CAPTURED, PaymentState.DEPOSITED})


class NothingTaken(Exception):
    """No money was taken by this payment."""


class MayGoBackByItself(Exception):
    """An operation is under way or its result is unknown: it may return the same money."""


class UsedBefore(Exception):
    """The key names the record of another payment's refund."""


class NotYetReturned(Exception):
    """The date lies in the future."""


class NotRecorded(Exception):
    """There is no such record, or somebody has taken it back already."""


def has_taken_money(payment: Payment) -> bool:
    """Whether money can go back. Of a 与信 that is 照合済み, only the console knows."""
    if payment.state == PaymentState.AUTHORISED:
        return not payment.process_id
    return PaymentState(payment.state) in _TAKEN


def refunded(payment: Payment) -> int:
    """What was given back outside the gateway so far, in yen."""
    return payment.refunds.aggregate(total=Sum("amount"))["total"] or 0


def record_refund(
    payment_id: int,
    *,
    amount: int,
    returned_on: date,
    bank: str,
    reason: str,
    key: str,
    actor: Any,
    clock: Clock | None = None,
) -> Refund:
    """Write a refund down; the gateway is not asked, for it knows nothing of it.

    Args:
        amount: in yen.
        returned_on: the date in Japan on which the money went back.
        bank: how, such as the bank and branch it was sent from.
        key: names this press; a repeat returns the first record.

    Raises:
        NotYen: the amount is not an ``int`` of 1 to 9,999,999.
        NothingTaken: the payment took no money.
        TooMuch: more than was taken, together with what was given back before.
        NotYetReturned: the date lies in the future.
        MayGoBackByItself, UsedBefore: see there.
    """
    card_amount(amount)
    clock = clock or the_clock()
    now = clock.now()
    if returned_on > now.date():
        raise NotYetReturned(returned_on.isoformat())
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        first = Refund.objects.filter(key=key).first()
        if first is not None:
            return _of(payment, first)
        if not has_taken_money(payment):
            raise NothingTaken(payment.transaction_code)
        if payment.operations.filter(state__in=UNFINISHED).exists():
            raise MayGoBackByItself(payment.transaction_code)
        left = payment.amount - refunded(payment)
        if amount > left:
            raise TooMuch(left)
        refund = Refund(
            payment=payment,
            amount=amount,
            returned_on=returned_on,
            bank=bank,
            reason=reason,
            key=key,
            actor=actor,
            recorded_at=now,
        )
        if not insert_once(refund):
            return _of(payment, Refund.objects.get(key=key))
        record_change(
            actor,
            _("Refund recorded"),
            f"{payment.order_reference} ({payment.transaction_code})",
            {_("Amount"): (format_yen(left), format_yen(left - amount))},
            area=AuditArea.OPERATION,
            reason=reason,
            clock=clock,
        )
        payment_changed.send(sender=Payment, payment=payment)
    return refund


def take_back_refund(
    payment_id: int, refund_id: int, *, reason: str, actor: Any, clock: Clock | None = None
) -> None:
    """Take back the record of a refund that was not made, or not so. No money moves by it.

    The record goes; what it said stays in the audit log, with who took it back and why. What it
    stood in the way of, such as 取消, is possible again.

    Args:
        reason: why it was wrong.

    Raises:
        NotRecorded: see there.
    """
    clock = clock or the_clock()
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        refund = payment.refunds.filter(pk=refund_id).first()
        if refund is None:
            raise NotRecorded(refund_id)
        left = payment.amount - refunded(payment)
        refund.delete()
        record_change(
            actor,
            _("Record of a refund taken back"),
            f"{payment.order_reference} ({payment.transaction_code})",
            {
                _("Amount"): (format_yen(left), format_yen(left + refund.amount)),
                _("Returned on"): (f"{refund.returned_on:%Y/%m/%d}", ""),
                _("Bank or way of return"): (refund.bank, ""),
                _("Reason"): (refund.reason, ""),
            },
            area=AuditArea.OPERATION,
            reason=reason,
            clock=clock,
        )
        payment_changed.send(sender=Payment, payment=payment)


def _of(payment: Payment, first: Refund) -> Refund:
    """What an earlier press has recorded, if it was about this payment."""
    if first.payment_id != payment.pk:
        raise UsedBefore(first.key)
    return first
