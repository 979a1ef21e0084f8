"""A payment's life as the shop sees it, and when it counts as live.

A payment is one attempt to be paid, by card or by a slip (オンライン収納代行): the shop's own
states before the gateway has answered, and the card's or the slip's states after. At most one
payment per order and purpose is live (design.md, invariant 2); a refused or cancelled one makes
room for the next.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from escott.rules.card_states import CardState
from escott.rules.collection_states import CollectionState


class PaymentState(StrEnum):
    """Where a payment stands."""

    STARTED = "started"  # written down, the gateway is being asked
    UNKNOWN = "unknown"  # 結果不明: it may have been charged
    REFUSED = "refused"  # the gateway said no
    NOT_SENT = "not_sent"  # the request never left
    NOT_CHARGED = "not_charged"  # was unknown; proven that nothing was charged
    WITHDRAWN = "withdrawn"  # the shopper left the gateway's page; nothing was charged
    AUTHORISED = CardState.AUTHORISED.value
    GATHERED = CardState.GATHERED.value
    CAPTURED = CardState.CAPTURED.value
    CANCELLED = CardState.CANCELLED.value
    EXPIRED = CardState.EXPIRED.value
    LOST = "lost"  # the registration of a slip was not answered; none moves money by itself
    UNPAID = CollectionState.UNPAID.value
    DEPOSITED = CollectionState.DEPOSITED.value
    DELETED = CollectionState.DELETED.value
    LAPSED = CollectionState.LAPSED.value

    @property
    def card_state(self) -> CardState | None:
        """The gateway's state of a card payment; ``None`` where there is none."""
        return CardState(self.value) if self in OF_CARDS else None

    @property
    def collection_state(self) -> CollectionState | None:
        """The state of a slip; ``None`` where there is none."""
        return CollectionState(self.value) if self in OF_SLIPS else None


#: What only a card payment can be, and what only a slip can be.
OF_CARDS: Final = frozenset(
    state for state in PaymentState if state.value in {card.value for card in CardState}
)
OF_SLIPS: Final = frozenset(
    state for state in PaymentState if state.value in {slip.value for slip in CollectionState}
)

#: The order is paid by card: 与信, 与信売上計上 or 売上計上.
PAID_BY_CARD: Final = frozenset(
    {PaymentState.AUTHORISED, PaymentState.GATHERED, PaymentState.CAPTURED}
)

#: The order is paid.
PAID: Final = PAID_BY_CARD | {PaymentState.DEPOSITED}

#: Nobody can say yet whether the card was charged.
UNRESOLVED: Final = frozenset({PaymentState.STARTED, PaymentState.UNKNOWN})

#: No other payment may be started for the same order and purpose.
LIVE: Final = PAID | UNRESOLVED | {PaymentState.UNPAID}
