"""クレジットマスター対策: which figures stop whom, and when that ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.rules.card_testing import (
    LIMITS,
    REMEMBERED,
    Counted,
    CountedBy,
    Limit,
    UnknownLimit,
    limits_with,
    longest_stop,
)

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=JST)


def test_every_limit_has_a_name_of_its_own() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


def test_each_kind_of_source_is_limited() -> None:
    assert {limit.by for limit in LIMITS} == set(CountedBy)


def test_whoever_mistypes_four_times_is_stopped_by_nothing() -> None:
    own = [limit for limit in LIMITS if limit.by is not CountedBy.SHOP]
    assert min(limit.most for limit in own) > 4


def test_the_shops_brake_counts_refusals_alone_and_stops_guests_first() -> None:
    brakes = sorted(
        (limit for limit in LIMITS if limit.by is CountedBy.SHOP), key=lambda limit: limit.most
    )
    assert [limit.guests_only for limit in brakes] == [True, False]
    assert {limit.counts for limit in brakes} == {Counted.REFUSALS}


def test_attempts_are_forgotten_only_when_no_limit_looks_at_them_any_more() -> None:
    assert max(limit.within for limit in LIMITS) < REMEMBERED


def test_a_site_may_have_its_own_figures() -> None:
    by_name = {limit.name: limit.most for limit in limits_with({"address": 500})}
    assert by_name["address"] == 500
    assert by_name["order"] == 10


def test_a_figure_for_a_limit_that_does_not_exist_is_a_slip() -> None:
    with pytest.raises(UnknownLimit, match="adress"):
        limits_with({"adress": 500})


def test_a_limit_that_lets_nobody_through_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        limits_with({"order": 0})


def test_nothing_reached_stops_nobody() -> None:
    assert longest_stop([]) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(LIMITS), st.integers(0, 3600).map(lambda s: NOON - timedelta(seconds=s))
        ),
        min_size=1,
    )
)
def test_the_longest_stop_counts_and_ends_when_its_attempt_has_left_the_period(
    reached: list[tuple[Limit, datetime]],
) -> None:
    stop = longest_stop(reached)
    assert stop is not None
    assert stop.until == max(oldest + limit.within for limit, oldest in reached)
    assert (stop.limit, stop.until - stop.limit.within) in reached
