"""カード会員: a customer's card is saved and changed; one current card per customer and mode."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.transaction import TransactionManagementError

from escott.clock import SettableClock
from escott.django.models import Member, MerchantAccount
from escott.django.services.member_recovery import resolve_members_due
from escott.django.services.member_reference import refresh
from escott.django.services.members import (
    KeepResult,
    MemberBusy,
    SavedCardsOff,
    keep_card,
    new_member,
    usable_member_of,
)
from escott.rules.unknown_outcome import GRACE
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER, at_once
from tests.django.saved_cards import (
    CARRIED_OUT_LATE,
    DECLINED_G12,
    LOST_AFTER,
    LOST_BEFORE,
    MASTERCARD,
    NewToken,
    Order,
    at_the_gateway,
    pay_with,
)


def test_a_card_is_saved_with_what_its_owner_knows_it_by(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    kept = keep_card(customer, token(), clock=clock)

    assert kept.result is KeepResult.SAVED
    member = Member.objects.get()
    assert (member.state, member.current, member.under_way) == ("valid", True, "")
    assert (member.label, member.expiry_text) == ("VISA •••• 1000", "12/28")
    assert at_the_gateway(simulator) == {member.kaiin_id: "0"}
    assert usable_member_of(customer, "test") == member


def test_the_row_holds_no_card_number_and_shows_no_password(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    member = keep_card(customer, token(), clock=clock).member
    assert len(member.kaiin_pass.reveal()) == 12
    assert member.kaiin_pass.reveal() not in f"{member!r} {member} {vars(member)}"


def test_a_saved_card_pays_and_the_charge_carries_the_member(
    customer: Any,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    member = keep_card(customer, token(), clock=clock).member
    payment = pay_with(member, new_order(customer=customer), clock)
    assert payment.is_paid
    assert payment.member == member
    assert [charge.kaiin_id for charge in simulator.gateway.charges()] == [member.kaiin_id]


def test_another_card_takes_the_place_of_the_saved_one_under_the_same_member(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    first = keep_card(customer, token(), clock=clock).member
    changed = keep_card(customer, token(MASTERCARD), clock=clock)

    assert (changed.result, changed.member.pk) == (KeepResult.SAVED, first.pk)
    assert Member.objects.get().label == "Mastercard •••• 1006"
    assert len(simulator.gateway.members()) == 1


def test_a_refused_card_is_not_saved_and_leaves_no_member_behind(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    kept = keep_card(customer, token(DECLINED_G12), clock=clock)

    assert kept.result is KeepResult.REFUSED
    assert [code.code for code in kept.codes] == ["G12"]
    assert not simulator.gateway.members()
    assert usable_member_of(customer, "test") is None
    assert Member.objects.get().state == "absent"


def test_a_refused_change_leaves_the_saved_card_as_it_was(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    keep_card(customer, token(), clock=clock)
    assert keep_card(customer, token(DECLINED_G12), clock=clock).result is KeepResult.REFUSED
    usable = usable_member_of(customer, "test")
    assert usable is not None
    assert usable.label == "VISA •••• 1000"


def test_a_card_whose_answer_was_lost_is_found_by_asking(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    kept = keep_card(customer, token(LOST_AFTER), clock=clock)
    assert kept.result is KeepResult.UNKNOWN
    assert usable_member_of(customer, "test") is None

    clock.advance(timedelta(minutes=2))
    assert resolve_members_due(clock, NEVER) == 1

    usable = usable_member_of(customer, "test")
    assert usable is not None
    assert usable.last_four == "0001"


def test_a_card_that_is_saved_late_is_not_taken_for_absent_before(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    member = keep_card(customer, token(CARRIED_OUT_LATE), clock=clock).member
    clock.advance(timedelta(seconds=10))
    assert not refresh(member, clock, given_up_at=member.changed_at)
    clock.advance(timedelta(seconds=30))
    assert refresh(member, clock, given_up_at=member.changed_at)
    assert usable_member_of(customer, "test") == member


def test_a_card_that_never_arrived_is_found_absent_and_can_be_saved_again(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    assert keep_card(customer, token(LOST_BEFORE), clock=clock).result is KeepResult.UNKNOWN
    clock.advance(GRACE + timedelta(minutes=1))
    resolve_members_due(clock, NEVER)

    gone = Member.objects.get()
    assert (gone.state, gone.under_way, gone.customer) == ("absent", "", None)
    assert keep_card(customer, token(), clock=clock).result is KeepResult.SAVED


@pytest.mark.parametrize(
    ("card", "last_four"), [(LOST_AFTER, "0001"), (LOST_BEFORE, "1000")], ids=["done", "not done"]
)
def test_a_change_whose_answer_was_lost_is_found_by_asking(
    card: str, last_four: str, customer: Any, token: NewToken, clock: SettableClock
) -> None:
    keep_card(customer, token(), clock=clock)
    assert keep_card(customer, token(card), clock=clock).result is KeepResult.UNKNOWN
    assert usable_member_of(customer, "test") is None

    clock.advance(GRACE + timedelta(minutes=1))
    resolve_members_due(clock, NEVER)

    usable = usable_member_of(customer, "test")
    assert usable is not None
    assert usable.last_four == last_four


def test_while_a_card_is_being_saved_another_is_not_begun(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    keep_card(customer, token(LOST_AFTER), clock=clock)
    with pytest.raises(MemberBusy):
        keep_card(customer, token(), clock=clock)
    assert len(simulator.gateway.members()) == 1


def test_while_a_card_is_being_changed_another_change_is_not_begun(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    keep_card(customer, token(), clock=clock)
    keep_card(customer, token(LOST_AFTER), clock=clock)
    with pytest.raises(MemberBusy):
        keep_card(customer, token(MASTERCARD), clock=clock)


def test_of_cards_saved_at_once_one_is_current_and_no_other_stays_at_the_gateway(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    def save(card: Any) -> Callable[[], Any]:
        return lambda: keep_card(customer, card, clock=clock)

    results = at_once([save(token()), save(token(MASTERCARD))])

    saved = [kept for kept in results if not isinstance(kept, Exception)]
    assert all(isinstance(kept, MemberBusy) for kept in results if isinstance(kept, Exception))
    assert all(kept.result is KeepResult.SAVED for kept in saved)
    assert saved
    [current] = Member.objects.filter(customer=customer, current=True)
    resolve_members_due(clock, NEVER)
    valid = [kaiin_id for kaiin_id, status in at_the_gateway(simulator).items() if status == "0"]
    assert valid == [current.kaiin_id]


def test_an_id_that_the_gateway_knows_already_is_refused_and_another_one_serves(
    customer: Any,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = get_user_model().objects.create_user("taro")
    taken = keep_card(other, token(), clock=clock).member
    Member.objects.all().delete()
    with monkeypatch.context() as patched:
        name = "escott.django.services.members._random"
        patched.setattr(name, lambda _length: iter(taken.kaiin_id[1:]))
        refused = keep_card(customer, token(), clock=clock)
    assert [code.code for code in refused.codes] == ["K69"]
    assert keep_card(customer, token(), clock=clock).result is KeepResult.SAVED


def test_a_member_that_the_gateway_has_not_got_any_more_is_made_anew_by_the_next_change(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    lost = keep_card(customer, token(), clock=clock).member
    simulator.gateway.reset()
    kept = keep_card(customer, token(MASTERCARD), clock=clock)

    assert kept.result is KeepResult.SAVED
    assert kept.member.pk != lost.pk
    lost.refresh_from_db()
    assert (lost.state, lost.customer) == ("deleted", None)
    assert at_the_gateway(simulator) == {kept.member.kaiin_id: "0"}


def test_a_charge_that_meets_a_missing_member_heals_it_in_test_mode(
    customer: Any,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    member = keep_card(customer, token(), clock=clock).member
    simulator.gateway.reset()
    payment = pay_with(member, new_order(customer=customer), clock)
    assert payment.state == "refused"
    member.refresh_from_db()
    assert (member.state, member.kaiin_id != "") == ("deleted", True)
    assert keep_card(customer, token(), clock=clock).result is KeepResult.SAVED


def test_test_and_production_have_cards_of_their_own(
    customer: Any, token: NewToken, clock: SettableClock, account: MerchantAccount
) -> None:
    in_test = keep_card(customer, token(), clock=clock).member
    assert usable_member_of(customer, "production") is None

    in_production = new_member(account, customer, clock.now())
    Member.objects.filter(pk=in_production.pk).update(
        mode="production", current=True, state="valid", under_way=""
    )

    assert usable_member_of(customer, "production") == in_production
    assert usable_member_of(customer, "test") == in_test


def test_a_shop_that_saves_no_cards_saves_none(
    customer: Any, token: NewToken, clock: SettableClock
) -> None:
    MerchantAccount.objects.update(saves_cards=False)
    with pytest.raises(SavedCardsOff):
        keep_card(customer, token(), clock=clock)
    assert not Member.objects.exists()


def test_a_gateway_that_cannot_be_reached_has_saved_nothing_and_may_be_tried_again(
    customer: Any, token: NewToken, clock: SettableClock, settings: Any, closed_port: int
) -> None:
    new = token()
    reachable = settings.ESCOTT
    settings.ESCOTT = reachable | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    assert keep_card(customer, new, clock=clock).result is KeepResult.NOT_SENT
    settings.ESCOTT = reachable
    assert keep_card(customer, new, clock=clock).result is KeepResult.SAVED


def test_beyond_the_bound_on_calls_nothing_is_sent_and_it_may_be_tried_again(
    customer: Any, token: NewToken, clock: SettableClock, settings: Any
) -> None:
    from escott.django.gateway_access import call_slot

    settings.ESCOTT = settings.ESCOTT | {"MAX_GATEWAY_CALLS": 1}
    with call_slot():
        assert keep_card(customer, token(), clock=clock).result is KeepResult.NOT_SENT
    assert keep_card(customer, token(), clock=clock).result is KeepResult.SAVED


def test_nothing_is_sent_inside_a_transaction(
    customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    with pytest.raises(TransactionManagementError), transaction.atomic():
        keep_card(customer, token(), clock=clock)
    assert not simulator.gateway.members()
