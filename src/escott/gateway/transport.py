"""What carries a telegram: one method, so that another transport is one argument away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a telegram may take, in seconds.

    Attributes:
        connect: to reach the gateway, for each address that its name has; and again for
            the TLS handshake. After it nothing was sent. Name resolution has the
            system's own limit.
        read: from the first byte sent to the last byte of the answer, however slowly it
            drips. After it the result is unknown.
    """

    connect: float = 5.0
    read: float = 60.0

    def __post_init__(self) -> None:
        if not (self.connect > 0 and self.read > 0):
            raise ValueError("a time-out is a positive number of seconds")


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole HTTP answer. The body may hold ProcessPass, so it has no ``repr``."""

    status: int
    body: bytes

    def __repr__(self) -> str:
        return f"HttpAnswer(status={self.status}, {len(self.body)} bytes)"


class Transport(Protocol):
    """Posts a telegram and returns the HTTP answer, whatever its status.

    It sends the telegram at most once: no retry, no redirect.
    """

    def post(self, url: str, body: bytes, *, timeouts: Timeouts) -> HttpAnswer:
        """Send ``body`` as ``application/x-www-form-urlencoded`` and read the answer.

        Raises:
            RequestNotSent: certainly no byte of the request left this machine.
            AnswerLost: the request may have arrived; no whole answer came back.
        """
        ...
