"""The handling period of 60 days, and the deletion after seven months."""

from __future__ import annotations

from datetime import datetime

import pytest

from escott.clock import JST

LAST_MINUTE = datetime(2026, 3, 6, 23, 59, 59, tzinfo=JST)  # 60 days after 5 January
NEXT_DAY = datetime(2026, 3, 7, tzinfo=JST)


@pytest.mark.parametrize("operation", ["1Capture", "1Change", "1Delete", "1ReAuth"])
def test_the_sixtieth_day_counts_to_its_end(merchant, operation):
    pair = merchant.transaction("authorised")
    merchant.clock.set(LAST_MINUTE)
    assert merchant.follow(operation, pair).codes == ["OK"]


@pytest.mark.parametrize("operation", ["1Capture", "1Change", "1Delete", "1ReAuth"])
def test_after_the_sixtieth_day_nothing_moves_money(merchant, operation):
    pair = merchant.transaction("authorised")
    merchant.clock.set(NEXT_DAY)
    assert merchant.follow(operation, pair).codes == ["K12"]


def test_after_the_sixtieth_day_it_can_still_be_asked(merchant):
    pair = merchant.transaction("authorised")
    merchant.clock.set(NEXT_DAY)
    assert merchant.follow("1Search", pair).codes == ["OK"]


def test_a_gateway_may_refuse_that_too(serve):
    merchant = serve(search_after_handling=False)
    pair = merchant.transaction("authorised")
    merchant.clock.set(NEXT_DAY)
    assert merchant.follow("1Search", pair).codes == ["K12"]


def test_the_period_counts_from_the_first_charge(merchant):
    pair = merchant.transaction("cancelled")
    merchant.clock.set(LAST_MINUTE)
    assert merchant.follow("1ReAuth", pair).codes == ["OK"]
    merchant.clock.set(NEXT_DAY)
    assert merchant.follow("1Delete", pair).codes == ["K12"]


def test_the_number_of_days_is_an_option(serve):
    merchant = serve(handling_days=90)
    pair = merchant.transaction("authorised")
    merchant.clock.set(NEXT_DAY)
    assert merchant.follow("1Capture", pair).codes == ["OK"]


def test_after_seven_months_it_is_gone(merchant):
    pair = merchant.transaction("gathered")
    merchant.clock.set(datetime(2026, 8, 4, 23, 59, tzinfo=JST))
    assert merchant.follow("1Search", pair).codes == ["OK"]
    merchant.clock.set(datetime(2026, 8, 5, tzinfo=JST))
    assert merchant.follow("1Search", pair).codes == ["K12"]
