"""A payment's life as the shop sees it, and when it counts as live.

A payment is one attempt to be paid: the shop's own states before the gateway has answered,
and the gateway's card states after. At most one payment per order and purpose is live
(design.md, invariant 2); a refused or cancelled one makes room for the next.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from escott.rules.card_states import CardState


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

    @property
    def card_state(self) -> CardState | None:
        """The gateway's state, or ``None`` while the gateway has none."""
        return CardState(self.value) if self in _AT_THE_GATEWAY else None


_AT_THE_GATEWAY: Final = frozenset(
    state for state in PaymentState if state.value in {card.value for card in CardState}
)

#: The order is paid: 与信, 与信売上計上 or 売上計上.
PAID: Final = frozenset({PaymentState.AUTHORISED, PaymentState.GATHERED, PaymentState.CAPTURED})

#: Nobody can say yet whether the card was charged.
UNRESOLVED: Final = frozenset({PaymentState.STARTED, PaymentState.UNKNOWN})

#: No other payment may be started for the same order and purpose.
LIVE: Final = PAID | UNRESOLVED
