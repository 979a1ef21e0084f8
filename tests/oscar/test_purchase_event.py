"""コンバージョンのトラッキング (A007): a purchase by card is reported once, and nothing else is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from escott.django.models import Payment
from escott.oscar.links import thank_you_url
from escott.rules.payment_states import PaymentState
from shop.seed.accounts import CUSTOMER
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.konbini import buys_by_slip, offer_collection

_EVENT = re.compile(
    r'<script id="escott-purchase" type="application/json">(.*?)</script>', re.DOTALL
)


def event_on(client: Client, url: str) -> dict[str, Any] | None:
    """The event that the page reports."""
    text = client.get(url).content.decode()
    found = _EVENT.search(text)
    assert (found is not None) == ("purchase-event.js" in text)
    if found is None:
        return None
    event: dict[str, Any] = json.loads(found[1])
    return event


def test_it_names_the_order_what_was_charged_and_each_item(shopper: Shopper) -> None:
    url = shopper.buys("yunomi").url

    assert event_on(shopper.client, url) == {
        "event": "purchase",
        "ecommerce": {
            "transaction_id": the_order().number,
            "value": 2530,
            "currency": "JPY",
            "shipping": 550,
            "items": [
                {
                    "item_id": "yunomi",
                    "item_name": the_order().lines.get().title,
                    "price": 1980,
                    "quantity": 1,
                }
            ],
        },
    }
    assert Payment.objects.get().amount == 2530


def test_the_price_of_an_item_is_what_one_piece_cost_after_discounts_with_its_tax(
    shopper: Shopper,
) -> None:
    url = shopper.orders(shopper.goes_to_confirmation("yunomi", quantity=2)).url
    the_order().lines.update(line_price_incl_tax=3564)
    Order.objects.update(total_incl_tax=3564, total_excl_tax=3240)

    event = event_on(shopper.client, url)

    assert event is not None
    assert (event["ecommerce"]["value"], event["ecommerce"]["tax"]) == (3564, 324)
    [item] = event["ecommerce"]["items"]
    assert (item["price"], item["quantity"]) == (1782, 2)


def test_a_reload_and_a_second_tab_report_nothing_more(shopper: Shopper) -> None:
    url = shopper.buys().url

    assert event_on(shopper.client, url)
    assert event_on(shopper.client, url) is None
    assert event_on(shopper.client, "/checkout/thank-you/") is None


def test_somebody_else_with_the_link_neither_reports_it_nor_uses_it_up(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    url = shopper.buys().url

    assert event_on(new_shopper().client, url) is None
    assert event_on(shopper.client, url)


def test_a_customer_reports_it_from_another_browser_too(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    shopper.signs_in(*CUSTOMER)
    shopper.puts_in_basket("wallpapers")
    shopper.client.get("/checkout/shipping-address/", follow=True)
    url = shopper.orders(shopper.confirms()).url
    elsewhere = new_shopper()
    assert event_on(elsewhere.client, url) is None

    elsewhere.signs_in(*CUSTOMER)

    assert event_on(elsewhere.client, url)
    assert event_on(shopper.client, url) is None


def test_a_question_without_a_page_does_not_use_it_up(shopper: Shopper) -> None:
    url = shopper.buys().url

    assert shopper.client.head(url).status_code == 200

    assert event_on(shopper.client, url)


def test_an_order_that_is_paid_at_the_second_try_is_reported_then(shopper: Shopper) -> None:
    refused = shopper.buys(card="4000000007120001").url
    assert event_on(shopper.client, refused) is None

    paid = shopper.pays(refused).url

    assert event_on(shopper.client, paid)


def test_a_free_order_is_no_card_payment_and_reports_nothing(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation("care-booklet")
    url = shopper.client.post(page.context["order_url"]).url

    assert event_on(shopper.client, url) is None


def test_a_payment_by_another_method_reports_nothing_in_the_browser(shopper: Shopper) -> None:
    offer_collection()
    buys_by_slip(shopper)
    order = the_order()
    for state in (PaymentState.UNPAID, PaymentState.DEPOSITED):
        Payment.objects.update(state=state)
        assert event_on(shopper.client, thank_you_url(order)) is None
    assert not Order.objects.get().analytics_tracked


def test_a_title_cannot_break_out_of_the_page(shopper: Shopper) -> None:
    url = shopper.buys().url
    title = "</script><script>alert(1)</script>"
    the_order().lines.update(title=title)

    event = event_on(shopper.client, url)

    assert event is not None
    assert event["ecommerce"]["items"][0]["item_name"] == title
