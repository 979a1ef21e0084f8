"""What a line of the console's list proves about an operation whose result is unknown."""

from __future__ import annotations

import pytest

from escott.rules.card_states import CardOperation, CardState
from escott.rules.console_evidence import (
    Asked,
    ListedState,
    Proof,
    proof_by_absence,
    proof_by_line,
)

ASKED, BEFORE, OTHER = 3000, 3780, 5000
CHARGED_BY = CardOperation.AUTHORISE

STATE_BEFORE = {
    CardOperation.AUTHORISE: None,
    CardOperation.GATHER: None,
    CardOperation.CAPTURE: CardState.AUTHORISED,
    CardOperation.CHANGE_AMOUNT: CardState.CAPTURED,
    CardOperation.CANCEL: CardState.GATHERED,
    CardOperation.REAUTHORISE: CardState.CANCELLED,
}

D, N, X = Proof.DONE, Proof.NOT_DONE, Proof.NOTHING

#: With the amount asked for: 与信, 与信売上計上, 売上計上, 取消, 失敗, カードチェック.
TABLE = {
    CardOperation.AUTHORISE: (D, D, D, N, N, N),
    CardOperation.GATHER: (D, D, D, N, N, N),
    CardOperation.CAPTURE: (N, D, D, X, X, X),
    CardOperation.CHANGE_AMOUNT: (D, D, D, X, X, X),
    CardOperation.CANCEL: (N, N, N, D, X, X),
    CardOperation.REAUTHORISE: (D, D, D, N, X, X),
}


def asked(operation: CardOperation, before: CardState | None = None) -> Asked:
    return Asked(operation, ASKED, before or STATE_BEFORE[operation], BEFORE, CHARGED_BY)


@pytest.mark.parametrize(
    ("operation", "listed", "proof"),
    [
        pytest.param(operation, listed, proof, id=f"{operation}-{listed}")
        for operation, row in TABLE.items()
        for listed, proof in zip(ListedState, row, strict=True)
    ],
)
def test_a_line_with_the_amount_asked_for(
    operation: CardOperation, listed: ListedState, proof: Proof
) -> None:
    assert proof_by_line(asked(operation), listed, ASKED) is proof


@pytest.mark.parametrize(
    ("operation", "amount", "proof"),
    [
        (CardOperation.GATHER, OTHER, Proof.OTHER_AMOUNT),
        (CardOperation.CHANGE_AMOUNT, BEFORE, N),
        (CardOperation.CHANGE_AMOUNT, OTHER, Proof.OTHER_AMOUNT),
        (CardOperation.REAUTHORISE, OTHER, Proof.OTHER_AMOUNT),
    ],
)
def test_a_line_with_another_amount(operation: CardOperation, amount: int, proof: Proof) -> None:
    assert proof_by_line(asked(operation), ListedState.GATHERED, amount) is proof


def test_reauthorising_what_stands_is_told_by_the_amount_alone() -> None:
    stands = asked(CardOperation.REAUTHORISE, CardState.AUTHORISED)
    assert proof_by_line(stands, ListedState.AUTHORISED, ASKED) is D
    assert proof_by_line(stands, ListedState.AUTHORISED, BEFORE) is N
    same = Asked(CardOperation.REAUTHORISE, BEFORE, CardState.AUTHORISED, BEFORE, CHARGED_BY)
    assert proof_by_line(same, ListedState.AUTHORISED, BEFORE) is X


@pytest.mark.parametrize("operation", CardOperation)
def test_only_a_charge_can_be_missing(operation: CardOperation) -> None:
    begins = operation in {CardOperation.AUTHORISE, CardOperation.GATHER}
    assert proof_by_absence(asked(operation)) is (N if begins else X)
