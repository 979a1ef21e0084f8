"""Attacks on cards in an Oscar shop: whoever holds an order's link pays it, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from escott.django.models import Connection, Member, MerchantAccount, Payment
from escott.oscar.links import payment_page_url
from tests.oscar.conftest import Shopper, the_order

DECLINED = "4000000007120001"


def customer(name: str) -> Any:
    return get_user_model().objects.create_user(name, f"{name}@example.com", "secret-2028")


def signed_in(shopper: Shopper, name: str) -> Shopper:
    shopper.client.force_login(
        customer(name), backend="oscar.apps.customer.auth_backends.EmailBackend"
    )
    return shopper


@pytest.mark.parametrize("always", [False, True])
def test_who_pays_a_friends_order_does_not_leave_the_card_with_the_friend(
    always: bool, new_shopper: Callable[[], Shopper]
) -> None:
    MerchantAccount.objects.update(always_saves_card=always)
    friend = signed_in(new_shopper(), "hanako")
    friend.puts_in_basket("furoshiki")
    friend.client.get("/checkout/shipping-address/", follow=True)
    friend.gives_address()
    friend.orders(friend.confirms(), DECLINED)
    page = payment_page_url(the_order())
    payer = signed_in(new_shopper(), "jiro")
    shown = int(the_order().total_incl_tax)
    given = {"token": payer.token_for("4000000000001000"), "amount": shown}
    payer.client.post(page, given | {"save_card": "on"})
    assert not Payment.objects.filter(live=True).exists()
    payer.client.post(page, given)
    assert Payment.objects.get(live=True).is_paid
    assert not Member.objects.exists()


def test_a_stranger_with_the_link_is_not_sent_to_pay_with_the_saved_card(
    new_shopper: Callable[[], Shopper],
) -> None:
    owner = signed_in(new_shopper(), "hanako")
    owner.puts_in_basket("furoshiki")
    owner.client.get("/checkout/shipping-address/", follow=True)
    owner.gives_address()
    preview = owner.confirms()
    given = {"token": owner.token_for("4000000000001000"), "amount": int(preview.context["amount"])}
    owner.client.post(preview.context["order_url"], given | {"save_card": "on"})
    MerchantAccount.objects.update(connection=Connection.LINK)
    owner.puts_in_basket("furoshiki")
    owner.client.get("/checkout/shipping-address/", follow=True)
    owner.gives_address()
    preview = owner.confirms()
    given = {"card": "saved", "consent": "on", "amount": int(preview.context["amount"])}
    start = owner.client.post(preview.context["order_url"], given)["Location"]
    assert "/go/" in start
    stranger = new_shopper().client
    assert stranger.get(start).status_code == 303
    assert owner.client.get(start).status_code == 200
