"""SQLite's writers queue: the turn is held exactly as long as the transaction."""

from __future__ import annotations

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from oscar.core.loading import get_model


def turn_is_taken() -> bool:
    """Whether somebody else could not begin to write now."""
    descriptor = os.open(f"{connection.settings_dict['NAME']}-turn", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def test_a_transaction_holds_the_turn_until_it_commits(shop: None) -> None:
    with transaction.atomic():
        assert turn_is_taken()
    assert not turn_is_taken()


def test_a_transaction_that_fails_gives_the_turn_back(shop: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert not turn_is_taken()


def test_a_savepoint_that_is_undone_keeps_the_turn(shop: None) -> None:
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert turn_is_taken()
    assert not turn_is_taken()


def test_a_connection_that_is_closed_gives_the_turn_back(shop: None) -> None:
    with transaction.atomic():
        connection.close()
    assert not turn_is_taken()


def test_writers_in_many_threads_lose_nothing(shop: None) -> None:
    partner = get_model("partner", "Partner").objects.create(name="0")

    def add_one(_number: int) -> None:
        try:
            with transaction.atomic():
                row = type(partner).objects.get(pk=partner.pk)
                row.name = str(int(row.name) + 1)
                row.save()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(80)))

    partner.refresh_from_db()
    assert partner.name == "80"
