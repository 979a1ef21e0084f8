"""A shopper's visit to a page of the gateway, from the merchant's request to the way back.

Two pages are visited: the card company's 本人認証 (3-D Secure) and the hosted card page
(リンク型). Source: protocol.md F and G.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from escott.gateway.operations import OperateId
from escott.simulator.presented_cards import PresentedCard

#: The 処理番号 that may come any number of times (protocol.md B).
ANY_NUMBER_OF_TIMES: Final = "0000000"


class Place(StrEnum):
    """Which of the gateway's pages is visited."""

    SECURE = "secure"
    HOSTED = "hosted"


class Ending(StrEnum):
    """How a visit ended, as far as the page knows; 本人認証 adds the names of its outcomes."""

    #: The request was not accepted, or another visit with its ProcNo has brought a result.
    NOT_ACCEPTED = "not_accepted"
    #: A hosted page charged or kept the card.
    DONE = "done"
    CANCELLED = "cancelled"
    #: The card was refused and there is no further try, or the error is not the card's.
    FAILED = "failed"
    EXHAUSTED = "exhausted"
    TIMED_OUT = "timed_out"
    #: The shopper went away: nothing is returned.
    LEFT = "left"
    #: The card makes the answer get lost: whatever was done, nothing is returned.
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. Whoever knows ``visit_id`` can act in it.

    Attributes:
        fields: the request, without MerchantPass and without what names a card by its number.
        counts_from_start: whether its ProcNo is used up before there is a result.
        screen: where the shopper is; a name of ``screens`` on the hosted pages.
        card: the card to charge or to keep, as far as it is known; of a number that is none
            of the magic cards, only the mask.
        own_card: the card that the gateway keeps for the member of the request.
        card_key: what names the card of a 本人認証 in the gateway's books.
        failures: refused tries so far.
        codes: why the last try was refused, shown on the screen.
        outcome: an ``Ending`` or the name of a ``SecureOutcome``; empty while it is open.
        result: the fields that go back; empty while it is open, and where nothing goes back.
    """

    visit_id: str = field(repr=False)
    place: Place
    merchant_id: str
    fields: dict[str, str] = field(repr=False)
    begun_at: datetime
    counts_from_start: bool = True
    screen: str = ""
    card: PresentedCard | None = None
    own_card: PresentedCard | None = None
    card_key: str = field(default="", repr=False)
    failures: int = 0
    codes: tuple[str, ...] = ()
    outcome: str = ""
    result: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether the shopper may still do something in it."""
        return not self.outcome

    @property
    def operation(self) -> OperateId:
        """What an accepted request asks for."""
        return OperateId(self.fields["OperateId"])

    @property
    def proc_no(self) -> str:
        """処理番号 of the request."""
        return self.fields.get("ProcNo", "")

    @property
    def uses_up_its_number(self) -> bool:
        """Whether another visit with its ProcNo is a duplicate (K89)."""
        if self.proc_no == ANY_NUMBER_OF_TIMES or self.outcome == Ending.NOT_ACCEPTED:
            return False
        return self.counts_from_start or not self.is_open

    @property
    def return_url(self) -> str:
        """Where the browser goes back to."""
        return self.fields["RedirectUrl"]

    @property
    def amount(self) -> int | None:
        """Yen, where the request names an amount."""
        text = self.fields.get("Amount", "")
        return int(text) if text else None
