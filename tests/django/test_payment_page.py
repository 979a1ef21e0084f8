"""The payment page of a plain Django site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from escott.django.models import MerchantAccount, Operation, Payment
from escott.gateway import Secret
from escott.gateway.customer_actions import ADVICE, CustomerAction
from escott.rules.card_testing import LIMITS
from escott.simulator.server import SimulatorServer

NewToken = Callable[..., Secret]

DECLINED_G12 = "4000000007120001"
LOST_BEFORE_THE_CHARGE = "4000000090030000"
PAGE = "/pay/100001/"


def posted(token: Secret, amount: int = 3780) -> dict[str, str]:
    """What the card form posts."""
    return {"token": token.reveal(), "amount": str(amount)}


@pytest.fixture
def shop(account: MerchantAccount) -> Client:
    """A shopper's browser at a shop that is set up."""
    return Client()


def test_the_page_shows_the_card_form_with_the_orders_own_total(shop: Client) -> None:
    page = shop.get(PAGE)
    text = page.content.decode()
    assert page.status_code == 200
    assert "¥3,780" in text
    assert "CdGetJavaScript.do?k_TokenNinsyoCode=" in text


def test_the_page_is_never_stored(shop: Client) -> None:
    assert "no-store" in shop.get(PAGE)["Cache-Control"]


def test_a_token_pays_the_order_and_leads_to_the_thank_you_page(
    shop: Client, token: NewToken, simulator: SimulatorServer
) -> None:
    answer = shop.post(PAGE, posted(token()))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/thanks/100001/")
    assert [charge.amount for charge in simulator.gateway.charges()] == [3780]
    assert shop.get(PAGE).headers["Location"] == "/thanks/100001/"


def test_a_total_that_is_no_longer_what_the_page_showed_is_shown_again_and_not_charged(
    shop: Client, token: NewToken, simulator: SimulatorServer
) -> None:
    page = shop.post(PAGE, posted(token(), amount=1))
    assert page.status_code == 409
    assert "お支払い金額が変わりました" in page.content.decode()
    assert "¥3,780" in page.content.decode()
    assert not simulator.gateway.charges()


def test_who_is_refused_again_and_again_has_to_wait(
    shop: Client, token: NewToken, simulator: SimulatorServer
) -> None:
    most = next(limit.most for limit in LIMITS if limit.name == "session")
    for _attempt in range(most):
        shop.post(PAGE, posted(token(DECLINED_G12)))
    page = shop.post(PAGE, posted(token()))
    assert page.status_code == 429
    assert "受付を一時停止しています" in page.content.decode()
    assert Payment.objects.count() == most


def test_a_refused_card_comes_back_with_advice_and_can_be_tried_again(
    shop: Client, token: NewToken
) -> None:
    page = shop.post(PAGE, posted(token(DECLINED_G12)), follow=True)
    assert ADVICE[CustomerAction.CARD_UNUSABLE].japanese in page.content.decode()
    assert shop.post(PAGE, posted(token())).headers["Location"] == "/thanks/100001/"


def test_a_result_that_is_being_checked_says_so_and_offers_no_form(
    shop: Client, token: NewToken
) -> None:
    page = shop.post(PAGE, posted(token(LOST_BEFORE_THE_CHARGE)), follow=True)
    text = page.content.decode()
    assert "お支払い状況を確認しています" in text
    assert "<form" not in text
    assert "payment-checking.js" in text


def test_a_card_number_sent_to_the_shop_is_refused_and_kept_nowhere(
    shop: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = shop.post(PAGE, {"token": "abc", "amount": "3780", "number": "4000 0000 0000 1000"})
    assert answer.status_code == 400
    assert "4000" not in caplog.text
    assert not Operation.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"token": ""}, {"token": "<script>"}, {"token": "x" * 201}])
def test_a_missing_or_strange_token_charges_nothing_and_says_so(
    fields: dict[str, str], shop: Client
) -> None:
    page = shop.post(PAGE, fields)
    assert page.status_code == 422
    assert "escott-card" in page.content.decode()
    assert not Payment.objects.exists()


def test_a_page_of_no_order_is_not_found(shop: Client, token: NewToken) -> None:
    assert shop.get("/pay/404/").status_code == 404
    assert shop.post("/pay/404/", posted(token())).status_code == 404


def test_a_shop_that_is_not_set_up_says_so_instead_of_showing_a_dead_form(
    shop: Client, token: NewToken
) -> None:
    MerchantAccount.objects.update(card_enabled=False)
    for page in (shop.get(PAGE), shop.post(PAGE, posted(token()))):
        assert page.status_code == 503
        assert 'role="alert"' in page.content.decode()


def test_a_shop_without_a_merchant_account_says_so_as_well(shop: Client, token: NewToken) -> None:
    MerchantAccount.objects.all().delete()
    for page in (shop.get(PAGE), shop.post(PAGE, posted(token()))):
        assert page.status_code == 503


def test_an_older_payment_that_is_live_decides_not_the_newest_attempt(
    shop: Client, token: NewToken
) -> None:
    shop.post(PAGE, posted(token()))
    paid = Payment.objects.get()
    Payment.objects.create(
        transaction_code="1", account=paid.account, mode=paid.mode, order_reference="100001",
        amount=3780, charged_by="gather", state="refused", live=False, created_at=paid.created_at,
    )  # fmt: skip
    assert shop.get(PAGE).headers["Location"] == "/thanks/100001/"


def test_the_page_pays_under_atomic_requests_as_well(
    shop: Client, token: NewToken, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    assert shop.post(PAGE, posted(token())).headers["Location"] == "/thanks/100001/"


def test_a_mixin_before_the_page_does_not_bring_the_transaction_back(
    account: MerchantAccount,
    token: NewToken,
    admin_client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    answer = admin_client.post("/members/pay/100001/", posted(token()))
    assert answer.headers["Location"] == "/thanks/100001/"


def test_a_request_forged_from_another_site_is_refused(
    account: MerchantAccount, token: NewToken
) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(PAGE, posted(token())).status_code == 403
    assert not Payment.objects.exists()
