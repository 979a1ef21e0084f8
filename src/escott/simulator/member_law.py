"""The gateway's law of members (会員): what each telegram does to one in each state.

Rule for what may stand here: the rows and columns of protocol.md section D's state table,
one function call a row. A cell is the state that follows, or the code that refuses. Wrong
passwords (K71, K74) and the card itself are not a matter of state and stand in ``members``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from escott.gateway.operations import MASTER, PROCESS, OperateId


class MemberStatus(Enum):
    """KaiinStatus. 1 カード無効 is set by nothing that is known, so it is not simulated."""

    VALID = "0"
    #: Too many wrong passwords.
    LOCKED = "2"
    INVALID = "3"
    DELETED = "4"


Cell = MemberStatus | str
MemberLaw = Mapping[MemberStatus | None, Mapping[OperateId, Cell]]


def _row(
    *,
    add: Cell,
    change: Cell,
    invalidate: Cell,
    revalidate: Cell,
    delete: Cell,
    reference: Cell,
    charge: Cell,
) -> dict[OperateId, Cell]:
    return {
        OperateId.MEMBER_ADD: add,
        OperateId.MEMBER_CHANGE: change,
        OperateId.MEMBER_INVALIDATE: invalidate,
        OperateId.MEMBER_REVALIDATE: revalidate,
        OperateId.MEMBER_DELETE: delete,
        OperateId.MEMBER_REFERENCE: reference,
        # Telegrams about a payment: all that name a member are treated alike.
        **dict.fromkeys(MASTER | PROCESS, charge),
    }


_VALID, _LOCKED = MemberStatus.VALID, MemberStatus.LOCKED
_INVALID, _DELETED = MemberStatus.INVALID, MemberStatus.DELETED

#: ``None`` stands for a member that there never was, or that was purged.
MEMBER_LAW: Final[MemberLaw] = {
    None: _row(
        add=_VALID,
        change="K71",
        invalidate="K71",
        revalidate="K71",
        delete="K71",
        reference="K71",
        charge="K71",
    ),
    _VALID: _row(
        add="K69",
        change=_VALID,
        invalidate=_INVALID,
        revalidate="K73",
        delete="K70",
        reference=_VALID,
        charge=_VALID,
    ),
    _INVALID: _row(
        add="K69",
        change="K75",
        invalidate="K75",
        revalidate=_VALID,
        delete=_DELETED,
        reference=_INVALID,
        charge="K79",
    ),
    _LOCKED: _row(
        add="K69",
        change="K79",
        invalidate=_INVALID,
        revalidate=_VALID,
        delete=_DELETED,
        reference=_LOCKED,
        charge="K79",
    ),
    # A deleted id is never reusable.
    _DELETED: _row(
        add="K69",
        change="K71",
        invalidate="K71",
        revalidate="K71",
        delete="K71",
        reference="K71",
        charge="K71",
    ),
}
