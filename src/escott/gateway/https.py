"""The transport that talks to the real gateway: TLS 1.2, one fresh connection per telegram.

A kept connection that the gateway has dropped looks like a lost answer, so none is kept.
Connecting and sending are two steps here, because on which side of the line between them an
error falls decides whether the payment was not sent or is unknown. Proxies named by the
environment are not used, redirects not followed. Source: design.md, Libraries.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from http.client import HTTPException, IncompleteRead
from os import PathLike, fspath
from typing import Final
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from escott import __version__
from escott.gateway.bounded_socket import BoundedSocket
from escott.gateway.errors import AnswerLost, RequestNotSent
from escott.gateway.reasons import NotSentReason, UnknownReason
from escott.gateway.transport import HttpAnswer, Timeouts

#: The most an answer may have, headers and body; a real one has less than a kilobyte.
MOST_BYTES: Final = 64 * 1024

_HEADERS: Final = {
    "User-Agent": f"escott/{__version__}",
    "Content-Type": "application/x-www-form-urlencoded",
    "Connection": "close",
}


@lru_cache(maxsize=8)
def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """The shared context: exactly TLS 1.2, certificate and host name checked.

    An answer cut off without TLS's own goodbye counts as cut off, not as ended: neither this
    context nor the sockets made with it may take such an end for a good one.

    Args:
        ca_file: trust these certificates instead of the system's; for a simulator.
    """
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    return context


class UrllibTransport:
    """Posts over HTTP or HTTPS, as the address says. Safe to share between threads."""

    def __init__(self, *, ca_file: str | PathLike[str] | None = None) -> None:
        self._tls = tls_context(None if ca_file is None else fspath(ca_file))

    def post(self, url: str, body: bytes, *, timeouts: Timeouts) -> HttpAnswer:
        """As :meth:`escott.gateway.transport.Transport.post`."""
        target = urlsplit(url)
        connection = _connect(target, self._tls, timeouts.connect)
        with closing(connection.sock), _losing_the_answer(timeouts.read):
            connection.sock = BoundedSocket(
                connection.sock, seconds=timeouts.read, most_bytes=MOST_BYTES
            )
            connection.request(
                "POST", target.path, body=body, headers=_HEADERS, preload_content=False
            )
            response = connection.getresponse()
            return HttpAnswer(response.status, _whole_body(response))


class _TlsConnection(HTTPSConnection):
    """Shakes hands under our own context, as it is: urllib3 would write to it on each call."""

    def __init__(self, context: ssl.SSLContext, host: str, port: int, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._context = context

    def connect(self) -> None:
        HTTPConnection.connect(self)
        try:
            # Of a connection that is already reset, wrap_socket would believe that it is yet
            # to be made, and leave the handshake out.
            self.sock.getpeername()
            self.sock = encrypted = self._context.wrap_socket(
                self.sock,
                server_hostname=self.host,
                suppress_ragged_eofs=False,
                do_handshake_on_connect=False,
            )
            encrypted.do_handshake()
        except BaseException:
            self.sock.close()
            raise


def _connect(target: SplitResult, tls: ssl.SSLContext, timeout: float) -> HTTPConnection:
    """A connection to the target, over which nothing has been said.

    Raises:
        RequestNotSent: it cannot be reached, or is not who it should be.
    """
    host = target.hostname or ""
    connection = (
        _TlsConnection(tls, host, target.port or 443, timeout)
        if target.scheme == "https"
        else HTTPConnection(host, target.port or 80, timeout=timeout)
    )
    try:
        connection.connect()
    except (HTTPError, OSError, UnicodeError) as error:
        reason, what = _why_not_connected(error)
        detail = f"{host}:{connection.port}: {what}"
        raise RequestNotSent(reason, detail) from error
    return connection


def _why_not_connected(error: Exception) -> tuple[NotSentReason, str]:
    match error:
        case NameResolutionError() | LocationParseError() | UnicodeError():
            return NotSentReason.UNKNOWN_HOST, "no address is known for this name"
        case NewConnectionError(__cause__=ConnectionRefusedError()):
            return NotSentReason.CONNECTION_REFUSED, "the connection was refused"
        case NewConnectionError():
            return NotSentReason.UNREACHABLE, f"unreachable: {error.__cause__}"
        case ConnectTimeoutError():
            return NotSentReason.CONNECT_TIMEOUT, "no connection within the time-out"
        case TimeoutError():
            return NotSentReason.CONNECT_TIMEOUT, "no TLS handshake within the time-out"
        case ssl.SSLCertVerificationError():
            return NotSentReason.TLS_CERTIFICATE, f"bad certificate: {error.verify_message}"
        case ssl.SSLError():
            what = f"no TLS 1.2 handshake: {error.reason or 'the server hung up'}"
            return NotSentReason.TLS_HANDSHAKE, what
        case _:
            return NotSentReason.TLS_HANDSHAKE, f"the TLS handshake broke off: {error}"


@contextmanager
def _losing_the_answer(seconds: float) -> Iterator[None]:
    """Turns whatever goes wrong from the first byte on into AnswerLost."""
    try:
        yield
    except (TimeoutError, ReadTimeoutError) as error:
        detail = f"no whole answer within {seconds:g} seconds"
        raise AnswerLost(UnknownReason.READ_TIMEOUT, detail) from error
    except (HTTPError, HTTPException, OSError) as error:
        raise AnswerLost(*_why_lost(error)) from error


def _why_lost(error: Exception) -> tuple[UnknownReason, str]:
    match error:
        case ProtocolError(args=(_, IncompleteRead())):
            return UnknownReason.INCOMPLETE_BODY, "the answer ended before its end"
        case OSError() | ProtocolError() | SSLError():
            return UnknownReason.CONNECTION_LOST, "the connection broke before the answer ended"
        case _:
            return UnknownReason.MALFORMED, "what came back is not HTTP"


def _whole_body(response: BaseHTTPResponse) -> bytes:
    """The body to its end; urllib3 compares its length with Content-Length when it ends."""
    pieces = []
    while piece := response.read(MOST_BYTES, decode_content=False):
        pieces.append(piece)
    return b"".join(pieces)
