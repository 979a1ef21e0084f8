"""Slips: what may be done in which state."""

from __future__ import annotations

from escott.rules.collection_states import ALLOWED, CollectionOperation, CollectionState


def test_every_state_stands_in_the_table() -> None:
    assert ALLOWED.keys() == set(CollectionState)


def test_an_unpaid_slip_can_be_changed_and_deleted_and_nothing_else_can() -> None:
    assert ALLOWED[CollectionState.UNPAID] == {
        CollectionOperation.CHANGE,
        CollectionOperation.DELETE,
    }
    assert not any(ALLOWED[state] for state in CollectionState if state != CollectionState.UNPAID)
