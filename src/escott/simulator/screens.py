"""The screens of the hosted card page: what each asks, and the codes of leaving it.

Rule for what may stand here: one row per screen of protocol.md G. A visit goes from an
entry screen to its confirm screen; only a confirmation charges or keeps a card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
        failed: the code where the gateway refuses and there is no further try.
        exhausted: the code where the tries are used up.
        beside: an entry screen's confirm screen, or a confirm screen's entry screen.
        other: another entry screen of the same flow, if there is one.
    """

    name: str
    flow: Flow
    asks: Asks
    cancelled: str
    failed: str
    exhausted: str
    beside: str = ""
    other: str = ""

    @property
    def is_entry(self) -> bool:
        return self.asks is not Asks.CONFIRMATION


def _pair(entry: Screen, confirm: str, confirm_cancelled: str) -> tuple[Screen, Screen]:
    """An entry screen, and its confirm screen by name and by the code of leaving it."""
    asked = replace(entry, beside=confirm)
    confirmation = replace(
        entry,
        name=confirm,
        asks=Asks.CONFIRMATION,
        cancelled=confirm_cancelled,
        beside=entry.name,
        other="",
    )
    return asked, confirmation


_ALL: Final = (
    *_pair(
        Screen("SSNP010", Flow.REGISTRATION, Asks.CARD, "P51", failed="P53", exhausted="P54"),
        "SSNP020",
        "P52",
    ),
    *_pair(
        Screen("SSNP030", Flow.CHANGE, Asks.CARD, "P55", failed="P57", exhausted="P58"),
        "SSNP040",
        "P56",
    ),
    *_pair(
        Screen(
            "SSNP080",
            Flow.MEMBER_PAYMENT,
            Asks.ASSIST,
            "P62",
            failed="P66",
            exhausted="P68",
            other="SSNP100",
        ),
        "SSNP090",
        "P63",
    ),
    *_pair(
        Screen(
            "SSNP100",
            Flow.MEMBER_PAYMENT,
            Asks.CARD,
            "P64",
            failed="P67",
            exhausted="P68",
            other="SSNP080",
        ),
        "SSNP110",
        "P65",
    ),
    *_pair(
        Screen("SSNP120", Flow.GUEST_PAYMENT, Asks.CARD, "P69", failed="P71", exhausted="P72"),
        "SSNP130",
        "P70",
    ),
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


def flow_of(operation: OperateId, *, has_member: bool) -> Flow:
    """The flow that a request begins."""
    match operation:
        case OperateId.MEMBER_ADD:
            return Flow.REGISTRATION
        case OperateId.MEMBER_CHANGE:
            return Flow.CHANGE
        case _:
            return Flow.MEMBER_PAYMENT if has_member else Flow.GUEST_PAYMENT
