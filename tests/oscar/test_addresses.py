"""The address of a shop in Japan (requirements.md A012)."""

from __future__ import annotations

import pytest
from django.test import Client
from oscar.core.loading import get_model

from escott.oscar.models import KanaName
from escott.oscar.prefectures import PREFECTURES
from shop.seed.accounts import CUSTOMER
from tests.oscar.conftest import HOME, Shopper, the_order


def test_there_are_47_prefectures() -> None:
    assert len(set(PREFECTURES)) == 47
    assert (PREFECTURES[0], PREFECTURES[-1]) == ("北海道", "沖縄県")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("last_name_kana", "山田", "ひらがなまたはカタカナ"),
        ("first_name_kana", "", "必須"),
        ("state", "Tokyo", ""),
        ("postcode", "1234", "100-0001"),
        ("phone_number", "12", "電話番号を正しく"),
        ("phone_number", "", "必須"),
    ],
)
def test_a_wrong_field_is_named_beside_it(
    shopper: Shopper, field: str, value: str, says: str
) -> None:
    shopper.puts_in_basket("furoshiki")
    shopper.goes_as_guest()

    page = shopper.gives_address(**{field: value})

    assert page.context["form"].errors.keys() == {field}
    assert says in page.content.decode()


@pytest.mark.parametrize("typed", ["100-0001", "1000001", "〒１００－０００１", " 100 0001 "])
def test_a_postcode_is_understood_however_it_is_typed(shopper: Shopper, typed: str) -> None:
    shopper.puts_in_basket("furoshiki")
    shopper.goes_as_guest()
    shopper.gives_address(postcode=typed)

    shopper.orders(shopper.confirms())

    assert the_order().shipping_address.postcode == "100-0001"


def test_the_form_asks_in_the_order_of_japan(shopper: Shopper) -> None:
    shopper.puts_in_basket("furoshiki")
    shopper.goes_as_guest()

    form = shopper.client.get("/checkout/shipping-address/").context["form"]

    names = list(form.fields)
    assert names[:5] == [
        "last_name",
        "first_name",
        "last_name_kana",
        "first_name_kana",
        "postcode",
    ]
    assert "country" not in names


def test_the_reading_stands_with_the_order(shopper: Shopper) -> None:
    shopper.buys()

    assert str(the_order().shipping_address.kana_name) == "ヤマダ ハナコ"


def test_a_new_address_of_a_customer_is_kept_in_the_book_with_its_reading(shopper: Shopper) -> None:
    shopper.signs_in(*CUSTOMER)
    shopper.puts_in_basket("furoshiki")
    shopper.gives_address(line1="永田町1-7-1")

    shopper.orders(shopper.confirms())

    entry = get_model("address", "UserAddress").objects.get(line1="永田町1-7-1")
    assert str(entry.kana_name) == "ヤマダ ハナコ"


def test_an_entry_of_the_book_without_a_reading_is_completed_first(shopper: Shopper) -> None:
    KanaName.objects.all().delete()
    shopper.signs_in(*CUSTOMER)
    shopper.puts_in_basket("furoshiki")
    entry = get_model("address", "UserAddress").objects.get()

    answer = shopper.client.post(
        "/checkout/shipping-address/", {"action": "ship_to", "address_id": entry.pk}
    )

    assert answer.url == f"/checkout/user-address/edit/{entry.pk}/"


def test_nobody_can_choose_an_entry_of_another_book(shopper: Shopper) -> None:
    stranger = get_model("address", "UserAddress").objects.get()
    shopper.signs_in("staff@example.com", "staff-demo-2028")
    shopper.puts_in_basket("furoshiki")

    answer = shopper.client.post(
        "/checkout/shipping-address/", {"action": "ship_to", "address_id": stranger.pk}
    )

    assert answer.url == "/checkout/shipping-address/"


def test_the_account_pages_keep_the_reading_too(shop: None) -> None:
    client = Client()
    client.login(username=CUSTOMER[0], password=CUSTOMER[1])

    answer = client.post("/accounts/addresses/add/", {**HOME, "line1": "丸の内1-1"})

    assert answer.status_code == 302
    entry = get_model("address", "UserAddress").objects.get(line1="丸の内1-1")
    assert str(entry.kana_name) == "ヤマダ ハナコ"
    assert "ハナコ" in client.get(f"/accounts/addresses/{entry.pk}/").content.decode()
