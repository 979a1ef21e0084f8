"""Attacks on trips, saved cards and the settings behind them: nobody is charged twice, for
another, or for something else than was agreed to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from escott.clock import SettableClock
from escott.django.models import (
    CardAttempt,
    CaseKind,
    Connection,
    Member,
    MerchantAccount,
    Mode,
    Operation,
    Payment,
    SecureUse,
    Trip,
)
from escott.django.models.payment import CardSaving
from escott.django.orders import PayableOrder
from escott.django.services import MethodUnavailable, settle
from escott.django.services.begin import begin
from escott.django.services.card_claims import claim_charge
from escott.django.services.claim import SavedCardUnusable
from escott.django.services.end_trip import expire_trips
from escott.django.services.instruction import CardInstruction
from escott.django.services.keep_card import keep_due
from escott.django.services.members import KeepResult, keep_card, usable_member_of
from escott.django.services.open_trip import open_card_trip
from escott.django.services.recovery import recover_due
from escott.django.services.start_trip import start_url
from escott.gateway import Endpoints, OperateId, Secret
from escott.gateway.crypto import encrypt_value
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once
from tests.django.going import BACK, PAGE, Going
from tests.django.test_saved_card_payments import losing, next_order, pays_saved
from tests.django.test_secure_payments import FRICTIONLESS, charges, use_clock
from tests.simulator.shopper import KEYS, Seen, fields_of

VISA = "4000000000001000"
DECLINED = "4000000007120001"


@pytest.fixture
def hanako(account: MerchantAccount) -> Any:
    return get_user_model().objects.create_user("hanako", "hanako@example.com", "secret-2028")


@pytest.fixture
def jiro(account: MerchantAccount) -> Any:
    return get_user_model().objects.create_user("jiro", "jiro@example.com", "secret-2028")


@pytest.fixture
def shopper(
    hanako: Any,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Going:
    """Hanako, signed in, who has an order. Whatever goes to production comes to the simulator."""
    use_clock(monkeypatch, clock)
    monkeypatch.setattr("tests.django.site.urls.CUSTOMER", hanako)
    here = Endpoints.at(simulator.base_url)
    monkeypatch.setattr("escott.django.gateway_access.PRODUCTION", here)
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "http://127.0.0.1:9"}
    going = Going(simulator)
    going.site.force_login(hanako)
    return going


@pytest.fixture
def change(account: MerchantAccount) -> Callable[..., None]:
    """Changes the shop's settings."""

    def to(**settings: Any) -> None:
        for name, value in settings.items():
            setattr(account, name, value)
        account.production_password = account.test_password
        account.save()

    return to


SECURE = {"secure_use": SecureUse.USE}
LINK = {"connection": Connection.LINK, "secure_use": SecureUse.USE}


def enters(shopper: Going, number: str = VISA) -> Seen:
    """Presses, goes to the gateway's page, and enters a card there."""
    answer = shopper.site.post(PAGE, {"amount": "3780", "consent": "on"})
    return shopper.there.enter_card(shopper.leaves(answer), number)


def confirms(shopper: Going, seen: Seen) -> Seen:
    return shopper.there.press(seen, action="confirm")


def forged(seen: Seen, **changes: str) -> dict[str, str]:
    """What somebody with the key would post."""
    fields = fields_of(seen.value) | changes
    return {"EncryptValue": encrypt_value(fields, KEYS.key, KEYS.vector)}


# -- test and production never mix ----------------------------------------------------------------


def test_an_authentication_of_test_mode_charges_nothing_in_production(
    shopper: Going, change: Callable[..., None]
) -> None:
    change(**SECURE)
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    change(mode=Mode.PRODUCTION)
    assert shopper.returns(seen)["Location"] == PAGE
    assert charges(shopper) == []
    assert not Payment.objects.exists()
    assert "ご請求は発生していません" in shopper.site.get(PAGE).content.decode()


def test_a_saved_card_of_the_other_mode_is_not_said_to_the_gateway(
    shopper: Going, hanako: Any, change: Callable[..., None]
) -> None:
    shopper.presses(save_card="on")
    next_order()
    change(**SECURE)
    seen = shopper.leaves(pays_saved(shopper))
    change(mode=Mode.PRODUCTION)
    shopper.returns(shopper.there.press(seen, action="code", code="123456"))
    assert charges(shopper) == [3780]
    assert usable_member_of(hanako, Mode.TEST) is not None


def test_a_card_authenticated_in_the_other_mode_is_not_saved(
    shopper: Going, hanako: Any, change: Callable[..., None], clock: SettableClock
) -> None:
    change(**SECURE)
    instruction = CardInstruction(token=Secret(shopper.token(FRICTIONLESS)), consent_text="同意文")
    trip = open_card_trip(hanako, instruction, next_url="/card/", clock=clock)
    seen = shopper.departs(shopper.site.get(start_url(trip)))
    change(mode=Mode.PRODUCTION)
    shopper.returns(seen)
    assert not shopper.simulator.gateway.members()


def test_a_card_is_saved_in_the_mode_in_which_it_was_charged(
    shopper: Going,
    change: Callable[..., None],
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from escott.gateway import NotSent, NotSentReason

    losing(monkeypatch, OperateId.MEMBER_ADD, NotSent(NotSentReason.CONNECTION_REFUSED, ""))
    shopper.presses(save_card="on")
    change(mode=Mode.PRODUCTION)
    clock.advance(timedelta(minutes=3))
    keep_due(clock, NEVER)
    assert set(Member.objects.filter(current=True).values_list("mode", flat=True)) == {Mode.TEST}


def test_a_press_that_was_read_before_the_switch_claims_nothing_after_it(
    shopper: Going,
    hanako: Any,
    account: MerchantAccount,
    change: Callable[..., None],
    clock: SettableClock,
    new_order: Callable[..., PayableOrder],
) -> None:
    shopper.presses(save_card="on")
    member = usable_member_of(hanako, Mode.TEST)
    change(mode=Mode.PRODUCTION)
    with pytest.raises(SavedCardUnusable):
        claim_charge(
            new_order(), account, CardInstruction(member=member), key="key", now=clock.now()
        )


# -- nothing is forgotten that may have charged ---------------------------------------------------


def test_a_charge_that_comes_to_light_after_staff_had_settled_it_is_never_silent(
    shopper: Going, change: Callable[..., None], clock: SettableClock
) -> None:
    change(**LINK)
    seen = confirms(shopper, enters(shopper))
    clock.advance(timedelta(minutes=46))
    recover_due(clock, NEVER)
    clock.advance(timedelta(minutes=6))
    settle(Operation.objects.get().pk, done=False, note="not there", clock=clock)
    assert not Payment.objects.get().live
    shopper.returns(seen)
    payment = Payment.objects.get()
    assert (payment.state, payment.live) == ("gathered", True)
    assert attention_of(payment) == CaseKind.LATE_SUCCESS
    assert payment.process_id


def test_of_two_visits_one_was_left_and_the_other_has_charged(
    shopper: Going, change: Callable[..., None]
) -> None:
    change(**LINK)
    seen = confirms(shopper, enters(shopper))
    shopper.site.post(BACK, forged(seen, ResponseCd="P69"))
    assert Payment.objects.get().state == "withdrawn"
    shopper.returns(seen)
    payment = Payment.objects.get()
    assert (payment.state, attention_of(payment)) == ("gathered", CaseKind.LATE_SUCCESS)


def test_a_second_charge_of_an_order_is_brought_to_the_staff(
    shopper: Going, change: Callable[..., None]
) -> None:
    change(**LINK)
    seen = confirms(shopper, enters(shopper))
    shopper.site.post(BACK, forged(seen, ResponseCd="P69"))
    shopper.returns(confirms(shopper, enters(shopper)))
    shopper.returns(seen)
    first, second = Payment.objects.order_by("pk")
    assert (attention_of(first), first.live, bool(first.process_id)) == (
        CaseKind.LATE_SUCCESS,
        False,
        True,
    )
    assert (second.state, second.live) == ("gathered", True)


def test_leaving_one_visit_does_not_undo_an_ok_of_the_other_that_waits_for_confirmation(
    shopper: Going, change: Callable[..., None], settings: Any, closed_port: int
) -> None:
    change(**LINK)
    seen = confirms(shopper, enters(shopper))
    here = settings.ESCOTT
    settings.ESCOTT = here | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    shopper.returns(seen)
    settings.ESCOTT = here
    shopper.site.post(BACK, forged(seen, ResponseCd="P69"))
    payment = Payment.objects.get()
    assert (payment.state, payment.live) == ("unknown", True)
    assert payment.operations.get().reason == "not_confirmed"


def test_an_ok_after_the_visit_was_left_that_cannot_be_confirmed_is_brought_to_the_staff(
    shopper: Going, change: Callable[..., None], settings: Any, closed_port: int
) -> None:
    change(**LINK)
    seen = confirms(shopper, enters(shopper))
    shopper.site.post(BACK, forged(seen, ResponseCd="P69"))
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    shopper.returns(seen)
    assert attention_of(Payment.objects.get()) == CaseKind.LATE_DOUBT


@pytest.mark.parametrize("_time", range(3))
def test_a_visit_that_is_left_while_the_other_pays_never_hides_the_charge(
    _time: int, shopper: Going, change: Callable[..., None]
) -> None:
    change(**LINK)
    seen = confirms(shopper, enters(shopper))
    leaves = forged(seen, ResponseCd="P69")
    at_once([lambda: shopper.returns(seen), lambda: Client().post(BACK, leaves)] * 2)
    payment = Payment.objects.get()
    assert (payment.state, payment.live) == ("gathered", True)


def test_a_process_that_dies_between_the_return_and_the_claim_has_charged_nothing(
    shopper: Going, change: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(**SECURE)
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    with monkeypatch.context() as dying:
        dying.setattr("escott.django.services.authenticated.claim_charge", dies)
        with pytest.raises(SystemExit):
            shopper.returns(seen)
    shopper.returns(seen)
    assert charges(shopper) == []
    assert shopper.site.get(PAGE).context["card_form"] is not None
    shopper.pays(FRICTIONLESS)
    assert charges(shopper) == [3780]


def dies(*_args: Any, **_kwargs: Any) -> None:
    raise SystemExit


def test_an_invented_ok_after_the_visit_was_left_changes_nothing(
    shopper: Going, change: Callable[..., None]
) -> None:
    change(**LINK)
    seen = shopper.there.press(enters(shopper), action="cancel")
    shopper.returns(seen)
    invented = {"ResponseCd": "OK", "ProcessId": "a" * 32, "ProcessPass": "b" * 32}
    shopper.site.post(BACK, forged(seen, **invented))
    payment = Payment.objects.get()
    assert (payment.state, attention_of(payment)) == ("withdrawn", "")


def test_what_staff_found_charged_becomes_operable_when_the_return_comes_at_last(
    shopper: Going, change: Callable[..., None], clock: SettableClock
) -> None:
    change(**LINK)
    seen = confirms(shopper, enters(shopper))
    clock.advance(timedelta(minutes=46))
    recover_due(clock, NEVER)
    settle(Operation.objects.get().pk, done=True, note="seen", clock=clock)
    assert not Payment.objects.get().process_id
    shopper.returns(seen)
    assert Payment.objects.get().process_id


def test_who_never_left_for_the_gateways_page_may_pay_again_without_staff(
    shopper: Going, change: Callable[..., None], clock: SettableClock
) -> None:
    change(**LINK)
    shopper.site.post(PAGE, {"amount": "3780", "consent": "on"})
    clock.advance(timedelta(minutes=46))
    recover_due(clock, NEVER)
    expire_trips(clock, NEVER)
    payment = Payment.objects.get()
    assert (payment.state, payment.live, attention_of(payment)) == ("not_sent", False, "")
    shopper.returns(confirms(shopper, enters(shopper)))
    assert charges(shopper) == [3780]


# -- what was agreed to ---------------------------------------------------------------------------


def test_an_authentication_is_not_used_for_the_card_that_took_the_place_of_the_saved_one(
    shopper: Going, hanako: Any, change: Callable[..., None], clock: SettableClock
) -> None:
    shopper.presses(save_card="on")
    next_order()
    change(**SECURE)
    seen = shopper.leaves(pays_saved(shopper))
    clock.advance(timedelta(minutes=1))
    changed = keep_card(hanako, Secret(shopper.token(FRICTIONLESS)), clock=clock)
    assert changed.result is KeepResult.SAVED
    shopper.returns(shopper.there.press(seen, action="code", code="123456"))
    assert charges(shopper) == [3780]
    assert not Payment.objects.filter(order_reference="100001").exists()


def test_the_gateways_page_is_not_opened_again_for_an_order_that_has_changed(
    shopper: Going, change: Callable[..., None], settings: Any
) -> None:
    change(**LINK)
    start = shopper.site.post(PAGE, {"amount": "3780", "consent": "on"})["Location"]
    for function in ("gone", "dearer", "too_dear"):
        settings.ESCOTT = settings.ESCOTT | {"FIND_ORDER": f"{__name__}.{function}"}
        answer = shopper.site.get(start)
        assert (answer.status_code, answer["Location"]) == (303, PAGE)


def gone(_reference: str) -> None:
    return None


def dearer(reference: str) -> PayableOrder:
    return PayableOrder(reference=reference, amount=11_900)


def too_dear(reference: str) -> PayableOrder:
    return PayableOrder(reference=reference, amount=10_000_000)


def test_an_order_that_no_card_can_pay_any_more_is_not_charged(
    shopper: Going, change: Callable[..., None], settings: Any
) -> None:
    change(**SECURE)
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    settings.ESCOTT = settings.ESCOTT | {"FIND_ORDER": f"{__name__}.too_dear"}
    assert shopper.returns(seen)["Location"] == PAGE
    assert charges(shopper) == []


@pytest.mark.parametrize("now", [LINK, SECURE], ids=["link", "3-D Secure"])
def test_a_press_that_was_read_under_other_settings_is_not_begun(
    now: dict[str, Any],
    shopper: Going,
    change: Callable[..., None],
    new_order: Callable[..., PayableOrder],
) -> None:
    """A token left over from the token type, and no consent."""
    change(**now)
    instruction = CardInstruction(token=Secret(shopper.token()))
    with pytest.raises(MethodUnavailable):
        begin(new_order(), instruction, next_url=PAGE)
    assert not Payment.objects.exists()
    assert not Trip.objects.exists()


def test_a_press_without_any_card_is_not_begun(
    shopper: Going, new_order: Callable[..., PayableOrder]
) -> None:
    """Read while the gateway's page was to take the card, and begun when that was over."""
    with pytest.raises(MethodUnavailable):
        begin(new_order(), CardInstruction(press="one"), next_url=PAGE)
    assert not Payment.objects.exists()


def test_a_card_that_cannot_be_saved_any_more_ends_the_trip_without_an_error_page(
    shopper: Going, hanako: Any, change: Callable[..., None], clock: SettableClock
) -> None:
    change(**SECURE)
    instruction = CardInstruction(token=Secret(shopper.token(FRICTIONLESS)), consent_text="同意文")
    trip = open_card_trip(hanako, instruction, next_url="/card/", clock=clock)
    seen = shopper.departs(shopper.site.get(start_url(trip)))
    change(card_enabled=False)
    assert shopper.returns(seen)["Location"] == "/card/"
    assert Trip.objects.get().state == "refused"


# -- whose card -----------------------------------------------------------------------------------


@pytest.mark.parametrize("always", [False, True])
def test_who_pays_for_somebody_else_does_not_leave_the_card_with_them(
    always: bool, shopper: Going, hanako: Any, jiro: Any, change: Callable[..., None]
) -> None:
    change(always_saves_card=always)
    shopper.site.force_login(jiro)
    form = shopper.site.get(PAGE).context["card_form"]
    assert (form.terms.may_save, form.terms.must_save) == (False, False)
    assert shopper.presses(save_card="on").status_code == 422
    assert shopper.presses().status_code == 303
    assert charges(shopper) == [3780]
    assert not Member.objects.exists()


def test_a_strangers_browser_is_not_sent_to_pay_with_somebodys_saved_card(
    shopper: Going, jiro: Any, change: Callable[..., None]
) -> None:
    shopper.presses(save_card="on")
    next_order()
    change(**LINK)
    given = {"card": "saved", "amount": "3780", "consent": "on"}
    start = shopper.site.post(PAGE, given)["Location"]
    stranger, other = Client(), Client()
    other.force_login(jiro)
    for browser in (stranger, other):
        answer = browser.get(start)
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert shopper.site.get(start).status_code == 200


# -- who tries cards ------------------------------------------------------------------------------


def test_cards_refused_on_the_gateways_page_count_as_refused(
    shopper: Going, change: Callable[..., None]
) -> None:
    change(**LINK)
    seen = enters(shopper, DECLINED)
    for _time in range(2):
        seen = shopper.there.enter_card(confirms(shopper, seen), DECLINED)
    shopper.returns(confirms(shopper, seen))
    assert Operation.objects.get().response_codes == "P72"
    assert CardAttempt.objects.get().refused


def test_leaving_the_gateways_page_is_held_against_nobody(
    shopper: Going, change: Callable[..., None]
) -> None:
    change(**LINK)
    shopper.returns(shopper.there.press(enters(shopper), action="cancel"))
    assert not CardAttempt.objects.get().refused


def test_asking_about_cards_without_paying_is_bounded_like_paying(
    shopper: Going, change: Callable[..., None]
) -> None:
    """A press whose number of payments the brand does not take still asks the gateway."""
    change(instalments="bonus")
    amex = shopper.token("370000000001000")
    answers = [shopper.presses(token=amex, pay_type="02").status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_nobody_is_sent_off_to_pay_what_is_paid(
    shopper: Going, change: Callable[..., None]
) -> None:
    shopper.presses()
    change(**SECURE)
    assert shopper.presses()["Location"] == "/thanks/100001/"
    assert not Trip.objects.exists()


# -- what keeps others waiting --------------------------------------------------------------------


def test_cards_of_payments_that_were_cancelled_do_not_keep_others_from_being_saved(
    shopper: Going,
    hanako: Any,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from escott.gateway import NotSent, NotSentReason

    losing(monkeypatch, OperateId.MEMBER_ADD, NotSent(NotSentReason.CONNECTION_REFUSED, ""))
    shopper.presses(save_card="on")
    Payment.objects.update(state="cancelled", live=False)
    clock.advance(timedelta(minutes=3))
    assert keep_due(clock, NEVER) == 1
    assert keep_due(clock, NEVER) == 0
    payment = Payment.objects.get()
    assert (payment.saving, payment.saving_due_at) == (CardSaving.REFUSED, None)


def test_a_hanging_gateway_does_not_take_every_thread_by_questions_about_brands(
    shopper: Going, change: Callable[..., None], settings: Any
) -> None:
    from escott.django.gateway_access import call_slot

    change(instalments="bonus")
    settings.ESCOTT = settings.ESCOTT | {"MAX_GATEWAY_CALLS": 1}
    with call_slot():
        assert shopper.presses(pay_type="03").status_code == 422
    assert shopper.presses(pay_type="03").status_code == 303


def test_a_return_of_another_merchant_is_refused(
    shopper: Going, change: Callable[..., None]
) -> None:
    change(**LINK)
    seen = confirms(shopper, enters(shopper))
    assert shopper.site.post(BACK, forged(seen, MerchantId="99999999")).status_code == 400
    assert Payment.objects.get().state == "started"
