"""The demo shop under Django's test client, and the gateway simulator on a socket beside it.

The catalogue is seeded once; each test begins with a copy of the seeded database.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from oscar.core.loading import get_model

from escott.simulator.magic_cards import DEMO_CARD, MAGIC_CARDS
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import STAFF
from tests.kept_database import kept_database
from tests.seeded_shop import SeededShop
from tests.template_database import connected_to, shared_folder

Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")

#: お支払い方法, which is asked for where there are several.
CHOICE = "/checkout/payment-method/"

HOME = {
    "last_name": "山田",
    "first_name": "花子",
    "last_name_kana": "やまだ",
    "first_name_kana": "ハナコ",
    "postcode": "100-0001",
    "state": "東京都",
    "line4": "千代田区",
    "line1": "千代田1-1",
    "phone_number": "03-1234-5678",
}


#: The queue of SQLite's writers; PostgreSQL queues them itself and has no such thing to test.
collect_ignore = ["test_queueing.py"] if os.environ.get("DATABASE_URL") else []


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The seeded shop's data, for this process alone.

    On SQLite it is a file: threads need connections of their own, which memory doesn't give.
    """
    seeded = SeededShop(shared_folder(tmp_path_factory))
    var = tmp_path_factory.mktemp("shop")
    django_settings.MEDIA_ROOT = var / "media"
    # Else each new client of a test looks through the files of all packages first.
    django_settings.WHITENOISE_AUTOREFRESH = True
    with django_db_blocker.unblock(), seeded.copied_to(var) as name, connected_to(name):
        yield


@pytest.fixture(scope="session")
def _seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[], None]]:
    """A function that brings the seeded state back."""
    with django_db_blocker.unblock(), kept_database() as bring_back:
        yield bring_back


@pytest.fixture(scope="session")
def _server() -> Iterator[SimulatorServer]:
    with SimulatorServer() as server:
        yield server


@pytest.fixture
def simulator(_server: SimulatorServer) -> Iterator[SimulatorServer]:
    """The gateway, its books empty."""
    yield _server
    _server.gateway.reset()


@pytest.fixture
def shop(
    _seeded: Callable[[], None], django_db_blocker: Any, simulator: SimulatorServer, settings: Any
) -> Iterator[None]:
    """The seeded shop, whose test mode points to the simulator."""
    settings.ESCOTT = settings.ESCOTT | {
        "TEST_GATEWAY_URL": simulator.base_url,
        "CLOCK_FILE": None,
        "READ_TIMEOUT": 2.0,
    }
    with django_db_blocker.unblock():
        yield
        _seeded()


@dataclass
class Shopper:
    """Somebody with a browser of their own.

    Attributes:
        token_for: makes a card token as the gateway's script would.
        client: the browser.
    """

    token_for: Callable[[str], str]
    client: Client = field(default_factory=Client)

    def puts_in_basket(self, picture: str, quantity: int = 1) -> None:
        product = Product.objects.get(slug=picture)
        answer = self.client.post(f"/basket/add/{product.pk}/", {"quantity": quantity})
        assert answer.status_code == 302, answer

    def signs_in(self, email: str, password: str) -> None:
        assert self.client.login(username=email, password=password)

    def goes_as_guest(self, email: str = "hanako@example.com") -> HttpResponse:
        return self.client.post("/checkout/", {"options": "anonymous", "username": email})

    def gives_address(self, **changes: str) -> HttpResponse:
        return self.client.post("/checkout/shipping-address/", {**HOME, **changes}, follow=True)

    def confirms(self) -> Any:
        """The confirmation page."""
        return self.client.get("/checkout/preview/")

    def goes_to_confirmation(self, picture: str = "furoshiki", quantity: int = 1) -> Any:
        """From an empty basket to the confirmation page, as a guest who pays by card."""
        self.puts_in_basket(picture, quantity)
        self.goes_as_guest()
        if Product.objects.get(slug=picture).is_shipping_required:
            page: Any = self.gives_address()
        else:
            page = self.client.get("/checkout/shipping-address/", follow=True)
        if page.redirect_chain[-1] == (CHOICE, 302):
            page = self.client.post(CHOICE, {"method": "card"}, follow=True)
        assert page.redirect_chain[-1] == ("/checkout/preview/", 302)
        return page

    def orders(self, page: Any, card: str = DEMO_CARD.number) -> Any:
        """Presses 注文する on that page, with a new token of the card."""
        address = page.context["order_url"]
        shown = int(page.context["amount"])
        return self.client.post(address, {"token": self.token_for(card), "amount": shown})

    def pays(self, page_url: str, card: str = DEMO_CARD.number) -> Any:
        """Presses the button of an order's payment page."""
        shown = int(the_order().total_incl_tax)
        return self.client.post(page_url, {"token": self.token_for(card), "amount": shown})

    def buys(self, picture: str = "furoshiki", card: str = DEMO_CARD.number) -> Any:
        """Everything, from an empty basket; the answer to 注文する."""
        return self.orders(self.goes_to_confirmation(picture), card)


@pytest.fixture
def new_shopper(shop: None, simulator: SimulatorServer) -> Callable[[], Shopper]:
    """Makes shoppers with browsers of their own."""
    return lambda: Shopper(lambda number: simulator.gateway.token_for(MAGIC_CARDS[number]))


@pytest.fixture
def shopper(new_shopper: Callable[[], Shopper]) -> Shopper:
    """One shopper."""
    return new_shopper()


@pytest.fixture
def staff(new_shopper: Callable[[], Shopper]) -> Client:
    """The manager, who may do everything."""
    manager = new_shopper()
    manager.signs_in(*STAFF)
    return manager.client


def the_order() -> Any:
    """The only order."""
    return Order.objects.get()
