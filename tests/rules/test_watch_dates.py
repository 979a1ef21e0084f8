"""操作期限: fourteen, seven, three and one day before, once each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.rules.watch_dates import NEAR_DAYS, WARNING_DAYS, days_left, warning_due

LAST_DAY = date(2026, 5, 31)


def before(days: int) -> date:
    return LAST_DAY - timedelta(days=days)


@pytest.mark.parametrize(("days", "due"), [(15, None), (14, 14), (7, 7), (3, 3), (1, 1)])
def test_the_four_days_on_which_staff_are_warned(days: int, due: int | None) -> None:
    assert warning_due(LAST_DAY, before(days), warned=None) == due


@pytest.mark.parametrize(("days", "warned"), [(14, 14), (10, 14), (7, 7), (4, 7), (2, 3), (0, 1)])
def test_each_warning_is_sent_once(days: int, warned: int) -> None:
    assert warning_due(LAST_DAY, before(days), warned=warned) is None


@pytest.mark.parametrize(
    ("days", "warned", "due"), [(5, None, 7), (2, 14, 3), (0, None, 1), (0, 3, 1)]
)
def test_a_job_that_did_not_run_warns_with_the_nearest_figure_that_has_passed(
    days: int, warned: int | None, due: int
) -> None:
    assert warning_due(LAST_DAY, before(days), warned=warned) == due


@pytest.mark.parametrize("days", [-1, -40])
def test_after_the_last_day_nobody_is_warned_any_more(days: int) -> None:
    assert warning_due(LAST_DAY, before(days), warned=None) is None


@given(st.sets(st.integers(-5, 20)))
def test_on_whichever_days_the_job_runs_every_figure_is_sent_at_most_once(days: set[int]) -> None:
    warned, sent = None, []
    for left in sorted(days, reverse=True):
        due = warning_due(LAST_DAY, before(left), warned=warned)
        if due is not None:
            warned = due
            sent.append(due)
            assert left <= due
    assert sent == sorted(set(sent), reverse=True)
    assert set(sent) <= set(WARNING_DAYS)
    if any(0 <= left <= 1 for left in days):
        assert sent[-1] == 1, "who is warned at all is warned of the last day"


def test_days_left_count_calendar_days() -> None:
    assert [days_left(LAST_DAY, before(days)) for days in (14, 1, 0, -1)] == [14, 1, 0, -1]


def test_near_is_from_the_first_warning_on() -> None:
    assert max(WARNING_DAYS) == NEAR_DAYS == 14
