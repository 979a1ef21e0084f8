"""カード会員情報の削除: the rule in the service, the two telegrams, the staff's override."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.transaction import TransactionManagementError

from escott.clock import SettableClock
from escott.django.models import AuditEntry, Member, MerchantAccount, Payment
from escott.django.services import member_deletion, operate, pay_by_token
from escott.django.services.claim import SavedCardUnusable
from escott.django.services.member_deletion import (
    DeletionResult,
    OverrideRefused,
    StillNeeded,
    delete_member,
)
from escott.django.services.member_needs import Obstacle, payments_lost_with, why_not
from escott.django.services.member_recovery import resolve_members_due
from escott.django.services.members import MemberBusy, keep_card, usable_member_of
from escott.gateway import OperateId, Secret
from escott.rules.card_states import CardOperation
from escott.rules.saved_cards import Clause
from escott.simulator.member_law import MEMBER_LAW, MemberStatus
from escott.simulator.options import Options
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER, at_once
from tests.django.saved_cards import (
    LATER_LOST_AFTER,
    LATER_LOST_BEFORE,
    LOST_AFTER,
    MASTERCARD,
    NewToken,
    Order,
    at_the_gateway,
    pay_with,
    saved_card,
)
from tests.payment_rows import payment_row


@pytest.fixture
def member(customer: Any, token: NewToken, clock: SettableClock) -> Member:
    """A saved card that nothing needs."""
    return saved_card(customer, token(), clock)


@pytest.fixture
def staff(account: MerchantAccount) -> Any:
    """A member of staff who may override the rule."""
    user = get_user_model().objects.create_user("suzuki", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="override_saved_card"))
    return user


def clauses(member: Member, clock: SettableClock) -> list[Clause]:
    return [obstacle.clause for obstacle in why_not(member, clock.now())]


# ---- The telegrams ----


def test_a_card_that_nothing_needs_is_invalidated_and_deleted(
    member: Member, customer: Any, clock: SettableClock, simulator: SimulatorServer
) -> None:
    deletion = delete_member(member, clock=clock)

    assert deletion.result is DeletionResult.DELETED
    assert at_the_gateway(simulator) == {member.kaiin_id: "4"}
    member.refresh_from_db()
    assert (member.state, member.customer, member.current) == ("deleted", None, False)
    assert (member.under_way, member.due_at) == ("", None)
    assert usable_member_of(customer, "test") is None


@pytest.mark.parametrize("state", ["started", "unpaid", "deposited"])
def test_a_payment_without_a_card_keeps_no_card(
    state: str, member: Member, customer: Any, clock: SettableClock
) -> None:
    payment_row(
        method="collection",
        charged_by="register",
        state=state,
        live=True,
        customer=customer,
        mode="test",
        created_at=clock.now(),
    )
    assert clauses(member, clock) == []


def test_the_row_of_a_deleted_card_stays_for_its_payments(
    member: Member, new_order: Order, clock: SettableClock
) -> None:
    payment = pay_with(member, new_order(), clock)
    clock.advance(timedelta(days=61))
    delete_member(member, clock=clock)
    payment.refresh_from_db()
    assert payment.member == member


def test_a_card_that_is_deleted_already_is_deleted_without_the_gateway(
    member: Member, clock: SettableClock, simulator: SimulatorServer
) -> None:
    delete_member(member, clock=clock)
    simulator.gateway.reset()
    assert delete_member(member, clock=clock).result is DeletionResult.DELETED


def test_a_card_that_was_invalidated_before_is_deleted_all_the_same(
    member: Member, clock: SettableClock, simulator: SimulatorServer
) -> None:
    fields = {"KaiinId": member.kaiin_id, "KaiinPass": member.kaiin_pass.reveal()}
    merchant = simulator.gateway.merchant(member.account.merchant_id)
    assert merchant is not None
    simulator.gateway.handle(
        "/online/crp/OCRP005.do",
        {
            "MerchantId": merchant.merchant_id,
            "MerchantPass": merchant.merchant_pass,
            "TenantId": "0001",
            "TransactionDate": f"{clock.now():%Y%m%d}",
            "OperateId": "4MemInval",
            "MerchantFree1": "000000000001",
            **fields,
        },
    )
    assert at_the_gateway(simulator) == {member.kaiin_id: "3"}

    assert delete_member(member, clock=clock).result is DeletionResult.DELETED
    assert at_the_gateway(simulator) == {member.kaiin_id: "4"}


def test_a_card_that_the_gateway_does_not_know_is_deleted_here(
    member: Member, clock: SettableClock, simulator: SimulatorServer
) -> None:
    simulator.gateway.reset()
    assert delete_member(member, clock=clock).result is DeletionResult.DELETED
    member.refresh_from_db()
    assert (member.state, member.response_codes) == ("deleted", "K71")


def test_a_gateway_that_refuses_everything_leaves_the_deletion_to_the_worker(
    member: Member, clock: SettableClock
) -> None:
    MerchantAccount.objects.update(tenant_id="9999")
    deletion = delete_member(Member.objects.get(), clock=clock)
    assert deletion.result is DeletionResult.UNDER_WAY

    MerchantAccount.objects.update(tenant_id="0001")
    clock.advance(timedelta(minutes=2))
    resolve_members_due(clock, NEVER)
    member.refresh_from_db()
    assert member.state == "deleted"


def test_a_deletion_that_the_gateway_refuses_leaves_the_card_as_the_gateway_has_it(
    customer: Any, token: NewToken, clock: SettableClock, settings: Any
) -> None:
    invalid = {**MEMBER_LAW[MemberStatus.INVALID], OperateId.MEMBER_DELETE: "K79"}
    law = {**MEMBER_LAW, MemberStatus.INVALID: invalid}
    with SimulatorServer(options=Options(member_law=law), clock=clock) as stubborn:
        settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": stubborn.base_url}
        member = saved_card(customer, Secret(stubborn.gateway.token_for()), clock)
        deletion = delete_member(member, clock=clock)

    assert deletion.result is DeletionResult.REFUSED
    assert [code.code for code in deletion.codes] == ["K79"]
    member.refresh_from_db()
    assert (member.state, member.under_way, member.customer) == ("invalid", "", customer)


def test_a_gateway_that_cannot_be_reached_leaves_the_card_usable(
    member: Member, customer: Any, clock: SettableClock, settings: Any, closed_port: int
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    assert delete_member(member, clock=clock).result is DeletionResult.NOT_SENT
    assert usable_member_of(customer, "test") == member


@pytest.mark.parametrize("card", [LATER_LOST_AFTER, LATER_LOST_BEFORE], ids=["done", "not done"])
def test_a_deletion_whose_answers_are_lost_keeps_the_card_from_being_used_and_is_gone_on_with(
    card: str,
    customer: Any,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    new_order: Order,
) -> None:
    member = saved_card(customer, token(card), clock)
    assert delete_member(member, clock=clock).result is DeletionResult.UNDER_WAY
    assert usable_member_of(customer, "test") is None
    with pytest.raises(SavedCardUnusable):
        pay_with(member, new_order(), clock)
    assert not simulator.gateway.charges()

    for _round in range(2):
        clock.advance(timedelta(minutes=10))
        resolve_members_due(clock, NEVER)

    member.refresh_from_db()
    done = card == LATER_LOST_AFTER
    assert (member.state, member.under_way) == (("deleted", "") if done else ("valid", "delete"))


def test_a_card_that_is_being_changed_is_not_deleted(
    member: Member, customer: Any, token: NewToken, clock: SettableClock
) -> None:
    keep_card(customer, token(LOST_AFTER), clock=clock)
    member.refresh_from_db()
    assert clauses(member, clock) == [Clause.UNFINISHED]
    with pytest.raises(StillNeeded):
        delete_member(member, clock=clock)


def test_a_claim_that_came_first_keeps_others_from_deleting(
    member: Member, clock: SettableClock, staff: Any
) -> None:
    Member.objects.update(under_way="change")
    with pytest.raises(MemberBusy):
        delete_member(member, actor=staff, override=True, reason="申し出", clock=clock)


def test_nothing_is_sent_inside_a_transaction(member: Member, clock: SettableClock) -> None:
    with pytest.raises(TransactionManagementError), transaction.atomic():
        delete_member(member, clock=clock)


# ---- The clauses ----


def test_an_authorised_sale_of_the_customer_keeps_the_card_for_ninety_days(
    member: Member, customer: Any, new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    sale = pay_by_token(new_order(customer=customer), token(), clock=clock)
    operate(sale.pk, CardOperation.CAPTURE, key="capture", clock=clock)
    assert why_not(member, clock.now()) == [Obstacle(Clause.AUTHORISATION, (sale,))]
    clock.advance(timedelta(days=90))
    assert clauses(member, clock) == []


def test_a_sale_of_somebody_else_or_of_the_other_mode_keeps_no_card(
    member: Member, customer: Any, new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    pay_by_token(new_order(), token(), clock=clock)
    other = pay_by_token(new_order(customer=customer), token(), clock=clock)
    Payment.objects.filter(pk=other.pk).update(mode="production")
    assert clauses(member, clock) == []


def test_a_payment_made_with_the_card_keeps_it_for_its_handling_period(
    member: Member, new_order: Order, clock: SettableClock
) -> None:
    payment = pay_with(member, new_order(), clock)
    assert why_not(member, clock.now()) == [Obstacle(Clause.HANDLING_PERIOD, (payment,))]
    clock.advance(timedelta(days=60))
    assert clauses(member, clock) == [Clause.HANDLING_PERIOD]
    clock.advance(timedelta(days=1))
    assert clauses(member, clock) == []


def test_a_payment_whose_result_is_unknown_keeps_the_card(
    member: Member, customer: Any, new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    pay_by_token(new_order(customer=customer), token(LOST_AFTER), clock=clock)
    assert clauses(member, clock) == [Clause.UNFINISHED]


def test_an_operation_whose_result_is_unknown_keeps_the_card(
    customer: Any, new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    member = saved_card(customer, token(), clock)
    paid = pay_by_token(new_order(customer=customer), token(LATER_LOST_AFTER), clock=clock)
    operate(paid.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    clock.advance(timedelta(days=200))
    assert why_not(member, clock.now()) == [Obstacle(Clause.UNFINISHED, (paid,))]


def test_a_card_that_was_replaced_is_kept_by_the_payments_made_with_it_alone(
    member: Member, customer: Any, new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    Member.objects.filter(pk=member.pk).update(current=False)
    member.refresh_from_db()
    pay_by_token(new_order(customer=customer), token(MASTERCARD), clock=clock)
    assert clauses(member, clock) == []


def test_what_keeps_the_card_is_told_in_few_queries(
    member: Member,
    new_order: Order,
    clock: SettableClock,
    django_assert_max_num_queries: Any,
) -> None:
    for _payment in range(3):
        pay_with(member, new_order(), clock)
    with django_assert_max_num_queries(2):
        why_not(member, clock.now())


# ---- Races ----


def test_a_payment_that_comes_between_the_look_and_the_claim_is_seen(
    member: Member,
    new_order: Order,
    clock: SettableClock,
    simulator: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look_and_then_pay(*args: Any, **kwargs: Any) -> list[Obstacle]:
        found = why_not(*args, **kwargs)
        if not kwargs.get("claimed"):
            pay_with(member, new_order(), clock)
        return found

    monkeypatch.setattr(member_deletion, "why_not", look_and_then_pay)
    with pytest.raises(StillNeeded):
        delete_member(member, clock=clock)

    assert at_the_gateway(simulator) == {member.kaiin_id: "0"}
    member.refresh_from_db()
    assert member.under_way == ""


def test_a_card_is_never_both_charged_and_deleted(
    customer: Any,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    for _round in range(5):
        member = saved_card(customer, token(), clock)
        order = new_order()

        def pay(member: Member = member, order: Any = order) -> Any:
            return pay_with(member, order, clock)

        def delete(member: Member = member) -> Any:
            return delete_member(Member.objects.get(pk=member.pk), clock=clock)

        at_once([pay, delete] if _round % 2 else [delete, pay])

        charged = len(simulator.gateway.charges())
        deleted = at_the_gateway(simulator)[member.kaiin_id] == "4"
        assert charged + deleted == 1
        simulator.gateway.reset()
        Payment.objects.update(member=None)
        Member.objects.all().update(current=False, customer=None)


# ---- The override ----


def test_staff_may_delete_a_card_that_is_still_needed_and_it_is_written_down(
    member: Member,
    new_order: Order,
    clock: SettableClock,
    simulator: SimulatorServer,
    staff: Any,
) -> None:
    payment = pay_with(member, new_order(), clock)
    assert payments_lost_with(member, why_not(member, clock.now())) == [payment]

    deletion = delete_member(
        member, actor=staff, override=True, reason="お客様の申し出", clock=clock
    )

    assert deletion.result is DeletionResult.DELETED
    assert at_the_gateway(simulator) == {member.kaiin_id: "4"}
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.reason) == (staff, "お客様の申し出")
    assert payment.transaction_code in str(entry.changes)
    assert "1000" in entry.subject
    assert member.kaiin_pass.reveal() not in f"{entry.subject}{entry.changes}"


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_override_without_a_reason_is_refused(
    reason: str, member: Member, clock: SettableClock, staff: Any, simulator: SimulatorServer
) -> None:
    with pytest.raises(OverrideRefused):
        delete_member(member, actor=staff, override=True, reason=reason, clock=clock)
    assert at_the_gateway(simulator) == {member.kaiin_id: "0"}


def test_an_override_without_the_permission_is_refused(
    member: Member, customer: Any, clock: SettableClock
) -> None:
    for actor in (customer, None):
        with pytest.raises(OverrideRefused):
            delete_member(member, actor=actor, override=True, reason="申し出", clock=clock)


def test_a_permitted_deletion_is_written_down_with_who_did_it(
    member: Member, customer: Any, clock: SettableClock
) -> None:
    delete_member(member, actor=customer, clock=clock)
    entry = AuditEntry.objects.get()
    assert entry.actor == customer
    assert entry.changes == {}


def test_a_refused_deletion_is_not_written_down(
    member: Member, customer: Any, new_order: Order, clock: SettableClock
) -> None:
    pay_with(member, new_order(), clock)
    with pytest.raises(StillNeeded):
        delete_member(member, actor=customer, clock=clock)
    assert not AuditEntry.objects.exists()
