"""The demo shop under Django's test client, and the gateway simulator on a socket beside it.

The catalogue is seeded once; each test begins with a copy of the seeded database.
"""

from __future__ import annotations

import os
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from oscar.core.loading import get_model
from treebeard.deprecation import RemovedInTreebeard8Warning

from escott.django.models import CollectionAccount, MerchantAccount, SecureUse
from escott.simulator.magic_cards import DEMO_CARD, MAGIC_CARDS
from escott.simulator.server import SimulatorServer

Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")

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
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """A database for this session alone, and for each process of it, migrated.

    On SQLite it is a file: threads need connections of their own, which memory doesn't give.
    """
    default = connection.settings_dict
    if connection.vendor == "sqlite":
        default["TEST"]["NAME"] = str(tmp_path_factory.mktemp("db") / "shop.db")
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        assert "test" in str(default["NAME"]) or default["NAME"] == default["TEST"]["NAME"]
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def _pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def _seeded(
    django_db_setup: None, django_db_blocker: Any, _pictures: Path
) -> Iterator[Callable[[], None]]:
    """Seeds the shop; gives a function that brings the seeded state back."""
    django_settings.MEDIA_ROOT = _pictures
    with django_db_blocker.unblock():
        _seed()
        with _sqlite_copy() if connection.vendor == "sqlite" else _postgresql_copy() as bring_back:
            yield bring_back


@contextmanager
def _sqlite_copy() -> Iterator[Callable[[], None]]:
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.connection.backup(copy)

        def bring_back() -> None:
            connection.ensure_connection()
            copy.backup(connection.connection)

        yield bring_back


@contextmanager
def _postgresql_copy() -> Iterator[Callable[[], None]]:
    name = connection.settings_dict["NAME"]

    def without_connections(*statements: str) -> None:
        connections.close_all()
        connection.close_pool()
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    drop_copy = f'DROP DATABASE IF EXISTS "{name}_copy" WITH (FORCE)'
    without_connections(drop_copy, f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
    yield lambda: without_connections(
        f'DROP DATABASE "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{name}_copy"',
    )
    without_connections(drop_copy)


def _seed() -> None:
    with warnings.catch_warnings():
        # Oscar 4.2 still saves its categories through treebeard's old names.
        warnings.simplefilter("ignore", RemovedInTreebeard8Warning)
        call_command("seed_shop")
    # Tests of 3-D Secure and of slips switch them on themselves.
    MerchantAccount.objects.update(secure_use=SecureUse.DONT_USE)
    CollectionAccount.objects.update(enabled=False)


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
        """From an empty basket to the confirmation page, as a guest."""
        self.puts_in_basket(picture, quantity)
        self.goes_as_guest()
        self.client.get("/checkout/shipping-address/", follow=True)
        if Product.objects.get(slug=picture).is_shipping_required:
            self.gives_address()
        page = self.confirms()
        assert page.status_code == 200, page
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


def the_order() -> Any:
    """The only order."""
    return Order.objects.get()
