"""Ways in which an approved telegram still goes wrong on its way to the books or back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from escott.simulator.deliveries import Delivery


class Booked(Enum):
    """Whether, and when, the gateway carries the telegram out."""

    AT_ONCE = auto()
    #: Only after ``Options.late_by``, when the caller has long given up.
    LATE = auto()
    NEVER = auto()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens round one approved telegram.

    ``slow`` lets the answer wait for ``Options.slow_seconds``; ``code`` replaces OK in
    the answer although the telegram was carried out; ``without_code`` leaves ResponseCd out.
    """

    booked: Booked = Booked.AT_ONCE
    delivery: Delivery = Delivery.WHOLE
    slow: bool = False
    code: str = ""
    without_code: bool = False


NO_TROUBLE = Trouble()
SLOW = Trouble(slow=True)
LOST_AFTER = Trouble(delivery=Delivery.DROPPED)
LOST_BEFORE = Trouble(booked=Booked.NEVER, delivery=Delivery.DROPPED)
HANGS_AFTER = Trouble(delivery=Delivery.HELD)
HANGS_BEFORE = Trouble(booked=Booked.NEVER, delivery=Delivery.HELD)
CARRIED_OUT_LATE = Trouble(booked=Booked.LATE, delivery=Delivery.DROPPED)
ANSWERS_HTML = Trouble(delivery=Delivery.HTML)
ANSWERS_ERROR = Trouble(delivery=Delivery.ERROR_500)
ANSWERS_NOTHING = Trouble(delivery=Delivery.EMPTY)
ANSWERS_HALF = Trouble(delivery=Delivery.HALF)
ANSWERS_TOO_MUCH = Trouble(delivery=Delivery.HUGE)
ANSWERS_WITHOUT_CODE = Trouble(without_code=True)
CHARGED_BUT_K96 = Trouble(code="K96")
