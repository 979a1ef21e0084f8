"""有効期限: a card is good to the end of the month that is printed on it."""

from datetime import date

import pytest

from escott.rules.card_expiry import Expiry, expiry_of


@pytest.mark.parametrize(
    ("yymm", "today", "expiry"),
    [
        ("2612", date(2026, 11, 30), Expiry.LATER),
        ("2612", date(2026, 12, 1), Expiry.THIS_MONTH),
        ("2612", date(2026, 12, 31), Expiry.THIS_MONTH),
        ("2612", date(2027, 1, 1), Expiry.PAST),
        ("", date(2027, 1, 1), Expiry.UNTOLD),
    ],
)
def test_the_expiry_is_told_by_the_day_in_japan(yymm: str, today: date, expiry: Expiry) -> None:
    assert expiry_of(yymm, today) is expiry
