"""Why an operation is not possible, in the words of staff: on buttons, in lists and in errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.rules.operability import Obstacle

_TEXTS: Final[Mapping[Obstacle, str]] = {
    Obstacle.UNDER_WAY: noop("Another operation is being carried out."),
    Obstacle.RESULT_UNKNOWN: noop("The result of the last operation is unknown."),
    Obstacle.NEVER_CHARGED: noop("The card was not charged."),
    Obstacle.CANCELLED: noop("It has been cancelled."),
    Obstacle.EXPIRED: noop("The authorisation has run out."),
    Obstacle.CAPTURED: noop("It has been captured."),
    Obstacle.NOT_CANCELLED: noop("Only what was authorised or cancelled can be re-authorised."),
    Obstacle.SETTLED_BY_HAND: noop(
        "It was settled by hand: operate on it in the gateway's console."
    ),
    Obstacle.PERIOD_OVER: noop("The last day of operations has passed."),
    Obstacle.REFUNDED: noop(
        "Money was given back outside the gateway already, and would be given back twice. Change "
        "the amount instead, to no less than was given back."
    ),
    Obstacle.ANOTHER_LIVE: noop("The order has another payment that stands."),
    Obstacle.CHANGED_SINCE: noop("The payment has changed since this was asked for."),
    Obstacle.OTHER_METHOD: noop("The payment was made by another method."),
    Obstacle.NOT_REGISTERED: noop("The gateway has not confirmed that the slip is registered."),
    Obstacle.DEPOSITED: noop("It has been paid in."),
    Obstacle.DELETED: noop("The slip has been cancelled."),
    Obstacle.LAPSED: noop("The slip's last day has passed without a deposit."),
    Obstacle.CHANGED_ONCE: noop("A slip can be changed once only, and this one was."),
    Obstacle.NUMBER_LOST: noop(
        "The customer's payment number may be worth nothing, and no other is known here."
    ),
    Obstacle.PAST_DUE: noop("The due date has passed."),
    Obstacle.NO_ADDRESS: noop("The customer's e-mail address is not known."),
    Obstacle.DEPOSIT_DIFFERS: noop(
        "Another amount than asked for was paid in. Settle that first, in what needs attention."
    ),
}


def why_not_possible(obstacle: Obstacle | str) -> str:
    """The obstacle as a sentence, in the language of the page."""
    return _(_TEXTS[Obstacle(obstacle)])
