"""The connection itself, in an application's hands, so that an answer can truly get lost.

ASGI has no way to close a connection without an answer. This protocol puts the transport
into the scope, under an extension of our own.
"""

from __future__ import annotations

from typing import Any, Final, Protocol, cast

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_EXTENSION: Final = "escott.line"


class Line(Protocol):
    """A caller's connection."""

    def abort(self) -> None:
        """Close it at once; what was not sent is thrown away."""

    def close(self) -> None:
        """Close it after what was written has left."""


class LineProtocol(H11Protocol):
    """HTTP/1.1 by uvicorn and h11, with the line in the scope."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner = self.app

        async def with_line(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[_EXTENSION] = self.transport
            await inner(scope, receive, send)

        self.app = with_line


def line_of(scope: Scope) -> Line:
    """The connection that a request came by."""
    return cast(Line, scope["extensions"][_EXTENSION])
