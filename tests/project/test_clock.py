"""One settable clock that several processes share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escott.clock import JST, SettableClock, SharedClock, SystemClock, in_japan


def test_moments_are_in_japan_time() -> None:
    assert (
        in_japan(datetime(2026, 1, 1, 15, 0, tzinfo=UTC)).isoformat() == "2026-01-02T00:00:00+09:00"
    )


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        in_japan(datetime(2026, 1, 1))


def test_a_settable_clock_stands_still_until_it_is_moved() -> None:
    clock = SettableClock(datetime(2026, 1, 1, tzinfo=JST))
    assert clock.now() == clock.now()
    clock.advance(timedelta(days=3))
    assert clock.now() == datetime(2026, 1, 4, tzinfo=JST)


def test_without_a_file_the_shared_clock_is_the_machines(tmp_path: Path) -> None:
    before = SystemClock().now()
    assert before <= SharedClock(tmp_path / "clock").now() <= SystemClock().now()


def test_one_process_moves_the_clock_and_another_follows(tmp_path: Path) -> None:
    shop, simulator = SharedClock(tmp_path / "clock"), SharedClock(tmp_path / "clock")
    shop.now()
    simulator.advance(timedelta(days=61))
    simulator.advance(timedelta(hours=1))
    assert shop.offset() == timedelta(days=61, hours=1)
    shop.set(datetime(2030, 1, 1, tzinfo=JST))
    assert simulator.now().year == 2030
