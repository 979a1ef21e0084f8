"""Which card a telegram means: one that was typed, one behind a token, or a member's.

Source: protocol.md C (master request), D and E.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from escott.gateway.operations import MEMBER, OperateId
from escott.simulator.books import Books, IssuedToken, Member
from escott.simulator.members import Register
from escott.simulator.merchants import Merchant
from escott.simulator.options import Options
from escott.simulator.presented_cards import PresentedCard, present, present_again
from escott.simulator.telegrams import Refused, Telegram
from escott.simulator.tokens import TokenOffice


@dataclass(frozen=True, slots=True)
class CardFound:
    """A card, what names it, and the token or member that it came by.

    ``key`` is the same whenever the same token, member or card is named; an authentication
    is bound to it.
    """

    card: PresentedCard
    key: str = field(repr=False)
    token: IssuedToken | None = None
    member: Member | None = None


class CardSources:
    """Finds cards, and uses tokens up."""

    def __init__(
        self, options: Options, books: Books, tokens: TokenOffice, register: Register
    ) -> None:
        self._options = options
        self._books = books
        self._tokens = tokens
        self._register = register

    def find(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> CardFound:
        """The card that ``telegram`` names; a token is not used up yet.

        In a telegram about members KaiinId is not a card but whom the card is for.

        Raises:
            Refused: K71, K74, K79 of the member, or KHX, KHZ, KI2, KI3 of the token.
        """
        member = None
        if telegram.get("KaiinId") and operation not in MEMBER:
            member = self._register.admit(telegram, operation, merchant.merchant_id)
        if telegram.card is not None:
            return CardFound(telegram.card, _key(telegram.card), member=member)
        if telegram.get("CardNo"):
            card = present(telegram.fields)
            return CardFound(card, _key(card))
        if member is not None:
            card = present_again(member.card, telegram.fields)
            return CardFound(card, f"member:{member.kaiin_id}", member=member)
        token = self._tokens.judge(telegram.get("Token"), merchant, telegram.now)
        if isinstance(token, str):
            raise Refused(token)
        return CardFound(token.card, f"token:{token.token}", token=token)

    def use_up(self, found: CardFound, now: datetime, *, approved: bool) -> None:
        """Note that the token of ``found``, if it has one, has served."""
        if found.token and (approved or self._options.declined_consumes_token):
            self._books.put(replace(found.token, used_at=now))


def _key(card: PresentedCard) -> str:
    return f"card:{card.masked}:{card.expiry}"
