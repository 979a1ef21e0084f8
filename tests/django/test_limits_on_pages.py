"""The limits against card testing where shoppers meet them, and what counts after a trip."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from escott.clock import SettableClock
from escott.django.models import CardAttempt, MerchantAccount, Payment, SecureUse
from escott.gateway import Secret
from escott.rules.card_testing import LIMITS
from escott.simulator.magic_cards import MAGIC_CARDS
from escott.simulator.secure_outcomes import MAINTENANCE, REFUSED
from escott.simulator.server import SimulatorServer
from tests.django.going import PAGE, Going

DECLINED = "4000000007120001"
MOST = {limit.name: limit.most for limit in LIMITS}


@pytest.fixture(autouse=True)
def _one_clock(
    account: MerchantAccount, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("press", "trip_pages", "services.pay", "services.return_trip"):
        monkeypatch.setattr(f"escott.django.{module}.the_clock", lambda: clock)


@pytest.fixture
def shopper(account: MerchantAccount, simulator: SimulatorServer) -> Going:
    """Of a shop that uses 3-D Secure."""
    account.secure_use = SecureUse.USE
    account.save()
    return Going(simulator)


def refused() -> list[bool]:
    """Of each attempt, oldest first, whether it counts as refused."""
    return list(CardAttempt.objects.order_by("pk").values_list("refused", flat=True))


def card_with(outcome: Any) -> str:
    """The number of a magic card whose authentication ends so."""
    return next(number for number, card in MAGIC_CARDS.items() if card.secure is outcome)


def test_whoever_was_refused_too_often_is_stopped_before_the_gateway_is_asked(
    token: Callable[..., Secret], simulator: SimulatorServer, clock: SettableClock
) -> None:
    thief = Client()

    def presses(number: str) -> Any:
        return thief.post(PAGE, {"token": token(number).reveal(), "amount": "3780"})

    for _ in range(MOST["session"]):
        assert presses(DECLINED).status_code == 303
    stopped = presses("4000000000001000")
    assert stopped.status_code == 429
    assert "ご請求は発生していません" in stopped.content.decode()
    assert "60分" in stopped.content.decode()
    assert not simulator.gateway.charges()
    assert Payment.objects.count() == MOST["session"]

    clock.advance(timedelta(hours=1))
    assert presses("4000000000001000").headers["Location"] == "/thanks/100001/"


#: What a browser posts by itself where the page's script has not come: no card, and no token.
NATIVE_PRESS = {"token": "", "amount": "3780", "press": "aB3-_9"}


def test_a_press_before_the_pages_script_has_come_is_helped_and_charges_nothing(
    simulator: SimulatorServer,
) -> None:
    page = Client().post(PAGE, NATIVE_PRESS)
    assert page.status_code == 422
    form = page.context["card_form"]
    for helps in ("カード情報を受け取れませんでした", "請求は発生していません", "広告ブロック"):
        assert helps in form.notice
    assert form.notice in page.content.decode()
    assert 'role="alert"' in page.content.decode()
    assert not Payment.objects.exists()
    assert not simulator.gateway.transactions()


def test_whoever_presses_without_the_script_is_not_taken_for_somebody_who_tries_cards(
    token: Callable[..., Secret],
) -> None:
    shopper = Client()
    for _ in range(max(MOST.values()) + 1):
        assert shopper.post(PAGE, NATIVE_PRESS).status_code == 422
    assert not CardAttempt.objects.exists()
    paid = shopper.post(PAGE, {"token": token().reveal(), "amount": "3780"})
    assert paid.headers["Location"] == "/thanks/100001/"


def test_the_same_holds_where_3d_secure_asks_for_consent_and_name(shopper: Going) -> None:
    page = shopper.site.post(PAGE, NATIVE_PRESS | {"holder_name": "HANAKO YAMADA"})
    assert page.status_code == 422
    assert page.context["card_form"].notice.startswith("カード情報を受け取れませんでした")
    assert (CardAttempt.objects.count(), Payment.objects.count()) == (0, 0)
    assert shopper.presses().status_code == 303


def test_a_second_press_of_the_same_button_is_one_attempt(token: Callable[..., Secret]) -> None:
    shopper, press = Client(), {"token": token().reveal(), "amount": "3780"}
    for _ in range(3):
        shopper.post(PAGE, press)
    assert refused() == [False]


def test_a_card_that_is_declined_after_its_authentication_counts_as_refused(
    shopper: Going,
) -> None:
    shopper.pays(DECLINED)
    assert Payment.objects.get().state == "refused"
    assert refused() == [True]


def test_an_authentication_that_failed_counts_as_refused(shopper: Going) -> None:
    shopper.pays(card_with(REFUSED))
    assert not Payment.objects.exists()
    assert refused() == [True]


def test_an_authentication_service_out_of_order_is_held_against_nobody(shopper: Going) -> None:
    shopper.pays(card_with(MAINTENANCE))
    assert not Payment.objects.exists()
    assert refused() == [False]


def test_a_payment_after_an_authentication_counts_as_an_attempt(shopper: Going) -> None:
    shopper.pays()
    assert Payment.objects.get().is_paid
    assert refused() == [False]


def test_who_tries_cards_through_authentications_is_stopped_too(shopper: Going) -> None:
    for _ in range(MOST["session"]):
        shopper.pays(card_with(REFUSED))
    assert shopper.presses().status_code == 429
