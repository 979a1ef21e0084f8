"""外部リンク型: the card is typed on the gateway's page, which charges it by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from escott.clock import SettableClock
from escott.django.models import CaseKind, Connection, MerchantAccount, Operation, Payment, Trip
from escott.django.services.cases import dismiss
from escott.django.services.end_trip import expire_trips
from escott.django.services.recovery import recover_due
from escott.django.services.settle import settle
from escott.gateway.crypto import encrypt_value
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once
from tests.django.going import BACK, COPY, PAGE, Going
from tests.django.test_secure_payments import charges, use_clock
from tests.simulator.shopper import KEYS, Seen, fields_of

VISA = "4000000000001000"


@pytest.fixture
def shopper(
    account: MerchantAccount,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Going:
    """Of a shop with the external link type. Nobody answers where the copies are sent."""
    use_clock(monkeypatch, clock)
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "http://127.0.0.1:9"}
    account.connection = Connection.LINK
    account.token_code = ""
    account.save()
    return Going(simulator)


def enters(shopper: Going, number: str = VISA) -> Seen:
    """Goes to the gateway's page and enters a card there; the confirm screen."""
    return shopper.there.enter_card(shopper.leaves(presses(shopper)), number)


def presses(shopper: Going) -> Any:
    return shopper.site.post(PAGE, {"amount": "3780", "consent": "on"})


def confirms(shopper: Going, seen: Seen) -> Seen:
    return shopper.there.press(seen, action="confirm")


def test_the_gateways_page_charges_the_card(shopper: Going) -> None:
    answer = shopper.returns(confirms(shopper, enters(shopper)))
    assert answer["Location"] == PAGE
    payment = Payment.objects.get()
    assert (payment.state, payment.pay_type) == ("gathered", "01")
    assert payment.process_id
    assert charges(shopper) == [3780]
    assert shopper.site.get(PAGE)["Location"] == "/thanks/100001/"


def test_a_return_by_get_counts_as_well(shopper: Going) -> None:
    shopper.returns(confirms(shopper, enters(shopper)), by="get")
    assert Payment.objects.get().state == "gathered"


def test_the_copy_from_the_gateways_server_is_enough(shopper: Going) -> None:
    seen = confirms(shopper, enters(shopper))
    answer = shopper.site.post(COPY, {"EncryptValue": seen.value})
    assert (answer.status_code, answer.content) == (200, b"")
    assert Payment.objects.get().state == "gathered"


def test_browser_and_copy_at_once_are_recorded_once(shopper: Going) -> None:
    seen = confirms(shopper, enters(shopper))
    copy = {"EncryptValue": seen.value}
    ways: list[Callable[[], Any]] = [
        lambda: shopper.returns(seen),
        lambda: Client().post(COPY, copy),
    ]
    answers = at_once(ways * 2)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 303, 303]
    payment = Payment.objects.get()
    assert (payment.state, payment.operations.count()) == ("gathered", 1)


def test_with_the_setting_authorise_the_page_authorises(
    shopper: Going, account: MerchantAccount
) -> None:
    account.card_charge = "authorise"
    account.save()
    shopper.returns(confirms(shopper, enters(shopper)))
    assert Payment.objects.get().state == "authorised"


@pytest.mark.parametrize("screen", ["entry", "confirmation"])
def test_cancel_goes_back_to_the_form_without_an_error(screen: str, shopper: Going) -> None:
    seen = enters(shopper) if screen == "confirmation" else shopper.leaves(presses(shopper))
    shopper.returns(shopper.there.press(seen, action="cancel"))
    payment = Payment.objects.get()
    assert (payment.state, payment.live) == ("withdrawn", False)
    page = shopper.site.get(PAGE)
    assert page.context["card_form"].notice == ""
    assert charges(shopper) == []


def test_after_a_cancel_the_order_can_be_paid(shopper: Going) -> None:
    shopper.returns(shopper.there.press(shopper.leaves(presses(shopper)), action="cancel"))
    shopper.returns(confirms(shopper, enters(shopper)))
    assert charges(shopper) == [3780]


def test_used_up_tries_come_back_with_advice(shopper: Going) -> None:
    seen = enters(shopper, "4000000007120001")
    for _time in range(2):
        seen = shopper.there.enter_card(confirms(shopper, seen), "4000000007120001")
    shopper.returns(confirms(shopper, seen))
    operation = Operation.objects.get()
    assert operation.response_codes == "P72"
    assert "入力できる回数を超えました" in shopper.site.get(PAGE).content.decode()
    assert charges(shopper) == []


def test_a_session_that_is_over_comes_back_with_advice(
    shopper: Going, clock: SettableClock
) -> None:
    seen = enters(shopper)
    clock.advance(timedelta(minutes=41))
    shopper.returns(confirms(shopper, seen))
    assert Operation.objects.get().response_codes == "P74"
    assert Payment.objects.get().state == "withdrawn"
    assert shopper.site.get(PAGE).context["card_form"].notice
    assert charges(shopper) == []


# -- one charge ---------------------------------------------------------------------------------


def test_while_the_page_is_open_nothing_else_is_begun(shopper: Going) -> None:
    presses(shopper)
    presses(shopper)
    assert (Payment.objects.count(), Trip.objects.count()) == (1, 1)


def test_the_shopper_who_pressed_back_may_open_the_page_again(shopper: Going) -> None:
    shopper.leaves(presses(shopper))
    page = shopper.site.get(PAGE)
    again = shopper.departs(shopper.site.get(page.context["reopen_url"]))
    shopper.returns(confirms(shopper, shopper.there.enter_card(again, VISA)))
    assert charges(shopper) == [3780]


def test_of_two_open_pages_one_can_charge(shopper: Going) -> None:
    first = enters(shopper)
    page = shopper.site.get(PAGE)
    again = shopper.departs(shopper.site.get(page.context["reopen_url"]))
    second = shopper.there.enter_card(again, VISA)
    shopper.returns(confirms(shopper, first))
    shopper.returns(confirms(shopper, second))
    assert charges(shopper) == [3780]
    assert Payment.objects.get().state == "gathered"


def test_an_ok_that_the_gateway_does_not_confirm_is_not_believed(
    shopper: Going, simulator: SimulatorServer
) -> None:
    seen = shopper.there.press(enters(shopper), action="cancel")
    fields = fields_of(seen.value) | {
        "ResponseCd": "OK",
        "ProcessId": "a" * 32,
        "ProcessPass": "b" * 32,
    }
    shopper.site.post(BACK, {"EncryptValue": encrypt_value(fields, KEYS.key, KEYS.vector)})
    assert Payment.objects.get().state == "started"


def test_the_transaction_of_another_payment_pays_nothing(shopper: Going) -> None:
    paid = confirms(shopper, enters(shopper))
    shopper.returns(paid)
    Payment.objects.update(order_reference="100000")
    presses(shopper)
    trip = Trip.objects.order_by("-id")[0]
    fields = fields_of(paid.value) | {"MerchantFree1": trip.code, "ProcNo": trip.proc_no}
    shopper.site.post(BACK, {"EncryptValue": encrypt_value(fields, KEYS.key, KEYS.vector)})
    assert Payment.objects.get(order_reference="100001").state == "started"


def test_a_confirmation_that_gets_lost_is_asked_for_again(
    shopper: Going,
    clock: SettableClock,
    simulator: SimulatorServer,
    settings: Any,
    closed_port: int,
) -> None:
    seen = confirms(shopper, enters(shopper))
    here = settings.ESCOTT
    settings.ESCOTT = here | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    shopper.returns(seen)
    assert Payment.objects.get().state == "unknown"
    settings.ESCOTT = here
    clock.advance(timedelta(minutes=1))
    recover_due(clock, NEVER)
    payment = Payment.objects.get()
    assert (payment.state, bool(payment.process_id)) == ("gathered", True)


def test_an_ok_that_comes_late_and_unconfirmed_keeps_the_order_from_a_second_charge(
    shopper: Going, clock: SettableClock, settings: Any, closed_port: int
) -> None:
    """Staff have looked too fast: they called it not charged, and then the shopper comes back."""
    paid = confirms(shopper, enters(shopper))
    clock.advance(timedelta(minutes=46))
    recover_due(clock, NEVER)
    clock.advance(timedelta(minutes=6))
    settle(Operation.objects.get().pk, done=False, note="not there", clock=clock)
    assert Payment.objects.get().state == "not_charged"

    here = settings.ESCOTT
    settings.ESCOTT = here | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    shopper.returns(paid)
    settings.ESCOTT = here

    payment = Payment.objects.get()
    assert attention_of(payment) == CaseKind.LATE_DOUBT
    told = shopper.site.get(PAGE)
    assert "card_form" not in told.context
    assert "お支払い状況を確認しています" in told.content.decode()
    assert presses(shopper).status_code == 303
    assert (Payment.objects.count(), charges(shopper)) == (1, [3780])

    dismiss(payment.cases.get(closed_at=None).pk, note="looked at", actor=None)
    assert shopper.site.get(PAGE).context["card_form"]


def test_who_never_comes_back_leaves_a_question_for_staff_and_blocks_a_second_charge(
    shopper: Going, clock: SettableClock
) -> None:
    enters(shopper)
    clock.advance(timedelta(minutes=46))
    recover_due(clock, NEVER)
    clock.advance(timedelta(minutes=1))
    recover_due(clock, NEVER)
    expire_trips(clock, NEVER)
    payment = Payment.objects.get()
    assert (payment.state, attention_of(payment)) == ("unknown", CaseKind.RESULT_UNKNOWN)
    assert payment.operations.get().reason == "not_returned"
    presses(shopper)
    assert Payment.objects.count() == 1


def test_a_return_that_comes_late_is_still_recorded(shopper: Going, clock: SettableClock) -> None:
    seen = confirms(shopper, enters(shopper))
    clock.advance(timedelta(minutes=50))
    recover_due(clock, NEVER)
    assert Payment.objects.get().state == "unknown"
    shopper.returns(seen)
    assert Payment.objects.get().state == "gathered"
