"""What an attacker, a frozen machine or an odd gateway may try, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from escott.clock import SettableClock
from escott.django.conf import escott_settings
from escott.django.models import MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.posted_card_data import _digit_runs
from escott.django.services import (
    MethodUnavailable,
    carry_out,
    claim_payment,
    pay_by_token,
)
from escott.django.services.announce import announce
from escott.django.services.instruction import CardInstruction
from escott.django.services.recovery import recover_due
from escott.gateway import Client, HttpAnswer, OperateId, Secret, UrllibTransport
from escott.rules.unknown_outcome import GRACE
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER
from tests.django.test_database_trouble import listening

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]

LOST_AFTER_THE_CHARGE = "4000000090020001"
LOST_BEFORE_THE_CHARGE = "4000000090030000"


def give_up(clock: SettableClock) -> None:
    """Time passes until the worker has proven that an unused token charged nothing."""
    for _round in range(3):
        clock.advance(GRACE)
        recover_due(clock, NEVER)


@pytest.mark.parametrize("stopped", ["the clock went on", "the machine counted on"])
def test_a_process_that_stood_still_after_its_claim_asks_the_gateway_no_more(
    stopped: str,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    claim = claim_payment(new_order(), CardInstruction(token=token()), clock=clock)
    if stopped == "the clock went on":
        clock.advance(timedelta(minutes=1))
    else:
        claim = replace(claim, counted_from=time.monotonic() - 60)
    payment = carry_out(claim, clock=clock)
    assert (payment.state, payment.operations.get().reason) == ("not_sent", "too_late")
    assert not simulator.gateway.transactions()


def test_after_it_was_given_up_and_paid_anew_the_frozen_press_charges_nothing(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    order = new_order()
    frozen = claim_payment(order, CardInstruction(token=token()), clock=clock)
    give_up(clock)
    assert pay_by_token(order, token(), clock=clock).is_paid
    carry_out(frozen, clock=clock)
    assert len(simulator.gateway.charges()) == 1


def test_an_unknown_result_of_what_was_given_up_calls_for_staff(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = Client.send

    def given_up_meanwhile(self: Client, telegram: Any) -> Any:
        if telegram.operate_id in {OperateId.TOKEN_SEARCH, OperateId.TOKEN_REFERENCE}:
            return send(self, telegram)
        monkeypatch.setattr(Client, "send", send)
        give_up(clock)
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", given_up_meanwhile)
    payment = pay_by_token(new_order(), token(LOST_AFTER_THE_CHARGE), clock=clock)
    assert (payment.state, attention_of(payment)) == ("not_charged", "late_doubt")


def test_an_announcement_tells_the_payment_as_it_stands_not_as_it_was_read(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    told: list[str] = []

    def receiver(payment: Payment, **_: Any) -> None:
        told.append(payment.state)

    payment = pay_by_token(new_order(), token(), clock=clock)
    Payment.objects.update(state="unknown", announce_due_at=clock.now())
    as_read = Payment.objects.get()
    Payment.objects.update(state="gathered", announce_due_at=clock.now() + timedelta(seconds=1))
    with listening(receiver):
        assert announce(as_read)
        assert not announce(payment)
    assert told == ["gathered"]


@pytest.mark.parametrize(
    "odd",
    [
        {"TransactionId": "1" * 65},
        {"ProcessId": "a" * 65},
        {"ProcessId": "%00"},
        {"TransactionId": "%00"},
        {"ResponseCd": "|".join(["K96"] * 60)},
    ],
)
def test_an_odd_answer_is_unknown_and_is_written_down(
    odd: dict[str, str],
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answer(_self: Any, _url: str, body: bytes, **_: Any) -> HttpAnswer:
        asked = dict(pair.split("=") for pair in body.decode().split("&"))
        fields = {
            "OperateId": asked["OperateId"],
            "MerchantFree1": asked["MerchantFree1"],
            "ProcessId": "a" * 32,
            "ProcessPass": "b" * 32,
            "ResponseCd": "OK",
        }
        if asked["OperateId"] == OperateId.TOKEN_SEARCH:
            fields["TokenResponseCd"] = "OK"
        elif asked["OperateId"] != OperateId.TOKEN_REFERENCE:
            fields |= odd
        text = "&".join(f"{name}={value}" for name, value in fields.items())
        return HttpAnswer(200, text.encode())

    with_token = token()
    monkeypatch.setattr(UrllibTransport, "post", answer)
    payment = pay_by_token(new_order(), with_token, clock=clock)
    payment.refresh_from_db()
    assert payment.state == "unknown"


def test_a_defect_while_the_gateway_is_asked_is_unknown_and_shows_no_secret(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: Any, **__: Any) -> HttpAnswer:
        raise RuntimeError("a defect")

    with_token = token()
    monkeypatch.setattr(UrllibTransport, "post", broken)
    payment = pay_by_token(new_order(), with_token, clock=clock)
    assert (payment.state, payment.operations.get().reason) == ("unknown", "defect")
    assert "pass1234" not in caplog.text
    assert with_token.reveal() not in caplog.text


def test_an_operation_that_cannot_be_asked_about_reaches_staff_and_holds_up_no_other(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    broken = pay_by_token(new_order(), token(LOST_BEFORE_THE_CHARGE), clock=clock)
    other = MerchantAccount.objects.create(name="other", merchant_id="not digits")
    Payment.objects.filter(pk=broken.pk).update(account=other)
    healthy = pay_by_token(new_order(), token(LOST_BEFORE_THE_CHARGE), clock=clock)
    clock.advance(GRACE)
    recover_due(clock, NEVER)
    healthy.refresh_from_db()
    assert healthy.state == "not_charged"
    Operation.objects.filter(payment=broken).update(attempts=30)
    clock.advance(timedelta(hours=1))
    recover_due(clock, NEVER)
    broken.refresh_from_db()
    assert attention_of(broken) == "result_unknown"


def test_a_long_line_of_digits_is_looked_through_once() -> None:
    groups = 5000
    assert sum(1 for _run in _digit_runs("1 " * groups)) <= 17 * groups


@pytest.mark.parametrize("number", ["4000-0000-0000-1000", "4000_0000_0000_1000"])
def test_a_card_number_in_the_tokens_place_is_refused(
    number: str, account: MerchantAccount
) -> None:
    page = Browser().post("/pay/100001/", {"token": number, "amount": "3780"})
    assert page.status_code == 422
    assert not Payment.objects.exists()


def test_a_clock_that_can_be_set_charges_nobody_in_production(
    new_order: Order, token: NewToken, clock: SettableClock, settings: Any
) -> None:
    MerchantAccount.objects.update(mode="production", production_password=Secret("pass1234"))
    settings.ESCOTT = settings.ESCOTT | {"CLOCK_FILE": "clock.json"}
    with pytest.raises(MethodUnavailable, match="CLOCK_FILE"):
        pay_by_token(new_order(), token(), clock=clock)
    assert not Payment.objects.exists()


def test_the_keys_stand_in_no_text_of_the_settings(settings: Any) -> None:
    assert settings.ESCOTT["ENCRYPTION_KEYS"][0] not in repr(escott_settings())
