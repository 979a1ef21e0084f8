"""The gateway's law: what each telegram does to a transaction in each state.

Rule for what may stand here: one row per state of protocol.md section C's state table,
one entry per process telegram that the gateway carries out in that state. What has no
entry is answered with K14. Nothing else in the simulator knows about states; conditions
that are not a matter of state stand in ``charge_desk`` and ``follow_ups``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from typing import Final

from escott.gateway.operations import OperateId


class State(StrEnum):
    """Where a transaction stands at the gateway."""

    CHECKED = "checked"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    GATHERED = "gathered"
    CANCELLED = "cancelled"
    #: The issuer said no. It has no ProcessId, so no telegram can name it.
    DECLINED = "declined"


#: States in which the card holder's money is held or taken.
CHARGED: Final = frozenset({State.AUTHORISED, State.CAPTURED, State.GATHERED})


class Step(Enum):
    """What an accepted process telegram does to the state."""

    STAY = auto()
    CAPTURE = auto()
    CANCEL = auto()
    #: Back to the state that the first telegram led to: 1Auth or 1Gathering.
    AS_AT_FIRST = auto()


Law = Mapping[State, Mapping[OperateId, Step]]

#: The state that a master telegram leads to.
FIRST_STATE: Final = {
    OperateId.CHECK: State.CHECKED,
    OperateId.AUTH: State.AUTHORISED,
    OperateId.GATHERING: State.GATHERED,
}

LAW: Final[Law] = {
    State.CHECKED: {
        OperateId.SEARCH: Step.STAY,
    },
    State.AUTHORISED: {
        OperateId.CAPTURE: Step.CAPTURE,
        OperateId.CHANGE: Step.STAY,
        OperateId.DELETE: Step.CANCEL,
        OperateId.REAUTH: Step.AS_AT_FIRST,
        OperateId.SEARCH: Step.STAY,
    },
    State.CAPTURED: {
        OperateId.CHANGE: Step.STAY,
        OperateId.DELETE: Step.CANCEL,
        OperateId.SEARCH: Step.STAY,
    },
    State.GATHERED: {
        OperateId.CHANGE: Step.STAY,
        OperateId.DELETE: Step.CANCEL,
        OperateId.SEARCH: Step.STAY,
    },
    State.CANCELLED: {
        OperateId.REAUTH: Step.AS_AT_FIRST,
        OperateId.SEARCH: Step.STAY,
    },
    State.DECLINED: {},
}

#: The law of gateways that re-authorise only what was cancelled (protocol.md L 12).
STRICT_LAW: Final[Law] = {
    **LAW,
    State.AUTHORISED: {
        operation: step
        for operation, step in LAW[State.AUTHORISED].items()
        if operation is not OperateId.REAUTH
    },
}


def state_after(step: Step, state: State, first: OperateId) -> State:
    """The state that ``step`` leads to from ``state``, for a transaction begun by ``first``."""
    match step:
        case Step.STAY:
            return state
        case Step.CAPTURE:
            return State.CAPTURED
        case Step.CANCEL:
            return State.CANCELLED
        case Step.AS_AT_FIRST:
            return FIRST_STATE[first]
