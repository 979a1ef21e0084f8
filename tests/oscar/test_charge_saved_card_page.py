"""登録済みカードで決済 from the order's page: two forms, one charge, and who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from secrets import token_hex

import pytest
from django.contrib.auth import get_user_model

from escott.django.models import AuditEntry, Member, MerchantAccount, Payment
from escott.django.services.members import keep_card
from escott.gateway import Secret
from escott.rules.yen import format_yen
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import CUSTOMER
from tests.oscar.conftest import Shopper, the_order
from tests.oscar.order_staff import (
    confirms,
    hidden_fields,
    member_of_staff,
    opens,
    ran_out,
    said,
    together,
)

DECLINED = "4000000007120001"
LOST_AFTER = "4000000090020001"
MAY_CHARGE = "escott.charge_saved_card"


@pytest.fixture
def staff(new_shopper: Callable[[], Shopper]) -> Shopper:
    return member_of_staff(new_shopper(), MAY_CHARGE)


@pytest.fixture
def taro(shopper: Shopper) -> Shopper:
    """The customer, with a saved card; the order of 壁紙 was refused with another card."""
    MerchantAccount.objects.update(saves_cards=True)
    customer = get_user_model().objects.get(email=CUSTOMER[0])
    keep_card(customer, Secret(shopper.token_for("4000000000001000")))
    shopper.signs_in(*CUSTOMER)
    return shopper


def orders(shopper: Shopper, card: str = DECLINED) -> None:
    shopper.puts_in_basket("wallpapers")
    shopper.client.get("/checkout/shipping-address/", follow=True)
    page = shopper.confirms()
    shopper.client.post(
        page.context["order_url"],
        {
            "token": shopper.token_for(card),
            "amount": int(page.context["amount"]),
            "card": "new",
            "pay_type": "01",
        },
    )


def url() -> str:
    return f"/dashboard/orders/{the_order().number}/pay-with-saved-card/"


def confirmation(staff: Shopper, charge: str = "gather") -> str:
    return opens(staff, url(), charge=charge, reason="お電話で")


def test_the_confirmation_says_card_amount_and_order(taro: Shopper, staff: Shopper) -> None:
    orders(taro)

    page = confirmation(staff)

    amount = format_yen(int(the_order().total_incl_tax))
    for word in ("1000", amount, the_order().number, "与信売上計上", "お電話で"):
        assert word in page, word
    assert Payment.objects.filter(live=True).count() == 0


def test_an_enter_too_many_in_the_first_form_charges_nothing(taro: Shopper, staff: Shopper) -> None:
    """The confirmation's heading has the focus, not its button."""
    orders(taro)
    page = confirmation(staff)
    assert re.search(r"<h2[^>]* autofocus>", page)
    assert not re.search(r"<button[^>]* autofocus", page)


@pytest.mark.parametrize(("charge", "state"), [("gather", "gathered"), ("authorise", "authorised")])
def test_staff_charge_the_card_and_the_page_says_so(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer, charge: str, state: str
) -> None:
    orders(taro)

    answer = confirms(staff, url(), confirmation(staff, charge))

    payment = Payment.objects.get(live=True)
    actor = payment.operations.get().actor
    assert actor is not None
    assert (payment.state, actor.username) == (state, "sato")
    assert payment.transaction_code in said(answer)
    assert the_order().status in {"処理中", "完了"}
    assert len(simulator.gateway.charges()) == 1
    assert AuditEntry.objects.filter(reason="お電話で").count() == 1


def test_a_reload_of_the_result_charges_nothing(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer
) -> None:
    orders(taro)
    page = confirmation(staff)

    confirms(staff, url(), page)
    again = confirms(staff, url(), page)

    assert Payment.objects.get(live=True).transaction_code in said(again)
    assert len(simulator.gateway.charges()) == 1


def test_two_staff_at_once_charge_once_and_the_other_is_told(
    taro: Shopper, staff: Shopper, new_shopper: Callable[[], Shopper], simulator: SimulatorServer
) -> None:
    orders(taro)
    other = member_of_staff(new_shopper(), MAY_CHARGE, name="suzuki")
    pages = [(who, confirmation(who)) for who in (staff, other)]

    together([partial(who.client.post, url(), hidden_fields(page)) for who, page in pages])

    assert len(simulator.gateway.charges()) == 1
    shown = f"/dashboard/orders/{the_order().number}/"
    told = [said(who.client.get(shown)) for who, _page in pages]
    assert all(told), told
    assert len(set(told)) == 2


def test_a_changed_total_is_shown_again_and_not_charged(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer
) -> None:
    orders(taro)
    page = confirmation(staff)
    type(the_order()).objects.update(total_incl_tax=5000)

    answer = confirms(staff, url(), page)

    assert answer.status_code == 409
    assert "¥5,000" in answer.content.decode()
    assert not simulator.gateway.charges()


def test_a_changed_card_is_shown_again_and_not_charged(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer
) -> None:
    orders(taro)
    page = confirmation(staff)
    customer = get_user_model().objects.get(email=CUSTOMER[0])
    keep_card(customer, Secret(taro.token_for("5100000000001006")))

    answer = confirms(staff, url(), page)

    assert answer.status_code == 409
    assert not simulator.gateway.charges()


@pytest.mark.parametrize(
    "forged",
    [
        {"amount": "1"},
        {"card": "1-0.000000"},
        {"charge": "capture"},
        {"reason": ""},
        {"key": "short"},
    ],
)
def test_a_forged_confirmation_charges_nothing(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer, forged: dict[str, str]
) -> None:
    orders(taro)

    answer = confirms(staff, url(), confirmation(staff), **forged)

    assert answer.status_code in {409, 422}
    assert not simulator.gateway.charges()


def test_only_a_post_with_its_csrf_token_charges(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer
) -> None:
    orders(taro)
    fields = hidden_fields(confirmation(staff))
    staff.client.handler.enforce_csrf_checks = True

    assert staff.client.post(url(), fields).status_code == 403
    staff.client.get(url(), fields)
    assert not simulator.gateway.charges()


def test_an_authorisation_that_ran_out_is_charged_anew(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer
) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    orders(taro, "4000000000001000")
    ran_out()

    confirms(staff, url(), confirmation(staff))

    assert Payment.objects.get(live=True).state == "gathered"
    assert the_order().status == "処理中"


@pytest.mark.parametrize("card", ["4000000000001000", LOST_AFTER])
def test_an_order_that_is_paid_or_unknown_offers_no_charge(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer, card: str
) -> None:
    orders(taro, card)
    before = len(simulator.gateway.charges())

    page = confirmation(staff)

    assert 'name="key"' not in page
    given = {"key": token_hex(16), "charge": "gather", "reason": "x", "amount": "1"}
    answer = staff.client.post(url(), given, follow=True)
    assert said(answer) or answer.status_code == 409
    assert len(simulator.gateway.charges()) == before


@pytest.mark.parametrize("status", ["キャンセル", "払い戻し"])
def test_an_order_that_was_closed_meanwhile_is_not_charged(
    taro: Shopper, staff: Shopper, simulator: SimulatorServer, status: str
) -> None:
    orders(taro)
    page = confirmation(staff)
    type(the_order()).objects.update(status=status)

    answer = confirms(staff, url(), page)

    assert said(answer)
    assert the_order().status == status
    assert not simulator.gateway.charges()


def test_without_a_usable_card_nothing_is_offered(taro: Shopper, staff: Shopper) -> None:
    orders(taro)
    Member.objects.update(state="invalid")

    assert 'name="charge"' not in opens(staff, url())
    assert url() not in opens(staff, f"/dashboard/orders/{the_order().number}/")


def test_without_the_permission_there_is_no_button_and_no_page(
    taro: Shopper, staff: Shopper, new_shopper: Callable[[], Shopper], simulator: SimulatorServer
) -> None:
    orders(taro)
    sato = member_of_staff(new_shopper(), name="tanaka")

    assert url() in opens(staff, f"/dashboard/orders/{the_order().number}/")
    assert url() not in opens(sato, f"/dashboard/orders/{the_order().number}/")
    assert sato.client.get(url()).status_code == 403
    assert confirms(sato, url(), confirmation(staff)).status_code == 403
    assert not simulator.gateway.charges()
