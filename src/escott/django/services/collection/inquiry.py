"""2Ref: ask the gateway how a slip stands, and what it has told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from escott.clock import Clock
from escott.django.gateway_access import contract_of, lend_connections
from escott.django.models import Payment, Slip
from escott.django.services.token_check import client_for_inquiries
from escott.gateway import Answer, Deposit, Ok, Outcome, Refused, SlipReference

#: What the rate of inquiries is counted by, and how long a silent gateway is left alone.
LATELY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Paid:
    """The slip was paid.

    Attributes:
        amount: in yen.
        transaction_id: 処理連番 of the answer.
    """

    amount: int
    deposit: Deposit
    transaction_id: str = ""


@dataclass(frozen=True, slots=True)
class NotPaid:
    """The slip waits for its payer. ``amount`` is what it asks for, in yen, where that is told."""

    amount: int | None


@dataclass(frozen=True, slots=True)
class Gone:
    """The gateway knows no such slip (K12): it was deleted, or the time for it is over."""


@dataclass(frozen=True, slots=True)
class Untold:
    """The gateway has answered, and told nothing of this slip; of another one it may."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The gateway did not answer; nothing is known."""


Finding = Paid | NotPaid | Gone | Untold | NoAnswer


@dataclass(frozen=True, slots=True)
class Asked:
    """What the gateway has told, and the moment before it was asked: what is told is as old."""

    finding: Finding
    at: datetime


def ask(payment: Payment, clock: Clock) -> Asked:
    """Ask about a payment that has a ProcessId. Who asks for people holds a place for calls."""
    at = clock.now()
    transaction = payment.transaction
    if transaction is None:
        return Asked(NoAnswer(), at)
    Slip.objects.filter(payment_id=payment.pk).update(asked_at=at)
    asked = SlipReference(transaction_code=payment.transaction_code, transaction=transaction)
    client = client_for_inquiries(contract_of(payment), payment.mode, clock)
    lend_connections()
    return Asked(finding_of(client.send(asked)), at)


def asked_lately(now: datetime) -> QuerySet[Slip]:
    """The slips that were asked about in the last minute."""
    return Slip.objects.filter(asked_at__gt=now - LATELY, asked_at__lte=now)


def is_silent(now: datetime, mode: str) -> bool:
    """Whether an inquiry of the last minute was in vain: the gateway is left alone for that long,
    but for what people want to know. Test and production are two gateways.
    """
    in_vain = asked_lately(now).filter(attempts__gt=0, leased_until__isnull=True)
    return in_vain.filter(payment__mode=mode).exists()


def finding_of(outcome: Outcome) -> Finding:
    """What an answer to 2Ref tells. A deposit whose amount is not told is not believed."""
    match outcome:
        case Ok(answer):
            return _told(answer)
        case Refused(_, codes) if any(code.code == "K12" for code in codes):
            return Gone()
        case Refused():
            return Untold()
        case _:
            return NoAnswer()


def _told(answer: Answer) -> Finding:
    if answer.deposit is None:
        return NotPaid(answer.amount)
    if answer.amount is None:
        return Untold()
    return Paid(answer.amount, answer.deposit, answer.transaction_id)
