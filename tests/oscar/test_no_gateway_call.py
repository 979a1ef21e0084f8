"""No page asks the gateway while it renders: every GET of the shop, opened by everybody.

The pages are those of the URL configuration, so a new page is opened too. One exception: the
gateway's own return, which the browser brings and which has to be acted on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from oscar.core.loading import get_model

from escott.django.models import (
    AuditEntry,
    LogEntry,
    Mail,
    Member,
    MemberState,
    MerchantAccount,
    Payment,
    SecureUse,
)
from escott.gateway import Secret
from escott.oscar.links import reference_of
from shop.seed.accounts import CUSTOMER, STAFF
from tests.forbidden_transport import ForbiddenTransport
from tests.oscar.conftest import Order, Shopper
from tests.site_pages import site_pages

Samples = Mapping[str, Iterable[Mapping[str, Any]]]

#: Opened by the gateway's word, not by a shopper who looks at a page.
EXCEPTIONS = {"escott:trip-return"}

#: Where they are, a session ends: opened last.
LAST = ("logout",)

#: Values for the parameters of pages that are neither ours nor about payments.
OTHERWISE = {"action": "default_for_shipping", "app_label": "escott", "url": "nothing"}

DECLINED = "4000000007120001"
LOST = "4000000090020001"


@pytest.fixture
def samples(new_shopper: Callable[[], Shopper], settings: Any) -> Samples:
    """A shop that has seen something of everything; from now on the gateway must not be asked."""
    urls = [new_shopper().buys(card=card).url for card in ("4000000000001000", DECLINED, LOST)]
    assert len(set(urls)) == 3
    customer = new_shopper()
    customer.signs_in(*CUSTOMER)
    customer.puts_in_basket("wallpapers")
    customer.client.get("/checkout/shipping-address/", follow=True)
    customer.orders(customer.confirms())
    trip = _leaves_for_an_authentication(new_shopper())
    _saved_card()
    LogEntry.objects.create(at=timezone.now(), level=20, source="escott", message="something")
    AuditEntry.objects.create(at=timezone.now(), action="settings", changes={})
    orders = list(Order.objects.all())
    users = [{"pk": user.pk} for user in get_user_model().objects.all()]
    settings.ESCOTT = settings.ESCOTT | {
        "TRANSPORT": "tests.forbidden_transport.ForbiddenTransport"
    }
    ForbiddenTransport.asked.clear()
    return {
        "escott:trip-start": [{"reference": trip}],
        "checkout:payment-page": [{"reference": reference_of(order)} for order in orders],
        "checkout:payment-state": [{"reference": reference_of(order)} for order in orders],
        "checkout:order-complete": [{"reference": reference_of(order)} for order in orders],
        "checkout:user-address-update": _keys("address", "UserAddress"),
        "checkout:user-address-delete": _keys("address", "UserAddress"),
        "customer:address-detail": _keys("address", "UserAddress"),
        "customer:order": [{"order_number": order.number} for order in orders],
        "dashboard:order-detail": [{"number": order.number} for order in orders],
        "dashboard:user-detail": users,
        **{
            f"admin:escott_{model._meta.model_name}_{page}": [
                {"object_id": model._default_manager.first().pk}
            ]
            for model in (Payment, Mail, MerchantAccount, AuditEntry, LogEntry)
            for page in ("change", "history", "delete")
        },
    }


def _keys(app: str, model: str) -> list[dict[str, Any]]:
    return [{"pk": row.pk} for row in get_model(app, model).objects.all()]


def _leaves_for_an_authentication(shopper: Shopper) -> str:
    """The signed reference of a trip whose browser has not left yet."""
    MerchantAccount.objects.update(secure_use=SecureUse.USE)
    url: str = shopper.buys().url
    assert url.startswith("/escott/go/"), url
    return url.split("/")[3]


def _saved_card() -> None:
    """The customer has a card at the gateway."""
    MerchantAccount.objects.update(saves_cards=True, shoppers_delete_cards=True)
    account, now = MerchantAccount.current(), timezone.now()
    Member.objects.create(
        account=account,
        mode=account.mode,
        customer=get_user_model().objects.get(email=CUSTOMER[0]),
        kaiin_id="member1",
        kaiin_pass=Secret("pass1"),
        state=MemberState.VALID,
        last_four="1000",
        brand="visa",
        expiry="2812",
        created_at=now,
        changed_at=now - timedelta(days=1),
    )


def opened(samples: Samples) -> Iterator[tuple[bool, str]]:
    """Every path of the shop, and whether its page is ours."""
    pages = [page for page in site_pages() if page.name not in EXCEPTIONS]
    for page in sorted(pages, key=lambda page: page.name.endswith(LAST)):
        for url in page.urls(samples, OTHERWISE):
            yield page.ours or page.name in samples, url


def visits(shopper: Shopper, samples: Samples) -> None:
    """Open every page; ours must answer, and none may ask the gateway."""
    for ours, url in opened(samples):
        answer = shopper.client.get(url)
        assert not ForbiddenTransport.asked, f"{url} asked the gateway"
        assert answer.status_code < 500, url
        assert not ours or answer.status_code != 404, f"{url} was not found: a better sample?"


def test_no_page_that_staff_open_asks_the_gateway(
    new_shopper: Callable[[], Shopper], samples: Samples
) -> None:
    staff = new_shopper()
    staff.signs_in(*STAFF)

    visits(staff, samples)


def test_no_page_that_a_customer_with_a_full_basket_opens_asks_the_gateway(
    new_shopper: Callable[[], Shopper], samples: Samples
) -> None:
    customer = new_shopper()
    customer.signs_in(*CUSTOMER)
    customer.puts_in_basket("wallpapers")
    customer.client.get("/checkout/shipping-address/", follow=True)
    assert customer.confirms().status_code == 200

    visits(customer, samples)


def test_no_page_that_a_guest_opens_asks_the_gateway(
    new_shopper: Callable[[], Shopper], samples: Samples
) -> None:
    guest = new_shopper()
    assert guest.goes_to_confirmation("furoshiki").status_code == 200

    visits(guest, samples)


def test_the_transport_of_these_tests_would_have_told(
    new_shopper: Callable[[], Shopper], samples: Samples
) -> None:
    MerchantAccount.objects.update(secure_use=SecureUse.DONT_USE)

    new_shopper().buys()

    assert ForbiddenTransport.asked
