"""What a shopper has asked for: which card, in how many payments, to be kept, agreed to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from escott.django.models import Member
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.rules.instalments import LUMP_SUM


@dataclass(frozen=True, slots=True, kw_only=True)
class CardInstruction:
    """One press of the button, as the server has understood it.

    Attributes:
        token: the one-time token of a new card; ``None`` for a saved card, and where the card
            is typed on the gateway's page.
        member: the saved card to pay with.
        pay_type: 支払区分, two digits.
        saves_card: keep the new card once it has been charged.
        consent_text: what the shopper agreed to; empty where no consent was asked for.
        holder_name: the name on the card, letters A to Z and spaces, for the 本人認証.
        press: names the press of the button; a repeat gets the first one's result. A token
            names its press by itself.
        charge: 与信 or 与信売上計上, where staff have chosen; by default the shop's setting.
        actor: the member of staff who presses; by default the order's own customer.

    Raises:
        ValueError: a token and a saved card at once.
    """

    token: Secret | None = None
    member: Member | None = None
    pay_type: str = LUMP_SUM
    saves_card: bool = False
    consent_text: str = ""
    holder_name: str = ""
    press: str = ""
    charge: CardOperation | None = None
    actor: Any = None

    def __post_init__(self) -> None:
        if self.token is not None and self.member is not None:
            raise ValueError("one card: a token or a saved card")
