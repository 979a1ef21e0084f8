"""状態不一致: what the shop's record says beside what the gateway, or its console, tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from escott.gateway.operations import OperateId
from escott.rules.card_states import CardOperation, CardState
from escott.rules.drift import (
    DONE_ELSEWHERE,
    Drift,
    Found,
    can_be_taken_over,
    drift_between,
    steps_elsewhere,
)
from escott.simulator.law import FIRST_STATE, LAW, State, state_after

DAY: Final = date(2026, 4, 2)

HELD: Final = Found(3780)
TAKEN: Final = Found(3780, DAY)

#: (our state, what 1Search tells) -> what was done elsewhere.
BY_SEARCH: Final = {
    (CardState.AUTHORISED, HELD): None,
    (CardState.AUTHORISED, TAKEN): Drift.CAPTURED,
    (CardState.AUTHORISED, Found(5000)): Drift.AMOUNT_CHANGED,
    (CardState.AUTHORISED, Found(5000, DAY)): Drift.CAPTURED,
    (CardState.GATHERED, TAKEN): None,
    (CardState.GATHERED, HELD): Drift.CANCELLED,
    (CardState.GATHERED, Found(5000, DAY)): Drift.AMOUNT_CHANGED,
    (CardState.GATHERED, Found(5000)): Drift.CANCELLED,
    (CardState.CAPTURED, TAKEN): None,
    (CardState.CAPTURED, HELD): Drift.CANCELLED,
    (CardState.CAPTURED, Found(5000, DAY)): Drift.AMOUNT_CHANGED,
    (CardState.CAPTURED, Found(5000)): Drift.CANCELLED,
    (CardState.CANCELLED, HELD): None,
    (CardState.CANCELLED, TAKEN): Drift.REAUTHORISED,
    (CardState.CANCELLED, Found(5000)): Drift.AMOUNT_CHANGED,
    (CardState.CANCELLED, Found(5000, DAY)): Drift.REAUTHORISED,
    (CardState.EXPIRED, HELD): None,
    (CardState.EXPIRED, TAKEN): Drift.CAPTURED,
    (CardState.EXPIRED, Found(5000)): Drift.AMOUNT_CHANGED,
    (CardState.EXPIRED, Found(5000, DAY)): Drift.CAPTURED,
}

#: The console's list tells in addition whether a payment is cancelled.
BY_CONSOLE: Final = {
    (CardState.AUTHORISED, replace(HELD, cancelled=False)): None,
    (CardState.AUTHORISED, replace(HELD, cancelled=True)): Drift.CANCELLED,
    (CardState.GATHERED, replace(TAKEN, cancelled=False)): None,
    (CardState.GATHERED, replace(HELD, cancelled=True)): Drift.CANCELLED,
    (CardState.CAPTURED, replace(TAKEN, cancelled=False)): None,
    (CardState.CAPTURED, replace(HELD, cancelled=True)): Drift.CANCELLED,
    (CardState.CAPTURED, replace(HELD, cancelled=False)): Drift.REAUTHORISED,
    (CardState.CANCELLED, replace(HELD, cancelled=True)): None,
    (CardState.CANCELLED, Found(5000, None, cancelled=True)): Drift.AMOUNT_CHANGED,
    (CardState.CANCELLED, replace(HELD, cancelled=False)): Drift.REAUTHORISED,
    (CardState.CANCELLED, replace(TAKEN, cancelled=False)): Drift.REAUTHORISED,
    (CardState.EXPIRED, replace(HELD, cancelled=True)): Drift.CANCELLED,
}


@pytest.mark.parametrize(("state", "found"), BY_SEARCH)
def test_what_1search_tells(state: CardState, found: Found) -> None:
    assert drift_between(state, 3780, found) is BY_SEARCH[state, found]


@pytest.mark.parametrize(("state", "found"), BY_CONSOLE)
def test_what_the_consoles_list_tells(state: CardState, found: Found) -> None:
    assert drift_between(state, 3780, found) is BY_CONSOLE[state, found]


def test_every_state_is_in_the_table() -> None:
    assert {state for state, _found in BY_SEARCH} == set(CardState)


@pytest.mark.parametrize("state", CardState)
def test_an_amount_that_nobody_tells_is_no_difference(state: CardState) -> None:
    taken = state in {CardState.GATHERED, CardState.CAPTURED}
    assert drift_between(state, 3780, Found(None, DAY if taken else None)) is None


def test_everything_but_a_payment_that_is_gone_can_be_taken_over() -> None:
    assert DONE_ELSEWHERE.keys() == set(Drift) - {Drift.GONE}


def test_another_amount_on_a_cancelled_payment_can_be_taken_over_from_the_console_alone() -> None:
    """It may be a change before the cancellation, or a 再オーソリ after it."""
    drift = Drift.AMOUNT_CHANGED
    assert not can_be_taken_over(CardState.CANCELLED, drift, Found(5000))
    assert can_be_taken_over(CardState.CANCELLED, drift, Found(5000, None, cancelled=True))


def test_what_contradicts_itself_is_not_taken_over() -> None:
    """No sales date on a 与信売上計上 that is not cancelled: no such state exists."""
    nonsense = Found(3780, None, cancelled=False)
    gather = CardOperation.GATHER
    assert drift_between(CardState.GATHERED, 3780, nonsense) is Drift.REAUTHORISED
    assert steps_elsewhere(CardState.GATHERED, 3780, nonsense, charged_by=gather) == ()


# ---- against the gateway's law: whatever a person does there, it is found or cannot be told ----

SHOWN: Final = {
    State.AUTHORISED: CardState.AUTHORISED,
    State.CAPTURED: CardState.CAPTURED,
    State.GATHERED: CardState.GATHERED,
    State.CANCELLED: CardState.CANCELLED,
}
CHARGED_BY: Final = {
    OperateId.AUTH: CardOperation.AUTHORISE,
    OperateId.GATHERING: CardOperation.GATHER,
}
BY_A_PERSON: Final = (OperateId.CAPTURE, OperateId.CHANGE, OperateId.DELETE, OperateId.REAUTH)

#: State and amount at the gateway.
Books = tuple[State, int]


def told(books: Books, *, console: bool) -> Found:
    """What the gateway tells about a transaction that stands like this."""
    state, amount = books
    taken = state in {State.CAPTURED, State.GATHERED}
    cancelled = (state is State.CANCELLED) if console else None
    return Found(amount, DAY if taken else None, cancelled)


def reachable(first: OperateId, books: Books) -> set[Books]:
    """How it may stand after any number of operations by a person, each with any amount."""
    seen, waiting = {books}, [books]
    while waiting:
        state, amount = waiting.pop()
        for operation, step in LAW[state].items():
            if operation not in BY_A_PERSON:
                continue
            amounts = (3780, 5000) if operation in {OperateId.CHANGE, OperateId.REAUTH} else ()
            for new in amounts or (amount,):
                after = (state_after(step, state, first), new)
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
    return seen


STARTS: Final = [
    (first, state) for first in CHARGED_BY for state in (FIRST_STATE[first], State.CANCELLED)
] + [(OperateId.AUTH, State.CAPTURED)]


@pytest.mark.parametrize("console", [False, True], ids=["1search", "console"])
@pytest.mark.parametrize(("first", "before"), STARTS)
def test_whatever_a_person_does_is_found_and_taking_it_over_ends_where_the_gateway_stands(
    first: OperateId, before: State, console: bool
) -> None:
    ours = SHOWN[before]
    for books in reachable(first, (before, 3780)):
        found = told(books, console=console)
        drift = drift_between(ours, 3780, found)
        steps = steps_elsewhere(ours, 3780, found, charged_by=CHARGED_BY[first])
        if drift is None:
            assert told((before, 3780), console=console) == found, "nothing could tell them apart"
        if drift is None or not can_be_taken_over(ours, drift, found):
            assert steps == ()
            assert drift is None or not console, "the console tells everything"
            continue
        assert steps[0].operation is DONE_ELSEWHERE[drift]
        assert drift_between(steps[-1].state, steps[-1].amount, found) is None
        if console:
            assert (steps[-1].state, steps[-1].amount) == (SHOWN[books[0]], books[1])
