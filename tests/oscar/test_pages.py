"""What every page owes the shopper: privacy, one origin, a word about test mode."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from escott.django.models import MerchantAccount, Payment
from shop.seed.accounts import CUSTOMER, STAFF
from tests.oscar.conftest import Order, Shopper, the_order

CARD = "4000 0000 0000 1000"


def test_pages_of_checkout_are_kept_by_no_cache(shopper: Shopper) -> None:
    confirmation = shopper.goes_to_confirmation()
    answer = shopper.orders(confirmation, "4000000007120001")
    pages = [
        confirmation,
        answer,
        shopper.client.get(answer.url),
        shopper.client.get(f"{answer.url}state/"),
        shopper.client.get("/checkout/shipping-address/"),
        shopper.client.get("/checkout/"),
    ]

    assert all("no-store" in page["Cache-Control"] for page in pages)


def test_account_and_dashboard_pages_are_kept_by_no_cache(shopper: Shopper) -> None:
    shopper.signs_in(*STAFF)

    for path in ("/accounts/orders/", "/accounts/addresses/", "/dashboard/orders/"):
        page = shopper.client.get(path)
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]


def test_scripts_come_from_the_shop_and_on_card_pages_from_the_gateway(shopper: Shopper) -> None:
    confirmation = shopper.goes_to_confirmation()
    gateway = re.match(r"https?://[^/]+", confirmation.context["card_form"].token_script_url)
    assert gateway is not None

    policy = confirmation["Content-Security-Policy"]
    assert f"script-src 'self' {gateway[0]}" in policy
    front = shopper.client.get("/")["Content-Security-Policy"]
    assert gateway[0] not in front
    assert "default-src 'self'" in front


@pytest.mark.parametrize("path", ["/", "/catalogue/", "/basket/", "/law/", "/accounts/login/"])
def test_every_page_loads_everything_from_the_shop(shopper: Shopper, path: str) -> None:
    page = shopper.client.get(path).content.decode()

    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]+', page)
    assert "<script>" not in page
    assert "style=" not in page


@pytest.mark.parametrize("path", ["/", "/basket/", "/accounts/login/", "/law/"])
def test_every_page_says_that_the_shop_is_in_test_mode(shopper: Shopper, path: str) -> None:
    marker = "テストモードで稼働中、実際の請求は行われません"
    assert marker in shopper.client.get(path).content.decode()

    MerchantAccount.objects.update(mode="production")

    assert marker not in shopper.client.get(path).content.decode()


def test_a_card_number_that_is_posted_is_refused_and_not_kept(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()

    answer = shopper.client.post(
        page.context["order_url"], {"token": shopper.token_for("4000000000001000"), "n": CARD}
    )

    assert answer.status_code == 400
    assert "1000" not in answer.content.decode()
    assert not Order.objects.exists()
    assert not Payment.objects.exists()


def test_the_payment_page_refuses_card_numbers_too(shopper: Shopper) -> None:
    refused = shopper.buys(card="4000000007120001")

    for field in ("token", "card"):
        answer = shopper.client.post(refused.url, {field: CARD.replace(" ", "")})
        assert answer.status_code == 400
    assert Payment.objects.count() == 1


def test_an_address_is_shown_to_its_own_shopper_alone(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    url = shopper.buys().url

    assert "千代田1-1" in shopper.client.get(url).content.decode()
    stranger = new_shopper()
    assert "千代田1-1" not in stranger.client.get(url).content.decode()


def test_the_session_knows_nothing_about_money(shopper: Shopper) -> None:
    shopper.buys()

    kept = dict(shopper.client.session)
    known = {"checkout_data", "checkout_order_id", "_auth_user_id", "escott_visitor"}
    assert set(kept) <= known
    assert not any(kept["checkout_data"].values())


def test_the_shop_speaks_english_when_asked(shopper: Shopper) -> None:
    assert "カゴ" in shopper.client.get("/", headers={"accept-language": "en"}).content.decode()

    shopper.client.post("/i18n/setlang/", {"language": "en", "next": "/"})

    page = shopper.client.get("/").content.decode()
    assert "Sign in" in page
    assert "カゴ" not in page


def test_a_customer_finds_the_way_to_pay_on_the_orders_page(shopper: Shopper) -> None:
    shopper.signs_in(*CUSTOMER)
    shopper.puts_in_basket("furoshiki")
    shopper.gives_address()
    refused = shopper.orders(shopper.confirms(), "4000000007120001")

    page = shopper.client.get(f"/accounts/orders/{the_order().number}/").content.decode()

    assert refused.url in page
