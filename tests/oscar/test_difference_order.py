"""差額注文: an order of its own for a difference, that every page of the shop can show."""

from __future__ import annotations

import re
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import pytest

from escott.django.models import AuditEntry, Mail, Payment
from escott.django.models.mail import MailKind
from escott.oscar.difference_order import differences_of, order_difference
from escott.oscar.links import payment_page_url, thank_you_url
from escott.oscar.mails import compose
from escott.oscar.payable import payable
from escott.rules.yen import NotYen
from shop.seed.accounts import CUSTOMER, STAFF
from tests.oscar.conftest import Order, Shopper
from tests.oscar.order_staff import confirms, member_of_staff, opens, together

MAY_ASK = "escott.request_payment"


@pytest.fixture
def staff(new_shopper: Callable[[], Shopper]) -> Shopper:
    return member_of_staff(new_shopper(), MAY_ASK)


@pytest.fixture
def original(shopper: Shopper) -> Any:
    """A paid order of ¥3,780."""
    shopper.buys()
    return Order.objects.get()


def difference_page(order: Any) -> str:
    return f"/dashboard/orders/{order.number}/difference/"


def asks_for(staff: Shopper, order: Any, amount: int) -> Any:
    """From the order's page through both forms; the new order."""
    url = difference_page(order)
    confirms(staff, url, opens(staff, url, confirm=1, amount=amount, reason="のし紙の追加"))
    return differences_of(order)[-1]


def test_the_difference_becomes_an_order_of_its_own(staff: Shopper, original: Any) -> None:
    made = asks_for(staff, original, 1220)

    assert made.number == f"{original.number}-D1"
    assert (made.status, int(made.total_incl_tax)) == ("支払い待ち", 1220)
    assert (made.email, made.user) == (original.email, original.user)
    line = made.lines.get()
    assert (line.product, line.stockrecord, line.quantity) == (None, None, 1)
    assert original.number in line.title
    assert payable(made).all_virtual
    assert Payment.objects.count() == 1, "nothing is charged before the customer pays"


def test_both_orders_tell_of_each_other(staff: Shopper, original: Any) -> None:
    made = asks_for(staff, original, 1220)

    assert made.number in original.notes.latest("pk").message
    assert made.notes.filter(message__contains=original.number).exists()
    for seen, other in ((original, made), (made, original)):
        page = opens(staff, f"/dashboard/orders/{seen.number}/")
        assert f"/dashboard/orders/{other.number}/" in page


def test_what_it_is_for_is_asked_and_kept(staff: Shopper, original: Any) -> None:
    url = difference_page(original)
    asked = opens(staff, url, confirm=1, amount=1220, reason=" ")
    assert "のし紙" not in asked
    assert 'name="key"' not in asked, "there is nothing to confirm yet"

    made = asks_for(staff, original, 1220)

    for order in (original, made):
        assert order.notes.filter(message__contains="のし紙の追加").exists()
    entry = AuditEntry.objects.get(subject=original.number)
    assert entry.reason == "のし紙の追加"


def test_an_enter_too_many_in_the_first_form_places_no_order(staff: Shopper, original: Any) -> None:
    page = opens(staff, difference_page(original), confirm=1, amount=1220, reason="x")
    assert re.search(r"<h2[^>]* autofocus>", page)
    assert not re.search(r"<button[^>]* autofocus", page)


def test_its_link_goes_to_the_customer_and_pays_it(
    staff: Shopper, original: Any, new_shopper: Callable[[], Shopper]
) -> None:
    made = asks_for(staff, original, 1220)
    mail = Mail.objects.get(kind=MailKind.PAYMENT_REQUEST)
    assert mail.order_reference == made.number
    [message, _copy] = compose(mail)
    assert "1,220" in message.body
    payer = new_shopper()
    assert payer.client.get(payment_page_url(made)).status_code == 200

    payer.client.post(
        payment_page_url(made), {"token": payer.token_for("4000000000001000"), "amount": 1220}
    )

    made.refresh_from_db()
    assert made.status == "完了", "nothing is shipped, and this shop completes that at once"
    assert payer.client.get(thank_you_url(made)).status_code == 200
    original.refresh_from_db()
    assert original.status == "処理中"


def test_the_next_difference_has_the_next_number(staff: Shopper, original: Any) -> None:
    numbers = [asks_for(staff, original, amount).number for amount in (100, 200)]

    assert numbers == [f"{original.number}-D1", f"{original.number}-D2"]


def test_a_number_never_comes_back(staff: Shopper, original: Any) -> None:
    asks_for(staff, original, 100).delete()

    assert asks_for(staff, original, 200).number == f"{original.number}-D2"


def test_a_number_that_the_shop_has_given_away_is_left_alone(staff: Shopper, original: Any) -> None:
    Order.objects.create(
        number=f"{original.number}-D1", total_incl_tax=1, total_excl_tax=1, currency="JPY"
    )

    assert asks_for(staff, original, 100).number == f"{original.number}-D2"


def test_a_repeat_of_the_press_makes_one_order_and_one_mail(staff: Shopper, original: Any) -> None:
    url = difference_page(original)
    page = opens(staff, url, confirm=1, amount=1220, reason="のし紙の追加")

    confirms(staff, url, page)
    confirms(staff, url, page)

    assert len(differences_of(original)) == 1
    assert Mail.objects.filter(kind=MailKind.PAYMENT_REQUEST).count() == 1


@pytest.mark.parametrize("presses", [2, 8])
def test_simultaneous_presses_make_one_order_each(original: Any, presses: int) -> None:
    keys = [token_hex(16) for _press in range(presses)]

    made = together(
        [
            lambda key=key: order_difference(original.pk, 100, key=key, actor=None)  # type: ignore[misc]
            for key in keys + keys
        ]
    )

    assert not [each for each in made if isinstance(each, Exception)]
    numbers = {order.number for order in differences_of(original)}
    assert numbers == {f"{original.number}-D{place + 1}" for place in range(presses)}


@pytest.mark.parametrize("amount", [0, -1, 10_000_000, "1.5", "", "abc"])
def test_only_an_amount_that_a_card_can_take_is_asked_for(
    staff: Shopper, original: Any, amount: int | str
) -> None:
    url = difference_page(original)

    page = staff.client.get(url, {"confirm": 1, "amount": amount, "reason": "x"})
    assert page.context["form"].errors.keys() == {"amount"}
    assert 'role="alert"' in page.content.decode()
    assert 'name="key"' not in page.content.decode()
    posted = staff.client.post(url, {"key": token_hex(16), "amount": amount, "reason": "x"})
    assert posted.status_code == 422
    assert not differences_of(original)


@pytest.mark.parametrize("amount", [0, 10_000_000, 100.0, "100"])
def test_the_service_takes_whole_yen_alone(original: Any, amount: Any) -> None:
    with pytest.raises(NotYen):
        order_difference(original.pk, amount, key="k", actor=None)


def test_the_key_of_another_order_makes_nothing(
    staff: Shopper, original: Any, new_shopper: Callable[[], Shopper]
) -> None:
    new_shopper().buys()
    other = Order.objects.exclude(pk=original.pk).get()
    key = token_hex(16)
    order_difference(original.pk, 100, key=key, actor=None)

    answer = staff.client.post(difference_page(other), {"key": key, "amount": 100, "reason": "x"})

    assert answer.status_code == 404
    assert not differences_of(other)


@pytest.mark.filterwarnings("ignore::django.utils.deprecation.RemovedInDjango60Warning")
def test_every_page_shows_an_order_without_goods(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    shopper.signs_in(*CUSTOMER)
    shopper.puts_in_basket("wallpapers")
    shopper.client.get("/checkout/shipping-address/", follow=True)
    shopper.orders(shopper.confirms())
    made = order_difference(Order.objects.get().pk, 1220, key="k", actor=None)
    keeper = new_shopper()
    keeper.signs_in(*STAFF)

    for url in (
        "/dashboard/orders/",
        f"/dashboard/orders/{made.number}/",
        f"/dashboard/orders/{made.number}/lines/{made.lines.get().pk}/",
        f"/dashboard/orders/{made.number}/payment-link/",
        f"/dashboard/orders/{made.number}/close/",
        "/dashboard/orders/statistics/",
        "/dashboard/",
    ):
        assert keeper.client.get(url).status_code == 200, url
    for url in (
        "/accounts/orders/",
        f"/accounts/orders/{made.number}/",
        payment_page_url(made),
    ):
        page = shopper.client.get(url)
        assert page.status_code == 200, url
        assert made.number in page.content.decode()
    again = shopper.client.post(f"/accounts/orders/{made.number}/", {"action": "reorder"})
    assert again.status_code in {302, 404}


def test_without_the_permission_there_is_no_button_and_no_page(
    original: Any, new_shopper: Callable[[], Shopper]
) -> None:
    sato = member_of_staff(new_shopper())
    url = difference_page(original)

    assert url not in opens(sato, f"/dashboard/orders/{original.number}/")
    assert sato.client.get(url).status_code == 403
    assert sato.client.post(url, {"key": token_hex(16), "amount": 100}).status_code == 403
    assert not differences_of(original)
