"""The gateway without a socket, for tests that ask it very often."""

from __future__ import annotations

from typing import ClassVar

from escott.simulator.live import LiveGateway
from escott.simulator.transport import InProcessTransport


class InProcess(InProcessTransport):
    """A transport by its dotted path; ``gateway`` is the one of the test under way."""

    gateway: ClassVar[LiveGateway]

    def __init__(self) -> None:
        super().__init__(self.gateway)
