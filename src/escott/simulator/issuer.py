"""The card company behind the gateway: approves a card, or says which code refuses it."""

from __future__ import annotations

from datetime import datetime

from escott.clock import in_japan
from escott.simulator.options import Options
from escott.simulator.presented_cards import PresentedCard


def refusal(
    card: PresentedCard, amount: int, pay_type: str, now: datetime, options: Options
) -> tuple[str, ...]:
    """The codes that refuse ``amount`` yen on ``card``; empty means approved.

    ``pay_type`` is empty where nothing is paid (1Check).
    """
    if card.expiry < in_japan(now).strftime("%y%m"):
        return ("C13",)
    row = card.row
    if row is None:
        return () if options.unlisted_card == "OK" else (options.unlisted_card,)
    if row.decline:
        return (row.decline,)
    if card.expiry != row.expiry:
        return ("G83",)
    if options.refuse_mismatch and card.mismatches():
        return card.mismatches()
    if row.limit is not None and amount > row.limit:
        return ("G55",)
    code = card.brand.pay_type_code(pay_type) if pay_type else None
    return (code,) if code else ()
