"""What a saved card is still needed for: the facts of the rule, and the payments behind them.

A few queries, and never the gateway. Source: requirements.md part 2 no. 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from escott.clock import in_japan
from escott.django.models import Member, Operation, Payment, Trip, TripState
from escott.django.models.member import MemberOperation
from escott.django.models.operation import UNFINISHED
from escott.rules.card_states import CardOperation
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import UNRESOLVED, PaymentState
from escott.rules.saved_cards import (
    SALE_DAYS,
    CardFacts,
    Clause,
    PaymentFacts,
    clauses_in_the_way,
    clauses_of,
)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One clause that keeps a saved card, and the payments that it is about, newest first."""

    clause: Clause
    payments: tuple[Payment, ...] = ()


def why_not(member: Member, now: datetime, *, claimed: bool = False) -> list[Obstacle]:
    """What stands in the way of deleting a saved card; empty if nothing does.

    For the card that the customer is offered, every payment of the customer counts, as the
    manual has it; for one that was replaced, the payments that were made with it.

    Args:
        now: the present (aware).
        claimed: the card has been claimed by who asks, so that its deletion is under way.
    """
    payments = {payment.pk: payment for payment in _payments(member, now)}
    facts = {key: _facts(payment, member) for key, payment in payments.items()}
    card = CardFacts(
        payments=tuple(facts.values()),
        operation_under_way=_is_in_use(member, now, claimed=claimed),
    )
    return [
        Obstacle(
            clause,
            tuple(payments[key] for key, fact in facts.items() if clause in clauses_of(fact, now)),
        )
        for clause in clauses_in_the_way(card, now)
    ]


def payments_lost_with(member: Member, obstacles: list[Obstacle]) -> list[Payment]:
    """The payments on which nothing can be done any more once the card is deleted."""
    made_with_it = {
        payment.pk: payment
        for obstacle in obstacles
        for payment in obstacle.payments
        if payment.member_id == member.pk
    }
    return list(made_with_it.values())


def _payments(member: Member, now: datetime) -> QuerySet[Payment]:
    unfinished = Operation.objects.filter(payment=OuterRef("pk"), state__in=UNFINISHED)
    owner = Q(member=member)
    if member.current and member.customer_id is not None:
        owner |= Q(customer=member.customer_id, mode=member.mode)
    may_count = (
        Q(state__in=[PaymentState.AUTHORISED, *UNRESOLVED])
        | Q(charged_at__gt=now - SALE_DAYS)
        | Q(operable_until__gte=in_japan(now).date())
        | Q(has_unfinished=True)
    )
    found = Payment.objects.annotate(has_unfinished=Exists(unfinished))
    by_card = Q(method=PaymentMethod.CARD.value)
    return found.filter(by_card, owner, may_count).order_by("-id")


def _facts(payment: Payment, member: Member) -> PaymentFacts:
    return PaymentFacts(
        state=PaymentState(payment.state),
        charged_by=CardOperation(payment.charged_by),
        charged_at=payment.charged_at,
        operable_until=payment.operable_until,
        with_this_card=payment.member_id == member.pk,
        has_unfinished_operation=payment.has_unfinished,  # type: ignore[attr-defined]
    )


def _is_in_use(member: Member, now: datetime, *, claimed: bool) -> bool:
    """Another operation on the card has not ended, or a shopper is away to pay with it."""
    if not claimed and member.under_way != MemberOperation.NONE:
        return True
    away = Trip.objects.filter(member=member, state=TripState.OPEN, ends_at__gt=now)
    return away.exists()
