"""A gateway that plays any part on real sockets, and what passes between it and a client."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from escott.gateway import (
    Gathering,
    NotSent,
    NotSentReason,
    Outcome,
    Secret,
    Token,
    Unknown,
    UnknownReason,
)

PASSWORD = "pass1234"
TOKEN = "tokenThatNobodyMaySee"
PROCESS_PASS = "processPassThatNobodyMaySee00000"
SECRETS = (PASSWORD, TOKEN, PROCESS_PASS)

CHARGE = Gathering(transaction_code="000000000042", card=Token(Secret(TOKEN)), amount=3780)

ACCEPTED = (
    "TransactionId=1000000000123&TransactionDate=20260105&OperateId=1Gathering"
    "&MerchantFree1=000000000042&MerchantFree2=&MerchantFree3="
    f"&ProcessId=0123456789abcdef0123456789abcdef&ProcessPass={PROCESS_PASS}"
    "&ResponseCd=OK&CompanyCd=Y2&ApproveNo=1234567"
).encode()


def http(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    """A whole HTTP answer with Content-Length."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
    return head.encode() + body


Part = Callable[[socket.socket], None]


class StubGateway:
    """Accepts connections and plays ``part`` on each, in a thread of its own.

    Attributes:
        requests: what was read from each connection by a part that reads.
        left: set when the gateway is to be closed; a part that waits, waits for it.
    """

    def __init__(self, part: Part, tls: ssl.SSLContext | None = None) -> None:
        self._part = part
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.requests: list[bytes] = []
        self.left = threading.Event()
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.left.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(10)
            if self._tls is None:
                self._part(connection)
                return
            with self._tls.wrap_socket(connection, server_side=True) as encrypted:
                self._part(encrypted)

    def read_request(self, connection: socket.socket) -> None:
        """Read one whole request and remember it."""
        request = b""
        while b"\r\n\r\n" not in request:
            request += _some(connection)
        head, _, body = request.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        while len(body) < length:
            body += _some(connection)
        self.requests.append(head + b"\r\n\r\n" + body)


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the client hung up")
    return data


def reset(connection: socket.socket) -> None:
    """Close with a reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def reset_at_first_byte(connection: socket.socket) -> None:
    """Wait until something has come, leave it unread, and reset."""
    connection.recv(1, socket.MSG_PEEK)
    reset(connection)


def drip(stub: StubGateway, connection: socket.socket, data: bytes) -> None:
    """Send a byte every 50 milliseconds: each one in time, the whole far too late."""
    for byte in data:
        if stub.left.wait(0.05):
            return
        connection.sendall(bytes([byte]))


def not_sent(outcome: Outcome) -> NotSentReason:
    """Why ``outcome`` was not sent; that it was, or that it shows a secret, is a failure."""
    assert isinstance(outcome, NotSent), outcome
    assert outcome.detail
    assert not any(secret in repr(outcome) for secret in SECRETS)
    return outcome.reason


def unknown(outcome: Outcome) -> UnknownReason:
    """Why ``outcome`` is unknown; that it is not, or that it shows a secret, is a failure."""
    assert isinstance(outcome, Unknown), outcome
    assert outcome.detail
    assert not any(secret in repr(outcome) for secret in SECRETS)
    return outcome.reason
