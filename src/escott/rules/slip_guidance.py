"""お支払い案内を再送: when a customer may be told once more how to pay by the slip.

Only while that helps: the slip can be paid, by a number that is certainly worth something.
Source: requirements.md A094 and A119; design.md, invariant 3.
"""

from __future__ import annotations

from datetime import date, datetime

from escott.rules.collection_operability import CollectionStanding, obstacle_to
from escott.rules.collection_states import CollectionOperation
from escott.rules.due_dates import is_over
from escott.rules.operability import Obstacle


def obstacle_to_guidance(
    standing: CollectionStanding,
    *,
    has_link: bool,
    due_on: date,
    has_address: bool,
    now: datetime,
) -> Obstacle | None:
    """What stands in the way of the mail; ``None`` if it may be sent.

    Args:
        standing: how the payment stands.
        has_link: the slip's link, and its number, are certainly worth something.
        due_on: the last day on which it can be paid (Japan).
        has_address: the customer's e-mail address is known.
        now: the present (aware).
    """
    # What keeps a slip from being deleted keeps it from being paid, but for the last day of
    # operations.
    by_state = obstacle_to(CollectionOperation.DELETE, standing, now)
    if by_state not in {None, Obstacle.PERIOD_OVER}:
        return by_state
    if not has_link:
        return Obstacle.NUMBER_LOST
    if is_over(due_on, now):
        return Obstacle.PAST_DUE
    return None if has_address else Obstacle.NO_ADDRESS
