"""Card payments: their states, the operations, and which operation may follow which state.

The table below is the only place that says so. The service reads it before it asks the
gateway, the buttons read it, and the tests walk it against the gateway's own table.
Source: the manual, 決済情報の連携; requirements.md A082 to A086 and part 2 no. 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CardState(StrEnum):
    """What the gateway has recorded for a card payment."""

    AUTHORISED = "authorised"  # 与信
    GATHERED = "gathered"  # 与信売上計上
    CAPTURED = "captured"  # 売上計上
    CANCELLED = "cancelled"  # 取消
    EXPIRED = "expired"  # 期限切れ: a 与信 past its handling period


class CardOperation(StrEnum):
    """What can be asked of the gateway for a card payment."""

    AUTHORISE = "authorise"  # 与信
    GATHER = "gather"  # 与信売上計上
    CAPTURE = "capture"  # 売上計上
    CHANGE_AMOUNT = "change_amount"  # 利用額変更
    CANCEL = "cancel"  # 取消
    REAUTHORISE = "reauthorise"  # 再オーソリ


#: The two ways to charge a card: what starts a payment, and the state it leads to.
CHARGES: Final[Mapping[CardOperation, CardState]] = {
    CardOperation.AUTHORISE: CardState.AUTHORISED,
    CardOperation.GATHER: CardState.GATHERED,
}

#: What the shop may do with a card payment.
ALLOWED: Final[Mapping[CardState, frozenset[CardOperation]]] = {
    CardState.AUTHORISED: frozenset(
        {
            CardOperation.REAUTHORISE,
            CardOperation.CAPTURE,
            CardOperation.CANCEL,
            CardOperation.CHANGE_AMOUNT,
        }
    ),
    CardState.GATHERED: frozenset({CardOperation.CANCEL, CardOperation.CHANGE_AMOUNT}),
    CardState.CAPTURED: frozenset({CardOperation.CANCEL, CardOperation.CHANGE_AMOUNT}),
    CardState.CANCELLED: frozenset({CardOperation.REAUTHORISE}),
    CardState.EXPIRED: frozenset(),
}


#: The operations that ask for a new total; the others take the payment's amount as it is.
NEEDS_AMOUNT: Final = frozenset({CardOperation.CHANGE_AMOUNT, CardOperation.REAUTHORISE})


def state_after(
    operation: CardOperation, *, state: CardState | None, charged_by: CardOperation
) -> CardState:
    """The state once the gateway has answered OK.

    Args:
        operation: what was done.
        state: the state before, or ``None`` for the charge that starts a payment.
        charged_by: the charge that started the payment; 再オーソリ goes back to its state
            (requirements.md A085).
    """
    match operation:
        case CardOperation.AUTHORISE | CardOperation.GATHER:
            return CHARGES[operation]
        case CardOperation.CAPTURE:
            return CardState.CAPTURED
        case CardOperation.CANCEL:
            return CardState.CANCELLED
        case CardOperation.REAUTHORISE:
            return CHARGES[charged_by]
        case CardOperation.CHANGE_AMOUNT:
            if state is None:
                raise ValueError("an amount can only be changed on a payment that has a state")
            return state
