"""The floor of a deposit notice: a bare WSGI app that stores one row and answers ``0``.

Served by the same gunicorn as the demo shop. The row goes into the same table of the same
database, by the database's own driver, and is a copy of the newest notice that the shop has
stored, so it has the same size and meets the same indexes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from bench.driver import Driver, Row, connect

NOTICES: Final = "escott_notice"
_HEADERS: Final = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "1")]

_of_thread = threading.local()


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Whatever is asked."""
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read()
        driver = _driver()
        row = _newest_row()
        with driver.turn():
            driver.insert(NOTICES, row)
    start_response("200 OK", _HEADERS)
    return [b"0"]


def _driver() -> Driver:
    if not hasattr(_of_thread, "driver"):
        _of_thread.driver = connect()
    driver: Driver = _of_thread.driver
    return driver


@cache
def _newest_row() -> Row:
    found = _driver().raw.execute(f"SELECT * FROM {NOTICES} ORDER BY id DESC LIMIT 1")
    names = [column[0] for column in found.description]
    row = dict(zip(names, found.fetchone(), strict=True))
    del row["id"]
    return row
