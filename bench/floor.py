"""The floor of a payment: the same rows, commits and HTTP exchange, without the module.

The statements are written by hand for the driver itself (``sqlite3``, ``psycopg``). What they
write is copied from a payment that the module made, so the rows have the same size and meet
the same indexes and constraints.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from itertools import count
from secrets import randbelow, token_hex
from typing import Final, Self

from django.db import connection

from bench import exchange
from bench.driver import Driver, Row, connect
from escott.django.models import Payment
from escott.gateway.operations import OperateId
from escott.simulator.merchants import DEMO_CARDS

PAYMENTS: Final = "escott_payment"
OPERATIONS: Final = "escott_operation"

_numbers = count(1)

#: Is the token good, which card is behind it, and the charge.
_EXCHANGES: Final = (OperateId.TOKEN_SEARCH, OperateId.TOKEN_REFERENCE, OperateId.GATHERING)

#: What names a row: the same before and after.
_IDENTITY: Final = frozenset({"transaction_code", "order_reference", "payment_id", "key"})


@dataclass(frozen=True, slots=True)
class Rows:
    """The two rows of one payment, as they stand in the database, without their keys."""

    payment: Row
    operation: Row

    @classmethod
    def of(cls, payment: Payment) -> Self:
        """Read them without any model."""
        return cls(
            _read(f"SELECT * FROM {PAYMENTS} WHERE id = %s", payment.pk),
            _read(f"SELECT * FROM {OPERATIONS} WHERE payment_id = %s", payment.pk),
        )


def _read(statement: str, key: int) -> Row:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    del row["id"]
    return row


class Floor:
    """Pays as the module does, by bare statements; a connection for each thread.

    Args:
        address: of the gateway.
        started: the rows of a payment that was claimed and not sent.
        ended: its rows after the gateway had accepted it.
    """

    def __init__(self, address: str, started: Rows, ended: Rows) -> None:
        self._address = address
        self._started = started
        self._payment_end = _changes(started.payment, ended.payment) | {
            "announce_due_at": started.operation["due_at"]
        }
        self._operation_end = _changes(started.operation, ended.operation)
        self._of_thread = threading.local()
        self._drivers: list[Driver] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for driver in self._drivers:
            driver.close()

    def pay(self, token: str) -> None:
        """Claim, ask twice about the token, call, record, announce.

        Three transactions, three exchanges.
        """
        driver = self._driver()
        code, press = f"{randbelow(10**12):012}", token_hex(27)
        payment = self._started.payment | {
            "transaction_code": code,
            "order_reference": f"F{next(_numbers)}",
        }
        with driver.transaction():
            payment_id = driver.insert(PAYMENTS, payment)
            row = self._started.operation | {"payment_id": payment_id, "key": press}
            operation_id = driver.insert(OPERATIONS, row)
        for operation in _EXCHANGES:
            fields = _fields(code, token) | {"OperateId": operation.value}
            answer = exchange.post(self._address, operation, fields)
        assert b"ResponseCd=OK" in answer, answer
        with driver.transaction():
            driver.update(OPERATIONS, self._operation_end, operation_id)
            driver.update(PAYMENTS, self._payment_end, payment_id)
        with driver.transaction():
            driver.update(PAYMENTS, {"announce_due_at": None}, payment_id)

    def _driver(self) -> Driver:
        if not hasattr(self._of_thread, "driver"):
            self._of_thread.driver = connect()
            self._drivers.append(self._of_thread.driver)
        driver: Driver = self._of_thread.driver
        return driver


def _changes(started: Row, ended: Row) -> Row:
    return {
        name: value
        for name, value in ended.items()
        if name not in _IDENTITY and value != started[name]
    }


def _fields(code: str, token: str) -> dict[str, str]:
    return {
        "MerchantId": DEMO_CARDS.merchant_id,
        "MerchantPass": DEMO_CARDS.merchant_pass,
        "TenantId": "0001",
        "TransactionDate": "20280105",
        "MerchantFree1": code,
        "PayType": "01",
        "Amount": "3780",
        "Token": token,
    }
