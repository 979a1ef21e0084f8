"""Django admin: payments are read, nothing of them is edited, 結果不明 is settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from escott.clock import SettableClock, in_japan
from escott.django.clock import the_clock
from escott.django.models import Case, CaseKind, Mail, MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.django.services.cases import open_case_without_payment
from escott.gateway import Secret
from escott.simulator.server import SimulatorServer
from tests.payment_rows import payment_row, slip_row

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]

LOST_AFTER_THE_CHARGE = "4000000090020001"


@pytest.fixture
def unknown(new_order: Order, token: NewToken, clock: SettableClock) -> Payment:
    """A payment whose answer was lost."""
    return pay_by_token(new_order(), token(LOST_AFTER_THE_CHARGE), clock=clock)


@pytest.mark.parametrize("model", [Payment, Operation, Mail])
def test_rows_are_listed_and_shown_but_cannot_be_added_changed_or_deleted(
    model: Any, unknown: Payment, admin_client: Client
) -> None:
    from escott.django.mail_queue import queue_mail

    queue_mail("payment_unknown", unknown)
    name, row = model._meta.model_name, model.objects.first()
    listing = admin_client.get(reverse(f"admin:escott_{name}_changelist"))
    page = admin_client.get(reverse(f"admin:escott_{name}_change", args=[row.pk]))
    assert listing.status_code == page.status_code == 200
    assert "pass1234" not in page.content.decode()
    assert admin_client.post(page.wsgi_request.path, {"state": "ok"}).status_code == 403
    assert admin_client.get(reverse(f"admin:escott_{name}_add")).status_code == 403
    delete = reverse(f"admin:escott_{name}_delete", args=[row.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403


def test_the_settling_page_gives_the_search_keys_of_the_console(
    unknown: Payment, admin_client: Client
) -> None:
    url = reverse("admin:escott_operation_settle", args=[unknown.operations.get().pk])
    page = admin_client.get(url).content.decode()
    assert unknown.transaction_code in page
    assert "¥3,780" in page
    asked_at = unknown.operations.get().started_at
    assert f"{in_japan(asked_at):%Y-%m-%d %H:%M:%S} JST" in page


def test_staff_settle_what_they_found(
    unknown: Payment, admin_client: Client, simulator: SimulatorServer
) -> None:
    assert simulator.gateway.charges(unknown.transaction_code)
    operation = unknown.operations.get()
    url = reverse("admin:escott_operation_settle", args=[operation.pk])
    answer = admin_client.post(url, {"found": "done", "note": "取引一覧で確認"})
    assert answer.status_code == 302
    unknown.refresh_from_db()
    operation.refresh_from_db()
    assert unknown.state == "gathered"
    assert operation.resolved_by == "staff"
    assert "取引一覧で確認" in operation.note
    assert "admin" in operation.note


def test_settling_too_early_is_refused_with_the_reason(
    unknown: Payment, admin_client: Client, settings: Any, tmp_path: Any
) -> None:
    from escott.clock import SharedClock

    operation = unknown.operations.get()
    settings.ESCOTT = settings.ESCOTT | {"CLOCK_FILE": str(tmp_path / "clock")}
    assert operation.ended_at is not None
    SharedClock(tmp_path / "clock").set(operation.ended_at)
    url = reverse("admin:escott_operation_settle", args=[operation.pk])
    page = admin_client.post(url, {"found": "not_done", "note": "見当たらない"})
    assert "処理を続けている可能性" in page.content.decode()
    unknown.refresh_from_db()
    assert unknown.state == "unknown"


def test_settling_needs_its_permission(
    unknown: Payment, client: Client, django_user_model: Any
) -> None:
    clerk = django_user_model.objects.create_user("clerk", is_staff=True, password="x")
    client.force_login(clerk)
    url = reverse("admin:escott_operation_settle", args=[unknown.operations.get().pk])
    assert client.post(url, {"found": "done", "note": ""}).status_code == 403


def test_the_list_tells_cards_and_slips_apart_and_until_when_a_slip_can_be_paid(
    account: MerchantAccount, admin_client: Client
) -> None:
    by_card = payment_row()
    by_slip = slip_row(slip={"due_on": date(2026, 4, 8), "kessai_number": "12345678901"})
    address = reverse("admin:escott_payment_changelist")

    with CaptureQueriesContext(connection) as one:
        both = admin_client.get(address).content.decode()
    assert "オンライン収納代行" in both
    assert "2026年4月8日" in both
    slips = admin_client.get(address, {"method__exact": "collection"}).content.decode()
    found = admin_client.get(address, {"q": "12345678901"}).content.decode()
    for page in (slips, found):
        assert by_slip.transaction_code in page
        assert by_card.transaction_code not in page

    for _payment in range(10):
        slip_row()
    with CaptureQueriesContext(connection) as many:
        admin_client.get(address)
    assert len(many) == len(one)


def test_a_case_about_no_payment_is_shown_with_its_texts(
    account: MerchantAccount, admin_client: Client
) -> None:
    open_case_without_payment(
        CaseKind.NOTICE_UNMATCHED,
        now=in_japan(the_clock().now()),
        transaction_code="000000000042",
        amount=4321,
    )
    case = Case.objects.get()
    assert admin_client.get(reverse("admin:escott_case_changelist")).status_code == 200
    page = admin_client.get(reverse("admin:escott_case_change", args=[case.pk])).content.decode()
    for words in ("000000000042", "¥4,321", "加盟店管理画面で"):
        assert words in page
