"""What may have arrived, but was not answered in a way that proves anything."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from escott.gateway import (
    Client,
    UnknownReason,
)
from tests.gateway.stub_gateway import (
    ACCEPTED,
    CHARGE,
    StubGateway,
    drip,
    http,
    reset,
    reset_at_first_byte,
    unknown,
)

Gateway = Callable[..., StubGateway]
MakeClient = Callable[..., Client]

pytestmark = pytest.mark.usefixtures("no_secret_in_any_log")


#: What may come back, and why it proves nothing.
ANSWERS = {
    "HTML": (http(b"<html><body>Maintenance</body></html>"), UnknownReason.MALFORMED),
    "an empty body": (http(b""), UnknownReason.MALFORMED),
    "half a body": (http(ACCEPTED)[:-60], UnknownReason.INCOMPLETE_BODY),
    "nothing of the body": (http(ACCEPTED)[: -len(ACCEPTED)], UnknownReason.INCOMPLETE_BODY),
    "half a chunked body": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b" % (999, ACCEPTED),
        UnknownReason.INCOMPLETE_BODY,
    ),
    "a chunked body without its end": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n"
        % (len(ACCEPTED), ACCEPTED),
        UnknownReason.INCOMPLETE_BODY,
    ),
    "half a header": (b"HTTP/1.1 200 OK\r\nContent-Le", UnknownReason.MALFORMED),
    "500": (http(ACCEPTED, status="500 Oops"), UnknownReason.HTTP_STATUS),
    "a redirect": (
        http(b"", status="302 Found", headers="Location: http://127.0.0.1:9/\r\n"),
        UnknownReason.HTTP_STATUS,
    ),
    "10 MB": (http(ACCEPTED + b"&Filler=" + b"x" * 10_000_000), UnknownReason.TOO_LARGE),
    "headers without end": (
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %b\r\n" % (n, b"x" * 4000) for n in range(50)),
        UnknownReason.TOO_LARGE,
    ),
    "no HTTP": (b"220 mail.example ESMTP\r\n", UnknownReason.MALFORMED),
    "two lengths": (
        http(ACCEPTED, headers="Content-Length: 5\r\n"),
        UnknownReason.MALFORMED,
    ),
    "no ResponseCd": (
        http(ACCEPTED.replace(b"ResponseCd=OK&", b"")),
        UnknownReason.NO_RESPONSE_CODE,
    ),
    "ResponseCd twice": (http(ACCEPTED + b"&ResponseCd=OK"), UnknownReason.MALFORMED),
    "a foreign OperateId": (
        http(ACCEPTED.replace(b"1Gathering", b"1Auth")),
        UnknownReason.NOT_OUR_ANSWER,
    ),
    "a foreign MerchantFree1": (
        http(ACCEPTED.replace(b"000000000042", b"000000000043")),
        UnknownReason.NOT_OUR_ANSWER,
    ),
    "a fault in the gateway": (
        http(ACCEPTED.replace(b"ResponseCd=OK", b"ResponseCd=K96")),
        UnknownReason.MONEY_MAY_HAVE_MOVED,
    ),
    "nothing": (b"", UnknownReason.CONNECTION_LOST),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "reason"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_proves_nothing(
    gateway: Gateway, client: MakeClient, answer: bytes, reason: UnknownReason
) -> None:
    stub = gateway(answer)

    outcome = client(stub.url).send(CHARGE)

    assert unknown(outcome) is reason
    assert len(stub.requests) == 1, "sent exactly once"


def test_a_reset_before_the_request_was_read(gateway: Gateway, client: MakeClient) -> None:
    outcome = client(gateway(part=reset_at_first_byte).url).send(CHARGE)

    assert unknown(outcome) is UnknownReason.CONNECTION_LOST


def test_a_reset_after_the_request_was_read(gateway: Gateway, client: MakeClient) -> None:
    def read_and_reset(connection: socket.socket) -> None:
        stub.read_request(connection)
        reset(connection)

    stub = gateway(part=read_and_reset)

    assert unknown(client(stub.url).send(CHARGE)) is UnknownReason.CONNECTION_LOST


def test_a_reset_in_the_middle_of_the_body(gateway: Gateway, client: MakeClient) -> None:
    def answer_half_and_reset(connection: socket.socket) -> None:
        stub.read_request(connection)
        connection.sendall(http(ACCEPTED)[:-60])
        reset(connection)

    stub = gateway(part=answer_half_and_reset)

    assert unknown(client(stub.url).send(CHARGE)) is UnknownReason.CONNECTION_LOST


def test_a_gateway_that_hangs(gateway: Gateway, client: MakeClient) -> None:
    def hang(connection: socket.socket) -> None:
        stub.read_request(connection)
        stub.left.wait()

    stub = gateway(part=hang)

    outcome = client(stub.url, read=0.2).send(CHARGE)

    assert unknown(outcome) is UnknownReason.READ_TIMEOUT


@pytest.mark.parametrize(
    "at_once",
    [b"", http(ACCEPTED)[: -len(ACCEPTED)]],
    ids=["headers", "body"],
)
def test_a_gateway_that_drips(gateway: Gateway, client: MakeClient, at_once: bytes) -> None:
    def drip_the_rest(connection: socket.socket) -> None:
        stub.read_request(connection)
        connection.sendall(at_once)
        drip(stub, connection, http(ACCEPTED)[len(at_once) :])

    stub = gateway(part=drip_the_rest)

    outcome = client(stub.url, read=0.3).send(CHARGE)

    assert unknown(outcome) is UnknownReason.READ_TIMEOUT
