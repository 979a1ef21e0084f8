"""顧客アカウントの削除: the card goes first, or the account stays (requirements.md A164)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models import ProtectedError

from escott.clock import SettableClock
from escott.django.models import Member, Payment
from escott.django.services.close_account import delete_cards_of, what_keeps_account
from escott.django.services.member_deletion import StillNeeded
from escott.rules.saved_cards import Clause
from escott.simulator.server import SimulatorServer
from tests.django.saved_cards import (
    LATER_LOST_AFTER,
    MASTERCARD,
    NewToken,
    Order,
    at_the_gateway,
    pay_with,
    saved_card,
)

User = get_user_model()


def test_a_customer_with_a_card_at_the_gateway_cannot_vanish(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    saved_card(customer, token(), clock)
    with pytest.raises(ProtectedError):
        customer.delete()
    assert User.objects.filter(pk=customer.pk).exists()


def test_a_card_that_nothing_needs_is_deleted_and_then_its_customer_goes(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    member = saved_card(customer, token(), clock)
    delete_cards_of(customer, actor=customer, clock=clock)
    customer.delete()
    assert at_the_gateway(simulator) == {member.kaiin_id: "4"}
    assert Member.objects.get().customer is None


def test_a_card_that_a_payment_needs_keeps_the_account_and_the_clause_is_named(
    customer: Any,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    member = saved_card(customer, token(), clock)
    payment = pay_with(member, new_order(customer=customer), clock)

    with pytest.raises(StillNeeded) as refusal:
        delete_cards_of(customer, actor=customer, clock=clock)

    [obstacle] = refusal.value.obstacles
    assert (obstacle.clause, obstacle.payments) == (Clause.HANDLING_PERIOD, (payment,))
    assert at_the_gateway(simulator) == {member.kaiin_id: "0"}
    clock.advance(timedelta(days=61))
    assert what_keeps_account(customer, clock=clock) == []


def test_of_several_cards_none_is_deleted_while_one_must_stay(
    customer: Any,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    replaced = saved_card(customer, token(), clock)
    Member.objects.update(current=False)
    current = saved_card(customer, token(MASTERCARD), clock)
    pay_with(current, new_order(customer=customer), clock)
    assert [each.clause for each in what_keeps_account(customer, clock=clock)] == [
        Clause.HANDLING_PERIOD
    ]
    with pytest.raises(StillNeeded):
        delete_cards_of(customer, actor=customer, clock=clock)
    assert at_the_gateway(simulator) == {replaced.kaiin_id: "0", current.kaiin_id: "0"}


def test_while_the_deletion_of_the_card_has_not_ended_the_account_stays(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    saved_card(customer, token(LATER_LOST_AFTER), clock)
    for _attempt in range(2):
        with pytest.raises(StillNeeded) as refusal:
            delete_cards_of(customer, actor=customer, clock=clock)
        assert [each.clause for each in refusal.value.obstacles] == [Clause.UNFINISHED]


def test_a_customer_without_a_card_goes_without_the_gateway(
    customer: Any, new_order: Order, settings: Any, closed_port: int
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    delete_cards_of(customer, actor=customer)
    customer.delete()
    assert not Payment.objects.exists()
