"""更新: what stood in the rows before an upgrade stands there after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from escott.clock import JST
from escott.django.models import Case, MerchantAccount, Payment

BEFORE = [("escott", "0002_card_capabilities")]
CHARGED = datetime(2026, 11, 1, 23, 30, tzinfo=JST)


@pytest.fixture
def old_rows(transactional_db: None) -> Iterator[Any]:
    """The models as they were; the newest tables are back at the end."""
    executor = MigrationExecutor(connection)
    newest = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "escott"]
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    MigrationExecutor(connection).migrate(newest)


def migrated() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "escott"])


def old_payment(rows: Any, code: str, **columns: Any) -> Any:
    account, _created = rows.get_model("escott", "MerchantAccount").objects.get_or_create()
    return rows.get_model("escott", "Payment").objects.create(
        transaction_code=code,
        account=account,
        mode="test",
        order_reference=code,
        amount=3780,
        live=columns["state"] in {"authorised", "gathered", "captured", "unknown"},
        created_at=CHARGED,
        **columns,
    )


def operation(rows: Any, payment: Any, number: int, kind: str, *, state: str, day: int) -> None:
    rows.get_model("escott", "Operation").objects.create(
        payment=payment,
        number=number,
        kind=kind,
        amount=3780,
        key=f"{payment.pk}-{number}",
        state=state,
        started_at=CHARGED.replace(day=day),
    )


def test_marks_become_cases_and_sales_dates_are_days_in_japan(old_rows: Any) -> None:
    old_payment(old_rows, "closed", state="gathered", charged_by="gather", attention="order_closed")
    asked = old_payment(old_rows, "asked", state="unknown", charged_by="gather")
    operation(old_rows, asked, 1, "gather", state="unknown", day=1)
    captured = old_payment(old_rows, "captured", state="captured", charged_by="authorise")
    operation(old_rows, captured, 1, "authorise", state="ok", day=1)
    operation(old_rows, captured, 2, "capture", state="ok", day=5)
    migrated()
    cases = Case.objects.values_list("payment__transaction_code", "kind")
    assert set(cases) == {("closed", "order_closed"), ("asked", "result_unknown")}
    marks = Payment.objects.values_list("transaction_code", "needs_attention")
    assert dict(marks) == {"closed": True, "asked": True, "captured": False}
    assert str(Payment.objects.get(transaction_code="captured").captured_on) == "2026-11-05"
    assert MerchantAccount.objects.get().abandoned_after_hours == 0  # staff switch it on
