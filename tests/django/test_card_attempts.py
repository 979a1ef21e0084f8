"""Limits against card testing: thieves are stopped, and honest shoppers never notice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.utils import translation

from escott.clock import JST, SettableClock
from escott.django.advice import advice_on_stop
from escott.django.jobs import JOBS
from escott.django.models import CardAttempt
from escott.django.services import card_attempts
from escott.django.services.card_attempts import (
    Source,
    forget_attempts,
    note_attempt,
    note_refusal,
    source_of,
    why_not,
)
from escott.gateway.response_codes import parse
from escott.rules.card_testing import LIMITS, Counted, CountedBy, Limit
from tests.django.conftest import NEVER, at_once

pytestmark = pytest.mark.django_db

GUEST = Source(order_reference="1", session="s1", address="a1")
CUSTOMER = Source(order_reference="1", session="s1", customer="c1", address="a1")
DECLINED = parse("G12")
BY_NAME = {limit.name: limit for limit in LIMITS}


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 4, 1, 12, 0, tzinfo=JST))


@pytest.fixture(autouse=True)
def _nobody_was_told() -> Iterator[None]:
    yield
    card_attempts._told.clear()


def tries(source: Source, clock: SettableClock, *, refused: bool = True) -> bool:
    """One card from there; whether it was taken."""
    if why_not(source, clock) is not None:
        return False
    attempt = note_attempt(source, clock)
    if refused:
        note_refusal(attempt.pk, DECLINED)
    return True


def others(number: int) -> Source:
    """Somebody who shares nothing with anybody."""
    return Source(f"o{number}", f"s{number}", f"c{number}", f"a{number}")


def stopped_by(source: Source, clock: SettableClock) -> str:
    stop = why_not(source, clock)
    return stop.limit.name if stop else ""


# ---- Thieves ----


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_each_limit_lets_its_figure_through_and_no_more(limit: Limit, clock: SettableClock) -> None:
    """Whatever else differs: only what the limit counts by stays the same."""
    numbers = count(1)

    def same() -> Source:
        other = others(next(numbers))
        customer = "" if limit.guests_only else other.customer
        columns = {
            "order_reference": other.order_reference,
            "session": other.session,
            "customer": customer,
            "address": other.address,
        }
        if limit.by is not CountedBy.SHOP:
            columns[card_attempts._COLUMNS[limit.by]] = "the same"
        return Source(**columns)

    refused = limit.counts is Counted.REFUSALS
    taken = 0
    while taken < limit.most:
        if tries(same(), clock, refused=refused):
            taken += 1
        else:  # a shorter limit stands before this one
            assert stopped_by(same(), clock) == limit.name.removesuffix("_day") != limit.name
            clock.advance(timedelta(hours=1))
    assert stopped_by(same(), clock) == limit.name


def test_a_stop_ends_when_the_oldest_attempt_has_left_the_period(clock: SettableClock) -> None:
    limit = BY_NAME["session"]
    for _ in range(limit.most):
        tries(GUEST, clock)
        clock.advance(timedelta(minutes=1))
    stop = why_not(GUEST, clock)
    assert stop is not None
    assert stop.until == clock.now() - timedelta(minutes=limit.most) + limit.within

    clock.set(stop.until - timedelta(seconds=1))
    assert why_not(GUEST, clock) is not None
    clock.set(stop.until)
    assert why_not(GUEST, clock) is None


def test_another_session_another_order_or_a_login_do_not_help_behind_one_address(
    clock: SettableClock,
) -> None:
    taken = sum(
        tries(Source(f"o{n}", f"s{n}", f"c{n}", "the thief"), clock)
        for n in range(2 * BY_NAME["address"].most)
    )
    assert taken == BY_NAME["address"].most


def test_a_stopped_try_is_not_counted_so_that_waiting_helps(clock: SettableClock) -> None:
    for _ in range(50):
        tries(GUEST, clock)
    clock.advance(timedelta(hours=1, seconds=1))
    assert tries(GUEST, clock)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_through_no_more_than_the_limit_and_those_that_raced(
    clock: SettableClock,
) -> None:
    thief = Source(session="s", address="a")
    for _round in range(4):
        at_once([lambda: tries(thief, clock)] * 8)
    assert CardAttempt.objects.count() <= BY_NAME["session"].most + 8
    assert not tries(thief, clock)


# ---- Honest shoppers ----


def test_a_shopper_who_mistypes_four_times_pays_at_the_fifth(clock: SettableClock) -> None:
    assert all(tries(GUEST, clock) for _ in range(4))
    assert tries(GUEST, clock, refused=False)


def test_a_family_pays_six_orders_from_one_address_in_an_evening(clock: SettableClock) -> None:
    for order in range(6):
        for refused in (True, False):
            family = Source(f"order {order}", f"telephone {order % 3}", "", "home")
            assert tries(family, clock, refused=refused)
        clock.advance(timedelta(minutes=20))


def test_a_call_centre_takes_orders_all_day_behind_one_address(clock: SettableClock) -> None:
    """150 orders an hour by ten people, one card in ten refused at first."""
    for order in range(8 * 150):
        clerk = Source(f"order {order}", f"clerk {order % 10}", f"clerk {order % 10}", "office")
        if order // 10 % 10 == order % 10:
            assert tries(clerk, clock)
        assert tries(clerk, clock, refused=False)
        clock.advance(timedelta(seconds=24))


def test_a_busy_shop_with_its_share_of_refusals_keeps_its_brake_open(clock: SettableClock) -> None:
    """1,500 orders an hour, one card in twenty refused."""
    for order in range(1500):
        guest = Source(f"order {order}", f"session {order}", "", f"address {order}")
        assert tries(guest, clock, refused=order % 20 == 0)
        clock.advance(timedelta(seconds=2.4))


def test_nobody_is_stopped_by_what_is_not_known_of_them(clock: SettableClock) -> None:
    unknown = Source()
    for _ in range(30):
        assert tries(unknown, clock)


def test_while_the_brake_is_on_for_guests_customers_still_pay(clock: SettableClock) -> None:
    for number in range(BY_NAME["shop_guests"].most):
        tries(Source(session=f"s{number}"), clock)
    assert stopped_by(Source(session="new"), clock) == "shop_guests"
    assert tries(Source(session="new", customer="c"), clock, refused=False)


@pytest.mark.parametrize(
    ("codes", "counts"),
    [
        ("G12", True),
        ("U04", True),
        ("U03", False),
        ("G12|K03", True),
        ("K03", False),
        ("K99", False),
    ],
)
def test_a_refusal_that_tells_nothing_about_the_card_is_not_held_against_anybody(
    codes: str, counts: bool, clock: SettableClock
) -> None:
    attempt = note_attempt(GUEST, clock)
    note_refusal(attempt.pk, parse(codes))
    attempt.refresh_from_db()
    assert attempt.refused is counts


@pytest.mark.parametrize("gone", [None, 4711])
def test_the_refusal_of_a_forgotten_attempt_is_no_harm(gone: int | None) -> None:
    note_refusal(gone, DECLINED)
    assert not CardAttempt.objects.exists()


# ---- What is kept ----


def request(**facts: Any) -> Any:
    made = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    made.session, made.user = {}, AnonymousUser()
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def test_sources_are_kept_as_digests_alone(clock: SettableClock) -> None:
    user = SimpleNamespace(pk=4711, is_authenticated=True)
    seen = request(user=user)
    note_attempt(source_of(seen, "100001"), clock)
    [row] = CardAttempt.objects.values()
    assert row["order_reference"] == "100001"
    kept = [row["session"], row["customer"], row["address"]]
    assert all(len(digest) == 32 for digest in kept)
    raw = (*seen.session.values(), "4711", "203.0.113.9")
    assert not [(text, digest) for text in raw for digest in kept if text in digest]


def test_one_session_stays_one_source_and_another_is_another() -> None:
    session: dict[str, str] = {}
    first, second = source_of(request(session=session)), source_of(request(session=session))
    assert first == second
    assert source_of(request()).session != first.session
    assert source_of(request()).address == first.address


def test_a_site_without_sessions_or_users_is_counted_by_the_rest() -> None:
    bare = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    source = source_of(bare, "100001")
    assert (source.session, source.customer) == ("", "")
    assert source.address


def test_digests_of_another_site_are_others(settings: Any) -> None:
    ours = source_of(request()).address
    settings.SECRET_KEY = "the key of another site"
    assert source_of(request()).address != ours


def test_attempts_are_forgotten_after_some_days_by_a_job(clock: SettableClock) -> None:
    tries(GUEST, clock)
    clock.advance(timedelta(days=2))
    tries(others(2), clock)
    assert forget_attempts(clock, NEVER) == 0
    clock.advance(timedelta(days=1, seconds=1))
    assert JOBS["forget card attempts"](clock, NEVER) == 1
    assert [row.session for row in CardAttempt.objects.all()] == ["s2"]
    assert forget_attempts(clock, NEVER) == 0


# ---- What it costs ----


def test_asking_is_one_statement_however_much_happened(
    clock: SettableClock, django_assert_num_queries: Any
) -> None:
    CardAttempt.objects.bulk_create(
        CardAttempt(at=clock.now(), session="s1", address="a1", refused=bool(number % 3))
        for number in range(500)
    )
    with django_assert_num_queries(1):
        why_not(CUSTOMER, clock)
    with django_assert_num_queries(1):
        note_attempt(CUSTOMER, clock)


def test_asking_reads_indexes_alone(clock: SettableClock, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1) as asked:
        why_not(CUSTOMER, clock)
    reads = [step for step in plan_of(asked.captured_queries[0]["sql"]) if TABLE in step]
    assert len(reads) >= len(LIMITS) - 1
    assert [step for step in reads if READS_INDEX_ALONE[connection.vendor] not in step] == []


TABLE = CardAttempt._meta.db_table
READS_INDEX_ALONE = {"sqlite": "USING COVERING INDEX", "postgresql": "Index Only Scan"}


def plan_of(statement: str) -> list[str]:
    """What the database means to do; on an empty table it would rather read the whole of it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            return [row[3] for row in cursor.fetchall()]
        for step in ("seqscan", "bitmapscan", "indexscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{step} = off")
        cursor.execute(f"EXPLAIN {statement}")
        return [row[0] for row in cursor.fetchall()]


# ---- What is said ----


def test_the_shopper_reads_that_nothing_was_charged_how_long_to_wait_and_whom_to_ask(
    clock: SettableClock,
) -> None:
    for _ in range(BY_NAME["session"].most):
        tries(GUEST, clock)
    clock.advance(timedelta(minutes=20, seconds=30))
    stop = why_not(GUEST, clock)
    assert stop is not None
    with translation.override("ja"):
        japanese = advice_on_stop(stop, clock.now())
    with translation.override("en"):
        english = advice_on_stop(stop, clock.now())
    assert "ご請求は発生していません" in japanese
    assert "40分" in japanese
    assert "お問い合わせ" in japanese
    assert "Nothing has been charged" in english
    assert "40 minutes" in english
    assert "contact the shop" in english


def test_a_long_wait_is_told_in_hours(clock: SettableClock) -> None:
    for _hour in range(2):
        for _ in range(BY_NAME["customer"].most):
            tries(CUSTOMER, clock)
        clock.advance(timedelta(hours=1, seconds=1))
    stop = why_not(CUSTOMER, clock)
    assert stop is not None
    assert stop.limit.name == "customer_day"
    with translation.override("ja"):
        assert "22時間" in advice_on_stop(stop, clock.now())


def test_guests_are_told_to_sign_in_while_the_brake_is_on_for_them(clock: SettableClock) -> None:
    for number in range(BY_NAME["shop_guests"].most):
        tries(Source(session=f"s{number}"), clock)
    stop = why_not(Source(session="new"), clock)
    assert stop is not None
    with translation.override("ja"):
        assert "ログイン" in advice_on_stop(stop, clock.now())


def test_staff_find_one_error_in_the_log_for_each_period_of_a_brake(
    clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    def errors() -> list[str]:
        return [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]

    for number in range(BY_NAME["shop_guests"].most):
        tries(Source(session=f"s{number}"), clock)
    for _ in range(5):
        why_not(Source(session="new"), clock)
    [error] = errors()
    assert "40 refused within 10 minutes" in error
    assert "guests" in error

    clock.advance(timedelta(minutes=11))
    for number in range(BY_NAME["shop_guests"].most):
        tries(Source(session=f"later {number}"), clock)
    why_not(Source(session="new"), clock)
    assert len(errors()) == 2


def test_a_site_may_set_its_own_figure(settings: Any, clock: SettableClock) -> None:
    settings.ESCOTT = settings.ESCOTT | {"CARD_LIMITS": {"session": 2}}
    assert [tries(GUEST, clock) for _ in range(3)] == [True, True, False]
