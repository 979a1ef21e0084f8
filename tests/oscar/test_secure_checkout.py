"""Checkout by way of the gateway: 3-D Secure and the external link type, on Oscar's orders."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from escott.clock import SettableClock
from escott.django.clock import the_clock
from escott.django.mails import send_due
from escott.django.models import Connection, Mail, MerchantAccount, Payment, SecureUse, Trip
from escott.oscar.links import payment_page_url
from escott.oscar.order_moves import move_order
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import CUSTOMER
from tests.cases import attention_of
from tests.django.going import COPY, Going
from tests.oscar.conftest import Order, Shopper, the_order
from tests.simulator.shopper import Seen

MASTERCARD = "5100000000001006"
BOOK = "wrapping-guide"
AGREED = {"consent": "on", "holder_name": "HANAKO YAMADA"}


@pytest.fixture
def going(shopper: Shopper, simulator: SimulatorServer) -> Going:
    """The shopper's way to the gateway and back, where nobody answers copies."""
    return Going(simulator, shopper.client)


@pytest.fixture
def _secure(shop: None) -> None:
    MerchantAccount.objects.update(secure_use=SecureUse.USE)


@pytest.fixture
def _linked(shop: None, settings: Any) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "http://127.0.0.1:9"}
    MerchantAccount.objects.update(connection=Connection.LINK, token_code="")


secure = pytest.mark.usefixtures("_secure")
linked = pytest.mark.usefixtures("_linked")


def orders(shopper: Shopper, page: Any, card: str = MASTERCARD, **more: str) -> Any:
    """Presses 注文する, agreeing to everything."""
    return shopper.client.post(
        page.context["order_url"], {"token": shopper.token_for(card), **AGREED, **more}
    )


def confirmation(shopper: Shopper) -> Any:
    """The confirmation page of somebody who is signed in."""
    shopper.puts_in_basket(BOOK)
    shopper.client.get("/checkout/shipping-address/", follow=True)
    return shopper.confirms()


def buys(shopper: Shopper, card: str = MASTERCARD) -> Any:
    """From an empty basket to the answer to 注文する."""
    return orders(shopper, shopper.goes_to_confirmation(), card)


def pays(shopper: Shopper, url: str, card: str = MASTERCARD) -> Any:
    """Presses the button of an order's payment page."""
    shown = int(the_order().total_incl_tax)
    return shopper.client.post(url, {"token": shopper.token_for(card), "amount": shown, **AGREED})


def at_the_gateway(going: Going, answer: Any, card: str = MASTERCARD) -> Seen:
    """A guest enters a card on the gateway's page, up to its confirmation."""
    return going.there.enter_card(going.leaves(answer), card)


def confirmed(going: Going, seen: Seen) -> Seen:
    return going.there.press(seen, action="confirm")


def text_of(shopper: Shopper, url: str) -> str:
    return str(shopper.client.get(url).content.decode())


def mails() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("kind", flat=True))


# -- 3-D Secure ----------------------------------------------------------------------------


@secure
def test_the_order_is_placed_before_the_browser_leaves_and_nothing_is_charged(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    answer = buys(shopper)
    assert (answer.status_code, answer.url[:11]) == (303, "/escott/go/")
    assert the_order().status == "支払い待ち"
    assert Trip.objects.get().order_reference == the_order().number
    assert not Payment.objects.exists()
    assert not simulator.gateway.charges()
    assert mails() == []


@secure
def test_the_return_pays_the_order_and_moves_it(
    shopper: Shopper, going: Going, simulator: SimulatorServer
) -> None:
    going.returns(going.leaves(buys(shopper)))
    assert the_order().status == "処理中"
    assert [charge.amount for charge in simulator.gateway.charges()] == [3780]
    assert mails() == ["order_paid"]


@secure
def test_the_return_needs_no_session_shows_nothing_and_answers_303(
    shopper: Shopper, going: Going
) -> None:
    answer = going.returns(going.leaves(buys(shopper)))
    assert (answer.status_code, answer.content, len(answer.cookies)) == (303, b"", 0)
    assert answer.url.startswith("/checkout/pay/")
    thanks = shopper.client.get(answer.url, follow=True)
    assert "ご注文ありがとうございます" in thanks.content.decode()
    assert "千代田1-1" in thanks.content.decode()


@secure
def test_the_pages_between_checkout_and_the_gateway_have_the_shops_look_and_set_no_cookie(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    """A cookie in the answer to a post from another site would replace the shopper's own."""
    leaving = new_shopper().client.get(buys(shopper).url)
    unread = new_shopper().client.post("/escott/back/", {"EncryptValue": "forged"})
    assert (leaving.status_code, unread.status_code) == (200, 400)
    for page in (leaving, unread):
        assert "つむぎ堂" in page.content.decode()
        assert not page.cookies


@secure
def test_a_second_press_orders_nothing_more(shopper: Shopper, going: Going) -> None:
    page = shopper.goes_to_confirmation()
    first = orders(shopper, page)
    second = orders(shopper, page)
    assert second.status_code in {302, 303}
    assert second.url.startswith("/checkout/pay/")
    assert (Order.objects.count(), Trip.objects.count()) == (1, 1)
    going.returns(going.leaves(first))
    assert the_order().status == "処理中"


@secure
def test_without_consent_no_order_is_placed(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()
    answer = orders(shopper, page, consent="")
    assert "チェックを入れてください" in answer.content.decode()
    assert not Order.objects.exists()


@secure
def test_a_failed_authentication_leaves_an_order_that_another_card_pays(
    shopper: Shopper, going: Going, simulator: SimulatorServer
) -> None:
    seen = going.leaves(buys(shopper, "4000000000001000"))
    back = going.returns(going.there.press(seen, action="choose", outcome="failed"))
    assert the_order().status == "支払い待ち"
    page = text_of(shopper, back.url)
    assert "本人認証" in page
    assert "ご請求は発生していません" in page
    assert "data-escott-card-form" in page
    assert not simulator.gateway.charges()
    assert mails() == ["payment_unfinished"]

    going.returns(going.leaves(pays(shopper, back.url)))
    assert the_order().status == "処理中"
    assert len(simulator.gateway.charges()) == 1


@secure
def test_a_card_that_is_declined_after_the_authentication_fails_the_order(
    shopper: Shopper, going: Going
) -> None:
    back = going.returns(going.leaves(buys(shopper, "4000000007120001")))
    assert the_order().status == "失敗"
    assert "ご請求は発生していません" in text_of(shopper, back.url)
    assert mails() == ["payment_refused"]


@secure
def test_an_order_that_staff_cancelled_meanwhile_is_not_charged(
    shopper: Shopper, going: Going, simulator: SimulatorServer
) -> None:
    seen = going.leaves(buys(shopper))
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.AWAITING_PAYMENT])
    back = going.returns(seen)
    assert not simulator.gateway.charges()
    page = text_of(shopper, back.url)
    assert "このご注文は終了しています" in page
    assert "data-escott-card-form" not in page


@secure
def test_an_order_that_staff_changed_meanwhile_is_not_charged_before_the_shopper_has_seen_it(
    shopper: Shopper, going: Going, simulator: SimulatorServer
) -> None:
    seen = going.leaves(buys(shopper))
    Order.objects.update(total_incl_tax=4980)
    back = going.returns(seen)
    assert not simulator.gateway.charges()
    page = text_of(shopper, back.url)
    assert "お支払い金額が変わりました" in page
    assert "¥4,980" in page

    going.returns(going.leaves(pays(shopper, back.url)))
    assert [charge.amount for charge in simulator.gateway.charges()] == [4980]


@secure
def test_two_tabs_charge_the_order_once(
    shopper: Shopper, going: Going, simulator: SimulatorServer
) -> None:
    first = going.leaves(buys(shopper))
    url = Trip.objects.get().next_url
    second = going.leaves(pays(shopper, url))
    for seen in (first, second):
        assert going.returns(seen).url == url
    assert len(simulator.gateway.charges()) == 1
    assert the_order().status == "処理中"


@secure
def test_goods_without_shipping_complete_the_order(shopper: Shopper, going: Going) -> None:
    going.returns(going.leaves(orders(shopper, shopper.goes_to_confirmation(BOOK))))
    assert the_order().status == "完了"


@secure
def test_a_customers_card_is_saved_after_the_return(shopper: Shopper, going: Going) -> None:
    shopper.signs_in(*CUSTOMER)
    back = going.returns(going.leaves(orders(shopper, confirmation(shopper), save_card="on")))
    assert Trip.objects.get().customer == the_order().user
    thanks = shopper.client.get(back.url, follow=True).content.decode()
    assert "カードを登録しました" in thanks

    assert "Mastercard •••• 1006" in confirmation(shopper).content.decode()


@secure
def test_a_guests_wish_to_save_a_card_is_refused_before_an_order_is_placed(
    shopper: Shopper,
) -> None:
    refused = orders(shopper, shopper.goes_to_confirmation(BOOK), save_card="on")
    assert "登録せずにお支払い" in refused.content.decode()
    assert not Order.objects.exists()


@secure
def test_whoever_brings_the_result_sees_no_address(
    shopper: Shopper, going: Going, new_shopper: Callable[[], Shopper]
) -> None:
    back = going.returns(going.leaves(buys(shopper)))
    stranger = new_shopper().client.get(back.url, follow=True).content.decode()
    assert "ご注文ありがとうございます" in stranger
    assert "千代田1-1" not in stranger


@secure
def test_who_gave_up_gets_one_mail_with_the_way_back_after_some_minutes(
    shopper: Shopper, going: Going
) -> None:
    for _time in range(2):
        url = the_order_page(shopper, going)
    assert mails() == ["payment_unfinished"]
    send_due(SettableClock(the_clock().now()), threading.Event())
    assert mail.outbox == []
    send_due(SettableClock(the_clock().now() + timedelta(minutes=11)), threading.Event())
    to_the_shopper = mail.outbox[0]
    assert url in to_the_shopper.body
    assert "ご請求は発生していません" in to_the_shopper.body


@secure
def test_who_paid_meanwhile_is_not_asked_to_pay(shopper: Shopper, going: Going) -> None:
    url = the_order_page(shopper, going)
    going.returns(going.leaves(pays(shopper, url)))
    send_due(SettableClock(the_clock().now() + timedelta(minutes=11)), threading.Event())
    assert not [sent for sent in mail.outbox if "完了していません" in sent.subject]


def the_order_page(shopper: Shopper, going: Going) -> str:
    """Fails the 本人認証 of the one order; the page on which it can be paid."""
    if Order.objects.exists():
        answer = pays(shopper, payment_page_url(the_order()), "4000000000001000")
    else:
        answer = buys(shopper, "4000000000001000")
    seen = going.there.press(going.leaves(answer), action="choose", outcome="failed")
    return str(going.returns(seen)["Location"])


# -- external link type --------------------------------------------------------------------


@linked
def test_the_order_waits_while_the_gateways_page_is_open_and_the_page_can_be_opened_again(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    answer = buys(shopper)
    assert (answer.status_code, answer.url[:11]) == (303, "/escott/go/")
    assert (the_order().status, Payment.objects.get().state) == ("支払い待ち", "started")
    page = shopper.client.get("/checkout/preview/", follow=True)
    assert page.context["reopen_url"] == answer.url
    assert "data-escott-card-form" not in page.content.decode()
    assert not simulator.gateway.charges()


@linked
def test_the_return_of_the_gateways_page_pays_the_order(
    shopper: Shopper, going: Going, simulator: SimulatorServer
) -> None:
    back = going.returns(confirmed(going, at_the_gateway(going, buys(shopper))))
    assert the_order().status == "処理中"
    assert len(simulator.gateway.charges()) == 1
    assert mails() == ["order_paid"]
    assert (
        "ご注文ありがとうございます" in shopper.client.get(back.url, follow=True).content.decode()
    )


@linked
def test_a_copy_and_a_return_move_the_order_once(shopper: Shopper, going: Going) -> None:
    seen = confirmed(going, at_the_gateway(going, buys(shopper)))
    assert shopper.client.post(COPY, {"EncryptValue": seen.value}).status_code == 200
    going.returns(seen)
    assert the_order().status == "処理中"
    assert the_order().status_changes.count() == 1
    assert mails() == ["order_paid"]


@linked
def test_cancel_leaves_a_payable_order_without_an_error_or_a_mail(
    shopper: Shopper, going: Going, simulator: SimulatorServer
) -> None:
    back = going.returns(going.there.press(going.leaves(buys(shopper)), action="cancel"))
    assert the_order().status == "支払い待ち"
    page = shopper.client.get(back.url)
    assert (page.context["advice"], page.context["card_form"].notice) == ("", "")
    assert mails() == []

    going.returns(confirmed(going, at_the_gateway(going, pays(shopper, back.url))))
    assert the_order().status == "処理中"
    assert len(simulator.gateway.charges()) == 1


@linked
def test_a_second_press_opens_no_second_payment(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()
    orders(shopper, page)
    again = orders(shopper, page)
    assert again.url.startswith("/checkout/pay/")
    pays(shopper, again.url)
    assert (Order.objects.count(), Payment.objects.count(), Trip.objects.count()) == (1, 1, 1)


@linked
def test_a_payment_for_an_order_that_staff_cancelled_meanwhile_is_shown_to_staff(
    shopper: Shopper, going: Going
) -> None:
    """The gateway's page charges by itself, so the money is there: somebody must give it back."""
    seen = at_the_gateway(going, buys(shopper))
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.AWAITING_PAYMENT])
    going.returns(confirmed(going, seen))
    payment = Payment.objects.get()
    assert (the_order().status, payment.state) == ("キャンセル", "gathered")
    assert attention_of(payment) == "order_closed"
