"""顧客アカウントの削除: first the customer's cards at the gateway, then the customer.

A user can't vanish under a card member: the row protects its customer in the database, and
here the card is deleted, or the clause is named that keeps it (requirements.md A164).
"""

from __future__ import annotations

from typing import Any

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import Member, MemberState
from escott.django.services.member_deletion import DeletionResult, StillNeeded, delete_member
from escott.django.services.member_needs import Obstacle, why_not
from escott.django.services.members import MemberBusy
from escott.rules.saved_cards import Clause


def what_keeps_account(customer: Any, *, clock: Clock | None = None) -> list[Obstacle]:
    """The clauses that keep the customer's cards, and so the account; without the gateway."""
    now = (clock or the_clock()).now()
    found = [obstacle for member in _cards_of(customer) for obstacle in why_not(member, now)]
    return _merged(found)


def delete_cards_of(customer: Any, *, actor: Any, clock: Clock | None = None) -> None:
    """Delete every card of a customer whose account is about to be closed. All or none: the
    rule is looked at for all of them first.

    Args:
        actor: who closes the account, for the audit log.

    Raises:
        StillNeeded: a card must stay, or its deletion has not ended; so must the account.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    if obstacles := what_keeps_account(customer, clock=clock):
        raise StillNeeded(obstacles)
    for member in _cards_of(customer):
        try:
            deletion = delete_member(member, actor=actor, clock=clock)
        except MemberBusy:
            raise StillNeeded([Obstacle(Clause.UNFINISHED)]) from None
        if deletion.result is not DeletionResult.DELETED:
            raise StillNeeded([Obstacle(Clause.UNFINISHED)])


def _cards_of(customer: Any) -> list[Member]:
    at_the_gateway = Member.objects.filter(customer=customer).exclude(state=MemberState.DELETED)
    return list(at_the_gateway.select_related("account", "customer").order_by("id"))


def _merged(found: list[Obstacle]) -> list[Obstacle]:
    """Each clause once, with the payments of all cards."""
    payments = {
        clause: {
            payment.pk: payment
            for obstacle in found
            if obstacle.clause is clause
            for payment in obstacle.payments
        }
        for clause in Clause
    }
    named = {obstacle.clause for obstacle in found}
    return [
        Obstacle(clause, tuple(payments[clause].values())) for clause in Clause if clause in named
    ]
