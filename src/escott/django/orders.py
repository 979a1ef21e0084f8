"""What the payment module needs to know about a host shop's order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from escott.rules.yen import card_amount


class OrderNotPayable(Exception):
    """The host shop has closed the order, it is gone, or an earlier payment of it may be charged
    after all; nothing was written or charged.
    """


@dataclass(frozen=True, slots=True)
class PayableOrder:
    """An order that is placed and waits for its payment.

    Attributes:
        reference: the host's order number; any text of at most 64 characters.
        amount: the order's total in yen, 1 to 9,999,999.
        all_virtual: no line of the order needs shipping.
        email: where mails about the payment go.
        customer: the site's user, or ``None`` for a guest.

    Raises:
        NotYen: the amount is not an ``int`` in that range.
    """

    reference: str
    amount: int
    all_virtual: bool = False
    email: str = ""
    customer: Any = None

    def __post_init__(self) -> None:
        card_amount(self.amount)
        if not 1 <= len(self.reference) <= 64:
            raise ValueError("an order's reference has 1 to 64 characters")
