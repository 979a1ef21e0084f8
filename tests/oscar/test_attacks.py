"""What a stranger, a broken session or an unlucky moment may do to an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from oscar.core.loading import get_model

from escott.django.models import Mail, Payment
from escott.gateway import Client
from escott.oscar.order_moves import move_order
from escott.oscar.rounding import whole_yen
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.oscar.conftest import Order, Shopper, the_order

DECLINED = "4000000007120001"
PHONE = "1234-5678"


def test_a_stranger_with_the_confirmation_link_sees_neither_address_nor_telephone(
    shopper: Shopper, new_shopper: Any
) -> None:
    page = shopper.goes_to_confirmation()
    shopper.orders(page)
    stranger = new_shopper()

    seen = stranger.client.get(page.context["order_url"], follow=True).content.decode()

    assert the_order().number in seen
    assert PHONE not in seen
    assert "千代田" not in seen


def test_the_shopper_sees_both_also_by_a_second_press(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation()
    shopper.orders(page)

    seen = shopper.client.get(page.context["order_url"], follow=True).content.decode()

    assert PHONE in seen


def test_a_session_that_cannot_be_saved_stops_no_payment(
    shopper: Shopper, simulator: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shopper.goes_to_confirmation()

    def broken(_self: SessionBase, **_: Any) -> None:
        monkeypatch.undo()
        raise RuntimeError("the session has gone")

    monkeypatch.setattr("django.contrib.sessions.backends.signed_cookies.SessionStore.save", broken)
    answer = shopper.orders(page)

    assert answer.url.startswith("/checkout/thank-you/")
    assert len(simulator.gateway.charges()) == 1


def test_a_discount_in_per_cent_leaves_whole_yen(shopper: Shopper) -> None:
    offer_three_per_cent()

    page = shopper.goes_to_confirmation()

    assert "¥3,667" in page.content.decode()
    assert whole_yen(Decimal("113.4")) == 113


def test_a_total_with_a_fraction_of_a_yen_is_shown_and_cannot_be_paid(
    shopper: Shopper, settings: Any
) -> None:
    settings.OSCAR_OFFER_ROUNDING_FUNCTION = None
    offer_three_per_cent()

    page = shopper.goes_to_confirmation()

    assert "card_form" not in page.context


def test_a_total_that_changed_after_the_page_was_shown_is_not_charged(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    refused = shopper.buys(card=DECLINED)
    shown = int(the_order().total_incl_tax)
    Order.objects.update(total_incl_tax=11900)

    answer = shopper.client.post(
        refused.url, {"token": shopper.token_for("4000000000001000"), "amount": shown}
    )

    assert "お支払い金額が変わりました" in answer.content.decode()
    assert not simulator.gateway.charges()


def test_many_refusals_are_one_mail_a_day(shopper: Shopper) -> None:
    refused = shopper.buys(card=DECLINED)

    for _press in range(3):
        shopper.pays(refused.url, card=DECLINED)

    assert Payment.objects.count() == 4
    assert Mail.objects.filter(kind="payment_refused").count() == 1


def test_a_payment_for_a_cancelled_order_stands_in_the_list_of_what_needs_attention(
    shopper: Shopper,
) -> None:
    refused = shopper.buys(card=DECLINED)
    order = the_order()

    pay_and_cancel_meanwhile(shopper, refused.url, order)

    paid = Payment.objects.order_by("-pk")[0]
    assert (paid.state, attention_of(paid)) == ("gathered", "order_closed")


def pay_and_cancel_meanwhile(shopper: Shopper, url: str, order: Any) -> None:
    """The order is cancelled while the gateway works on its payment."""
    send = Client.send

    def cancel_first(self: Client, telegram: Any) -> Any:
        only_from = {OrderStatus.AWAITING_PAYMENT, OrderStatus.FAILED}
        fresh = Order.objects.get(pk=order.pk)
        move_order(fresh, OrderStatus.CANCELLED, only_from=only_from)
        return send(self, telegram)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "send", cancel_first)
        shopper.pays(url)


def offer_three_per_cent() -> None:
    """A site offer of 3 % on everything."""
    everything = get_model("offer", "Range").objects.create(name="all", includes_all_products=True)
    get_model("offer", "ConditionalOffer").objects.create(
        name="3 %",
        offer_type="Site",
        condition=get_model("offer", "Condition").objects.create(
            range=everything, type="Count", value=1
        ),
        benefit=get_model("offer", "Benefit").objects.create(
            range=everything, type="Percentage", value=3
        ),
    )
