"""What a shopper has asked for who pays by slip: on whose name, for what, and with which fee."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from escott.rules.payer import Payer
from escott.rules.yen import yen


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipInstruction:
    """One press of the button, as the server has understood it.

    Attributes:
        payer: who pays, prepared for the slip.
        product_name: 商品名, full width, at most 16 characters (escott.rules.product_name).
        fee: how many yen of the order's amount are 決済手数料; 0 where there is none.
        press: names the press of the button; a repeat gets the first one's result.
        return_url: where the slip's page leads back to, at most 128 characters.
        actor: the member of staff who presses; by default the order's own customer.

    Raises:
        NotYen: the fee is not a whole, non-negative amount of yen.
    """

    payer: Payer
    product_name: str
    fee: int = 0
    press: str = ""
    return_url: str = field(default="", repr=False)
    actor: Any = None

    def __post_init__(self) -> None:
        yen(self.fee)
