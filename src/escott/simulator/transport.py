"""A transport that reaches the simulator without a socket, for tests and simulations."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from escott.gateway.errors import AnswerLost
from escott.gateway.reasons import UnknownReason
from escott.gateway.transport import HttpAnswer, Timeouts
from escott.simulator.deliveries import Delivery
from escott.simulator.live import LiveGateway
from escott.simulator.wire import exchange, http_form

#: How a real transport reports the answers that never come whole.
_LOST: Final = {
    Delivery.DROPPED: UnknownReason.CONNECTION_LOST,
    Delivery.HELD: UnknownReason.READ_TIMEOUT,
    Delivery.HALF: UnknownReason.INCOMPLETE_BODY,
}


class InProcessTransport:
    """Fulfils :class:`escott.gateway.Transport` by calling the gateway directly.

    Nothing waits: an answer slower than the read time-out is lost at once.
    """

    def __init__(self, gateway: LiveGateway) -> None:
        self._gateway = gateway

    def post(self, url: str, body: bytes, *, timeouts: Timeouts) -> HttpAnswer:
        parts = urlsplit(url)
        reply = exchange(self._gateway, parts.path, parts.query.encode("ascii"), body)
        if reply.delay >= timeouts.read:
            raise AnswerLost(UnknownReason.READ_TIMEOUT, "the simulator is slower than that")
        if reply.delivery in _LOST:
            raise AnswerLost(_LOST[reply.delivery], "the simulator loses this answer")
        form = http_form(reply, self._gateway.options)
        return HttpAnswer(form.status, form.body)
