"""What the gateway's console proves about an operation whose result is unknown.

The console's list gives one line for each transaction: its state and amount now. A line proves
what it says at any time; that a transaction is missing, or has not moved, proves something only
where the list was made after the gateway can no longer have been working on the request.
Source: design.md, invariant 3; requirements.md A090.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from escott.rules.card_states import CHARGES, CardOperation, CardState


class ListedState(StrEnum):
    """状態, as the console's list has it."""

    AUTHORISED = "authorised"  # 与信
    GATHERED = "gathered"  # 与信売上計上
    CAPTURED = "captured"  # 売上計上
    CANCELLED = "cancelled"  # 取消
    FAILED = "failed"  # 失敗
    CHECKED = "checked"  # カードチェック: no payment at all

    @property
    def stands(self) -> bool:
        """The card is charged, or money is held on it."""
        return self in _STANDING

    @property
    def takes_money(self) -> bool:
        """It is 売上計上, by whichever way."""
        return self in {ListedState.GATHERED, ListedState.CAPTURED}


_STANDING: Final = frozenset({ListedState.AUTHORISED, ListedState.GATHERED, ListedState.CAPTURED})


class Proof(StrEnum):
    """What follows for an operation."""

    DONE = "done"
    NOT_DONE = "not_done"
    OTHER_AMOUNT = "other_amount"  # it was done, or not, with an amount that nobody asked for
    NOTHING = "nothing"  # the line fits neither


@dataclass(frozen=True, slots=True)
class Asked:
    """The operation and the payment as they stood when it was asked for.

    Attributes:
        operation: what was asked.
        amount: what it asked for, in yen.
        before: the payment's state before; ``None`` for a charge.
        amount_before: the payment's amount before, in yen.
        charged_by: the charge that started the payment.
    """

    operation: CardOperation
    amount: int
    before: CardState | None
    amount_before: int
    charged_by: CardOperation


def proof_by_line(asked: Asked, listed: ListedState, amount: int) -> Proof:
    """What a line of the console's list proves.

    ``NOT_DONE`` counts only where the list is late enough, but for a charge: a charge that
    failed there, or was cancelled there, holds no money whenever the list was made.

    Args:
        amount: the line's, in yen.
    """
    return _PROOFS[asked.operation](asked, listed, amount)


def proof_by_absence(asked: Asked) -> Proof:
    """What it proves that a list which covers the attempt has no such transaction.

    Only a charge begins a transaction; that one which stood is missing proves nothing.
    """
    return Proof.NOT_DONE if asked.operation in CHARGES else Proof.NOTHING


def _of_charge(asked: Asked, listed: ListedState, amount: int) -> Proof:
    if not listed.stands:
        return Proof.NOT_DONE
    return Proof.DONE if amount == asked.amount else Proof.OTHER_AMOUNT


def _of_capture(_asked: Asked, listed: ListedState, _amount: int) -> Proof:
    if listed is ListedState.AUTHORISED:
        return Proof.NOT_DONE
    return Proof.DONE if listed.takes_money else Proof.NOTHING


def _of_cancel(_asked: Asked, listed: ListedState, _amount: int) -> Proof:
    if listed is ListedState.CANCELLED:
        return Proof.DONE
    return Proof.NOT_DONE if listed.stands else Proof.NOTHING


def _of_change(asked: Asked, listed: ListedState, amount: int) -> Proof:
    if not listed.stands:
        return Proof.NOTHING
    if amount == asked.amount:
        return Proof.DONE
    return Proof.NOT_DONE if amount == asked.amount_before else Proof.OTHER_AMOUNT


def _of_reauthorisation(asked: Asked, listed: ListedState, amount: int) -> Proof:
    if asked.before is CardState.CANCELLED:
        if listed is ListedState.CANCELLED:
            return Proof.NOT_DONE
        return _of_charge(asked, listed, amount) if listed.stands else Proof.NOTHING
    if asked.amount == asked.amount_before:
        return Proof.NOTHING
    return _of_change(asked, listed, amount)


_PROOFS: Final[Mapping[CardOperation, Callable[[Asked, ListedState, int], Proof]]] = {
    CardOperation.AUTHORISE: _of_charge,
    CardOperation.GATHER: _of_charge,
    CardOperation.CAPTURE: _of_capture,
    CardOperation.CANCEL: _of_cancel,
    CardOperation.CHANGE_AMOUNT: _of_change,
    CardOperation.REAUTHORISE: _of_reauthorisation,
}
