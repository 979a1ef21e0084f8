"""お支払い方法: which are offered for which total, and what a slip asks of its shopper (A063 to
A065, A068)."""

from __future__ import annotations

import html
import logging
from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model

from escott.django.models import CollectionAccount, FeeRow, MerchantAccount
from escott.gateway.secret import Secret
from escott.oscar.payment_methods import available_methods, offered_collection
from shop.seed.accounts import STAFF
from tests.oscar.conftest import Order, Shopper
from tests.oscar.konbini import CHOICE, PAYER, chooses, offer_collection

#: 決済手数料 above ¥5,500 is ¥550 (the manual's example), so no total may be more than this.
CEILING = 299_999 - 550


def offered(total: int) -> list[str]:
    return [method.code for method in available_methods(Decimal(total))]


def shown(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


# ---- what is offered ----


@pytest.mark.parametrize(
    ("total", "fee"), [(1, 0), (1100, 0), (1101, 330), (5500, 330), (5501, 550), (CEILING, 550)]
)
def test_collection_is_offered_with_its_fee(shop: None, total: int, fee: int) -> None:
    offer_collection()
    assert offered(total) == ["card", "collection"]
    method = offered_collection(Decimal(total))
    assert method is not None
    assert (method.fee, method.amount) == (fee, total + fee)


@pytest.mark.parametrize("total", [CEILING + 1, 300_000])
def test_a_total_that_no_store_takes_hides_it_and_the_log_says_why(
    shop: None, total: int, caplog: pytest.LogCaptureFixture
) -> None:
    offer_collection()
    with caplog.at_level(logging.INFO, "escott.oscar"):
        assert offered(total) == ["card"]
    assert "299,999" in caplog.text


def test_a_fraction_of_a_yen_hides_every_method(shop: None) -> None:
    offer_collection()
    assert available_methods(Decimal("3780.50")) == []


def test_without_a_fee_the_ceiling_is_the_stores_own(shop: None) -> None:
    offer_collection(charges_fee=False)
    assert offered(299_999) == ["card", "collection"]
    assert offered(300_000) == ["card"]
    method = offered_collection(Decimal(3780))
    assert method is not None
    assert method.fee == 0


def test_a_total_in_a_gap_of_the_table_pays_no_fee(shop: None) -> None:
    offer_collection()
    FeeRow.objects.filter(from_total=1101).delete()
    method = offered_collection(Decimal(3780))
    assert method is not None
    assert method.fee == 0


@pytest.mark.parametrize(
    "gap",
    [
        {"enabled": False},
        {"merchant_id": ""},
        {"test_password": Secret("")},
    ],
)
def test_it_is_hidden_while_its_settings_are_incomplete(shop: None, gap: dict[str, Any]) -> None:
    offer_collection()
    CollectionAccount.objects.update(**gap)
    assert offered(3780) == ["card"]


def test_it_is_hidden_in_a_shop_that_sells_in_another_currency(shop: None, settings: Any) -> None:
    offer_collection()
    settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    assert offered(3780) == []


def test_each_method_is_offered_without_the_other(shop: None) -> None:
    offer_collection()
    MerchantAccount.objects.update(card_enabled=False)
    assert offered(3780) == ["collection"]


# ---- the choice ----


def to_choice(shopper: Shopper, picture: str) -> Any:
    shopper.puts_in_basket(picture)
    shopper.goes_as_guest()
    answer = shopper.client.get("/checkout/shipping-address/", follow=True)
    return answer if picture == "wallpapers" else shopper.gives_address()


def test_the_choice_shows_both_methods_and_the_fee(shopper: Shopper) -> None:
    offer_collection()
    page = shown(to_choice(shopper, "furoshiki"))
    for words in ("クレジットカード", "コンビニ・電子マネー・Pay-easy", "決済手数料: ¥330（税込）"):
        assert words in page


def test_an_address_with_its_reading_tells_who_pays(shopper: Shopper) -> None:
    offer_collection()
    assert to_choice(shopper, "furoshiki").context["payer_form"] is None
    assert chooses(shopper).url == "/checkout/payment-details/"
    confirmation = shopper.confirms()
    assert confirmation.context["payer"].name == "山田　花子"
    assert confirmation.context["payer"].kana == "ヤマダ　ハナコ"
    assert confirmation.context["payer"].telephone == "0312345678"


def test_goods_without_an_address_ask_who_pays(shopper: Shopper) -> None:
    offer_collection()
    page = shown(to_choice(shopper, "wallpapers"))
    for piece in (
        'autocomplete="name"',
        'autocomplete="tel"',
        'inputmode="tel"',
        'lang="ja-Kana-JP"',
    ):
        assert piece in page
    assert " required" not in page.split("<form")[1].split("</form>")[0]
    assert chooses(shopper, **PAYER).status_code == 302
    assert shopper.confirms().context["payer"].telephone == "0312345678"


@pytest.mark.parametrize(
    ("payer", "says"),
    [
        ({}, "入力してください。"),
        ({**PAYER, "kana": "山田"}, "ひらがなまたはカタカナでご入力ください"),
        ({**PAYER, "telephone": "+1 212 555 0100"}, "日本の電話番号"),
        ({**PAYER, "telephone": "1"}, "9桁から11桁"),
    ],
)
def test_a_payer_who_cannot_stand_on_a_slip_is_asked_again(
    shopper: Shopper, payer: dict[str, str], says: str
) -> None:
    offer_collection()
    to_choice(shopper, "wallpapers")
    page = shown(chooses(shopper, **payer))
    assert says in page
    assert 'aria-invalid="true"' in page
    for typed in payer.values():
        assert typed in page


def test_who_pays_by_card_is_asked_nothing(shopper: Shopper) -> None:
    offer_collection()
    to_choice(shopper, "wallpapers")
    assert chooses(shopper, "card").status_code == 302
    assert shopper.confirms().context["card_form"] is not None


def test_what_was_typed_stands_there_when_the_shopper_comes_back(shopper: Shopper) -> None:
    offer_collection()
    to_choice(shopper, "wallpapers")
    chooses(shopper, **PAYER)
    page = shown(shopper.client.get(CHOICE))
    for typed in PAYER.values():
        assert f'value="{typed}"' in page


def test_an_address_whose_telephone_is_abroad_asks_with_the_name_filled_in(
    shopper: Shopper,
) -> None:
    offer_collection()
    shopper.puts_in_basket("furoshiki")
    shopper.goes_as_guest()
    shopper.client.get("/checkout/shipping-address/", follow=True)
    page = shown(shopper.gives_address(phone_number="+1 212 555 0100"))
    assert 'value="山田 花子"' in page


def test_a_choice_is_made_between_the_methods_of_the_page_only(shopper: Shopper) -> None:
    offer_collection()
    to_choice(shopper, "furoshiki")
    assert chooses(shopper, "bank").status_code == 200


def test_with_one_method_and_nothing_to_ask_nobody_is_asked(shopper: Shopper) -> None:
    offer_collection()
    MerchantAccount.objects.update(card_enabled=False)
    answer = to_choice(shopper, "furoshiki")
    assert answer.context["method"].code == "collection"


def test_with_collection_alone_goods_without_an_address_still_ask(shopper: Shopper) -> None:
    offer_collection()
    MerchantAccount.objects.update(card_enabled=False)
    assert to_choice(shopper, "wallpapers").context["payer_form"] is not None


def test_nobody_comes_to_the_confirmation_without_a_payer(shopper: Shopper) -> None:
    offer_collection()
    to_choice(shopper, "furoshiki")
    chooses(shopper)
    get_model("basket", "Line").objects.all().delete()
    shopper.puts_in_basket("wallpapers")
    shopper.client.get("/checkout/shipping-address/", follow=True)

    assert shopper.client.get("/checkout/preview/").url == CHOICE


def test_a_method_that_is_offered_no_more_is_chosen_again(shopper: Shopper) -> None:
    offer_collection()
    to_choice(shopper, "furoshiki")
    chooses(shopper)
    page = shopper.confirms()
    CollectionAccount.objects.update(enabled=False)

    assert shopper.client.get("/checkout/preview/").url == CHOICE
    assert shopper.client.post(page.context["order_url"]).url == CHOICE
    assert not Order.objects.exists()


def test_the_session_knows_nothing_about_money(shopper: Shopper) -> None:
    offer_collection()
    to_choice(shopper, "wallpapers")
    chooses(shopper, **PAYER)
    shopper.confirms()
    kept = shopper.client.session["checkout_data"]["payment"]
    assert kept == {"method": "collection", "payer": PAYER}


# ---- what staff see ----


@pytest.mark.parametrize(("charges_fee", "ceiling"), [(True, "¥299,449"), (False, "¥299,999")])
def test_the_list_of_methods_tells_staff_above_which_total_it_is_hidden(
    shopper: Shopper, charges_fee: bool, ceiling: str
) -> None:
    offer_collection(charges_fee=charges_fee)
    shopper.signs_in(*STAFF)
    page = shown(shopper.client.get("/dashboard/payments/"))
    assert f"{ceiling} を超える注文" in page
