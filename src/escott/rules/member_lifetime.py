"""How long the test environment keeps a card member: it deletes its members by itself.

Members of production are kept until somebody deletes them. Source: requirements.md A138;
protocol.md J.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime
from typing import Final

from escott.clock import in_japan

#: Months after which the test environment has deleted a member.
TEST_MONTHS: Final = 2


def kept_in_test_until(created_at: datetime) -> datetime:
    """When a member of the test environment counts as gone: two months later, in Japan."""
    made = in_japan(created_at)
    years, month = divmod(made.month - 1 + TEST_MONTHS, 12)
    year, month = made.year + years, month + 1
    return made.replace(year=year, month=month, day=min(made.day, monthrange(year, month)[1]))
