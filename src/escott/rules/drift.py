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

from escott.rules.card_states import CardOperation, CardState, state_after
from escott.rules.yen import CARD_MAXIMUM


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

#: The console's list shows no cancellation where the record, or the sales date, tells one: it was
#: cancelled and authorised again. By whether money is taken.
_TAKEN_BACK: Final[Mapping[bool, frozenset[CardState]]] = {
    True: frozenset({CardState.CANCELLED}),
    False: frozenset({CardState.CANCELLED, CardState.GATHERED, CardState.CAPTURED}),
}


def drift_between(state: CardState, amount: int, found: Found) -> Drift | None:
    """What was done elsewhere, as far as the two tell; ``None`` if they agree.

    Args:
        state: the shop's record.
        amount: the shop's record, in yen.
        found: what the gateway told.
    """
    if found.cancelled and state is not CardState.CANCELLED:
        return Drift.CANCELLED
    if found.cancelled is False and state in _TAKEN_BACK[found.captured]:
        return Drift.REAUTHORISED
    moved = None if found.cancelled else (_TAKEN if found.captured else _NOT_TAKEN).get(state)
    if moved is not None:
        return moved
    return None if found.amount in {None, amount} else Drift.AMOUNT_CHANGED


def can_be_taken_over(state: CardState, drift: Drift, found: Found | None) -> bool:
    """Whether what was found tells enough to write it into the record.

    Another amount on a cancelled payment may be a change before the cancellation, or a
    再オーソリ after it: only the console's list tells the two apart. More than a card payment may
    be is a misprint or a forgery.
    """
    if found is not None and (found.amount or 0) > CARD_MAXIMUM:
        return False
    if drift is Drift.AMOUNT_CHANGED and state is CardState.CANCELLED:
        return found is not None and found.cancelled is True
    return drift in DONE_ELSEWHERE


#: The operation that would have led to what was found.
DONE_ELSEWHERE: Final[Mapping[Drift, CardOperation]] = {
    Drift.CAPTURED: CardOperation.CAPTURE,
    Drift.CANCELLED: CardOperation.CANCEL,
    Drift.REAUTHORISED: CardOperation.REAUTHORISE,
    Drift.AMOUNT_CHANGED: CardOperation.CHANGE_AMOUNT,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One operation done elsewhere, with the state and the amount (yen) that it led to."""

    operation: CardOperation
    state: CardState
    amount: int


def steps_elsewhere(
    state: CardState, amount: int, found: Found, *, charged_by: CardOperation
) -> tuple[Step, ...]:
    """The operations that lead from the shop's record to what was found.

    More than one where a 再オーソリ was followed by a 売上計上. None where nothing can be taken
    over (:func:`can_be_taken_over`).

    Args:
        state, amount: the shop's record.
        found: what the gateway told.
        charged_by: the charge that started the payment.
    """
    steps: list[Step] = []
    while (drift := drift_between(state, amount, found)) is not None:
        if not can_be_taken_over(state, drift, found):
            break
        operation = DONE_ELSEWHERE[drift]
        after = state_after(operation, state=state, charged_by=charged_by)
        step = Step(operation, after, found.amount or amount)
        if (step.state, step.amount) == (state, amount):
            break
        steps.append(step)
        state, amount = step.state, step.amount
    return tuple(steps)
