"""決済一覧 with 100,000 payments: ten queries at most for any filter, each along an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from escott.django.models import Case, Operation, Payment, Slip
from escott.django.payment_list import Mark
from escott.oscar.models import KanaName
from escott.rules.payment_states import OF_SLIPS, PaymentState
from tests.payment_rows import NOON, fill, payment_row, slip_row

Country = get_model("address", "Country")
Order = get_model("order", "Order")
ShippingAddress = get_model("order", "ShippingAddress")

LIST = "/dashboard/payments/list/"
PAYMENTS = 100_000
MOST = 10

YESTERDAY = f"{NOON:%Y-%m-%d}"
FILTERS: dict[str, dict[str, str]] = {
    "nothing": {},
    **{state.value: {"state": state.value} for state in PaymentState},
    **{f"mark {mark}": {"mark": mark} for mark in Mark},
    "period": {"since": YESTERDAY, "until": YESTERDAY},
    "period by sales date": {"dates": "sales", "since": YESTERDAY, "until": YESTERDAY},
    "period by deposit date": {"dates": "deposit", "since": YESTERDAY, "until": YESTERDAY},
    "cards": {"method": "card"},
    "slips": {"method": "collection"},
    "test": {"mode": "test"},
    "production": {"mode": "production"},
    "order": {"q": "250000"},
    "処理連番": {"q": "T0000001"},
    "transaction code": {"q": "200000050000"},
    "払込番号": {"q": "70000-050009"},
    "受付番号": {"q": "80000050008"},
    "last four": {"q": "**** 4242"},
    "order, last four or amount": {"q": "4242"},
    "seven digits, a telephone too": {"q": "0312345"},
    "amount": {"q": "¥3,780"},
    "amount and date": {"q": f"¥3,780 {YESTERDAY}"},
    "name": {"q": "山田"},
    "full name": {"q": "山田花子"},
    "reading": {"q": "やまだ"},
    "telephone": {"q": "03-1234-5678"},
    "e-mail": {"q": "hanako@example.com"},
    "all at once": {
        "q": "4242",
        "mark": "uncaptured",
        "state": "authorised",
        "mode": "production",
        "dates": "sales",
        "since": "2020-01-01",
        "until": YESTERDAY,
        "size": "200",
    },
    "in the middle": {"after": "50000"},
    "back from the middle": {"before": "50000"},
}

#: A table, or the index of all its rows, read from one end to the other.
_WHOLE = re.compile(
    r"SCAN ((escott|order)_\w+|U\d)\b(?! USING)|USING (COVERING )?INDEX escott_created$"
    r"|Seq Scan on (escott|order)_",
    re.MULTILINE,
)
#: These fit nearly every row, so that the first hundred on the way are enough.
_FIT_NEARLY_ALL = {"nothing", "cards", "production", "in the middle", "back from the middle"}


@pytest.fixture(scope="module")
def clerk(_seeded: Callable[[], None], django_db_blocker: Any) -> Iterator[Client]:
    """Staff who hold their permissions by a group, and the full books."""
    with django_db_blocker.unblock():
        _fill()
        user = get_user_model().objects.create_user("clerk", "clerk@example.com", is_staff=True)
        group = Group.objects.create(name="orders")
        group.permissions.set(Permission.objects.filter(content_type__app_label="escott"))
        user.groups.add(group)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        yield client
        _seeded()


def _fill() -> None:
    like = payment_row(last_four="4242", card_brand="visa")
    of_one = slip_row()
    states = [state.value for state in PaymentState if state is not PaymentState.UNKNOWN]
    slips = ", ".join(str(i) for i, each in enumerate(states) if PaymentState(each) in OF_SLIPS)
    cases = " ".join(f"WHEN {i} THEN '{state}'" for i, state in enumerate(states))
    fill(
        PAYMENTS - 2,
        {
            "state": f"CASE i % {len(states)} {cases} END",
            "live": "live",
            "mode": "CASE WHEN i % 100 = 0 THEN 'test' ELSE 'production' END",
            "amount": "1000 + i % 9000",
            "last_four": "CAST(1000 + i % 9000 AS VARCHAR(4))",
            "method": f"CASE WHEN i % {len(states)} IN ({slips}) THEN 'collection' ELSE 'card' END",
            "captured_on": "CASE WHEN i % 2 = 0 THEN operable_until END",
        },
        like=like,
    )
    _slips(of_one.slip)
    _orders(2000)
    newest = Payment.objects.order_by("-created_at", "-pk")[:40]
    for payment in newest:
        Payment.objects.filter(pk=payment.pk).update(needs_attention=True, state="unknown")
        for kind in ("amount_differs", "state_differs"):
            Case.objects.create(payment=payment, kind=kind, opened_at=NOON)
        Operation.objects.create(
            payment=payment,
            number=1,
            kind="gather",
            amount=1,
            key=f"k{payment.pk}",
            state="unknown",
            started_at=NOON + timedelta(minutes=1),
            transaction_id=f"T{payment.pk:07}",
        )
    assert Payment.objects.count() == PAYMENTS


def _slips(like: Slip) -> None:
    """One for each payment by slip, like that one; the paid ones with their receipt."""
    paid = "p.state = 'deposited'"
    columns = {
        **{field.column: f's."{field.column}"' for field in Slip._meta.concrete_fields},
        "payment_id": "p.id",
        "kessai_number": "CAST(70000000000 + p.id AS VARCHAR(12))",
        "receipt_number": f"CASE WHEN {paid} THEN CAST(80000000000 + p.id AS VARCHAR(12)) "
        "ELSE '' END",
        "deposited_at": f"CASE WHEN {paid} THEN p.created_at END",
        "deposited_amount": f"CASE WHEN {paid} THEN p.amount END",
    }
    del columns["id"]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO escott_slip ({names}) SELECT {', '.join(columns.values())} "
            "FROM escott_payment p, escott_slip s "
            f"WHERE p.method = 'collection' AND s.id = {like.pk} AND p.id <> {like.payment_id}"
        )
    assert Slip.objects.count() > PAYMENTS / 5


def _orders(number: int) -> None:
    """The orders of so many payments; one of them is Hanako's."""
    country = Country.objects.get()
    addresses = ShippingAddress.objects.bulk_create(
        ShippingAddress(
            country=country,
            last_name="山田" if i == 7 else f"姓{i}",
            first_name="花子" if i == 7 else f"名{i}",
            phone_number=f"+813123{45671 + i:05}",
        )
        for i in range(number)
    )
    KanaName._default_manager.bulk_create(
        KanaName(
            shipping_address=address,
            last_name_kana="ヤマダ" if i == 7 else f"セイ{i}",
            first_name_kana="ハナコ" if i == 7 else f"メイ{i}",
        )
        for i, address in enumerate(addresses)
    )
    Order.objects.bulk_create(
        Order(
            number=f"{200_001 + i}",
            shipping_address=address,
            total_incl_tax=1,
            total_excl_tax=1,
            date_placed=timezone.now(),
        )
        for i, address in enumerate(addresses)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_any_filter_takes_ten_queries_at_most(clerk: Client, filters: dict[str, str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = clerk.get(LIST, filters)
    assert page.status_code == 200
    asked = [query["sql"] for query in queries]
    assert len(asked) <= MOST, "\n".join(sql[:150] for sql in asked)
    assert not [sql for sql in asked if re.search(r"COUNT\(|OFFSET", sql)]


@pytest.mark.parametrize("name", [name for name in FILTERS if name not in _FIT_NEARLY_ALL])
def test_no_filter_reads_a_whole_table(clerk: Client, name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        clerk.get(LIST, FILTERS[name])
    plans = [(query["sql"], _plan(query["sql"])) for query in queries]
    whole = [f"{sql[:300]}\n{plan}" for sql, plan in plans if _WHOLE.search(plan)]
    assert whole == []


def test_these_tests_would_have_seen_a_whole_table(clerk: Client) -> None:
    assert _WHOLE.search(_plan("SELECT id FROM escott_payment WHERE pay_type = '99'"))


def _plan(sql: str) -> str:
    """How the database would go about it; PostgreSQL as if its tables were large."""
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(explain + sql)
        return "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())


def test_the_csv_takes_no_more_memory_than_a_chunk(clerk: Client) -> None:
    answer = clerk.get(f"{LIST}csv/", {"encoding": "shift_jis", "state": "cancelled"})

    lines, longest = 0, 0
    for part in answer:
        lines += part.count(b"\r\n")
        longest = max(longest, len(part))

    assert lines == Payment.objects.filter(state="cancelled").count() + 1
    assert lines > 6_000
    assert longest < 400_000
