"""The process that opens the list of payments with one filter after another.

    python -m bench.list_load ROWS

``ROWS`` is how many payments the full books have; the environment names the shop and its
database. Prints each :class:`Figure` as JSON, a line each.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from time import perf_counter
from typing import Final
from urllib.parse import urlencode

import django

from bench import report

FEW_ROWS: Final = 1_000
LOOKS: Final = 7

PATH: Final = "/dashboard/payments/list/"
_CHOICE: Final = re.compile(r'name="payment" value="([0-9]+)"')


@dataclass(frozen=True, slots=True)
class Figure:
    """How long one filter takes, in seconds, each the median of :data:`LOOKS`.

    Attributes:
        floor: the same rows by their keys, read with a bare statement.
        found: rows on the page.
    """

    name: str
    rows: int
    floor: float
    page: float
    found: int


def filters(rows: int) -> Mapping[str, Mapping[str, str]]:
    """Every filter and every meaning of the search box, for books with so many payments."""
    today = date.today()  # noqa: DTZ011  (the books were filled by the machine's clock)
    some_day = today - timedelta(days=rows * 31 // 86400 // 2)
    middle = rows // 2
    return {
        "no filter": {},
        "in the middle": {"after": f"{middle}"},
        "captured": {"state": "captured"},
        "cancelled": {"state": "cancelled"},
        "refused": {"state": "refused"},
        "expired (none)": {"state": "expired"},
        "needs attention": {"mark": "attention"},
        "not captured yet": {"mark": "uncaptured"},
        "result unknown": {"mark": "unknown"},
        "last day is near": {"mark": "near"},
        "amounts differ": {"mark": "amount"},
        "states differ": {"mark": "state"},
        "ordered on a day": {"since": f"{some_day}", "until": f"{some_day}"},
        "ordered until a day": {"until": f"{some_day}"},
        "captured on a day": {"dates": "sales", "since": f"{some_day}", "until": f"{some_day}"},
        "captured until a day": {"dates": "sales", "until": f"{some_day}"},
        "test": {"mode": "test"},
        "production": {"mode": "production"},
        "order number": {"q": f"{500000 + middle}"},
        "transaction number": {"q": f"{300000000 + middle}"},
        "transaction code": {"q": f"{700000000000 + middle}"},
        "last four or amount": {"q": "4210"},
        "amount": {"q": "¥3,780"},
        "amount and date": {"q": f"¥3,780 {some_day:%Y/%m/%d}"},
        "common name": {"q": "佐藤"},
        "full name": {"q": "佐藤花子"},
        "rare name": {"q": "小鳥遊"},
        "reading": {"q": "たかなし"},
        "telephone": {"q": f"090-{middle:08d}"},
        "e-mail": {"q": "C77@example.com"},
        "captured, amount": {"state": "captured", "q": "¥3,780"},
        "refused, common name": {"state": "refused", "q": "佐藤"},
    }


def main() -> None:
    """Fill the books twice, and open every page."""
    django.setup()
    from bench.list_books import fill_books

    for rows in (FEW_ROWS, int(sys.argv[1])):
        fill_books(rows)
        for figure in measure(rows):
            print(json.dumps(asdict(figure)), flush=True)


def measure(rows: int) -> list[Figure]:
    """Open the page with each filter, and read as many rows at the floor, in turn."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    staff = Client(SERVER_NAME="127.0.0.1")
    manager = get_user_model().objects.get(is_superuser=True)
    staff.force_login(manager, "django.contrib.auth.backends.ModelBackend")
    figures = []
    for name, query in filters(rows).items():
        answer = staff.get(f"{PATH}?{urlencode(query)}")
        assert answer.status_code == 200, (name, answer.status_code)
        found = [int(key) for key in _CHOICE.findall(answer.content.decode())]
        address = f"{PATH}?{urlencode(query)}"
        pairs = [
            (_took(lambda keys=found: _read(keys)), _took(lambda url=address: staff.get(url)))
            for _look in range(LOOKS)
        ]
        floor, page = zip(*pairs, strict=True)
        figures.append(Figure(name, rows, report.middle(floor), report.middle(page), len(found)))
    return figures


def _took(act: Callable[[], object]) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began


def _read(keys: list[int]) -> None:
    """The rows of a page that somebody else has found."""
    from django.db import connection

    places = ", ".join(["%s"] * len(keys)) or "NULL"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM escott_payment WHERE id IN ({places})", keys)
        cursor.fetchall()


if __name__ == "__main__":
    main()
