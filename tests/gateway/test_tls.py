"""TLS 1.2 exactly, with a certificate that is right."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable

import pytest

from escott.gateway import (
    Client,
    NotSentReason,
    Ok,
    UnknownReason,
)
from tests.gateway.authority import Authority
from tests.gateway.stub_gateway import (
    ACCEPTED,
    CHARGE,
    StubGateway,
    drip,
    http,
    not_sent,
    unknown,
)

Gateway = Callable[..., StubGateway]
MakeClient = Callable[..., Client]

pytestmark = pytest.mark.usefixtures("no_secret_in_any_log")


def test_a_known_certificate_and_tls_1_2_are_accepted(
    gateway: Gateway, client: MakeClient, authority: Authority
) -> None:
    stub = gateway(http(ACCEPTED), tls=authority.server())

    outcome = client(stub.url, ca_file=authority.ca_file).send(CHARGE)

    assert isinstance(outcome, Ok)


@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        ({"expired": True}, "expired"),
        ({"address": "127.0.0.2"}, "IP address mismatch"),
        ({"self_signed": True}, "self-signed"),
    ],
    ids=["expired", "another host's", "self-signed"],
)
def test_a_bad_certificate_is_not_trusted_with_a_payment(
    gateway: Gateway,
    client: MakeClient,
    authority: Authority,
    flaw: dict[str, str | bool],
    said: str,
) -> None:
    stub = gateway(http(ACCEPTED), tls=authority.server(**flaw))  # type: ignore[arg-type]

    outcome = client(stub.url, ca_file=authority.ca_file).send(CHARGE)

    assert not_sent(outcome) is NotSentReason.TLS_CERTIFICATE
    assert said in repr(outcome)
    assert stub.requests == []


def test_the_systems_authorities_do_not_know_ours(
    gateway: Gateway, client: MakeClient, authority: Authority
) -> None:
    stub = gateway(http(ACCEPTED), tls=authority.server())

    assert not_sent(client(stub.url).send(CHARGE)) is NotSentReason.TLS_CERTIFICATE


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_3])
def test_no_other_version_than_tls_1_2_is_spoken(
    gateway: Gateway, client: MakeClient, authority: Authority, version: ssl.TLSVersion
) -> None:
    stub = gateway(http(ACCEPTED), tls=authority.server(version=version))

    outcome = client(stub.url, ca_file=authority.ca_file).send(CHARGE)

    assert not_sent(outcome) is NotSentReason.TLS_HANDSHAKE
    assert "TLS 1.2" in repr(outcome)


def test_an_answer_cut_off_without_a_goodbye_is_not_believed(
    gateway: Gateway, client: MakeClient, authority: Authority
) -> None:
    def cut_off(connection: socket.socket) -> None:
        stub.read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + ACCEPTED)

    stub = gateway(part=cut_off, tls=authority.server())

    outcome = client(stub.url, ca_file=authority.ca_file).send(CHARGE)

    assert unknown(outcome) is UnknownReason.CONNECTION_LOST


def test_an_encrypted_answer_that_drips_ends_at_the_read_time_out(
    gateway: Gateway, client: MakeClient, authority: Authority
) -> None:
    def drip_the_answer(connection: socket.socket) -> None:
        stub.read_request(connection)
        drip(stub, connection, http(ACCEPTED))

    stub = gateway(part=drip_the_answer, tls=authority.server())

    outcome = client(stub.url, ca_file=authority.ca_file, read=0.3).send(CHARGE)

    assert unknown(outcome) is UnknownReason.READ_TIMEOUT
