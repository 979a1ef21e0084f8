"""What certainly never left: the gateway cannot be reached."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from urllib3.connection import HTTPConnection

from escott.gateway import (
    Client,
    NotSentReason,
)
from tests.gateway.stub_gateway import (
    ACCEPTED,
    CHARGE,
    StubGateway,
    drip,
    http,
    not_sent,
    reset,
    reset_at_first_byte,
)

Gateway = Callable[..., StubGateway]
MakeClient = Callable[..., Client]

pytestmark = pytest.mark.usefixtures("no_secret_in_any_log")


def test_a_refused_connection(client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    outcome = client(f"http://127.0.0.1:{port}").send(CHARGE)

    assert not_sent(outcome) is NotSentReason.CONNECTION_REFUSED


@pytest.mark.parametrize("host", ["gateway.invalid", "a..b", "x" * 70])
def test_an_unknown_host(client: MakeClient, host: str) -> None:
    outcome = client(f"https://{host}").send(CHARGE)

    assert not_sent(outcome) is NotSentReason.UNKNOWN_HOST


def test_an_address_that_no_connection_leads_to(client: MakeClient) -> None:
    a_broadcast_address = "http://127.255.255.255:80"

    outcome = client(a_broadcast_address).send(CHARGE)

    assert not_sent(outcome) is NotSentReason.UNREACHABLE


def test_a_host_that_does_not_pick_up(client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with _besieged(address):
            outcome = client(f"http://127.0.0.1:{address[1]}", connect=0.2).send(CHARGE)

    assert not_sent(outcome) is NotSentReason.CONNECT_TIMEOUT


def test_a_handshake_that_drips(gateway: Gateway, client: MakeClient) -> None:
    def drip_a_record(connection: socket.socket) -> None:
        drip(stub, connection, b"\x16\x03\x03\x40\x00" + b"\x00" * 10_000)

    stub = gateway(part=drip_a_record)

    outcome = client(f"https://127.0.0.1:{stub.port}", connect=0.3).send(CHARGE)

    assert not_sent(outcome) is NotSentReason.CONNECT_TIMEOUT


def test_a_server_that_hangs_up_during_the_handshake(gateway: Gateway, client: MakeClient) -> None:
    stub = gateway(part=reset_at_first_byte)

    outcome = client(f"https://127.0.0.1:{stub.port}").send(CHARGE)

    assert not_sent(outcome) is NotSentReason.TLS_HANDSHAKE


def test_a_server_that_hangs_up_before_the_handshake(
    gateway: Gateway, client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected, gone = threading.Event(), threading.Event()

    def reset_once_connected(connection: socket.socket) -> None:
        connected.wait()
        reset(connection)
        gone.set()

    def connect_and_wait(connection: HTTPConnection) -> None:
        really_connect(connection)
        connected.set()
        gone.wait()

    really_connect = HTTPConnection.connect
    monkeypatch.setattr(HTTPConnection, "connect", connect_and_wait)
    stub = gateway(part=reset_once_connected)

    outcome = client(f"https://127.0.0.1:{stub.port}").send(CHARGE)

    assert not_sent(outcome) is NotSentReason.TLS_HANDSHAKE


def test_a_server_that_speaks_no_tls(gateway: Gateway, client: MakeClient) -> None:
    stub = gateway(part=lambda connection: connection.sendall(http(ACCEPTED)))

    outcome = client(f"https://127.0.0.1:{stub.port}").send(CHARGE)

    assert not_sent(outcome) is NotSentReason.TLS_HANDSHAKE


@contextmanager
def _besieged(address: tuple[str, int]) -> Iterator[None]:
    """Fill a listener's queue, so that it takes no further connection."""
    with ExitStack() as sockets:
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield
