"""A shop on a plain Django site, and the gateway simulator on a socket beside it.

Each test begins with the empty database that a fresh site has.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections

from escott.clock import JST, SettableClock, SharedClock
from escott.django.models import CollectionAccount, MerchantAccount, Payment, SecureUse
from escott.django.orders import PayableOrder
from escott.gateway import Secret
from escott.simulator.magic_cards import DEMO_CARD, MAGIC_CARDS, MagicCard
from escott.simulator.merchants import DEMO_CARDS, DEMO_COLLECTION
from escott.simulator.options import Options
from escott.simulator.server import SimulatorServer
from tests.kept_database import kept_database
from tests.template_database import connected_to, shared_folder, template_in

READ_TIMEOUT = 1.0

#: Nobody asks the jobs to stop.
NEVER = threading.Event()


def _migrate(name: str) -> None:
    with connected_to(name):
        call_command("migrate", verbosity=0, interactive=False)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """A migrated database for this process alone."""
    template = template_in(shared_folder(tmp_path_factory))
    with django_db_blocker.unblock():
        template.make_once(_migrate)
        with template.copied(tmp_path_factory.mktemp("db") / "site.db") as name, connected_to(name):
            yield


@pytest.fixture(scope="session")
def _bring_back(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[], None]]:
    with django_db_blocker.unblock(), kept_database() as bring_back:
        yield bring_back


@pytest.fixture
def transactional_db(_bring_back: Callable[[], None], django_db_blocker: Any) -> Iterator[None]:
    """The database, empty again after the test."""
    with django_db_blocker.unblock():
        yield
        _bring_back()


@pytest.fixture(scope="session")
def _server() -> Iterator[SimulatorServer]:
    clock = SettableClock(datetime(2026, 4, 1, 12, 0, tzinfo=JST))
    with SimulatorServer(options=Options(slow_seconds=0.3), clock=clock) as server:
        yield server


@pytest.fixture
def simulator(_server: SimulatorServer, settings: Any) -> Iterator[SimulatorServer]:
    """The gateway, its books empty; the site's test mode points to it."""
    settings.ESCOTT = settings.ESCOTT | {
        "TEST_GATEWAY_URL": _server.base_url,
        "READ_TIMEOUT": READ_TIMEOUT,
        "CONNECT_TIMEOUT": 2.0,
    }
    _server.clock.set(datetime(2026, 4, 1, 12, 0, tzinfo=JST))
    yield _server
    _server.gateway.reset()


@pytest.fixture
def clock(simulator: SimulatorServer) -> SettableClock:
    """The one clock of shop and gateway."""
    assert isinstance(simulator.clock, SettableClock)
    return simulator.clock


@pytest.fixture
def shared_clock(clock: SettableClock, settings: Any, tmp_path: Path) -> SharedClock:
    """The clock that the pages read: it begins as the gateway's, at noon of 1 April 2026."""
    shared = SharedClock(tmp_path / "clock")
    shared.set(clock.now())
    settings.ESCOTT = settings.ESCOTT | {"CLOCK_FILE": str(shared.path)}
    return shared


@pytest.fixture
def account(transactional_db: None) -> MerchantAccount:
    """The demo merchant, in test mode, ready to take cards."""
    return MerchantAccount.objects.create(
        merchant_id=DEMO_CARDS.merchant_id,
        test_password=Secret(DEMO_CARDS.merchant_pass),
        tenant_id="0001",
        token_code=DEMO_CARDS.token_code,
        encryption_key=Secret(DEMO_CARDS.key),
        initial_vector=Secret(DEMO_CARDS.vector),
        secure_use=SecureUse.DONT_USE,
        card_enabled=True,
    )


@pytest.fixture
def collection(account: MerchantAccount) -> CollectionAccount:
    """The demo merchant's contract for online collection, ready to register slips."""
    return CollectionAccount.objects.create(
        account=account,
        enabled=True,
        merchant_id=DEMO_COLLECTION.merchant_id,
        test_password=Secret(DEMO_COLLECTION.merchant_pass),
    )


@pytest.fixture
def customer(account: MerchantAccount) -> Any:
    """A customer of the shop, signed up."""
    return get_user_model().objects.create_user("hanako", "hanako@example.com")


@pytest.fixture
def new_order(account: MerchantAccount) -> Callable[..., PayableOrder]:
    """Makes orders of ¥3,780, each with a reference of its own."""
    numbers = count(100001)

    def make(amount: int = 3780, **facts: Any) -> PayableOrder:
        facts.setdefault("email", "hanako@example.com")
        return PayableOrder(reference=str(next(numbers)), amount=amount, **facts)

    return make


@pytest.fixture
def token(simulator: SimulatorServer) -> Callable[..., Secret]:
    """Makes a token as the shopper's browser would; of the demo card, or of a card by number."""

    def make(number: str = DEMO_CARD.number) -> Secret:
        card: MagicCard = MAGIC_CARDS[number]
        return Secret(simulator.gateway.token_for(card))

    return make


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls in as many threads, released together; their results or exceptions."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except Exception as error:  # noqa: BLE001  (a result like any other here)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def states() -> list[str]:
    """The state of every payment, oldest first."""
    return list(Payment.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
