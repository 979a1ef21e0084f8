"""外部リンク型 with saved cards: paying with one, saving one, changing it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from escott.clock import SettableClock
from escott.django.models import Connection, Member, MerchantAccount, Payment, Trip
from escott.django.services import operate
from escott.django.services.instruction import CardInstruction
from escott.django.services.member_recovery import resolve_members_due
from escott.django.services.members import usable_member_of
from escott.django.services.open_trip import open_card_trip
from escott.django.services.start_trip import start_url
from escott.gateway.crypto import encrypt_value
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER
from tests.django.going import BACK, PAGE, Going
from tests.django.test_saved_card_payments import next_order
from tests.django.test_secure_payments import charges, use_clock
from tests.simulator.shopper import KEYS, Seen

VISA, JCB = "4000000000001000", "3530000000001001"


@pytest.fixture
def hanako(account: MerchantAccount) -> Any:
    return get_user_model().objects.create_user("hanako", "hanako@example.com", "secret-2028")


@pytest.fixture
def shopper(
    hanako: Any,
    account: MerchantAccount,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Going:
    """Signed in, at a shop with the external link type that saves cards."""
    use_clock(monkeypatch, clock)
    monkeypatch.setattr("tests.django.site.urls.CUSTOMER", hanako)
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "http://127.0.0.1:9"}
    account.connection = Connection.LINK
    account.save()
    going = Going(simulator)
    going.site.force_login(hanako)
    return going


def goes(shopper: Going, **posted: str) -> Seen:
    """Presses the button of the payment page and goes to the gateway's page."""
    given = {"amount": "3780", "consent": "on"}
    return shopper.leaves(shopper.site.post(PAGE, given | posted))


def card_page(shopper: Going, hanako: Any, clock: SettableClock) -> Seen:
    """Goes to the gateway's page to save a card, or to change the saved one."""
    instruction = CardInstruction(consent_text="同意文")
    trip = open_card_trip(hanako, instruction, next_url="/accounts/card/", clock=clock)
    return shopper.departs(shopper.site.get(start_url(trip)))


def confirms(shopper: Going, seen: Seen) -> Any:
    return shopper.returns(shopper.there.press(seen, action="confirm"))


def saves(shopper: Going, hanako: Any, clock: SettableClock, number: str = VISA) -> Any:
    entered = shopper.there.enter_card(card_page(shopper, hanako, clock), number)
    return confirms(shopper, entered)


def test_the_card_of_a_payment_is_saved_from_its_transaction(shopper: Going, hanako: Any) -> None:
    confirms(shopper, shopper.there.enter_card(goes(shopper, save_card="on"), VISA))
    member = usable_member_of(hanako, "test")
    assert member is not None
    assert member.last_four == "1000"
    assert charges(shopper) == [3780]


def test_a_saved_card_pays_on_the_gateways_page(
    shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    saves(shopper, hanako, clock)
    seen = goes(shopper, card="saved")
    assert seen.screen == "SSNP080"
    confirms(shopper, shopper.there.press(seen, action="enter", SecCd="777"))
    payment = Payment.objects.get()
    assert (payment.state, payment.member) == ("gathered", usable_member_of(hanako, "test"))
    cancelled = operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    assert cancelled.state == "ok"


def test_saving_a_card_without_a_payment(shopper: Going, hanako: Any, clock: SettableClock) -> None:
    answer = saves(shopper, hanako, clock)
    assert answer["Location"] == "/accounts/card/"
    member = usable_member_of(hanako, "test")
    assert member is not None
    assert (member.brand, member.last_four) == ("visa", "1000")
    assert charges(shopper) == []


def test_changing_the_saved_card(shopper: Going, hanako: Any, clock: SettableClock) -> None:
    saves(shopper, hanako, clock)
    before = usable_member_of(hanako, "test")
    saves(shopper, hanako, clock, JCB)
    after = usable_member_of(hanako, "test")
    assert after == before
    assert after is not None
    assert after.brand == "jcb"


@pytest.mark.parametrize("screen", ["entry", "confirmation"])
def test_cancelling_the_saving_leaves_nothing(
    screen: str, shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    seen = card_page(shopper, hanako, clock)
    if screen == "confirmation":
        seen = shopper.there.enter_card(seen, VISA)
    shopper.returns(shopper.there.press(seen, action="cancel"))
    assert Trip.objects.get().state == "cancelled"
    assert usable_member_of(hanako, "test") is None
    saves(shopper, hanako, clock)
    assert usable_member_of(hanako, "test") is not None


def test_who_left_the_page_may_go_there_again(
    shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    card_page(shopper, hanako, clock)
    saves(shopper, hanako, clock)
    assert usable_member_of(hanako, "test") is not None
    assert Member.objects.count() == 1


def test_a_saving_that_nobody_came_back_from_is_found_out(
    shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    entered = shopper.there.enter_card(card_page(shopper, hanako, clock), VISA)
    shopper.there.press(entered, action="confirm")
    clock.advance(timedelta(minutes=46))
    resolve_members_due(clock, NEVER)
    assert usable_member_of(hanako, "test") is not None


def test_only_one_payment_is_offered_however_the_shop_splits(
    shopper: Going, account: MerchantAccount
) -> None:
    account.instalments = "bonus"
    account.save()
    answer = shopper.site.post(PAGE, {"amount": "3780", "consent": "on", "pay_type": "03"})
    assert answer.status_code == 422
    assert not Payment.objects.exists()


def test_the_order_after_one_with_a_saved_card_may_be_paid_with_another(
    shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    saves(shopper, hanako, clock)
    confirms(shopper, shopper.there.press(goes(shopper, card="saved"), action="enter", SecCd="777"))
    next_order()
    confirms(shopper, shopper.there.enter_card(goes(shopper, card="new"), JCB))
    assert Payment.objects.get(order_reference="100001").member is None


def test_a_member_that_the_gateways_page_does_not_find_is_put_aside(
    shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    saves(shopper, hanako, clock)
    shopper.simulator.gateway.reset()
    shopper.returns(goes(shopper, card="saved"))
    payment = Payment.objects.get()
    assert (payment.state, payment.operations.get().response_codes) == ("refused", "P60")
    assert usable_member_of(hanako, "test") is None
    assert goes(shopper).screen == "SSNP120"


def test_a_claim_that_there_is_no_such_member_is_not_believed(
    shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    saves(shopper, hanako, clock)
    goes(shopper, card="saved")
    trip = Trip.objects.latest("pk")
    claim = {
        "OperateId": "1Gathering",
        "MerchantFree1": trip.code,
        "ProcNo": trip.proc_no,
        "ResponseCd": "P60",
    }
    value = encrypt_value(claim, KEYS.key, KEYS.vector)
    assert shopper.site.post(BACK, {"EncryptValue": value}).status_code == 303
    assert usable_member_of(hanako, "test") is not None


def test_a_change_of_a_member_that_is_not_there_leads_to_a_new_one(
    shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    saves(shopper, hanako, clock)
    shopper.simulator.gateway.reset()
    shopper.returns(card_page(shopper, hanako, clock))
    assert usable_member_of(hanako, "test") is None
    saves(shopper, hanako, clock)
    assert usable_member_of(hanako, "test") is not None
