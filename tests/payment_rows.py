"""Payments as rows, for pages that read many of them: no gateway has ever seen these."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from escott.clock import JST
from escott.django.models import MerchantAccount, Payment, Slip
from escott.rules.collection_states import CollectionOperation
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import LIVE, PaymentState

#: Noon of yesterday, by the machine's clock: a moment within every period of operations.
NOON = (datetime.now(JST) - timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)

_codes = count(100_000_000_000)


def payment_row(**columns: Any) -> Payment:
    """A payment of ¥3,780 that was authorised yesterday at noon, but for ``columns``."""
    code = f"{next(_codes)}"
    state = columns.get("state", PaymentState.AUTHORISED.value)
    created_at = columns.get("created_at", NOON)
    standard = {
        "transaction_code": code,
        "account": MerchantAccount.current(),
        "mode": "production",
        "order_reference": f"R{code}",
        "email": "hanako@example.com",
        "amount": 3780,
        "charged_by": "authorise",
        "state": state,
        "live": PaymentState(state) in LIVE,
        "process_id": code,
        "created_at": created_at,
        "charged_at": created_at,
        "operable_until": (created_at + timedelta(days=60)).date(),
    }
    payment = Payment(**{**standard, **columns})
    payment.save()
    return payment


def fill(payments: int, columns: dict[str, str], *, like: Payment) -> None:
    """So many copies of a payment at once; ``columns`` are those that differ, as SQL of ``i``."""
    columns = {
        "transaction_code": "CAST(200000000000 + i AS VARCHAR(12))",
        "order_reference": "CAST(200000 + i AS VARCHAR(12))",
        **columns,
    }
    fields = [field.column for field in Payment._meta.concrete_fields if field.column != "id"]
    values = [columns.get(name, f'"{name}"') for name in fields]
    names = ", ".join(f'"{name}"' for name in fields)
    # No parameters: the SQL of a column may hold "%".
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO escott_payment ({names}) "
            "WITH RECURSIVE numbers(i) AS "
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {payments}) "
            f"SELECT {', '.join(values)} FROM numbers, escott_payment WHERE id = {like.pk}"
        )
        cursor.execute("ANALYZE")


def slip_row(*, slip: dict[str, Any] | None = None, **columns: Any) -> Payment:
    """A payment of ¥3,780 by a slip that was registered yesterday at noon, payable for a week.

    Args:
        slip: columns of the slip that differ.
        columns: of the payment, likewise.
    """
    payment = payment_row(
        **{
            "method": PaymentMethod.COLLECTION.value,
            "charged_by": CollectionOperation.REGISTER.value,
            "state": PaymentState.UNPAID.value,
            **columns,
        }
    )
    standard = {
        "due_on": (payment.created_at + timedelta(days=7)).date(),
        "kessai_number": f"9{payment.transaction_code}",
        "link_code": f"code{payment.transaction_code}",
        "product": "Ｔシャツ",
        "payer_name": "山田　花子",
        "payer_kana": "ヤマダ　ハナコ",
        "payer_telephone": "0312345678",
    }
    Slip(payment=payment, **{**standard, **(slip or {})}).save()
    return Payment.objects.get(pk=payment.pk)
