"""The parts of an exchange: stub gateways, clients, and an authority for certificates."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from escott.clock import JST, SettableClock
from escott.gateway import Client, Endpoints, Merchant, Secret, Timeouts
from escott.gateway.https import UrllibTransport
from tests.gateway.authority import Authority
from tests.gateway.stub_gateway import PASSWORD, SECRETS, Part, StubGateway

# No test measures time: a busy machine must not make a property fail.


@pytest.fixture
def gateway() -> Iterator[Callable[..., StubGateway]]:
    """Starts stub gateways: ``gateway(answer)`` reads a request, then sends the bytes."""
    running: list[StubGateway] = []

    def start(
        answer: bytes = b"", *, part: Part | None = None, tls: ssl.SSLContext | None = None
    ) -> StubGateway:
        def read_and_answer(connection: socket.socket) -> None:
            stub.read_request(connection)
            connection.sendall(answer)
            if isinstance(connection, ssl.SSLSocket):
                connection.unwrap()

        stub = StubGateway(part or read_and_answer, tls)
        running.append(stub)
        return stub

    yield start
    for stub in running:
        stub.close()


@pytest.fixture
def client() -> Callable[..., Client]:
    """Makes clients: ``client(url)``, with short time-outs."""

    def make(
        url: str, *, connect: float = 2.0, read: float = 2.0, ca_file: Path | None = None
    ) -> Client:
        return Client(
            endpoints=Endpoints.at(url),
            merchant=Merchant("12345678", Secret(PASSWORD)),
            transport=UrllibTransport(ca_file=ca_file),
            clock=SettableClock(datetime(2026, 1, 5, 12, 0, tzinfo=JST)),
            timeouts=Timeouts(connect=connect, read=read),
        )

    return make


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def no_secret_in_any_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever is logged during the test, by anybody, shows no secret."""
    caplog.set_level(logging.DEBUG)
    yield
    assert not any(secret in caplog.text for secret in SECRETS)
