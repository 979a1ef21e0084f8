"""Part 1: what ``escott.gateway`` adds to a bare ``http.client`` loop, one operation at a time.

Both talk to the same stub on the loopback, in turn, so whatever else the machine does falls
on both alike.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import Final

from bench import exchange, report
from bench.processes import server
from escott.clock import SystemClock
from escott.gateway import (
    Auth,
    Capture,
    Change,
    Check,
    Client,
    Delete,
    Endpoints,
    Gathering,
    Merchant,
    Ok,
    ReAuth,
    Search,
    Secret,
    Telegram,
    Token,
    TokenSearch,
    Transaction,
    UrllibTransport,
)

AIM_MS: Final = 0.3
ROUNDS: Final = 400
_WARM_UP: Final = 40

_CODE: Final = "000000000042"
_DAY: Final = date(2028, 1, 5)
_SECRET_TEXT: Final = "0123456789abcdef0123456789abcdef"


def _token() -> Token:
    return Token(Secret(_SECRET_TEXT))


def _transaction() -> Transaction:
    return Transaction(_SECRET_TEXT, Secret(_SECRET_TEXT))


#: Each makes one telegram; making it is part of what is measured.
TELEGRAMS: Final[tuple[Callable[[], Telegram], ...]] = (
    lambda: Check(transaction_code=_CODE, card=_token()),
    lambda: Auth(transaction_code=_CODE, card=_token(), amount=3780),
    lambda: Gathering(transaction_code=_CODE, card=_token(), amount=3780),
    lambda: Capture(transaction_code=_CODE, transaction=_transaction(), sales_date=_DAY),
    lambda: Change(transaction_code=_CODE, transaction=_transaction(), amount=3280),
    lambda: Delete(transaction_code=_CODE, transaction=_transaction()),
    lambda: Search(transaction_code=_CODE, transaction=_transaction()),
    lambda: ReAuth(
        transaction_code=_CODE, transaction=_transaction(), amount=3780, sales_date=_DAY
    ),
    lambda: TokenSearch(transaction_code=_CODE, token=_token()),
)


def measure() -> None:
    """Print one row for each operation."""
    report.heading("1. The client against a bare http.client loop (ms per call)")
    with server("bench.stub_gateway") as address:
        rows = [_row(make, address) for make in TELEGRAMS]
    report.table(("operation", "bare", "client", "difference", "aim"), rows)


def _row(make: Callable[[], Telegram], address: str) -> tuple[str, ...]:
    merchant = Merchant("12345678", Secret("pass1234"))
    client = Client(Endpoints.at(address), merchant, UrllibTransport(), SystemClock())
    telegram = make()
    fields = {**merchant.fields(), "TransactionDate": "20280105", **telegram.fields()}
    sent = {name: value for name, value in fields.items() if value}

    def bare() -> None:
        exchange.post(address, telegram.operate_id, sent)

    def ours() -> None:
        outcome = client.send(make())
        assert isinstance(outcome, Ok), outcome

    bare_times, our_times = _in_turn(bare, ours)
    floor, cost = report.middle(bare_times), report.middle(our_times)
    return (
        telegram.operate_id.value,
        report.milliseconds(floor),
        report.milliseconds(cost),
        report.milliseconds(cost - floor),
        report.at_most(AIM_MS, (cost - floor) * 1000, " ms"),
    )


def _in_turn(*calls: Callable[[], None]) -> list[list[float]]:
    """The times of each call, made one after the other, over and over."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(_WARM_UP + ROUNDS):
        for call, taken in zip(calls, times, strict=True):
            began = perf_counter()
            call()
            taken.append(perf_counter() - began)
    return [taken[_WARM_UP:] for taken in times]
