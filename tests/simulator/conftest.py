"""A running simulator, and a merchant that speaks to it over a plain socket library."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser

from escott.clock import JST, SettableClock
from escott.simulator.live import LiveGateway
from escott.simulator.magic_cards import DEMO_CARD, MagicCard
from escott.simulator.options import Options
from escott.simulator.server import SimulatorServer
from tests.chromium import chromium

CARD_PATH = "/online/aut/OAUT002.do"
TOKEN_PATH = "/online/atn/OATN005.do"
MEMBER_PATH = "/online/crp/OCRP005.do"
#: A member as a shop names one.
MEMBER: dict[str, str | None] = {"KaiinId": "customer0001", "KaiinPass": "kaiinpass01"}
START = datetime(2026, 1, 5, 10, 0, tzinfo=JST)


@dataclass
class Answer:
    """An HTTP answer as it came, and its fields."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def codes(self) -> list[str]:
        return self.fields["ResponseCd"].split("|")


class Merchant:
    """Speaks as the demo merchant. ``None`` in a field takes it out of the telegram."""

    def __init__(self, base_url: str, gateway: LiveGateway, clock: SettableClock) -> None:
        self.gateway = gateway
        self.clock = clock
        self.host = urlsplit(base_url).netloc

    def request(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        timeout: float = 10,
        **headers: str,
    ) -> Answer:
        with closing(http.client.HTTPConnection(self.host, timeout=timeout)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())

    def fields(self, operation: str, **fields: str | None) -> dict[str, str]:
        today = self.clock.now().strftime("%Y%m%d")
        telegram: dict[str, str | None] = {
            "MerchantId": "12345678",
            "MerchantPass": "pass1234",
            "TenantId": "0001",
            "TransactionDate": today,
            "OperateId": operation,
            "MerchantFree1": "000000000042",
        }
        telegram |= fields
        return {name: value for name, value in telegram.items() if value is not None}

    def post(self, path: str, fields: dict[str, str], timeout: float = 10) -> Answer:
        return self.request("POST", path, urlencode(fields), timeout)

    def send(self, operation: str, timeout: float = 10, **fields: str | None) -> Answer:
        path = TOKEN_PATH if operation == "1TokenSearch" else CARD_PATH
        if operation.startswith("4Mem"):
            path = MEMBER_PATH
        return self.post(path, self.fields(operation, **fields), timeout)

    def charge(
        self,
        operation: str = "1Gathering",
        card: MagicCard = DEMO_CARD,
        timeout: float = 10,
        **fields: str | None,
    ) -> Answer:
        paid = {} if operation == "1Check" else {"Amount": "3780", "PayType": "01"}
        token = {"Token": self.gateway.token_for(card)}
        return self.send(operation, timeout, **{**paid, **token, **fields})

    def member(self, operation: str, card: MagicCard | None = None, **fields: str | None) -> Answer:
        """A telegram about the member, with a fresh token where it names a card."""
        token = {"Token": self.gateway.token_for(card)} if card else {}
        return self.send(operation, **{**MEMBER, **token, **fields})

    def member_in(self, state: str) -> None:
        """Bring the member from nowhere into ``state``."""
        if state == "none":
            return
        assert self.member("4MemAdd", DEMO_CARD).codes == ["OK"]
        if state in {"invalid", "deleted"}:
            assert self.member("4MemInval").codes == ["OK"]
        if state == "deleted":
            assert self.member("4MemDel").codes == ["OK"]
        if state == "locked":
            for _ in range(5):
                self.member("4MemRefM", KaiinPass="wrong123")

    def transaction(self, state: str, **fields: str | None) -> dict[str, str | None]:
        """ProcessId and ProcessPass of a new transaction that is in ``state``."""
        first = {"checked": "1Check", "gathered": "1Gathering"}.get(state, "1Auth")
        begun = self.charge(first, **fields).fields
        pair: dict[str, str | None] = {
            "ProcessId": begun["ProcessId"],
            "ProcessPass": begun["ProcessPass"],
        }
        if state == "captured":
            assert self.follow("1Capture", pair).codes == ["OK"]
        if state == "cancelled":
            assert self.follow("1Delete", pair).codes == ["OK"]
        return pair

    def follow(
        self, operation: str, pair: dict[str, str | None], timeout: float = 10, **fields: str | None
    ) -> Answer:
        """A process telegram with the fields that it needs."""
        today = self.clock.now().strftime("%Y%m%d")
        needed: dict[str, dict[str, str | None]] = {
            "1Capture": {"SalesDate": today},
            "1Change": {"Amount": "5000"},
            "1ReAuth": {"Amount": "3780", "SalesDate": today},
        }
        return self.send(operation, timeout, **{**pair, **needed.get(operation, {}), **fields})


@pytest.fixture
def clock() -> SettableClock:
    """Monday, 5 January 2026, ten in the morning in Japan; it stands until it is moved."""
    return SettableClock(START)


class Servers:
    """Starts simulators, each with options of its own, and gives a merchant to speak with."""

    def __init__(self, clock: SettableClock) -> None:
        self._clock = clock
        self._running: list[SimulatorServer] = []

    def __call__(self, *, state: Path | None = None, **options: Any) -> Merchant:
        server = SimulatorServer(options=Options(**options), clock=self._clock, state=state)
        self._running.append(server.__enter__())
        return Merchant(server.base_url, server.gateway, self._clock)

    def stop_all(self) -> None:
        while self._running:
            self._running.pop().__exit__(None, None, None)


@pytest.fixture
def serve(clock: SettableClock) -> Iterator[Servers]:
    servers = Servers(clock)
    yield servers
    servers.stop_all()


@pytest.fixture(scope="session")
def usual_server() -> Iterator[SimulatorServer]:
    """A simulator as it comes, except that slow means half a second."""
    with SimulatorServer(options=Options(slow_seconds=0.5), clock=SettableClock(START)) as server:
        yield server


@pytest.fixture
def merchant(usual_server: SimulatorServer) -> Merchant:
    """A merchant of the usual simulator, with empty books and the clock at its start."""
    clock = usual_server.clock
    assert isinstance(clock, SettableClock)
    clock.set(START)
    usual_server.gateway.reset()
    return Merchant(usual_server.base_url, usual_server.gateway, clock)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running
