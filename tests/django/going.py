"""A shopper's browser on its way from the plain site to the gateway and back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.test import Client

from escott.simulator.magic_cards import DEMO_CARD, MAGIC_CARDS
from escott.simulator.server import SimulatorServer
from tests.simulator.shopper import Seen
from tests.simulator.shopper import Shopper as AtTheGateway

PAGE: Final = "/pay/100001/"
BACK: Final = "/escott/back/"
COPY: Final = "/escott/copy/"


@dataclass
class Going:
    """One shopper: ``site`` is the browser's session there."""

    simulator: SimulatorServer
    site: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        host = urlsplit(self.simulator.base_url).netloc
        self.there = AtTheGateway(host, self.simulator.gateway, self.simulator.clock)

    def token(self, number: str = DEMO_CARD.number) -> str:
        return self.simulator.gateway.token_for(MAGIC_CARDS[number])

    def presses(self, number: str = DEMO_CARD.number, page: str = PAGE, **more: str) -> Any:
        """Presses the button of the payment page with a new token, agreeing to everything."""
        given = {
            "token": self.token(number),
            "amount": "3780",
            "consent": "on",
            "holder_name": "HANAKO YAMADA",
        }
        return self.site.post(page, given | more)

    def leaves(self, answer: Any) -> Seen:
        """Opens the start page that ``answer`` leads to, and goes where its form goes."""
        assert answer.status_code == 303, answer.content.decode()
        return self.departs(self.site.get(answer["Location"]))

    def departs(self, page: Any) -> Seen:
        """Submits the form of a start page."""
        html = page.content.decode()
        action = unescape(re.search(r'action="([^"]+)"', html)[1])  # type: ignore[index]
        method = re.search(r'method="(\w+)"', html)[1]  # type: ignore[index]
        pairs = re.findall(r'name="(\w+)" value="([^"]*)"', html)
        query = urlencode([(name, unescape(value)) for name, value in pairs])
        path = urlsplit(action).path
        if method == "post":
            return self.there.post(path, query)
        return self.there.get(f"{path}?{query}")

    def returns(self, seen: Seen, by: str = "post") -> Any:
        """Brings back what the gateway gave, from another site: without a cookie."""
        return getattr(Client(), by)(BACK, {"EncryptValue": seen.value})

    def pays(self, number: str = DEMO_CARD.number, **more: str) -> Any:
        """The whole way; a challenge is answered with the right code."""
        seen = self.leaves(self.presses(number, **more))
        if "EncryptValue" not in seen.text:
            seen = self.there.press(seen, action="code", code="123456")
        return self.returns(seen)
