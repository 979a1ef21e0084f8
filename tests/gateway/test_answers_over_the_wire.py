"""Whole answers over real sockets, and the request that they answer."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from escott.gateway import (
    Client,
    Ok,
    Refused,
)
from tests.gateway.stub_gateway import (
    ACCEPTED,
    CHARGE,
    SECRETS,
    StubGateway,
    http,
)

Gateway = Callable[..., StubGateway]
MakeClient = Callable[..., Client]

pytestmark = pytest.mark.usefixtures("no_secret_in_any_log")


def test_a_whole_answer_is_read(gateway: Gateway, client: MakeClient) -> None:
    outcome = client(gateway(http(ACCEPTED)).url).send(CHARGE)

    assert isinstance(outcome, Ok)
    assert not any(secret in repr(outcome) for secret in SECRETS)


def test_the_request_is_a_form_on_a_connection_of_its_own(
    gateway: Gateway, client: MakeClient
) -> None:
    stub = gateway(http(ACCEPTED))

    client(stub.url).send(CHARGE)

    [request] = stub.requests
    head, _, body = request.partition(b"\r\n\r\n")
    request_line, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert request_line == "POST /online/aut/OAUT002.do HTTP/1.1"
    assert headers.pop("User-Agent").startswith("escott/")
    assert headers == {
        "Host": f"127.0.0.1:{stub.port}",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(body)),
        "Content-Type": "application/x-www-form-urlencoded",
        "Connection": "close",
    }
    assert body.endswith(b"&PayType=01&Amount=3780&Token=tokenThatNobodyMaySee")


def test_a_chunked_answer_is_read(gateway: Gateway, client: MakeClient) -> None:
    half = len(ACCEPTED) // 2
    pieces = (ACCEPTED[:half], ACCEPTED[half:], b"")
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks

    assert isinstance(client(gateway(answer).url).send(CHARGE), Ok)


def test_an_answer_may_end_with_its_connection(gateway: Gateway, client: MakeClient) -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\n" + ACCEPTED

    assert isinstance(client(gateway(answer).url).send(CHARGE), Ok)


def test_a_connection_that_the_gateway_keeps_open_is_not_waited_for(
    gateway: Gateway, client: MakeClient
) -> None:
    def answer_and_stay(connection: socket.socket) -> None:
        stub.read_request(connection)
        connection.sendall(http(ACCEPTED))
        stub.left.wait()

    stub = gateway(part=answer_and_stay)

    assert isinstance(client(stub.url).send(CHARGE), Ok)


def test_every_telegram_has_a_fresh_connection(gateway: Gateway, client: MakeClient) -> None:
    connections: list[socket.socket] = []

    def answer_once(connection: socket.socket) -> None:
        connections.append(connection)
        stub.read_request(connection)
        connection.sendall(http(ACCEPTED))

    stub = gateway(part=answer_once)
    sender = client(stub.url)
    sender.send(CHARGE)
    sender.send(CHARGE)

    assert len(connections) == 2


def test_a_proxy_of_the_environment_is_not_asked(
    gateway: Gateway, client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert isinstance(client(gateway(http(ACCEPTED)).url).send(CHARGE), Ok)


def test_a_refusal_over_the_wire_is_refused(gateway: Gateway, client: MakeClient) -> None:
    answer = http(ACCEPTED.replace(b"ResponseCd=OK", b"ResponseCd=G12"))

    assert isinstance(client(gateway(answer).url).send(CHARGE), Refused)
