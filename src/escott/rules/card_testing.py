"""クレジットマスター対策: how often cards may be presented, and how often they may be refused.

Whoever tries stolen or made-up numbers is refused nearly every time, so refusals weigh; mere
attempts are bounded only against bursts whose results are not known yet. Honest shoppers stay
far below: somebody who mistypes four times, a family with six orders in an evening, a call
centre that takes a hundred and fifty orders an hour behind one address.
Source: requirements.md, part 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class CountedBy(StrEnum):
    """Whose attempts are counted together."""

    ORDER = "order"
    SESSION = "session"
    CUSTOMER = "customer"
    ADDRESS = "address"
    SHOP = "shop"


class Counted(StrEnum):
    """What is counted."""

    ATTEMPTS = "attempts"
    REFUSALS = "refusals"


@dataclass(frozen=True, slots=True)
class Limit:
    """Stops further cards once ``most`` of something happened ``within`` a period.

    Attributes:
        name: its name in settings and in the log.
        by: whose attempts are counted together.
        counts: all of them, or only the refused ones.
        most: so many are let through, and no more.
        within: the sliding period.
        guests_only: customers who are signed in are not stopped by it.
    """

    name: str
    by: CountedBy
    counts: Counted
    most: int
    within: timedelta
    guests_only: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """No card is taken from somebody until the moment ``until``, because of ``limit``."""

    limit: Limit
    until: datetime


class UnknownLimit(ValueError):
    """A figure was given for a limit that doesn't exist."""


_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_TEN_MINUTES: Final = timedelta(minutes=10)

#: Every limit. The last two are the brake of the whole shop: guests first, then everybody.
LIMITS: Final = (
    Limit("order", CountedBy.ORDER, Counted.ATTEMPTS, 10, _HOUR),
    Limit("session", CountedBy.SESSION, Counted.REFUSALS, 8, _HOUR),
    Limit("session_burst", CountedBy.SESSION, Counted.ATTEMPTS, 60, _HOUR),
    Limit("customer", CountedBy.CUSTOMER, Counted.REFUSALS, 8, _HOUR),
    Limit("customer_day", CountedBy.CUSTOMER, Counted.REFUSALS, 16, _DAY),
    Limit("customer_burst", CountedBy.CUSTOMER, Counted.ATTEMPTS, 60, _HOUR),
    Limit("address", CountedBy.ADDRESS, Counted.REFUSALS, 20, _HOUR),
    Limit("address_day", CountedBy.ADDRESS, Counted.REFUSALS, 150, _DAY),
    Limit("address_burst", CountedBy.ADDRESS, Counted.ATTEMPTS, 60, _TEN_MINUTES),
    Limit("shop_guests", CountedBy.SHOP, Counted.REFUSALS, 40, _TEN_MINUTES, guests_only=True),
    Limit("shop", CountedBy.SHOP, Counted.REFUSALS, 100, _TEN_MINUTES),
)

#: How long an attempt is remembered: longer than any period above.
REMEMBERED: Final = timedelta(days=3)


def limits_with(figures: Mapping[str, int]) -> tuple[Limit, ...]:
    """The limits with a site's own figures for some of them.

    Raises:
        UnknownLimit: a name is none of :data:`LIMITS`.
        ValueError: a figure is below one, which would stop every shopper.
    """
    if unknown := sorted(figures.keys() - {limit.name for limit in LIMITS}):
        raise UnknownLimit(f"there is no limit named {', '.join(unknown)}")
    if small := sorted(name for name, most in figures.items() if most < 1):
        raise ValueError(f"the limit {', '.join(small)} must let at least one through")
    return tuple(replace(limit, most=figures.get(limit.name, limit.most)) for limit in LIMITS)


def longest_stop(reached: Iterable[tuple[Limit, datetime]]) -> Stop | None:
    """The stop that lasts longest.

    Args:
        reached: the limits that are used up, each with the moment of the oldest of the ``most``
            newest attempts: once that one has left the period, another is let through.
    """
    stops = (Stop(limit, oldest + limit.within) for limit, oldest in reached)
    return max(stops, key=lambda stop: stop.until, default=None)
