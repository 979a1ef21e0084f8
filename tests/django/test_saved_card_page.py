"""クレジットカード on a plain Django site: typed there, with 3-D Secure, or at the gateway."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from escott.clock import SettableClock
from escott.django.models import (
    Connection,
    Member,
    MerchantAccount,
    Payment,
    SecureUse,
    Trip,
)
from escott.simulator.server import SimulatorServer
from tests.django.going import Going
from tests.django.saved_cards import MASTERCARD, at_the_gateway
from tests.django.test_secure_payments import use_clock

PAGE = "/card/"


@pytest.fixture
def shopper(
    customer: Any,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Going:
    """Signed in, at a shop that shares its clock with the gateway."""
    use_clock(monkeypatch, clock)
    for module in ("saved_card_page", "delete_saved_card_page", "account_page", "services.members"):
        monkeypatch.setattr(f"escott.django.{module}.the_clock", lambda: clock)
    going = Going(simulator)
    going.site.force_login(customer)
    return going


def page_after(shopper: Going, answer: Any) -> str:
    """Where the return leads the shopper, read to the end."""
    assert answer.status_code == 303
    return str(shopper.site.get(answer["Location"], follow=True).content.decode())


def through_the_check(shopper: Going, number: str) -> str:
    """Registers a card with a 本人認証; the page afterwards."""
    seen = shopper.leaves(shopper.presses(number, page=PAGE))
    if "EncryptValue" not in seen.text:
        seen = shopper.there.press(seen, action="code", code="123456")
    return page_after(shopper, shopper.returns(seen))


def test_a_card_is_registered_and_changed_without_3d_secure(shopper: Going) -> None:
    answer = shopper.presses(page=PAGE)
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "VISA •••• 1000" in shopper.site.get(PAGE).content.decode()
    shopper.presses(MASTERCARD, page=PAGE)
    assert "Mastercard •••• 1006" in shopper.site.get(PAGE).content.decode()
    assert not Payment.objects.exists()


def test_with_3d_secure_the_card_is_registered_after_the_check_and_changed_as_well(
    shopper: Going, simulator: SimulatorServer
) -> None:
    MerchantAccount.objects.update(secure_use=SecureUse.USE)
    page = through_the_check(shopper, "4000000000001000")
    assert "カードを登録しました" in page
    assert "VISA •••• 1000" in page

    page = through_the_check(shopper, MASTERCARD)
    assert "カードを変更しました" in page
    assert "Mastercard •••• 1006" in page
    assert list(Trip.objects.order_by("pk").values_list("goal", "state")) == [
        ("add_card", "accepted"),
        ("change_card", "accepted"),
    ]
    assert len(at_the_gateway(simulator)) == 1


def test_a_failed_check_registers_nothing_and_says_so(
    shopper: Going, simulator: SimulatorServer
) -> None:
    MerchantAccount.objects.update(secure_use=SecureUse.USE)
    seen = shopper.leaves(shopper.presses(page=PAGE))
    for _attempt in range(3):
        seen = shopper.there.press(seen, action="code", code="000000")
    page = page_after(shopper, shopper.returns(seen))
    assert "カードは登録されませんでした" in page
    assert not simulator.gateway.members()


def test_the_consent_is_asked_for_where_there_is_a_check(shopper: Going) -> None:
    MerchantAccount.objects.update(secure_use=SecureUse.USE)
    answer = shopper.site.post(PAGE, {"token": shopper.token(), "holder_name": "HANAKO YAMADA"})
    assert answer.status_code == 422
    assert not Trip.objects.exists()


def on_the_gateways_page(shopper: Going, number: str) -> str:
    """Registers a card on the gateway's own page; the page afterwards."""
    entry = shopper.leaves(shopper.site.post(PAGE, {"consent": "on"}))
    seen = shopper.there.press(shopper.there.enter_card(entry, number), action="confirm")
    return page_after(shopper, shopper.returns(seen))


def test_on_the_gateways_page_the_card_is_registered_and_changed_as_well(
    shopper: Going, simulator: SimulatorServer
) -> None:
    MerchantAccount.objects.update(connection=Connection.LINK)
    assert "VISA •••• 1000" in on_the_gateways_page(shopper, "4000000000001000")
    assert "Mastercard •••• 1006" in on_the_gateways_page(shopper, MASTERCARD)
    assert len(at_the_gateway(simulator)) == 1


def test_who_leaves_the_gateways_page_can_begin_again_at_once(shopper: Going) -> None:
    MerchantAccount.objects.update(connection=Connection.LINK)
    shopper.leaves(shopper.site.post(PAGE, {"consent": "on"}))
    page = shopper.site.get(PAGE).content.decode()
    assert "data-escott-card-form" in page
    assert "登録を確認しています" not in page
    assert "VISA •••• 1000" in on_the_gateways_page(shopper, "4000000000001000")
    assert Member.objects.count() == 1


def test_the_page_saves_under_atomic_requests_as_well(
    shopper: Going, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    assert shopper.presses(page=PAGE).status_code == 303
    MerchantAccount.objects.update(shoppers_delete_cards=True)
    assert shopper.site.post("/card/delete/").status_code == 303
    assert Member.objects.get().state == "deleted"


def test_a_request_forged_from_another_site_is_refused(shopper: Going, customer: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(customer)
    assert browser.post(PAGE, {"token": shopper.token()}).status_code == 403
    MerchantAccount.objects.update(shoppers_delete_cards=True)
    assert browser.post("/card/delete/").status_code == 403


@pytest.mark.parametrize("path", [PAGE, "/card/delete/"])
def test_strangers_are_sent_to_sign_in(path: str, account: MerchantAccount, shopper: Going) -> None:
    for call in (Client().get, Client().post):
        answer = call(path)
        assert answer.status_code == 302
        assert "login" in answer.url


def test_the_admin_lists_members_and_shows_no_password(
    shopper: Going, admin_client: Client
) -> None:
    shopper.presses(page=PAGE)
    member = Member.objects.get()
    listing = admin_client.get("/admin/escott/member/")
    page = admin_client.get(f"/admin/escott/member/{member.pk}/change/")
    assert "VISA •••• 1000" in listing.content.decode()
    assert member.kaiin_id in page.content.decode()
    assert member.kaiin_pass.reveal() not in listing.content.decode() + page.content.decode()
    assert admin_client.post(f"/admin/escott/member/{member.pk}/delete/").status_code == 403
