"""Slips: which state follows which."""

from __future__ import annotations

import pytest

from escott.rules.collection_states import (
    ALLOWED,
    STATE_AFTER,
    CollectionOperation,
    CollectionState,
)


def test_every_state_and_every_operation_stands_in_the_tables() -> None:
    assert ALLOWED.keys() == set(CollectionState)
    assert STATE_AFTER.keys() == set(CollectionOperation)


def test_an_unpaid_slip_can_be_changed_and_deleted_and_nothing_else_can() -> None:
    assert ALLOWED[CollectionState.UNPAID] == {
        CollectionOperation.CHANGE,
        CollectionOperation.DELETE,
    }
    assert not any(ALLOWED[state] for state in CollectionState if state != CollectionState.UNPAID)


@pytest.mark.parametrize(
    ("operation", "state"),
    [("register", "unpaid"), ("change", "unpaid"), ("delete", "deleted"), ("deposit", "deposited")],
)
def test_where_each_operation_leads(operation: str, state: str) -> None:
    assert STATE_AFTER[CollectionOperation(operation)] is CollectionState(state)


def test_no_operation_leads_out_of_time_running_out() -> None:
    assert CollectionState.LAPSED not in STATE_AFTER.values()
