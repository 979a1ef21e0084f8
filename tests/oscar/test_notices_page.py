"""入金結果通知 in the dashboard: what came in, what became of it, and nothing secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escott.clock import JST
from escott.django.models import Notice, NoticeEnd, Payment
from escott.gateway import Secret
from escott.oscar.dashboard.notices import notice_page
from tests.oscar.conftest import Shopper
from tests.oscar.staff_members import staff_with

PAGE = "/dashboard/payments/notices/"
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=JST)
VIEW = "escott.view_payment"

SAID = {
    "MerchantFree1": "000000000042",
    "ProcessPass": "theProcessPass",
    "HashCd": "theHashCd",
    "Amount": "4110",
    "RecvNum": "R123456",
    "CvsCd": "SEV",
}


@pytest.fixture
def staff(shop: None) -> Client:
    """Somebody who may see payments, and no more."""
    return staff_with(VIEW)


def came_in(minutes: int = 0, **facts: Any) -> Notice:
    """A notice that was stored."""
    facts.setdefault("raw", Secret(urlencode(SAID)))
    return Notice.objects.create(received_at=NOON + timedelta(minutes=minutes), **facts)


def content_of(answer: Any) -> str:
    """The page without the menu."""
    assert answer.status_code == 200, answer
    page: str = answer.content.decode().partition('<div class="page-header">')[2]
    return page


def test_a_notice_is_listed_with_time_order_amount_result_and_whether_it_is_genuine(
    staff: Client, shopper: Shopper
) -> None:
    shopper.buys()
    payment = Payment.objects.get()
    came_in(payment=payment, end=NoticeEnd.DEPOSITED, genuine=True)
    answer = staff.get(PAGE)
    page = content_of(answer)
    assert "2026/04/01 12:00:00" in page
    assert f'href="/dashboard/orders/{payment.order_reference}/"' in page
    assert f'href="/dashboard/payments/{payment.pk}/"' in page
    assert "¥4,110" in page
    assert str(NoticeEnd.DEPOSITED.label) in page
    assert "本物" in page
    assert "セブン-イレブン (SEV)" in page
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_makes_a_notice_genuine_is_not_in_the_page(staff: Client) -> None:
    came_in()
    page = content_of(staff.get(PAGE))
    assert "R123456" in page
    assert "theProcessPass" not in page
    assert "theHashCd" not in page


def test_what_a_stranger_wrote_is_shown_as_text(staff: Client) -> None:
    came_in(raw=Secret("Amount=<script>&RecvNum=%3Cb%3E"), note="<i>note</i>")
    page = content_of(staff.get(PAGE))
    assert "<script>&" not in page
    assert "&lt;b&gt;" in page
    assert "<i>note" not in page


def test_a_deleted_order_leaves_its_number(staff: Client, shopper: Shopper) -> None:
    shopper.buys()
    payment = Payment.objects.get()
    Payment.objects.update(order_reference="999999")
    came_in(payment=payment)
    page = content_of(staff.get(PAGE))
    assert "999999" in page
    assert 'href="/dashboard/orders/' not in page


@pytest.fixture
def _some(shop: None) -> None:
    came_in(0, end=NoticeEnd.DEPOSITED, genuine=True, transaction_code="000000000041")
    came_in(1, end=NoticeEnd.UNTRUSTED, genuine=False, transaction_code="000000000042")
    came_in(2, transaction_code="000000000043")
    came_in(24 * 60, end=NoticeEnd.UNREADABLE, genuine=None, transaction_code="000000000044")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"41", "42", "43", "44"}),
        ("?end=deposited", {"41"}),
        ("?end=waiting", {"43"}),
        ("?end=untrusted&genuine=no", {"42"}),
        ("?genuine=yes", {"41"}),
        ("?genuine=unknown", {"43", "44"}),
        ("?text=000000000042", {"42"}),
        ("?text=nothing", set()),
        ("?day=2026-04-01", {"41", "42", "43"}),
        ("?day=2026-04-02", {"44"}),
        ("?day=2026-04-01&genuine=no", {"42"}),
        ("?end=nonsense", {"41", "42", "43", "44"}),
    ],
)
@pytest.mark.usefixtures("_some")
def test_the_list_is_filtered(staff: Client, query: str, shown: set[str]) -> None:
    rows = staff.get(PAGE + query).context["rows"]
    assert {row.shown.notice.transaction_code[-2:] for row in rows} == shown


def test_notices_are_found_by_order_number_and_by_transaction_code_of_their_payment(
    staff: Client, shopper: Shopper
) -> None:
    shopper.buys()
    payment = Payment.objects.get()
    mine = came_in(payment=payment)
    came_in(1)
    for text in (payment.order_reference, payment.transaction_code):
        rows = staff.get(PAGE, {"text": text}).context["rows"]
        assert [row.shown.notice.pk for row in rows] == [mine.pk]


@pytest.mark.parametrize("day", ["yesterday", "9999-12-31", "0001-01-01"])
@pytest.mark.usefixtures("_some")
def test_a_day_that_is_none_is_said_to_be_wrong(staff: Client, day: str) -> None:
    assert 'id="id_day_error"' in content_of(staff.get(f"{PAGE}?day={day}"))


def test_an_empty_list_says_so(staff: Client) -> None:
    assert "まだ通知を受信していません" in content_of(staff.get(PAGE))
    assert "条件に合う通知はありません" in content_of(staff.get(f"{PAGE}?text=x"))


def test_pages_follow_by_key_and_lead_back_again(staff: Client) -> None:
    Notice.objects.bulk_create(
        Notice(received_at=NOON, raw=Secret("Amount=1"), transaction_code=f"{n:012}")
        for n in range(120)
    )
    seen: list[list[str]] = []
    query = ""
    while True:
        page = staff.get(f"{PAGE}{query}").context["page"]
        seen.append([notice.transaction_code for notice in page.notices])
        if page.after is None:
            break
        query = f"?after={page.after}"
    assert [len(codes) for codes in seen] == [50, 50, 20]
    assert [code for codes in seen for code in codes] == [f"{n:012}" for n in range(119, -1, -1)]

    back = staff.get(f"{PAGE}?before={page.before}").context["page"]
    assert [notice.transaction_code for notice in back.notices] == seen[1]
    first = staff.get(f"{PAGE}?before={back.before}").context["page"]
    assert [notice.transaction_code for notice in first.notices] == seen[0]
    assert first.before is None
    html = content_of(staff.get(f"{PAGE}?genuine=unknown"))
    assert f"?genuine=unknown&amp;after={first.after}" in html


@pytest.mark.parametrize("made_up", ["after=x", "before=-1", "after=" + "9" * 30, "after=²"])
@pytest.mark.usefixtures("_some")
def test_a_place_that_is_none_shows_the_first_page(staff: Client, made_up: str) -> None:
    assert len(staff.get(f"{PAGE}?{made_up}").context["rows"]) == 4


def test_a_page_costs_the_same_number_of_queries_however_many_notices_there_are(
    shop: None,
) -> None:
    for count in (1, 60):
        Notice.objects.bulk_create(Notice(received_at=NOON, raw=Secret("")) for _ in range(count))
        with CaptureQueriesContext(connection) as queries:
            notice_page(Notice.objects.all())
        assert len(queries) == 1


def test_the_page_needs_the_permission_to_see_payments(
    shop: None, new_shopper: Callable[[], Shopper]
) -> None:
    assert staff_with().get(PAGE).status_code == 403
    assert new_shopper().client.get(PAGE).status_code == 302
