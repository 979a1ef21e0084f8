"""決済情報 in the Django admin: what staff see, press and are told. The dashboard's is the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from escott.clock import JST, SettableClock, SharedClock
from escott.django.models import CaseKind, Operation, Payment, Refund
from escott.django.orders import PayableOrder
from escott.django.services.cases import open_case
from escott.django.services.instruction import CardInstruction
from escott.django.services.operate import operate
from escott.django.services.pay import carry_out, claim_payment
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django import panel_pages
from tests.django.panel_pages import buttons, confirmation, page, press, text_of
from tests.forbidden_transport import ForbiddenTransport

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=JST)

VIEW = "view_payment"
EVERYTHING = (
    VIEW,
    "capture_payment",
    "cancel_payment",
    "change_amount",
    "reauthorise_payment",
    "resolve_case",
)

#: Approved; what is asked later is carried out, and its answers get lost.
LOSES_LATER_ANSWERS = "4000000091020000"

Charge = Callable[..., Payment]
SignIn = Callable[..., Client]


@pytest.fixture
def charge(
    shared_clock: SharedClock,
    new_order: Callable[..., PayableOrder],
    token: Callable[..., Secret],
) -> Charge:
    """Charges a card ¥3,780; 与信 unless something else is wished for."""

    def make(
        *then: CardOperation,
        by: CardOperation = CardOperation.AUTHORISE,
        card: str = "4000000000001000",
    ) -> Payment:
        wish = CardInstruction(token=token(card), charge=by)
        payment = carry_out(claim_payment(new_order(), wish))
        for step, kind in enumerate(then):
            operate(payment.pk, kind, key=f"way {payment.pk} {step}")
        payment.refresh_from_db()
        return payment

    return make


@pytest.fixture
def sign_in(account: Any) -> SignIn:
    """Signs staff in who have these permissions."""
    return panel_pages.sign_in


@pytest.fixture
def staff(sign_in: SignIn) -> Client:
    """佐藤, who may do everything within the period."""
    return sign_in("佐藤", *EVERYTHING)


# ---- who sees what ----


@pytest.mark.parametrize("name", ["panel", "operate"])
def test_the_panel_needs_the_permission_to_see_payments(
    name: str, charge: Charge, sign_in: SignIn
) -> None:
    payment = charge()
    assert sign_in("clerk").get(page(payment, name)).status_code == 403
    assert Client().get(page(payment, name)).status_code == 302
    answer = sign_in("clerk", *EVERYTHING).get(page(payment, name), follow=True)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_button_without_its_permission_is_absent_and_its_address_refuses(
    charge: Charge, sign_in: SignIn
) -> None:
    payment = charge()
    clerk = sign_in("clerk", VIEW, "capture_payment")
    assert buttons(clerk, payment) == {"capture": ""}
    for kind in ("cancel", "change_amount", "reauthorise"):
        assert clerk.get(page(payment, "operate"), {"kind": kind}).status_code == 403
        assert clerk.post(page(payment, "operate"), {"kind": kind}).status_code == 403
    assert clerk.post(page(payment, "adopt"), {"key": "k" * 20}).status_code == 403
    assert payment.operations.count() == 1


def test_whoever_may_only_look_sees_no_button(charge: Charge, sign_in: SignIn) -> None:
    viewer = sign_in("viewer", VIEW)
    payment = charge()
    assert buttons(viewer, payment) == {}
    assert "¥3,780" in text_of(viewer.get(page(payment)))


def test_a_get_changes_nothing_and_does_not_ask_the_gateway(
    charge: Charge, staff: Client, settings: Any
) -> None:
    payment = charge()
    forbidden = "tests.forbidden_transport.ForbiddenTransport"
    settings.ESCOTT = settings.ESCOTT | {"TRANSPORT": forbidden}
    ForbiddenTransport.asked.clear()
    for kind in ("capture", "cancel", "change_amount", "reauthorise", "gather", "", "x"):
        query = {"kind": kind, "key": "k" * 20, "after": "1", "amount": "2980"}
        staff.get(page(payment, "operate"), query)
    for name in ("compare", "adopt"):
        assert staff.get(page(payment, name)).status_code == 405
    assert not ForbiddenTransport.asked
    assert payment.operations.count() == 1


def test_a_post_needs_its_csrf_token(charge: Charge, sign_in: SignIn) -> None:
    payment = charge()
    client = sign_in("佐藤", *EVERYTHING, enforce_csrf_checks=True)
    fields = confirmation(client, payment, "cancel")
    token = fields.pop("csrfmiddlewaretoken")
    for name in ("operate", "compare", "adopt"):
        assert client.post(page(payment, name), fields).status_code == 403
    assert payment.operations.count() == 1
    assert press(client, payment, fields | {"csrfmiddlewaretoken": token}).status_code == 200


def test_a_payment_that_is_none_is_not_found(charge: Charge, staff: Client) -> None:
    payment = charge()
    other = Payment(pk=payment.pk + 1)
    for name in ("panel", "operate"):
        assert staff.get(page(other, name), {"kind": "cancel"}).status_code == 404
    for name in ("operate", "compare", "adopt"):
        fields = {"kind": "cancel", "key": "k" * 20, "after": "1"}
        assert staff.post(page(other, name), fields).status_code == 404


# ---- what is shown ----


def test_the_panel_shows_the_payment_and_its_history_newest_first(
    charge: Charge, staff: Client
) -> None:
    payment = charge(CardOperation.CAPTURE)
    Payment.objects.filter(pk=payment.pk).update(pay_type="03", secure_result_code="4")
    newest, first = payment.operations.all()
    words = text_of(staff.get(page(payment)))
    for each in (
        payment.transaction_code,
        payment.order_reference,
        "売上計上日 2026/04/01",
        "3回払い",
        "4: アテンプト",
        "2026/05/31（あと60日）",
        "•••• 1000",
        newest.transaction_id,
        first.transaction_id,
    ):
        assert each in words
    assert words.index(newest.transaction_id) < words.index(first.transaction_id)


def test_the_history_tells_who_did_it_and_what_was_refused(
    charge: Charge, staff: Client, simulator: SimulatorServer
) -> None:
    payment = charge()
    simulator.gateway.console_operate(payment.transaction_code, "1Delete")
    answer = press(staff, payment, confirmation(staff, payment, "capture"))
    words = text_of(answer)
    assert "売上計上: エラー (K14)" in words
    assert "この処理は行われていません" in words
    assert "担当者: 佐藤" in words
    assert attention_of(payment) == "state_differs"


def test_refunds_and_open_cases_are_shown(charge: Charge, staff: Client) -> None:
    payment = charge(by=CardOperation.GATHER)
    open_case(payment, CaseKind.AMOUNT_DIFFERS, now=NOON, amount=2980)
    Refund.objects.create(
        payment=payment,
        amount=500,
        returned_on=NOON.date(),
        bank="みずほ銀行",
        reason="破損",
        key="refund",
        recorded_at=NOON,
    )
    words = text_of(staff.get(page(payment)))
    for each in ("要対応", "¥500", "みずほ銀行", "破損"):
        assert each in words


# ---- a confirmation ----


@pytest.mark.parametrize(
    ("then", "kind", "query", "says"),
    [
        ([], "capture", {}, ["お客様のカードに ¥3,780 が請求されます", "2026/04/01"]),
        ([], "cancel", {}, ["¥3,780", "¥0", "与信 ¥3,780 が解放されます"]),
        (["capture"], "cancel", {}, ["¥3,780", "¥0", "取り消すと、お客様に ¥3,780 が返ります"]),
        (
            ["capture"],
            "change_amount",
            {"amount": 2980},
            ["¥3,780", "¥2,980", "差額 ¥800 がお客様に返ります"],
        ),
        ([], "change_amount", {"amount": 5000}, ["¥3,780", "¥5,000", "¥1,220 の増額"]),
        (["cancel"], "reauthorise", {"amount": 3780}, ["¥0", "¥3,780", "操作期限は延びません"]),
    ],
)
def test_the_confirmation_states_before_and_after_in_yen(
    then: list[str],
    kind: str,
    query: dict[str, int],
    says: list[str],
    charge: Charge,
    staff: Client,
) -> None:
    payment = charge(*map(CardOperation, then))
    words = text_of(staff.get(page(payment, "operate"), {"kind": kind, **query}))
    for each in says:
        assert each in words


@pytest.mark.parametrize(
    ("kind", "query", "box"),
    [
        ("capture", {}, False),
        ("cancel", {}, True),
        ("change_amount", {"amount": 2980}, True),
        ("reauthorise", {"amount": 3780}, False),
    ],
)
def test_the_box_for_a_mail_is_ticked_where_a_mail_is_sent(
    kind: str, query: dict[str, int], box: bool, charge: Charge, staff: Client
) -> None:
    payment = charge()
    fields = confirmation(staff, payment, kind, **query)
    assert ("tells_customer" in fields) is box
    press(staff, payment, fields)
    assert payment.operations.get(number=2).tells_customer is box


def test_without_the_box_no_mail_is_wished_for(charge: Charge, staff: Client) -> None:
    payment = charge()
    fields = confirmation(staff, payment, "cancel")
    del fields["tells_customer"]
    press(staff, payment, fields)
    assert not payment.operations.get(number=2).tells_customer


def test_a_customer_without_an_address_gets_no_mail(charge: Charge, staff: Client) -> None:
    payment = charge()
    Payment.objects.update(email="")
    assert "tells_customer" not in confirmation(staff, payment, "cancel")


# ---- the new total ----


@pytest.mark.parametrize(
    "typed", ["2980", "２９８０", "2,980", "¥2,980", "２，９８０円", " 2 980 "]
)
def test_an_amount_is_taken_as_people_write_it(typed: str, charge: Charge, staff: Client) -> None:
    payment = charge()
    fields = confirmation(staff, payment, "change_amount", amount=typed)
    press(staff, payment, fields)
    payment.refresh_from_db()
    assert payment.amount == 2980


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", "変更後の金額を入力してください"),
        ("abc", "円単位の数字で"),
        ("-5", "円単位の数字で"),
        ("2980.5", "円単位の数字で"),
        ("٢٩٨٠", "円単位の数字で"),
        ("0", "¥1 から ¥9,999,999 まで"),
        ("10000000", "¥1 から ¥9,999,999 まで"),
        ("3,780", "すでにこの金額です（¥3,780）"),
    ],
)
def test_a_wrong_amount_is_told_at_its_field(
    typed: str, wrong: str, charge: Charge, staff: Client
) -> None:
    payment = charge()
    query = {"kind": "change_amount", "amount": typed}
    answer = staff.get(page(payment, "operate"), query)
    assert wrong in text_of(answer, 422)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert payment.operations.count() == 1


def test_a_posted_amount_is_checked_again_and_k23_is_never_reached(
    charge: Charge, staff: Client, simulator: SimulatorServer
) -> None:
    payment = charge()
    fields = confirmation(staff, payment, "change_amount", amount="2980")
    for amount, status in (("3780", 409), ("0", 422), ("99999999", 422), ("x", 422)):
        answer = press(staff, payment, fields | {"amount": amount})
        assert answer.status_code == status, amount
    assert payment.operations.count() == 1
    [booked] = simulator.gateway.transactions()
    assert len(booked.history) == 1


def test_an_amount_for_what_takes_none_changes_nothing_about_it(
    charge: Charge, staff: Client
) -> None:
    payment = charge()
    press(staff, payment, confirmation(staff, payment, "capture") | {"amount": "1"})
    payment.refresh_from_db()
    assert (payment.state, payment.amount) == ("captured", 3780)


# ---- a press ----


def test_a_repeat_of_the_same_press_returns_the_first_result(
    charge: Charge, staff: Client, simulator: SimulatorServer
) -> None:
    payment = charge(CardOperation.CAPTURE)
    fields = confirmation(staff, payment, "change_amount", amount="2980")
    first, second = press(staff, payment, fields), press(staff, payment, fields)
    assert first.redirect_chain == second.redirect_chain
    for answer in (first, second):
        assert "利用額変更が完了しました（¥2,980）" in text_of(answer)
    [booked] = simulator.gateway.transactions()
    assert len(booked.history) == 3


def test_a_key_of_another_press_is_refused(charge: Charge, staff: Client) -> None:
    payment, other = charge(), charge()
    fields = confirmation(staff, payment, "cancel")
    press(staff, payment, fields)
    answer = press(staff, other, fields)
    assert "この画面はすでに使われています" in text_of(answer, 409)
    other.refresh_from_db()
    assert other.state == "authorised"


@pytest.mark.parametrize("missing", ["key", "after", "kind"])
def test_a_press_without_its_key_is_refused(missing: str, charge: Charge, staff: Client) -> None:
    payment = charge()
    fields = confirmation(staff, payment, "cancel")
    del fields[missing]
    assert press(staff, payment, fields).status_code == 400
    assert payment.operations.count() == 1


def test_of_two_staff_the_second_is_told_what_the_first_has_done(
    charge: Charge, staff: Client, sign_in: SignIn
) -> None:
    payment = charge()
    fields = confirmation(staff, payment, "cancel")
    other = sign_in("田中", *EVERYTHING)
    press(other, payment, confirmation(other, payment, "capture"))
    words = text_of(press(staff, payment, fields), 409)
    assert "先にほかの処理が行われました" in words
    assert "田中 が売上計上（¥3,780）を行いました。結果：OK" in words
    payment.refresh_from_db()
    assert payment.state == "captured"


def test_what_is_not_possible_any_more_is_told_with_its_reason(
    charge: Charge, staff: Client, sign_in: SignIn
) -> None:
    payment = charge()
    fields = confirmation(staff, payment, "capture")
    other = sign_in("田中", *EVERYTHING)
    press(other, payment, confirmation(other, payment, "cancel"))
    answer = press(staff, payment, fields)
    assert answer.status_code == 409
    assert "田中 が取消（¥3,780）を行いました" in text_of(answer, 409)
    again = staff.get(page(payment, "operate"), {"kind": "capture"})
    assert "田中 が取消（¥3,780）を行いました" in text_of(again, 409)


def test_an_unknown_result_says_what_it_means_and_stops_every_button(
    charge: Charge, staff: Client
) -> None:
    payment = charge(card=LOSES_LATER_ANSWERS)
    words = text_of(press(staff, payment, confirmation(staff, payment, "capture")))
    assert "売上計上: 結果不明" in words
    assert "再度の決済は行わないでください" in words
    assert all(buttons(staff, payment).values())
    assert attention_of(payment) == "result_unknown"


def test_the_pages_stand_outside_a_sites_atomic_requests(
    charge: Charge, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = charge()
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    press(staff, payment, confirmation(staff, payment, "capture"))
    assert "一致しています" in text_of(staff.post(page(payment, "compare")))
    payment.refresh_from_db()
    assert payment.state == "captured"


def test_a_dialog_gets_the_page_without_its_frame(charge: Charge, staff: Client) -> None:
    payment = charge()
    inside = {"X-Escott-Dialog": "1"}
    answer = staff.get(page(payment), headers=inside)
    assert answer.headers["X-Escott-Dialog"] == "1"
    assert "<html" not in answer.content.decode()
    assert 'id="ep-title"' in answer.content.decode()
    fields = confirmation(staff, payment, "cancel")
    done = staff.post(page(payment, "operate"), fields, headers=inside)
    assert done.status_code == 303
    shown = staff.get(done.url, headers=inside).content.decode()
    assert "data-escott-say" in shown
    assert "取消が完了しました" in shown


@pytest.mark.parametrize("number", ["3", "x", "-1", "99999", "٢"])
def test_a_result_of_no_operation_is_not_told(number: str, charge: Charge, staff: Client) -> None:
    payment = charge()
    assert staff.get(page(payment), {"operation": number}).context["notice"] is None


# ---- after the last day ----


@pytest.fixture
def past(charge: Charge, shared_clock: SharedClock, clock: SettableClock) -> Payment:
    """A 与信売上計上 on the day after its last day of operations."""
    payment = charge(by=CardOperation.GATHER)
    for each in (shared_clock, clock):
        each.set(NOON + timedelta(days=61))
    return payment


def test_after_the_last_day_the_buttons_say_so(past: Payment, staff: Client) -> None:
    assert set(buttons(staff, past).values()) >= {"60日を過ぎています（操作期限 2026/05/31）。"}
    assert buttons(staff, past)["cancel"].startswith("60日を過ぎています")
    fields = {"kind": "cancel", "key": "k" * 20, "after": "1", "past_period": "on"}
    answer = press(staff, past, fields)
    assert "60日を過ぎています" in text_of(answer, 409)
    assert past.operations.count() == 1


def test_after_the_last_day_the_manager_may_still_try_to_cancel(
    past: Payment, sign_in: SignIn
) -> None:
    manager = sign_in("店長", *EVERYTHING, "cancel_past_period")
    shown = buttons(manager, past)
    assert shown["cancel"] == ""
    assert shown["change_amount"].startswith("60日")
    fields = confirmation(manager, past, "cancel")
    answer = press(manager, past, fields)
    assert "チェックを入れてください" in text_of(answer, 422)
    assert past.operations.count() == 1
    words = text_of(press(manager, past, fields | {"past_period": "on"}))
    assert "取消: エラー (K12)" in words


def test_within_the_period_the_box_of_the_last_day_does_nothing(
    charge: Charge, sign_in: SignIn
) -> None:
    payment = charge()
    manager = sign_in("店長", *EVERYTHING, "cancel_past_period")
    press(manager, payment, confirmation(manager, payment, "cancel") | {"past_period": "on"})
    payment.refresh_from_db()
    assert payment.state == "cancelled"


# ---- the comparison ----


def test_a_cancellation_on_the_gateways_console_is_shown_and_taken_over(
    charge: Charge, staff: Client, simulator: SimulatorServer
) -> None:
    payment = charge(CardOperation.CAPTURE)
    simulator.gateway.console_operate(payment.transaction_code, "1Delete")
    answer = staff.post(page(payment, "compare"))
    assert "加盟店管理画面では取り消されています" in text_of(answer)
    key = answer.context["adopt_key"]
    done = staff.post(page(payment, "adopt"), {"key": key}, follow=True)
    assert "決済サービスの状態に合わせました：取消" in text_of(done)
    again = staff.post(page(payment, "adopt"), {"key": key}, follow=True)
    assert done.redirect_chain == again.redirect_chain
    payment.refresh_from_db()
    assert payment.state == "cancelled"
    assert payment.operations.count() == 3
    assert attention_of(payment) == ""


def test_another_amount_on_the_console_is_shown_in_yen(
    charge: Charge, staff: Client, simulator: SimulatorServer
) -> None:
    payment = charge()
    simulator.gateway.console_operate(payment.transaction_code, "1Change", 2980)
    words = text_of(staff.post(page(payment, "compare")))
    assert "金額が変更されています" in words
    assert "決済サービス側の金額：¥2,980" in words


def test_only_whoever_may_close_cases_is_offered_to_take_it_over(
    charge: Charge, sign_in: SignIn, simulator: SimulatorServer
) -> None:
    payment = charge(CardOperation.CAPTURE)
    simulator.gateway.console_operate(payment.transaction_code, "1Delete")
    answer = sign_in("viewer", VIEW).post(page(payment, "compare"))
    assert "取り消されています" in text_of(answer)
    assert answer.context["adopt_key"] == ""


@pytest.mark.parametrize(
    ("then", "by", "untold"),
    [
        ([], "authorise", "取り消された与信と有効な与信は、照会では区別できません"),
        (["cancel"], "authorise", "再オーソリされた与信は、照会では区別できません"),
        (["cancel"], "gather", ""),
        ([], "gather", ""),
    ],
)
def test_what_the_gateway_cannot_tell_is_said(
    then: list[str], by: str, untold: str, charge: Charge, staff: Client
) -> None:
    payment = charge(*map(CardOperation, then), by=CardOperation(by))
    words = text_of(staff.post(page(payment, "compare")))
    assert ("決済サービスの記録と一致しています" in words) is not bool(untold)
    assert ("区別できません" in words) is bool(untold)
    assert untold in words


def test_no_answer_is_said_to_be_none(
    charge: Charge, staff: Client, settings: Any, closed_port: int
) -> None:
    payment = charge()
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    assert "回答がありませんでした" in text_of(staff.post(page(payment, "compare")))
    answer = staff.post(page(payment, "adopt"), {"key": "k" * 20})
    assert "回答がありませんでした" in text_of(answer, 409)


def test_nothing_is_taken_over_where_both_agree(charge: Charge, staff: Client) -> None:
    payment = charge()
    answer = staff.post(page(payment, "adopt"), {"key": "k" * 20})
    assert "違いは見つかりませんでした" in text_of(answer, 409)
    assert payment.operations.count() == 1
    assert staff.post(page(payment, "adopt"), {"key": "?"}).status_code == 400


def test_what_the_gateway_does_not_hold_is_not_compared(charge: Charge, staff: Client) -> None:
    payment = charge(card="4000000007120001")
    assert "照会する" not in text_of(staff.get(page(payment)))
    assert "いまは照会できません" in text_of(staff.post(page(payment, "compare")))


# ---- the admin's own pages ----


def test_the_page_of_a_payment_leads_to_its_panel(charge: Charge, admin_client: Client) -> None:
    payment = charge()
    change = admin_client.get(f"/admin/escott/payment/{payment.pk}/change/").content.decode()
    assert f'href="{page(payment)}"' in change


def test_an_unknown_result_leads_to_its_settlement(charge: Charge, sign_in: SignIn) -> None:
    payment = charge(card="4000000090020001")
    unknown = Operation.objects.get(payment=payment)
    settle = f"/admin/escott/operation/{unknown.pk}/settle/"
    assert settle not in sign_in("viewer", VIEW).get(page(payment)).content.decode()
    may = sign_in("店長", VIEW, "settle_payment")
    assert settle in may.get(page(payment)).content.decode()
