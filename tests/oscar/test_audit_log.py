"""監査ログ: every change with its person, found again by area, person, words and days."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from escott.clock import JST
from escott.django.audit import record_change
from escott.django.models import AuditArea, AuditEntry, Payment
from escott.django.permissions import VIEW_AUDIT
from escott.django.services import operate
from escott.rules.card_states import CardOperation
from shop.seed.accounts import MANAGER
from tests.oscar.conftest import Shopper
from tests.oscar.staff_members import staff_with

AUDIT = "/dashboard/payments/audit/"
MIDNIGHT = datetime(2026, 4, 2, 0, 0, tzinfo=JST)

#: Area, person, action, subject, reason, and seconds after midnight.
ENTRIES = (
    (AuditArea.SETTINGS, "sato", "E1 Settings changed", "カード決済", "", -1),
    (AuditArea.OPERATION, "sato", "E2 Refund recorded", "100023", "振込 Tanaka", 0),
    (AuditArea.CASE, "suzuki", "E3 Closed", "000000000041", "お客様に確認", 86_399),
    (AuditArea.OVERRIDE, "", "E4 Cancelled", "000000000042", "期限後", 86_400),
)


@pytest.fixture
def auditor(shop: None) -> Client:
    return staff_with(VIEW_AUDIT)


@pytest.fixture
def _entries(shop: None) -> None:
    AuditEntry.objects.all().delete()
    for area, person, action, subject, reason, seconds in ENTRIES:
        AuditEntry.objects.create(
            at=MIDNIGHT + timedelta(seconds=seconds),
            actor_name=person,
            area=area,
            action=action,
            subject=subject,
            reason=reason,
        )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, "1234"),
        ({"area": "operation"}, "2"),
        ({"area": "override"}, "4"),
        ({"person": "SATO"}, "12"),
        ({"text": "refund"}, "2"),
        ({"text": "00000000004"}, "34"),
        ({"text": "tanaka"}, "2"),
        ({"text": "期限後"}, "4"),
        ({"since": "2026-04-02"}, "234"),
        ({"until": "2026-04-02"}, "123"),
        ({"since": "2026-04-02", "until": "2026-04-02"}, "23"),
        ({"since": "2026-04-02", "until": "2026-04-02", "person": "suzuki"}, "3"),
        ({"area": "mail"}, ""),
        ({"text": "nobody did that"}, ""),
    ],
)
@pytest.mark.usefixtures("_entries")
def test_the_audit_log_is_filtered_by_area_person_words_and_days(
    auditor: Client, query: dict[str, str], shown: str
) -> None:
    page = text_of(auditor.get(AUDIT, query))
    assert "".join(number for number in "1234" if f"E{number} " in page) == shown
    assert ("条件に合う記録はありません。" in page) is not shown


@pytest.mark.parametrize("query", [{"since": "yesterday"}, {"area": "<b>"}])
@pytest.mark.usefixtures("_entries")
def test_a_filter_that_is_not_understood_hides_nothing_and_is_said_to_be_wrong(
    auditor: Client, query: dict[str, str]
) -> None:
    page = text_of(auditor.get(AUDIT, query))
    assert all(f"E{number} " in page for number in "1234")
    assert f'id="id_{next(iter(query))}_error"' in page
    assert "<b>" not in page


@pytest.mark.usefixtures("_entries")
def test_the_pages_of_the_audit_log_keep_its_filter(auditor: Client) -> None:
    for number in range(60):
        AuditEntry.objects.create(at=MIDNIGHT, area=AuditArea.CASE, action=f"C{number}")
    page = text_of(auditor.get(AUDIT, {"area": "case", "text": "C"}))
    found = re.search(r'href="(\?[^"]*page=2)"', page)
    assert found
    second = text_of(auditor.get(AUDIT + unescape(found[1])))
    # Sixty of these and the one of the other day.
    assert second.count("<td>C") + second.count("<td>E3") == 11
    assert "E1 " not in second


def test_what_is_shown_is_escaped_and_names_area_and_reason(auditor: Client) -> None:
    changed = {"タイトル": ("<i>old", "<i>new"), "パスワード": None}
    record_change(
        None,
        "<u>Changed",
        "<s>subject",
        changed,  # type: ignore[arg-type]
        area=AuditArea.OVERRIDE,
        reason="<q>why",
    )
    page = text_of(auditor.get(AUDIT))
    for text in ("&lt;u&gt;Changed", "&lt;s&gt;subject", "&lt;i&gt;new", "&lt;q&gt;why"):
        assert text in page
    assert "値は記録しません" in page


def test_an_operation_by_staff_stands_in_the_audit_log(shopper: Shopper, auditor: Client) -> None:
    shopper.buys()
    manager: Any = get_user_model().objects.get(email=MANAGER[0])
    operate(Payment.objects.get().pk, CardOperation.CANCEL, key="cancel", actor=manager)

    page = text_of(auditor.get(AUDIT, {"area": "operation", "person": str(manager)}))
    assert Payment.objects.get().transaction_code in page


def test_the_audit_log_needs_its_permission(auditor: Client) -> None:
    assert auditor.get(AUDIT).status_code == 200
    assert staff_with().get(AUDIT).status_code == 403
    assert AUDIT not in text_of(staff_with().get("/dashboard/"))
    assert AUDIT in text_of(auditor.get("/dashboard/"))


def text_of(answer: Any) -> str:
    """The page, in Japanese."""
    assert answer.status_code == 200, answer
    page: str = answer.content.decode()
    return page
