"""The gateway's law of slips (オンライン収納代行): what each telegram does to one in each state.

Rule for what may stand here: the states of a slip, one function call a row, and what a till
does with it. A cell is what is done, or the code that refuses. That a slip is changed only
once is no matter of state and stands in ``slip_changes``.

Source: protocol.md H. It says that a deleted slip is answered with K12; which code refuses a
paid or an expired one is not known, so that ``Options.slip_law`` may hold another table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from typing import Final

from escott.gateway.operations import OperateId


class SlipState(StrEnum):
    """Where a slip stands at the gateway."""

    UNPAID = "unpaid"
    PAID = "paid"
    DELETED = "deleted"
    #: Its last minute has passed, by the clock; no telegram leads here.
    EXPIRED = "expired"


class SlipStep(Enum):
    """What an accepted telegram does to a slip."""

    STAY = auto()
    #: Another number and another link; the state stays.
    CHANGE = auto()
    DELETE = auto()


SlipCell = SlipStep | str
SlipLaw = Mapping[SlipState, Mapping[OperateId, SlipCell]]


def _row(*, change: SlipCell, delete: SlipCell, reference: SlipCell) -> dict[OperateId, SlipCell]:
    return {
        OperateId.SLIP_CHANGE: change,
        OperateId.SLIP_DELETE: delete,
        OperateId.SLIP_REFERENCE: reference,
    }


SLIP_LAW: Final[SlipLaw] = {
    SlipState.UNPAID: _row(change=SlipStep.CHANGE, delete=SlipStep.DELETE, reference=SlipStep.STAY),
    SlipState.PAID: _row(change="K14", delete="K14", reference=SlipStep.STAY),
    SlipState.DELETED: _row(change="K12", delete="K12", reference="K12"),
    SlipState.EXPIRED: _row(change="K14", delete="K14", reference=SlipStep.STAY),
}


def law_refusing_with(code: str) -> SlipLaw:
    """The same law with another code for what is paid or expired, such as one of W01 to W99."""
    return {
        state: {operation: code if cell == "K14" else cell for operation, cell in row.items()}
        for state, row in SLIP_LAW.items()
    }


#: The states in which a till takes the money of itself; in the others only by explicit choice.
PAYABLE: Final = frozenset({SlipState.UNPAID})
