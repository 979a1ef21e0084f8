"""One-time tokens to pay with: made up for the stub, fetched from the simulator's office."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection
from secrets import token_hex
from typing import Final
from urllib.parse import urlencode, urlsplit

from escott.simulator.magic_cards import DEMO_CARD, MAGIC_CARDS, MagicCard
from escott.simulator.merchants import DEMO_CARDS
from escott.simulator.token_endpoints import TOKENS_PATH
from escott.simulator.troubles import SLOW

#: Makes so many tokens of the gateway at an address.
TokenSource = Callable[[str, int], Sequence[str]]


def _made_up(_address: str, count: int) -> Sequence[str]:
    return [token_hex(16) for _ in range(count)]


def _of(card: MagicCard) -> TokenSource:
    form = urlencode(
        {
            "k_TokenNinsyoCode": DEMO_CARDS.token_code,
            "CardNo": card.number,
            "CardExp": card.expiry,
            "SecCd": card.security_code,
        }
    )

    def fetch(address: str, count: int) -> Sequence[str]:
        return [_fetch_one(address, form) for _ in range(count)]

    return fetch


def _fetch_one(address: str, form: str) -> str:
    connection = HTTPConnection(urlsplit(address).netloc)
    connection.request("POST", TOKENS_PATH, form)
    token: str = json.loads(connection.getresponse().read())["token"]
    connection.close()
    return token


TOKENS: Final[Mapping[str, TokenSource]] = {
    "stub": _made_up,
    "approved": _of(DEMO_CARD),
    "slow": _of(next(card for card in MAGIC_CARDS.values() if card.trouble == SLOW)),
}
