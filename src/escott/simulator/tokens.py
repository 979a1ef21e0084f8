"""The token office: turns a card into a token, and says what a token is worth.

Source: protocol.md, section E.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from escott.clock import in_japan
from escott.simulator.books import Books, IssuedToken
from escott.simulator.fields import card_codes
from escott.simulator.merchants import Merchant
from escott.simulator.options import Options
from escott.simulator.presented_cards import present

_WELL_FORMED: Final = re.compile(r"[0-9A-Za-z]{32,64}")


@dataclass(frozen=True, slots=True)
class TokenMade:
    """What the page's callback is given."""

    token: str = field(repr=False)
    masked_card: str


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """Why the token page made none: KI1 for its code, K20 to K28 and K82 for the card."""

    codes: tuple[str, ...]


class TokenOffice:
    """Makes tokens and judges them, in the gateway's books."""

    def __init__(
        self,
        merchants: tuple[Merchant, ...],
        options: Options,
        books: Books,
        new_id: Callable[[], str],
    ) -> None:
        self._by_code = {
            merchant.token_code: merchant for merchant in merchants if merchant.token_code
        }
        self._options = options
        self._books = books
        self._new_id = new_id

    def make(self, code: str, card: Mapping[str, str], now: datetime) -> TokenMade | TokenRefused:
        """A token for ``card`` (CardNo, CardExp as YYMM, assist fields), or the reason why not.

        ``code`` is the トークン決済認証コード of the page.
        """
        merchant = self._by_code.get(code)
        if merchant is None:
            return TokenRefused(("KI1",))
        given = {name: value for name, value in card.items() if value}
        codes = card_codes(given, self._options, in_japan(now).date())
        if codes:
            return TokenRefused(codes)
        presented = present(given)
        token = self._new_id() + self._new_id()
        self._books.put(IssuedToken(token, merchant.merchant_id, presented, now))
        return TokenMade(token, presented.masked)

    def judge(self, token: str, merchant: Merchant, now: datetime) -> IssuedToken | str:
        """The card behind a token that may be used, or the code that says why not."""
        if not token:
            return "KHZ"
        if _WELL_FORMED.fullmatch(token) is None:
            return "KHX"
        issued = self._books.tokens.get(token)
        if issued is None or issued.merchant_id != merchant.merchant_id:
            return "KHZ"
        if now - issued.made_at > self._options.token_memory:
            return "KHZ"
        if issued.used_at is not None:
            return "KI2"
        return "KI3" if now - issued.made_at > self._options.token_life else issued
