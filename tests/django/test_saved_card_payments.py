"""登録済みカード: save a card while paying, and pay with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from escott.clock import SettableClock
from escott.django.models import Member, MerchantAccount, Payment, SecureUse, Trip
from escott.django.models.payment import CardSaving
from escott.django.services import operate
from escott.django.services.keep_card import keep_due
from escott.django.services.members import usable_member_of
from escott.gateway import Client as GatewayClient
from escott.gateway import NotSent, NotSentReason, OperateId, Unknown, UnknownReason
from escott.rules.card_states import CardOperation
from escott.rules.instalments import InstalmentOffer
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER, at_once
from tests.django.going import PAGE, Going
from tests.django.test_secure_payments import charges, use_clock

AMEX = "370000000001000"


@pytest.fixture
def hanako(account: MerchantAccount) -> Any:
    return get_user_model().objects.create_user("hanako", "hanako@example.com", "secret-2028")


@pytest.fixture
def shopper(
    hanako: Any,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Going:
    """Signed in, at a shop that saves cards."""
    use_clock(monkeypatch, clock)
    monkeypatch.setattr("tests.django.site.urls.CUSTOMER", hanako)
    going = Going(simulator)
    going.site.force_login(hanako)
    return going


def next_order() -> None:
    """The one order of the site may be paid anew."""
    Payment.objects.update(order_reference="99999", live=False, state="cancelled")


def pays_saved(shopper: Going, **more: str) -> Any:
    given = {"card": "saved", "amount": "3780", "consent": "on", "holder_name": "HANAKO YAMADA"}
    return shopper.site.post(PAGE, given | more)


def test_the_card_is_saved_after_it_was_charged(shopper: Going, hanako: Any) -> None:
    shopper.presses(save_card="on")
    member = usable_member_of(hanako, "test")
    assert member is not None
    assert (member.brand, member.last_four, member.expiry) == ("visa", "1000", "2812")
    assert Payment.objects.get().saving == CardSaving.SAVED
    assert charges(shopper) == [3780]


def test_a_declined_card_is_never_saved(shopper: Going, hanako: Any) -> None:
    shopper.presses("4000000007120001", save_card="on")
    assert not Member.objects.exists()
    assert not shopper.simulator.gateway.members()


def test_without_the_wish_nothing_is_saved(shopper: Going) -> None:
    shopper.presses()
    assert not Member.objects.exists()


def test_with_the_setting_always_no_shopper_opts_out(
    shopper: Going, account: MerchantAccount, hanako: Any
) -> None:
    account.always_saves_card = True
    account.save()
    shopper.presses()
    assert usable_member_of(hanako, "test") is not None


def test_a_guest_cannot_save_a_card(shopper: Going) -> None:
    shopper.site.logout()
    assert shopper.presses(save_card="on").status_code == 422
    assert not Payment.objects.exists()


def test_the_saved_card_pays_without_being_typed(shopper: Going) -> None:
    shopper.presses(save_card="on")
    next_order()
    assert pays_saved(shopper).status_code == 303
    payment = Payment.objects.get(order_reference="100001")
    assert payment.state == "gathered"
    assert payment.member is not None
    assert shopper.simulator.gateway.charges()[-1].kaiin_id == payment.member.kaiin_id


def test_later_operations_name_the_member_exactly_when_the_charge_did(
    shopper: Going, clock: SettableClock
) -> None:
    """K80 and K81: the gateway refuses a member too few and a member too many."""
    shopper.presses(save_card="on")
    by_token = Payment.objects.get()
    cancelled = operate(by_token.pk, CardOperation.CANCEL, key="token", clock=clock)
    next_order()
    pays_saved(shopper)
    by_member = Payment.objects.get(order_reference="100001")
    also = operate(by_member.pk, CardOperation.CANCEL, key="member", clock=clock)
    assert (cancelled.state, also.state) == ("ok", "ok")


def test_with_3d_secure_the_saved_card_is_authenticated_too(
    shopper: Going, account: MerchantAccount
) -> None:
    shopper.presses(save_card="on")
    next_order()
    account.secure_use = SecureUse.USE
    account.save()
    seen = shopper.leaves(pays_saved(shopper))
    shopper.returns(shopper.there.press(seen, action="code", code="123456"))
    payment = Payment.objects.get(order_reference="100001")
    assert (payment.state, payment.secure_result_code) == ("gathered", "0")


def test_a_second_press_with_the_saved_card_charges_nothing(shopper: Going) -> None:
    shopper.presses(save_card="on")
    next_order()
    at_once([lambda: pays_saved(shopper, press="one") for _press in range(8)])
    assert len(charges(shopper)) == 2


def test_a_new_card_takes_the_place_of_the_saved_one(shopper: Going, hanako: Any) -> None:
    shopper.presses(save_card="on")
    old = usable_member_of(hanako, "test")
    next_order()
    shopper.presses(AMEX, save_card="on")
    new = usable_member_of(hanako, "test")
    assert old is not None
    assert new is not None
    assert (old.brand, new.brand) == ("visa", "amex")
    old.refresh_from_db()
    assert (old.current, old.state) == (False, "valid")


def test_the_brand_of_the_saved_card_decides_on_instalments(
    shopper: Going, account: MerchantAccount
) -> None:
    account.instalments = InstalmentOffer.BONUS
    account.save()
    shopper.presses(AMEX, save_card="on")
    next_order()
    assert pays_saved(shopper, pay_type="02").status_code == 422
    assert pays_saved(shopper, pay_type="03").status_code == 303


def test_another_customers_card_is_offered_to_nobody_else(shopper: Going) -> None:
    shopper.presses(save_card="on")
    next_order()
    other = get_user_model().objects.create_user("jiro", "jiro@example.com", "secret-2028")
    shopper.site.force_login(other)
    assert shopper.site.get(PAGE).context["card_form"].terms.saved_card is None
    assert pays_saved(shopper).status_code == 422


def test_a_test_card_is_never_offered_in_production(shopper: Going, hanako: Any) -> None:
    shopper.presses(save_card="on")
    assert usable_member_of(hanako, "production") is None


# -- what gets lost -----------------------------------------------------------------------


def losing(monkeypatch: pytest.MonkeyPatch, operation: OperateId, outcome: Any) -> None:
    """The next telegram of one kind is not sent, or its answer is lost after it was done."""
    send, lost = GatewayClient.send, []

    def lossy(self: GatewayClient, telegram: Any) -> Any:
        if telegram.operate_id is not operation or lost:
            return send(self, telegram)
        lost.append(telegram)
        if isinstance(outcome, Unknown):
            send(self, telegram)
        return outcome

    monkeypatch.setattr(GatewayClient, "send", lossy)


def test_a_lost_answer_to_the_saving_is_found_out_later(
    shopper: Going, hanako: Any, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing(monkeypatch, OperateId.MEMBER_ADD, Unknown(UnknownReason.CONNECTION_LOST, ""))
    shopper.presses(save_card="on")
    assert usable_member_of(hanako, "test") is None
    clock.advance(timedelta(minutes=3))
    from escott.django.services.member_recovery import resolve_members_due

    resolve_members_due(clock, NEVER)
    assert usable_member_of(hanako, "test") is not None


def test_a_saving_that_was_not_sent_is_done_by_the_worker(
    shopper: Going, hanako: Any, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing(monkeypatch, OperateId.MEMBER_ADD, NotSent(NotSentReason.CONNECTION_REFUSED, ""))
    shopper.presses(save_card="on")
    assert Payment.objects.get().saving == CardSaving.WANTED
    clock.advance(timedelta(minutes=3))
    keep_due(clock, NEVER)
    assert usable_member_of(hanako, "test") is not None
    assert Payment.objects.get().saving == CardSaving.SAVED


def test_a_charge_by_member_that_gets_lost_is_unknown_and_never_repeated(
    shopper: Going, monkeypatch: pytest.MonkeyPatch
) -> None:
    shopper.presses(save_card="on")
    next_order()
    losing(monkeypatch, OperateId.GATHERING, Unknown(UnknownReason.CONNECTION_LOST, ""))
    pays_saved(shopper)
    assert Payment.objects.get(order_reference="100001").state == "unknown"
    pays_saved(shopper)
    shopper.presses()
    assert len(charges(shopper)) == 2


def test_a_member_that_the_test_gateway_has_deleted_is_put_aside(
    shopper: Going, hanako: Any
) -> None:
    shopper.presses(save_card="on")
    next_order()
    shopper.simulator.gateway.reset()
    pays_saved(shopper)
    payment = Payment.objects.get(order_reference="100001")
    assert (payment.state, payment.operations.get().response_codes) == ("refused", "K71")
    assert usable_member_of(hanako, "test") is None
    shopper.presses(save_card="on")
    assert usable_member_of(hanako, "test") is not None


def test_a_member_that_the_authentication_does_not_find_is_put_aside(
    shopper: Going, hanako: Any, account: MerchantAccount, settings: Any
) -> None:
    shopper.presses(save_card="on")
    next_order()
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "http://127.0.0.1:9"}
    account.secure_use = SecureUse.USE
    account.save()
    shopper.simulator.gateway.reset()
    shopper.returns(shopper.leaves(pays_saved(shopper)))
    trip = Trip.objects.get()
    assert (trip.state, trip.response_codes) == ("refused", "K71")
    assert usable_member_of(hanako, "test") is None
