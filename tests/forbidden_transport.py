"""A transport that must not be used; ``settings.ESCOTT["TRANSPORT"]`` names it."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from escott.gateway import Timeouts


class ForbiddenTransport:
    """Sends nothing and remembers who wanted to, also where the exception is caught."""

    asked: ClassVar[list[str]] = []

    def post(self, url: str, body: bytes, *, timeouts: Timeouts) -> NoReturn:
        self.asked.append(url)
        raise AssertionError(f"the gateway was asked at {url}")
