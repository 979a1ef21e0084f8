"""Full books for the list of payments: a year of trade in an Oscar shop, as rows.

Each table is filled by one statement (:mod:`bench.row_copies`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection
from oscar.core.loading import get_model

from bench.empty_books import empty_books
from bench.row_copies import copy_row, run_statement, table_of
from escott.django.models import Case, MerchantAccount, Operation, Payment
from escott.oscar.models import KanaName

Order = get_model("order", "Order")
ShippingAddress = get_model("order", "ShippingAddress")
Country = get_model("address", "Country")

#: Between two payments: a million of them are about a year.
SECONDS_APART: Final = 31

#: One in so many orders goes to somebody of this name.
COMMON_NAME, EVERY_COMMON = "佐藤", 60
#: The number of payment ``i`` is this and ``i``; below stands the row that is copied.
FIRST_ID: Final = 10
EVERY_CASE: Final = 500
RARE_NAME, RARE_KANA = "小鳥遊", "タカナシ"

_SQLITE: Final = {
    "moment": "strftime('%Y-%m-%d %H:%M:%S.000000', '{begin}', '+' || (i * {apart}) || ' seconds')",
    "day": "date('{begin}', '+' || (i * {apart} / 86400 + {days}) || ' days')",
    "eight digits": "printf('%08d', i)",
}
_POSTGRESQL: Final = {
    "moment": "TIMESTAMPTZ '{begin}+00' + i * INTERVAL '{apart} seconds'",
    "day": "DATE '{begin}' + (i * {apart} / 86400 + {days})",
    "eight digits": "lpad(CAST(i AS VARCHAR(8)), 8, '0')",
}


def fill_books(payments: int) -> None:
    """Leave exactly so many payments with their orders and addresses, the newest of today."""
    empty_books()
    sql = _Sql(payments)
    address = ShippingAddress.objects.create(pk=1, country=Country.objects.get())
    copy_row(address, sql.address(), payments)
    kana = KanaName._default_manager.create(pk=1, shipping_address=address)
    copy_row(kana, sql.kana(), payments)
    order = Order.objects.create(pk=1, total_incl_tax=3780, total_excl_tax=3780, number="template")
    copy_row(order, sql.order(), payments)
    now = datetime.now(UTC)
    account = MerchantAccount.current()
    payment = Payment.objects.create(
        pk=1,
        account=account,
        mode="production",
        amount=1,
        state="captured",
        live=True,
        process_id="1",
        card_brand="visa",
        charged_by="authorise",
        created_at=now,
        charged_at=now,
    )
    copy_row(payment, sql.payment(), payments)
    operation = Operation.objects.create(
        pk=1, payment=payment, number=1, kind="authorise", amount=1, state="ok", started_at=now
    )
    copy_row(operation, sql.operation(), payments)
    case = Case.objects.create(pk=1, payment=payment, kind="amount_differs", opened_at=now)
    copy_row(case, sql.case(), payments // EVERY_CASE)
    for row in (case, operation, payment, order, kana, address):
        run_statement(f"DELETE FROM {table_of(type(row))} WHERE id = {row.pk}")
    run_statement("ANALYZE")


class _Sql:
    """The columns that differ from row to row, as SQL of ``i``."""

    def __init__(self, payments: int) -> None:
        words = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
        begin = datetime.now(UTC) - timedelta(seconds=SECONDS_APART * payments)
        self._eight_digits = words["eight digits"]
        known = {"begin": f"{begin:%Y-%m-%d %H:%M:%S}", "apart": SECONDS_APART}
        self._moment = words["moment"].format(**known)
        self._day = lambda days: words["day"].format(
            **(known | {"begin": f"{begin:%Y-%m-%d}"}), days=days
        )
        #: The last sixty days: what may still be captured.
        self._recent = f"i > {payments} - {60 * 86400 // SECONDS_APART}"

    def address(self) -> Mapping[str, str]:
        return {
            "id": f"{FIRST_ID} + i",
            "last_name": f"CASE WHEN i = 321 THEN '{RARE_NAME}' "
            f"WHEN i % {EVERY_COMMON} = 0 THEN '{COMMON_NAME}' "
            "ELSE '姓' || (i % 5000) END",
            "first_name": "CASE WHEN i % 50 = 0 THEN '花子' ELSE '名' || (i % 3000) END",
            "phone_number": f"'+8190' || {self._eight_digits}",
        }

    def kana(self) -> Mapping[str, str]:
        return {
            "id": f"{FIRST_ID} + i",
            "shipping_address_id": f"{FIRST_ID} + i",
            "last_name_kana": f"CASE WHEN i = 321 THEN '{RARE_KANA}' ELSE 'セイ' || (i % 5000) END",
            "first_name_kana": "'メイ' || (i % 3000)",
        }

    def order(self) -> Mapping[str, str]:
        return {
            "id": f"{FIRST_ID} + i",
            "number": "CAST(500000 + i AS VARCHAR(12))",
            "shipping_address_id": f"{FIRST_ID} + i",
            "date_placed": self._moment,
        }

    def payment(self) -> Mapping[str, str]:
        state = (
            "CASE WHEN i % 20000 = 7 THEN 'unknown' WHEN i % 20 = 1 THEN 'refused' "
            f"WHEN i % 50 = 2 THEN 'cancelled' WHEN i % 3 = 0 AND {self._recent} "
            "THEN 'authorised' WHEN i % 3 = 0 THEN 'captured' ELSE 'gathered' END"
        )
        captured = "i % 20 <> 1 AND i % 50 <> 2 AND i % 20000 <> 7"
        return {
            "id": f"{FIRST_ID} + i",
            "transaction_code": "CAST(700000000000 + i AS VARCHAR(12))",
            "order_reference": "CAST(500000 + i AS VARCHAR(12))",
            "state": state,
            "mode": "CASE WHEN i % 5000 = 3 THEN 'test' ELSE 'production' END",
            "amount": "1000 + (i % 900 * 37 % 900) * 10",
            "email": "'c' || (i % 100000) || '@example.com'",
            "last_four": "CAST(1000 + (i % 9000 * 7919 % 9000) AS VARCHAR(4))",
            "needs_attention": _truth(f"i % {EVERY_CASE} = 0"),
            "created_at": self._moment,
            "operable_until": self._day(60),
            "captured_on": f"CASE WHEN {captured} THEN {self._day(1)} END",
        }

    def operation(self) -> Mapping[str, str]:
        return {
            "id": f"{FIRST_ID} + i",
            "payment_id": f"{FIRST_ID} + i",
            "key": "CAST(i AS VARCHAR(12))",
            "state": "CASE WHEN i % 20000 = 7 THEN 'unknown' ELSE 'ok' END",
            "transaction_id": "CAST(300000000 + i AS VARCHAR(12))",
        }

    def case(self) -> Mapping[str, str]:
        return {
            "id": f"{FIRST_ID} + i",
            "payment_id": f"{FIRST_ID} + i * {EVERY_CASE}",
            "kind": "CASE WHEN i % 2 = 0 THEN 'amount_differs' ELSE 'state_differs' END",
        }


def _truth(condition: str) -> str:
    return f"({condition})" if connection.vendor == "postgresql" else f"CAST({condition} AS INT)"
