"""What the worker does about saved cards: lost answers, replaced cards, old test members."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from escott.clock import SettableClock
from escott.django.models import Member, MerchantAccount
from escott.django.models.payment import CardSaving
from escott.django.services.instruction import CardInstruction
from escott.django.services.member_inquiry import ask_about
from escott.django.services.member_recovery import resolve_members_due
from escott.django.services.members import (
    KeepResult,
    MemberBusy,
    keep_card,
    usable_member_of,
)
from escott.django.services.pay import carry_out, claim_payment
from escott.django.worker import run_once
from escott.gateway import Endpoints
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER
from tests.django.saved_cards import (
    LOST_AFTER,
    MASTERCARD,
    NewToken,
    Order,
    at_the_gateway,
    pay_with,
    saved_card,
)


def pay_and_save(order: Any, card: Any, clock: SettableClock) -> Any:
    """Charge an order to a new card and save that."""
    instruction = CardInstruction(token=card, saves_card=True)
    return carry_out(claim_payment(order, instruction, clock=clock), clock=clock)


def test_a_card_saved_while_paying_takes_the_place_of_the_old_one_which_is_then_deleted(
    customer: Any,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    old = saved_card(customer, token(), clock)
    payment = pay_and_save(new_order(customer=customer), token(MASTERCARD), clock)
    assert payment.saving == CardSaving.SAVED
    usable = usable_member_of(customer, "test")
    assert usable is not None
    assert usable.label == "Mastercard •••• 1006"

    assert resolve_members_due(clock, NEVER) == 1

    assert at_the_gateway(simulator) == {old.kaiin_id: "4", usable.kaiin_id: "0"}
    assert resolve_members_due(clock, NEVER) == 0


def test_a_replaced_card_that_a_payment_needs_is_looked_at_again_each_day_and_then_deleted(
    customer: Any,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    old = saved_card(customer, token(), clock)
    pay_with(old, new_order(customer=customer), clock)
    pay_and_save(new_order(customer=customer), token(MASTERCARD), clock)
    resolve_members_due(clock, NEVER)
    assert at_the_gateway(simulator)[old.kaiin_id] == "0"
    assert resolve_members_due(clock, NEVER) == 0

    Member.objects.update(mode="test", created_at=clock.now() + timedelta(days=30))
    clock.advance(timedelta(days=61))
    resolve_members_due(clock, NEVER)
    old.refresh_from_db()
    assert old.state == "deleted"


def test_a_replaced_card_waits_while_the_gateway_cannot_be_reached(
    customer: Any,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    settings: Any,
    closed_port: int,
) -> None:
    old = saved_card(customer, token(), clock)
    pay_and_save(new_order(customer=customer), token(MASTERCARD), clock)
    reachable = settings.ESCOTT
    settings.ESCOTT = reachable | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    resolve_members_due(clock, NEVER)
    assert resolve_members_due(clock, NEVER) == 0

    settings.ESCOTT = reachable
    clock.advance(timedelta(hours=1))
    resolve_members_due(clock, NEVER)
    old.refresh_from_db()
    assert old.state == "deleted"


def test_a_member_of_the_test_environment_is_put_aside_after_two_months_and_keeps_its_id(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    member = saved_card(customer, token(), clock)
    clock.advance(timedelta(days=60))
    assert resolve_members_due(clock, NEVER) == 0
    assert usable_member_of(customer, "test") == member

    clock.advance(timedelta(days=1))
    assert resolve_members_due(clock, NEVER) == 1

    assert usable_member_of(customer, "test") is None
    old_id = member.kaiin_id
    member.refresh_from_db()
    assert (member.state, member.kaiin_id, member.customer) == ("deleted", old_id, None)


def test_a_member_of_production_is_kept(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    member = saved_card(customer, token(), clock)
    Member.objects.update(mode="production")
    clock.advance(timedelta(days=61))
    resolve_members_due(clock, NEVER)
    member.refresh_from_db()
    assert (member.state, member.due_at) == ("valid", None)


def test_a_gateway_that_does_not_tell_is_asked_again_after_longer_and_longer_pauses(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    keep_card(customer, token(LOST_AFTER), clock=clock)
    MerchantAccount.objects.update(tenant_id="9999")
    for pause in (2, 2, 4, 8):
        clock.advance(timedelta(minutes=pause) - timedelta(seconds=1))
        assert resolve_members_due(clock, NEVER) == 0
        clock.advance(timedelta(seconds=1))
        assert resolve_members_due(clock, NEVER) == 1
    MerchantAccount.objects.update(tenant_id="0001")
    clock.advance(timedelta(hours=1))
    resolve_members_due(clock, NEVER)
    assert usable_member_of(customer, "test") is not None


def test_the_worker_runs_the_job(customer: Any, token: NewToken, clock: SettableClock) -> None:
    keep_card(customer, token(LOST_AFTER), clock=clock)
    clock.advance(timedelta(minutes=2))
    run_once(clock, NEVER)
    assert usable_member_of(customer, "test") is not None


def test_staff_ask_the_gateway_how_a_card_stands(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    member = saved_card(customer, token(), clock)
    Member.objects.update(last_four="", state="invalid")
    member.refresh_from_db()
    assert ask_about(member, clock=clock)
    member.refresh_from_db()
    assert (member.state, member.last_four, member.under_way) == ("valid", "1000", "")


def test_asking_in_vain_leaves_the_card_usable(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    saved_card(customer, token(), clock)
    MerchantAccount.objects.update(tenant_id="9999")
    asked = Member.objects.get()
    assert not ask_about(asked, clock=clock)
    usable = usable_member_of(customer, "test")
    assert usable is not None
    assert usable.due_at == asked.due_at


def test_a_card_with_an_operation_under_way_is_not_asked_about(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    member = keep_card(customer, token(LOST_AFTER), clock=clock).member
    with pytest.raises(MemberBusy):
        ask_about(member, clock=clock)


@pytest.mark.parametrize(("mode", "state"), [("test", "deleted"), ("production", "invalid")])
def test_k71_puts_a_test_card_aside_and_marks_one_of_production(
    mode: str,
    state: str,
    customer: Any,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = Endpoints.at(simulator.base_url)
    monkeypatch.setattr("escott.django.gateway_access.PRODUCTION", here)
    account = MerchantAccount.objects.get()
    MerchantAccount.objects.update(mode=mode, production_password=account.test_password)
    member = saved_card(customer, token(), clock)
    assert member.mode == mode
    simulator.gateway.reset()

    assert ask_about(member, clock=clock)

    member.refresh_from_db()
    assert (member.state, member.response_codes) == (state, "K71")
    assert usable_member_of(customer, mode) is None
    assert keep_card(customer, token(), clock=clock).result is KeepResult.SAVED
