"""The gateway's own paths over ASGI: POST a telegram, get its answer, or the lack of one.

Every answer has a Content-Length, is un-chunked and closes the connection, as the clients
of the real gateway need it (protocol.md A). Waiting is done here, never in the core.
"""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from escott.simulator.deliveries import Delivery, Reply
from escott.simulator.lines import Line, line_of
from escott.simulator.live import LiveGateway
from escott.simulator.wire import HttpForm, exchange, http_form

#: A telegram is a few hundred bytes; what is longer than this is not read as one.
LONGEST_BODY: Final = 64 * 1024

_ONLY_POST: Final = HttpForm(405, "text/plain; charset=UTF-8", b"")


class GatewayEndpoint:
    """An ASGI application that answers telegrams on the gateway's paths."""

    def __init__(self, gateway: LiveGateway) -> None:
        self._gateway = gateway
        self._waiting: set[Line] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await _send(send, _ONLY_POST, (b"allow", b"POST"))
            return
        try:
            body = await _read_body(receive)
        except ClientDisconnect:
            return
        if body is None:
            reply = self._gateway.malformed()
        else:
            reply = exchange(self._gateway, scope["path"], scope["query_string"], body)
        await self._deliver(reply, scope, receive, send)

    def hang_up(self) -> None:
        """Close the lines of the callers that still wait, because the server stops."""
        for line in self._waiting:
            line.abort()

    async def _deliver(self, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        line = line_of(scope)
        if reply.delay:
            await self._wait(line, receive, reply.delay)
        form = http_form(reply, self._gateway.options)
        match reply.delivery:
            case Delivery.DROPPED:
                line.abort()
                await _until_closed(receive)
            case Delivery.HELD:
                await self._wait(line, receive, self._gateway.options.hang_seconds)
                line.abort()
                await _until_closed(receive)
            case Delivery.HALF:
                await _send_half(send, form)
                line.close()
                await _until_closed(receive)
            case _:
                await _send(send, form)

    async def _wait(self, line: Line, receive: Receive, seconds: float) -> None:
        """Say nothing for ``seconds``, or until the caller hangs up or the server stops."""
        self._waiting.add(line)
        try:
            async with asyncio.timeout(seconds):
                await _until_closed(receive)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(line)


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None if it is too long to be a telegram."""
    parts: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        length += len(part)
        if length <= LONGEST_BODY:
            parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if length <= LONGEST_BODY else None


async def _send(send: Send, form: HttpForm, *extra: tuple[bytes, bytes]) -> None:
    await send(_start(form, extra))
    await send({"type": "http.response.body", "body": form.body})


async def _send_half(send: Send, form: HttpForm) -> None:
    await send(_start(form))
    half = form.body[: len(form.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})


def _start(form: HttpForm, extra: tuple[tuple[bytes, bytes], ...] = ()) -> Message:
    headers = (
        (b"content-type", form.content_type.encode("ascii")),
        (b"content-length", str(len(form.body)).encode("ascii")),
        (b"connection", b"close"),
        (b"cache-control", b"no-store"),
        *extra,
    )
    return {"type": "http.response.start", "status": form.status, "headers": headers}


async def _until_closed(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
