"""How the gateway has answered lately, as a word for staff.

One request without an answer is bad luck, and several in a row without a single answer is an
outage; what lies between is told as unsteady once it is more than an exception.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

#: What counts as lately.
LATELY: Final = timedelta(minutes=15)

#: Without any answer: how many requests must have gone unanswered before it is an outage.
_AN_OUTAGE: Final = 3

#: From which part of the requests that went unanswered the gateway is unsteady, in per cent.
_UNSTEADY_FROM: Final = 5


class GatewayHealth(StrEnum):
    """What the tile says."""

    QUIET = "quiet"  # nothing was asked lately: nobody can tell
    NORMAL = "normal"  # 正常
    UNSTEADY = "unsteady"  # 不安定
    SILENT = "silent"  # 応答なし


def gateway_health(answered: int, unanswered: int) -> GatewayHealth:
    """The word for what became of the requests of the last 15 minutes.

    Args:
        answered: requests that the gateway answered in time, with OK or a refusal.
        unanswered: requests that never left or whose result was not told in time.
    """
    asked = answered + unanswered
    if not asked:
        return GatewayHealth.QUIET
    if not answered and unanswered >= _AN_OUTAGE:
        return GatewayHealth.SILENT
    if unanswered * 100 >= asked * _UNSTEADY_FROM:
        return GatewayHealth.UNSTEADY
    return GatewayHealth.NORMAL
