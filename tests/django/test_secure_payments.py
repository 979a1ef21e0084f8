"""本人認証 (3-D Secure): the charge follows a result that the server holds, and only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from escott.clock import SettableClock
from escott.django.models import Consent, MerchantAccount, Payment, SecureUse, Trip
from escott.django.orders import PayableOrder
from escott.django.services import BrowserTripNeeded, pay_by_token
from escott.django.services.end_trip import expire_trips
from escott.gateway import Secret
from escott.gateway.browser_trips import read_return
from escott.gateway.crypto import encrypt_value
from escott.rules.secure_policy import SecurePolicy
from escott.simulator.magic_cards import MAGIC_CARDS
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER, at_once
from tests.django.going import BACK, PAGE, Going
from tests.simulator.shopper import KEYS, fields_of

FRICTIONLESS = "5100000000001006"


@pytest.fixture
def shopper(
    account: MerchantAccount,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Going:
    """Of a shop that uses 3-D Secure and shares its clock with the gateway."""
    use_clock(monkeypatch, clock)
    account.secure_use = SecureUse.USE
    account.save()
    return Going(simulator)


def use_clock(monkeypatch: pytest.MonkeyPatch, clock: SettableClock) -> None:
    for module in (
        "press",
        "trip_pages",
        "services.begin",
        "services.pay",
        "services.return_trip",
        "services.open_trip",
    ):
        monkeypatch.setattr(f"escott.django.{module}.the_clock", lambda: clock)


def charges(shopper: Going) -> list[int]:
    return [charge.amount for charge in shopper.simulator.gateway.charges()]


def test_the_card_is_charged_after_the_challenge(shopper: Going) -> None:
    answer = shopper.pays()
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    payment = Payment.objects.get()
    assert (payment.state, payment.secure_result_code) == ("gathered", "0")
    assert charges(shopper) == [3780]
    assert shopper.simulator.gateway.charges()[0].secure_result_code == "0"
    assert shopper.site.get(PAGE)["Location"] == "/thanks/100001/"


def test_nothing_is_charged_before_the_shopper_is_back(shopper: Going) -> None:
    shopper.leaves(shopper.presses())
    assert not Payment.objects.exists()
    assert charges(shopper) == []
    assert "card_form" in shopper.site.get(PAGE).context


def test_consent_and_its_words_are_kept_with_the_payment(
    shopper: Going, account: MerchantAccount
) -> None:
    shopper.pays()
    consent = Payment.objects.get().consent
    assert consent is not None
    assert consent.text == account.consent_text.strip()
    account.consent_text = "新しい文面"
    account.save()
    assert Consent.objects.get(pk=consent.pk).text != "新しい文面"


def test_without_consent_nobody_is_sent_off(shopper: Going) -> None:
    answer = shopper.presses(consent="")
    assert answer.status_code == 422
    assert not Trip.objects.exists()


def test_the_trip_asks_for_the_orders_own_amount_under_the_holders_name(shopper: Going) -> None:
    page = shopper.site.get(shopper.presses()["Location"])
    value = page.context["departure"].fields["EncryptValue"]
    asked = fields_of(value)
    assert (asked["OperateId"], asked["Amount"]) == ("3Secure", "3780")
    assert asked["BillingFullName"] == "HANAKO YAMADA"
    assert asked["BillingEmail"] == "hanako@example.com"
    assert len(asked["RedirectUrl"]) <= 64


RESULTS = [
    # outcome chosen by hand, paid under the strict policy, under the standard policy
    ("challenged", True, True),
    ("failed", False, False),
    ("attempt", False, True),
    ("attempt_refused", False, False),
    ("not_enrolled", False, True),
    ("not_enrolled_refused", False, False),
    ("not_supported", False, True),
    ("not_supported_refused", False, False),
    ("maintenance", False, False),
    ("system_error", False, False),
    ("without_result", False, False),
]


@pytest.mark.parametrize(("outcome", "strict", "standard"), RESULTS)
@pytest.mark.parametrize("policy", SecurePolicy)
def test_only_the_results_of_the_policy_are_charged(
    outcome: str,
    strict: bool,
    standard: bool,
    policy: SecurePolicy,
    shopper: Going,
    account: MerchantAccount,
) -> None:
    account.secure_policy = policy
    account.save()
    seen = shopper.there.press(shopper.leaves(shopper.presses()), action="choose", outcome=outcome)
    shopper.returns(seen)
    paid = strict if policy is SecurePolicy.STRICT else standard
    assert bool(charges(shopper)) is paid
    assert Payment.objects.exists() is paid
    if not paid:
        page = shopper.site.get(PAGE)
        assert "ご請求は発生していません" in page.content.decode()


def test_a_frictionless_card_comes_back_at_once(shopper: Going) -> None:
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    shopper.returns(seen)
    assert charges(shopper) == [3780]


def test_a_card_declined_after_the_authentication_is_not_paid(shopper: Going) -> None:
    shopper.pays("4000000007120001")
    payment = Payment.objects.get()
    assert (payment.state, payment.operations.get().response_codes) == ("refused", "G12")


# -- once, and only for what it was made for ----------------------------------------------


def test_a_second_return_changes_nothing(shopper: Going) -> None:
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    answers = [shopper.returns(seen) for _time in range(3)]
    assert [answer["Location"] for answer in answers] == [PAGE] * 3
    assert charges(shopper) == [3780]


def test_simultaneous_returns_charge_once(shopper: Going) -> None:
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    at_once([lambda: shopper.returns(seen)] * 8)
    assert charges(shopper) == [3780]
    assert Payment.objects.count() == 1


def test_two_authentications_of_one_order_charge_once(shopper: Going) -> None:
    first = shopper.leaves(shopper.presses(FRICTIONLESS))
    second = shopper.leaves(shopper.presses(FRICTIONLESS))
    at_once([lambda: shopper.returns(first), lambda: shopper.returns(second)])
    assert charges(shopper) == [3780]


def test_a_return_by_get_counts_as_well(shopper: Going) -> None:
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    assert shopper.returns(seen, by="get").status_code == 303
    assert charges(shopper) == [3780]


def test_the_back_button_does_not_begin_the_authentication_again(shopper: Going) -> None:
    start = shopper.presses()["Location"]
    shopper.departs(shopper.site.get(start))
    again = shopper.site.get(start)
    assert (again.status_code, again["Location"]) == (303, PAGE)


def test_a_start_page_that_we_did_not_sign_is_not_found(shopper: Going) -> None:
    shopper.presses()
    code = Trip.objects.get().code
    assert shopper.site.get(f"/escott/go/{code}:forged/").status_code == 404


def test_an_order_whose_total_has_changed_meanwhile_is_not_charged(
    shopper: Going, settings: Any
) -> None:
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    settings.ESCOTT = settings.ESCOTT | {"FIND_ORDER": "tests.django.test_secure_payments.dearer"}
    shopper.returns(seen)
    assert charges(shopper) == []
    assert "お支払い金額が変わりました" in shopper.site.get(PAGE).content.decode()


def dearer(reference: str) -> PayableOrder:
    return PayableOrder(reference=reference, amount=11_900)


def test_an_order_that_was_cancelled_meanwhile_is_not_charged(
    shopper: Going, settings: Any
) -> None:
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    settings.ESCOTT = settings.ESCOTT | {"FIND_ORDER": "tests.django.test_secure_payments.gone"}
    shopper.returns(seen)
    assert charges(shopper) == []


def gone(_reference: str) -> None:
    return None


# -- time -----------------------------------------------------------------------------------


def test_after_forty_minutes_the_authentication_has_run_out(
    shopper: Going, clock: SettableClock
) -> None:
    seen = shopper.leaves(shopper.presses())
    clock.advance(timedelta(minutes=41))
    back = shopper.there.press(seen, action="code", code="123456")
    shopper.returns(back)
    assert charges(shopper) == []
    assert "有効時間が過ぎました" in shopper.site.get(PAGE).content.decode()


def test_a_result_that_arrives_after_the_time_is_not_used(
    shopper: Going, clock: SettableClock
) -> None:
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    clock.advance(timedelta(minutes=42))
    shopper.returns(seen)
    assert charges(shopper) == []


def test_authenticated_after_the_tokens_half_hour_the_card_is_entered_again(
    shopper: Going, clock: SettableClock
) -> None:
    seen = shopper.leaves(shopper.presses())
    clock.advance(timedelta(minutes=31))
    shopper.returns(shopper.there.press(seen, action="code", code="123456"))
    payment = Payment.objects.get()
    assert (payment.state, payment.operations.get().response_codes) == ("refused", "KI3")
    assert charges(shopper) == []
    assert "ご請求は発生していません" in shopper.site.get(PAGE).content.decode()


def test_who_closes_the_tab_has_paid_nothing_and_may_pay_again(
    shopper: Going, clock: SettableClock
) -> None:
    shopper.leaves(shopper.presses())
    clock.advance(timedelta(minutes=46))
    assert expire_trips(clock, NEVER) == 1
    trip = Trip.objects.get()
    assert (trip.state, bool(trip.token), bool(trip.holder_name)) == ("expired", False, False)
    shopper.pays(FRICTIONLESS)
    assert charges(shopper) == [3780]


# -- secrets ----------------------------------------------------------------------------------


def test_neither_the_token_nor_the_name_is_left_behind(shopper: Going) -> None:
    shopper.leaves(shopper.presses())
    trip = Trip.objects.get()
    assert (bool(trip.token), bool(trip.holder_name)) == (True, True)
    Trip.objects.all().delete()
    shopper.pays()
    trip = Trip.objects.get()
    assert (bool(trip.token), bool(trip.holder_name)) == (False, False)


def test_nothing_of_the_return_stands_in_the_log(
    shopper: Going, caplog: pytest.LogCaptureFixture
) -> None:
    seen = shopper.leaves(shopper.presses(FRICTIONLESS))
    shopper.returns(seen)
    returned = read_return(seen.value, KEYS)
    assert returned.authentication is not None
    for secret in (seen.value, returned.authentication.fields()["CAVV3D"], "pass1234"):
        assert secret not in caplog.text


def test_the_service_without_a_browser_does_not_get_round_it(
    shopper: Going, new_order: Callable[..., PayableOrder], token: Callable[..., Secret]
) -> None:
    with pytest.raises(BrowserTripNeeded):
        pay_by_token(new_order(), token())
    assert not Payment.objects.exists()


def test_a_charge_can_not_be_had_with_an_authentication_of_another_card(
    shopper: Going, clock: SettableClock
) -> None:
    """The gateway's answer to values that were made for another card."""
    cheap = shopper.leaves(shopper.presses(FRICTIONLESS))
    shopper.leaves(shopper.presses("3530000000001001"))
    mine, other = Trip.objects.order_by("id")
    fields = fields_of(cheap.value) | {"MerchantFree1": other.code, "ProcNo": other.proc_no}
    forged = encrypt_value(fields, KEYS.key, KEYS.vector)
    shopper.site.post(BACK, {"EncryptValue": forged})
    assert charges(shopper) == []
    assert mine.code != other.code
    assert MAGIC_CARDS[FRICTIONLESS].number == FRICTIONLESS
