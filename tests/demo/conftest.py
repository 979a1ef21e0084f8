"""The demo shop as it is served, the simulator beside it, one clock for both, and Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from escott.clock import JST, SharedClock
from escott.simulator.server import SimulatorServer
from tests.axe import violations
from tests.chromium import chromium
from tests.demo.running_shop import RunningShop
from tests.patience import PATIENCE
from tests.seeded_shop import SeededShop
from tests.template_database import shared_folder

NOW = datetime(2026, 4, 1, 12, 0, tzinfo=JST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens Chromium carries the mark that says so."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def shared_clock(tmp_path_factory: pytest.TempPathFactory) -> SharedClock:
    """The one clock of shop and gateway; the demo card is valid on its day."""
    clock = SharedClock(tmp_path_factory.mktemp("clock") / "clock.json")
    clock.set(NOW)
    return clock


@pytest.fixture(scope="session")
def simulator(shared_clock: SharedClock) -> Iterator[SimulatorServer]:
    """The gateway; its books are shared by the tests of a session."""
    with SimulatorServer(clock=shared_clock) as server:
        yield server


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> SeededShop:
    """What every shop of these tests starts with."""
    return SeededShop(shared_folder(tmp_path_factory))


@pytest.fixture(scope="session")
def shop(
    tmp_path_factory: pytest.TempPathFactory,
    simulator: SimulatorServer,
    shared_clock: SharedClock,
    seeded: SeededShop,
) -> Iterator[RunningShop]:
    """The demo shop, everything it receives written down.

    For the browser the gateway is another site, as in real life: the two have different hosts,
    so what is posted from there brings no cookie of the shop (SameSite=Lax).
    """
    environment = {"SHOP_CLOCK_FILE": str(shared_clock.path)}
    with RunningShop(
        tmp_path_factory.mktemp("shop"),
        seeded,
        simulator.base_url.replace("127.0.0.1", "localhost"),
        environment,
        wsgi="tests.demo.recording_wsgi:application",
    ) as running:
        yield running


@pytest.fixture
def configure(shop: RunningShop) -> Iterator[Callable[..., dict[str, str | bool]]]:
    """Changes card settings, as ``configure(secure_use="use")``, and gives what stood there.

    They are put back after the test.
    """
    before: dict[str, str | bool] = {}

    def change(**columns: str | bool) -> dict[str, str | bool]:
        stood = shop.configure(**columns)
        before.update(stood | before)
        return stood

    yield change
    if before:
        shop.configure(**before)


@pytest.fixture
def _as_seeded(shop: RunningShop) -> Iterator[None]:
    """An account that nobody has paid to; the one with the payments of other tests is put aside."""
    shop.rows("MerchantAccount.objects.update(name='put-aside')")
    shop.manage("seed_shop")
    yield
    shop.rows("MerchantAccount.objects.filter(name='default').delete()")
    shop.rows("MerchantAccount.objects.update(name='default')")


@pytest.fixture
def charged(simulator: SimulatorServer) -> Callable[[], list[int]]:
    """What was charged since the test began, in yen."""
    before = len(simulator.gateway.charges())
    return lambda: [charge.amount for charge in simulator.gateway.charges()[before:]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium; beside its event loop Django would refuse its database to others."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, shop: RunningShop) -> Iterator[Page]:
    """A fresh visitor of the shop, in Japanese."""
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Asserts that axe-core finds nothing on a page against WCAG 2.2, levels A and AA."""

    def check(page: Page) -> None:
        assert violations(page) == [], page.url

    return check


def problems(page: Page) -> list[str]:
    """Collects what the browser complains about on a page."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: found.append(message.text) if message.type == "error" else None,
    )
    return found


def dump(shop: RunningShop) -> str:
    """Every value of every table of the shop's database."""
    return shop.manage("shell", "--no-imports", "-c", _DUMP)


_DUMP = """
from django.db import connection
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        cursor.execute(f'SELECT * FROM "{table}"')
        print(table, cursor.fetchall())
"""


def kept_files(shop: RunningShop) -> Iterator[tuple[Path, bytes]]:
    """Every file that the shop wrote."""
    for file in shop.folder.rglob("*"):
        if file.is_file():
            yield file, file.read_bytes()


@pytest.fixture
def sign_in(page: Page, shop: RunningShop) -> Callable[..., Page]:
    """Signs the browser in as somebody with these permissions."""

    def as_staff(*permissions: str) -> Page:
        name = f"panel{len(permissions)}"
        session = shop.rows(
            "__import__('tests.demo.panel_payments', fromlist=['*'])"
            f".sign_in({name!r}, *{list(permissions)!r})"
        )
        cookie = {"name": "sessionid", "value": session, "url": shop.base_url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    return as_staff
