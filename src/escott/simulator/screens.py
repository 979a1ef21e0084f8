"""The screens of the hosted card page: what each asks, and the codes of leaving it.

Rule for what may stand here: one row per screen of protocol.md G. A visit goes from an
entry screen to its confirm screen; only a confirmation charges or keeps a card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from escott.gateway.operations import OperateId


class Asks(Enum):
    """What a screen asks of the shopper."""

    CARD = auto()
    #: Only the security code; the card is the member's own.
    ASSIST = auto()
    CONFIRMATION = auto()


class Flow(Enum):
    """What the shopper came for."""

    REGISTRATION = "registration"
    CHANGE = "change"
    MEMBER_PAYMENT = "member_payment"
    GUEST_PAYMENT = "guest_payment"


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen.

    Attributes:
        cancelled: the code of leaving it by its cancel button.
        beside: an entry screen's confirm screen, or a confirm screen's entry screen.
        failed: the code where the gateway refuses and there is no further try.
        exhausted: the code where the tries are used up.
        other: another entry screen of the same flow; a text names the way to it.
    """

    name: str
    flow: Flow
    asks: Asks
    cancelled: str
    beside: str
    failed: str
    exhausted: str
    other: str = ""

    @property
    def is_entry(self) -> bool:
        return self.asks is not Asks.CONFIRMATION


def _pair(
    flow: Flow,
    asks: Asks,
    names: tuple[str, str],
    cancelled: tuple[str, str],
    failed: str,
    exhausted: str,
    other: str = "",
) -> tuple[Screen, Screen]:
    entry, confirm = names
    return (
        Screen(entry, flow, asks, cancelled[0], confirm, failed, exhausted, other),
        Screen(confirm, flow, Asks.CONFIRMATION, cancelled[1], entry, failed, exhausted),
    )


_ALL: Final = (
    *_pair(Flow.REGISTRATION, Asks.CARD, ("SSNP010", "SSNP020"), ("P51", "P52"), "P53", "P54"),
    *_pair(Flow.CHANGE, Asks.CARD, ("SSNP030", "SSNP040"), ("P55", "P56"), "P57", "P58"),
    *_pair(
        Flow.MEMBER_PAYMENT,
        Asks.ASSIST,
        ("SSNP080", "SSNP090"),
        ("P62", "P63"),
        "P66",
        "P68",
        other="SSNP100",
    ),
    *_pair(
        Flow.MEMBER_PAYMENT,
        Asks.CARD,
        ("SSNP100", "SSNP110"),
        ("P64", "P65"),
        "P67",
        "P68",
        other="SSNP080",
    ),
    *_pair(Flow.GUEST_PAYMENT, Asks.CARD, ("SSNP120", "SSNP130"), ("P69", "P70"), "P71", "P72"),
)

SCREENS: Final[Mapping[str, Screen]] = {screen.name: screen for screen in _ALL}

#: Where a flow begins.
FIRST_SCREEN: Final[Mapping[Flow, Screen]] = {
    Flow.REGISTRATION: SCREENS["SSNP010"],
    Flow.CHANGE: SCREENS["SSNP030"],
    Flow.MEMBER_PAYMENT: SCREENS["SSNP080"],
    Flow.GUEST_PAYMENT: SCREENS["SSNP120"],
}

#: The code where the member of a request is not found, or cannot be used.
MEMBER_NOT_FOUND: Final = "P60"
#: The code of a visit that took too long.
TOO_LATE: Final = "P74"


def flow_of(operation: OperateId, *, has_member: bool) -> Flow:
    """The flow that a request begins."""
    match operation:
        case OperateId.MEMBER_ADD:
            return Flow.REGISTRATION
        case OperateId.MEMBER_CHANGE:
            return Flow.CHANGE
        case _:
            return Flow.MEMBER_PAYMENT if has_member else Flow.GUEST_PAYMENT
