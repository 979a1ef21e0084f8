"""支払回数 on the server: the brand is asked at the gateway, never believed from the browser."""

from __future__ import annotations

from typing import Any

import pytest

from escott.clock import SettableClock
from escott.django.models import MerchantAccount, Payment
from escott.django.services.begin import InstructionRefused, check_instruction
from escott.django.services.instruction import CardInstruction
from escott.gateway import Secret
from escott.rules.card_brands import CardBrand
from escott.rules.instalments import InstalmentOffer
from escott.simulator.options import Options
from escott.simulator.server import SimulatorServer
from tests.django.going import Going
from tests.django.test_secure_payments import use_clock
from tests.rules.test_instalments import EVERY_PAY_TYPE, MANUAL, SETTING

CARDS = {
    CardBrand.VISA: "4000000000001000",
    CardBrand.MASTERCARD: "5100000000001006",
    CardBrand.JCB: "3530000000001001",
    CardBrand.AMEX: "370000000001000",
    CardBrand.DINERS: "36000000001006",
}


@pytest.fixture
def shopper(
    account: MerchantAccount,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Going:
    use_clock(monkeypatch, clock)
    account.instalments = InstalmentOffer.BONUS
    account.save()
    return Going(simulator)


@pytest.mark.parametrize("offer", InstalmentOffer)
@pytest.mark.parametrize("brand", CARDS)
def test_every_brand_times_every_pay_type(
    brand: CardBrand,
    offer: InstalmentOffer,
    shopper: Going,
    account: MerchantAccount,
    clock: SettableClock,
) -> None:
    account.instalments = offer
    account.save()
    token = Secret(shopper.token(CARDS[brand]))
    taken = set()
    for pay_type in EVERY_PAY_TYPE:
        try:
            check_instruction(CardInstruction(token=token, pay_type=pay_type), clock=clock)
        except InstructionRefused:
            continue
        taken.add(pay_type)
    assert taken == MANUAL[brand] & SETTING[offer]


@pytest.mark.parametrize(
    ("brand", "pay_type"),
    [
        (CardBrand.VISA, "24"),
        (CardBrand.JCB, "88"),
        (CardBrand.AMEX, "03"),
        (CardBrand.DINERS, "80"),
    ],
)
def test_what_the_brand_takes_is_charged_in_so_many_payments(
    brand: CardBrand, pay_type: str, shopper: Going
) -> None:
    shopper.presses(CARDS[brand], pay_type=pay_type)
    assert Payment.objects.get().pay_type == pay_type
    assert [c.pay_type for c in shopper.simulator.gateway.charges()] == [pay_type]


@pytest.mark.parametrize(
    ("brand", "pay_type"),
    [(CardBrand.AMEX, "02"), (CardBrand.AMEX, "88"), (CardBrand.DINERS, "03")],
)
def test_what_the_brand_does_not_take_is_refused_before_anything_is_charged(
    brand: CardBrand, pay_type: str, shopper: Going
) -> None:
    page = shopper.presses(CARDS[brand], pay_type=pay_type)
    assert page.status_code == 422
    assert "ご請求は発生していません" in page.content.decode()
    assert not Payment.objects.exists()
    assert not shopper.simulator.gateway.charges()


def test_asking_for_the_brand_does_not_use_the_token_up(shopper: Going) -> None:
    token = shopper.token(CARDS[CardBrand.VISA])
    assert shopper.presses(token=token, pay_type="02").status_code == 303
    assert Payment.objects.get().state == "gathered"


def test_a_shop_with_one_payment_only_takes_no_other(
    shopper: Going, account: MerchantAccount
) -> None:
    account.instalments = InstalmentOffer.LUMP_SUM
    account.save()
    assert shopper.presses(pay_type="03").status_code == 422
    assert not Payment.objects.exists()


def test_a_gateway_that_can_not_be_asked_for_the_brand_charges_nothing(
    shopper: Going, settings: Any, closed_port: int
) -> None:
    token = shopper.token()
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    page = shopper.presses(token=token, pay_type="03")
    assert page.status_code == 422
    assert not Payment.objects.exists()


def test_where_no_leading_digits_are_shown_the_gateway_decides(
    shopper: Going, clock: SettableClock, settings: Any
) -> None:
    with SimulatorServer(options=Options(shown_leading_digits=0), clock=clock) as discreet:
        settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": discreet.base_url}
        Going(discreet).presses(CARDS[CardBrand.AMEX], pay_type="02")
    payment = Payment.objects.get()
    assert (payment.state, payment.operations.get().response_codes) == ("refused", "C12")
