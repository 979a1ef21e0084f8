"""状態不一致: the shop's record of a payment beside what 1Search tells.

Somebody may have operated on the payment in the gateway's console, which the manual forbids
and nobody can prevent. 1Search tells an amount and, while money is taken, the sales date; it
does not tell a cancelled 与信 from a standing one (protocol.md C), so that a 与信 cancelled
elsewhere is found by its next operation (K14) or by the console's list.
Source: requirements.md A090.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from escott.rules.card_states import CardOperation, CardState


class Drift(StrEnum):
    """What was done elsewhere."""

    CAPTURED = "captured"  # 売上計上
    CANCELLED = "cancelled"  # 取消
    REAUTHORISED = "reauthorised"  # 再オーソリ
    AMOUNT_CHANGED = "amount_changed"  # 利用額変更
    GONE = "gone"  # K12: the gateway knows no such payment any more


@dataclass(frozen=True, slots=True)
class Found:
    """What the gateway holds.

    Attributes:
        amount: in yen; ``None`` where it tells none.
        sales_date: 売上計上日, while money is taken.
        cancelled: told by the console's list only; ``None`` where nobody tells.
    """

    amount: int | None
    sales_date: date | None = None
    cancelled: bool | None = None

    @property
    def captured(self) -> bool:
        return self.sales_date is not None


#: 1Search while the shop's record says this, and what it then means that money is taken, or not.
_TAKEN: Final[Mapping[CardState, Drift]] = {
    CardState.AUTHORISED: Drift.CAPTURED,
    CardState.EXPIRED: Drift.CAPTURED,
    CardState.CANCELLED: Drift.REAUTHORISED,
}
_NOT_TAKEN: Final[Mapping[CardState, Drift]] = {
    CardState.GATHERED: Drift.CANCELLED,
    CardState.CAPTURED: Drift.CANCELLED,
}


def drift_between(state: CardState, amount: int, found: Found) -> Drift | None:
    """What was done elsewhere, as far as the two tell; ``None`` if they agree.

    Args:
        state: the shop's record.
        amount: the shop's record, in yen.
        found: what the gateway told.
    """
    if found.cancelled:
        return None if state is CardState.CANCELLED else Drift.CANCELLED
    if found.cancelled is False and state is CardState.CANCELLED:
        return Drift.REAUTHORISED
    moved = (_TAKEN if found.captured else _NOT_TAKEN).get(state)
    if moved is not None:
        return moved
    same = found.amount in {None, amount}
    if state is CardState.CANCELLED:
        return None if same else Drift.REAUTHORISED
    return None if same else Drift.AMOUNT_CHANGED


#: The operation that would have led to what was found.
DONE_ELSEWHERE: Final[Mapping[Drift, CardOperation]] = {
    Drift.CAPTURED: CardOperation.CAPTURE,
    Drift.CANCELLED: CardOperation.CANCEL,
    Drift.REAUTHORISED: CardOperation.REAUTHORISE,
    Drift.AMOUNT_CHANGED: CardOperation.CHANGE_AMOUNT,
}
