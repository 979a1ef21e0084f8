"""テスト環境のカード会員: deleted by the environment itself after two months."""

from datetime import UTC, datetime

import pytest

from escott.clock import JST
from escott.rules.member_lifetime import kept_in_test_until


@pytest.mark.parametrize(
    ("created", "ends"),
    [
        (datetime(2026, 4, 1, 12, 0, tzinfo=JST), datetime(2026, 6, 1, 12, 0, tzinfo=JST)),
        (datetime(2026, 12, 31, 0, 0, tzinfo=JST), datetime(2027, 2, 28, 0, 0, tzinfo=JST)),
        (datetime(2026, 11, 30, 15, 0, tzinfo=UTC), datetime(2027, 2, 1, 0, 0, tzinfo=JST)),
    ],
)
def test_two_months_are_two_months_of_the_calendar_in_japan(
    created: datetime, ends: datetime
) -> None:
    assert kept_in_test_until(created) == ends
