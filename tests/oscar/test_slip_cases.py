"""要対応 about slips and their notices in the dashboard, also those that belong to no payment."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from typing import Any, Final

import pytest
from django.core import mail as outbox
from django.test import Client

from escott.clock import SettableClock
from escott.django.clock import the_clock
from escott.django.mails import send_due
from escott.django.models import AuditEntry, Case, CaseKind, Mail, Operation, Payment
from escott.django.permissions import RESOLVE, SETTLE, VIEW
from escott.django.services.cases import count_in_one_case, open_case, open_case_without_payment
from escott.django.services.collection import change_slip
from escott.simulator.server import SimulatorServer
from escott.simulator.slips import SlipPayment
from tests.cases import attention_of
from tests.oscar.slip_orders import order_with_slip
from tests.oscar.staff_members import staff_with

LIST: Final = "/dashboard/payments/cases/"
NOTICES: Final = "/dashboard/payments/notices/"

NOTICE: Final = {
    "transaction_code": "000000000042",
    "amount": 4321,
    "paid_at": "2026-04-02T09:10:00+09:00",
    "receipt": "021253738648",
}


@pytest.fixture
def staff(shop: None) -> Client:
    return staff_with(VIEW, RESOLVE, SETTLE)


def text_of(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def said(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


# ---- without a payment ----


def test_a_notice_for_no_payment_stands_in_the_queue_with_its_code(staff: Client) -> None:
    open_case_without_payment(CaseKind.NOTICE_UNMATCHED, now=the_clock().now(), **NOTICE)

    page = text_of(staff)

    for words in ("該当する決済なし", "<code>000000000042</code>", "¥4,321", "加盟店管理画面で"):
        assert words in page
    assert "決済を開く" not in page
    assert "/ask/" not in page
    assert f"{NOTICES}?text=000000000042" in page


def test_it_is_closed_with_a_note(staff: Client) -> None:
    open_case_without_payment(CaseKind.NOTICE_UNMATCHED, now=the_clock().now(), **NOTICE)
    case = Case.objects.get()
    address = f"{LIST}{case.pk}/dismiss/"
    assert "<code>000000000042</code>" in text_of(staff, address)

    answer = staff.post(address, {"note": "別のシステムの入金でした"}, follow=True)

    assert "000000000042" in said(answer)
    case.refresh_from_db()
    assert case.closed_at is not None
    assert AuditEntry.objects.get(reason="別のシステムの入金でした").subject == "000000000042"
    again = staff.post(address, {"note": "もう一度"}, follow=True)
    assert "完了" in said(again)
    assert "該当する決済なし" in text_of(staff, f"{LIST}?closed=1")


def test_asking_about_it_is_refused_kindly(staff: Client) -> None:
    open_case_without_payment(CaseKind.NOTICE_UNMATCHED, now=the_clock().now(), **NOTICE)
    answer = staff.post(f"{LIST}{Case.objects.get().pk}/ask/", follow=True)
    assert "照会できる決済がありません" in said(answer)


def test_settling_it_leads_back(staff: Client) -> None:
    open_case_without_payment(CaseKind.NOTICE_UNMATCHED, now=the_clock().now(), **NOTICE)
    answer = staff.get(f"{LIST}{Case.objects.get().pk}/settle/", follow=True)
    assert answer.redirect_chain[-1][0] == LIST


def test_untrusted_notices_are_counted_in_one_case(staff: Client) -> None:
    for _notice in range(3):
        count_in_one_case(CaseKind.NOTICE_UNTRUSTED, now=the_clock().now())
    page = text_of(staff)
    assert "入金結果通知が 3 件届きました" in page
    assert "該当する決済なし" not in page, "they may name a payment of this shop"
    assert f"{NOTICES}?genuine=no" in page
    assert staff.get(f"{NOTICES}?genuine=no").status_code == 200


def test_the_shop_is_mailed_about_a_case_without_a_payment(shop: None, settings: Any) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SHOP_MAIL": "shop@example.com"}
    open_case_without_payment(CaseKind.NOTICE_UNMATCHED, now=the_clock().now(), **NOTICE)
    _send_everything()
    [letter] = outbox.outbox
    assert "000000000042" in letter.body
    assert "加盟店管理画面で" in letter.body


def _send_everything() -> None:
    Mail.objects.update(due_at=the_clock().now() - timedelta(seconds=1))
    send_due(SettableClock(the_clock().now()), Event())


# ---- of a slip ----


def test_a_slip_that_is_gone_is_asked_about_again(
    staff: Client, simulator: SimulatorServer
) -> None:
    _order, payment = order_with_slip()
    open_case(payment, CaseKind.SLIP_GONE, now=the_clock().now())
    case = Case.objects.get()
    assert f"{LIST}{case.pk}/ask/" in text_of(staff)

    answer = staff.post(f"{LIST}{case.pk}/ask/", follow=True)

    assert "まだ入金されていません" in said(answer)
    assert attention_of(payment) == ""


def test_another_amount_is_shown_with_the_numbers_to_search_for_and_is_not_ticked_off(
    staff: Client, simulator: SimulatorServer
) -> None:
    _order, payment = order_with_slip()
    simulator.gateway.collection.pay(
        payment.transaction_code, SlipPayment(amount=3000, anyway=True, cvs_cd="LSN")
    )
    open_case(payment, CaseKind.SLIP_GONE, now=the_clock().now())
    answer = staff.post(f"{LIST}{Case.objects.get().pk}/ask/", follow=True)
    assert "金額の異なる入金があります" in said(answer)
    slip = Payment.objects.get(pk=payment.pk).slip
    case = Case.objects.get(kind=CaseKind.DEPOSIT_AMOUNT)

    page = text_of(staff, f"{LIST}?kind=deposit_amount")

    for words in ("¥3,000", "ローソン", slip.kessai_number, slip.receipt_number):
        assert words in page, words
    assert f"{LIST}{case.pk}/dismiss/" not in page
    answer = staff.post(f"{LIST}{case.pk}/dismiss/", {"note": "見ました"}, follow=True)
    assert "入金額を受け入れると完了します" in said(answer)


def test_an_unknown_change_is_settled_by_the_console(
    staff: Client, simulator: SimulatorServer
) -> None:
    _order, payment = order_with_slip()
    slip = Payment.objects.get(pk=payment.pk).slip
    simulator.gateway.collection.trouble("2Chg", "lost_after")
    change_slip(payment.pk, amount=4000, due_on=slip.due_on, key="lost", actor=None)
    page = text_of(staff)
    assert "変更（¥4,000）に対する決済サービスの応答が届きませんでした" in page
    assert "入金があれば検知されます" in page
    long_ago = the_clock().now() - timedelta(hours=1)
    Operation.objects.filter(state="unknown").update(ended_at=long_ago, due_at=None)
    unknown = Operation.objects.get(state="unknown")

    fields = {"operation": unknown.pk, "found": "done", "note": "変更済みを確認"}
    answer = staff.post(f"{LIST}{Case.objects.get().pk}/settle/", fields, follow=True)

    assert "処理済み" in said(answer)
    assert Payment.objects.get(pk=payment.pk).amount == 4000
    assert attention_of(payment) == "slip_link_lost+total_differs"
