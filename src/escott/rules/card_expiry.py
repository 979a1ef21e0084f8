"""When a card expires: it may be used to the last day of the month that is printed on it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Expiry(StrEnum):
    """How a card's expiry stands to the present day."""

    LATER = "later"
    THIS_MONTH = "this_month"
    PAST = "past"
    UNTOLD = "untold"


def expiry_of(yymm: str, today: date) -> Expiry:
    """How the expiry of a card stands.

    Args:
        yymm: CardExp as the gateway gives it; empty where it gave none.
        today: the date in Japan.
    """
    if not yymm:
        return Expiry.UNTOLD
    this_month = f"{today:%y%m}"
    if yymm == this_month:
        return Expiry.THIS_MONTH
    return Expiry.PAST if yymm < this_month else Expiry.LATER
