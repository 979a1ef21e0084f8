"""An order with a slip: what its page says and offers, and what its notes tell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from escott.django.clock import the_clock
from escott.django.models import CaseKind, Mail, Payment, Refund
from escott.django.permissions import (
    CHARGE_SAVED_CARD,
    RECORD_REFUND,
    REQUEST_PAYMENT,
    RESOLVE,
    TO_OPERATE,
    VIEW,
)
from escott.django.services.cases import open_case
from escott.django.services.collection import ask_about_deposit, change_slip, delete_slip
from escott.django.services.collection.guidance import send_guidance
from escott.oscar.order_closing import NotClosed, close_order
from escott.oscar.order_totals import compare_total_of, difference_of
from escott.oscar.payment_request import Refusal, why_not
from escott.rules.collection_states import CollectionOperation
from escott.rules.operability import Obstacle
from escott.rules.order_status import OrderStatus
from escott.rules.order_total import Mending
from escott.simulator.server import SimulatorServer
from escott.simulator.slips import SlipPayment
from tests.cases import attention_of
from tests.oscar.conftest import Shopper
from tests.oscar.order_staff import CHANGES_ORDERS, member_of_staff, opens, said
from tests.oscar.slip_orders import order_with_slip, register

CHANGE_SLIP = TO_OPERATE[CollectionOperation.CHANGE]
CANCEL = TO_OPERATE[CollectionOperation.DELETE]
EVERYTHING = (VIEW, CHANGE_SLIP, CANCEL, REQUEST_PAYMENT, RECORD_REFUND, CHANGES_ORDERS)


@pytest.fixture
def order(shop: None) -> Any:
    """An order of ¥3,780 whose slip nobody has paid yet."""
    order, _payment = order_with_slip()
    return order


@pytest.fixture
def staff(shopper: Shopper) -> Shopper:
    return member_of_staff(shopper, *EVERYTHING)


def payment_of(order: Any) -> Payment:
    return Payment.objects.select_related("slip").get(order_reference=order.number)


def paid_in(order: Any, simulator: SimulatorServer, **how: Any) -> Payment:
    payment = payment_of(order)
    simulator.gateway.collection.pay(payment.transaction_code, SlipPayment(**how))
    ask_about_deposit(payment.pk)
    return payment_of(order)


def changed(order: Any, amount: int) -> Payment:
    payment = payment_of(order)
    change_slip(
        payment.pk, amount=amount, due_on=payment.slip.due_on, key=f"change {amount}", actor=None
    )
    return payment_of(order)


def costs(order: Any, total: int) -> None:
    """Staff have changed the order's total in the shop."""
    order.total_incl_tax = order.total_excl_tax = total
    order.save()
    order.refresh_from_db()


def page_of(staff: Shopper, order: Any, name: str = "") -> str:
    return opens(staff, f"/dashboard/orders/{order.number}/{name}")


def notes_of(order: Any) -> list[str]:
    return list(order.notes.order_by("pk").values_list("message", flat=True))


# ---- totals that differ ----


@pytest.mark.parametrize(
    ("total", "change_used", "mending", "obstacle"),
    [
        (5000, False, Mending.CHANGE_SLIP, None),
        (1000, False, Mending.CHANGE_SLIP, None),
        (300_000, False, Mending.REGISTER_ANEW, None),
        (0, False, Mending.DELETE_SLIP, None),
        (5000, True, Mending.REGISTER_ANEW, Obstacle.CHANGED_ONCE),
        (1000, True, Mending.REGISTER_ANEW, Obstacle.CHANGED_ONCE),
        (0, True, Mending.DELETE_SLIP, None),
    ],
)
def test_one_operation_mends_the_difference_of_an_unpaid_slip(
    order: Any, total: int, change_used: bool, mending: Mending, obstacle: Obstacle | None
) -> None:
    if change_used:
        changed(order, 4000)
        costs(order, 4000)
    costs(order, total)

    found = difference_of(order, the_clock().now())

    assert found is not None
    assert (found.mending, found.obstacle) == (mending, obstacle)
    assert attention_of(payment_of(order)) == "total_differs"


@pytest.mark.parametrize(
    ("total", "mending"),
    [(5000, Mending.ORDER_OF_ITS_OWN), (1000, Mending.RECORD_REFUND), (0, Mending.RECORD_REFUND)],
)
def test_what_was_paid_in_is_mended_outside_the_slip(
    order: Any, total: int, mending: Mending, simulator: SimulatorServer
) -> None:
    paid_in(order, simulator)
    costs(order, total)

    found = difference_of(order, the_clock().now())

    assert found is not None
    assert (found.mending, found.obstacle) == (mending, Obstacle.DEPOSITED)


def test_nothing_mends_it_after_the_last_day_of_operations(order: Any) -> None:
    costs(order, 5000)
    yesterday = the_clock().now().date() - timedelta(days=1)
    Payment.objects.update(operable_until=yesterday)

    found = difference_of(order, the_clock().now())

    assert found is not None
    assert (found.mending, found.obstacle) == (None, Obstacle.PERIOD_OVER)


def test_an_order_and_its_slip_that_agree_have_no_case(order: Any) -> None:
    order.save()

    assert difference_of(order, the_clock().now()) is None
    assert attention_of(payment_of(order)) == ""


def test_the_case_ends_when_the_slip_is_changed_or_deleted(order: Any) -> None:
    costs(order, 5000)
    changed(order, 5000)
    compare_total_of(order.number, the_clock().now())
    assert attention_of(payment_of(order)) == ""

    costs(order, 6000)
    assert attention_of(payment_of(order)) == "total_differs"
    delete_slip(payment_of(order).pk, key="delete", actor=None)
    assert attention_of(payment_of(order)) == ""


def test_the_banner_offers_the_change_and_then_to_pay_anew(order: Any, staff: Shopper) -> None:
    costs(order, 5000)
    page = page_of(staff, order)
    assert "注文の合計は ¥5,000、払込票の金額は ¥3,780（未入金）です" in page
    assert "払込票を ¥5,000 に変更する" in page

    changed(order, 4500)
    page = page_of(staff, order)
    assert "変更は1回までです" in page
    assert "お支払いURLを送ると" in page
    assert "¥4,500 の払込票を取り消す" in page


def test_the_banner_of_a_deposit_offers_what_a_card_past_its_change_does(
    order: Any, staff: Shopper, simulator: SimulatorServer
) -> None:
    payment = paid_in(order, simulator)
    costs(order, 5000)
    page = page_of(staff, order)
    assert "入金済です" in page
    assert f"/dashboard/orders/{order.number}/difference/?amount=1220" in page

    costs(order, 3000)
    assert f"/dashboard/payments/{payment.pk}/refund/" in page_of(staff, order)


def test_without_the_permission_the_banner_says_whom_to_ask(order: Any, shopper: Shopper) -> None:
    clerk = member_of_staff(shopper, VIEW, CANCEL)
    costs(order, 5000)
    page = page_of(clerk, order)
    assert "に変更する" not in page
    assert "権限" in page


# ---- refunds ----


def test_a_refund_of_a_deposit_is_recorded_and_no_cancelling_is_offered(
    order: Any, staff: Shopper, simulator: SimulatorServer
) -> None:
    payment = paid_in(order, simulator)
    url = f"/dashboard/payments/{payment.pk}/refund/"
    assert url in opens(staff, f"/dashboard/payments/{payment.pk}/")
    fields = {
        "amount": "780",
        "returned_on": the_clock().now().date().isoformat(),
        "bank": "みずほ銀行",
        "reason": "破損",
        "key": "f" * 32,
    }

    answer = staff.client.post(url, fields, follow=True)

    assert "¥780" in said(answer)
    assert Refund.objects.get().payment == payment


# ---- closing, and other payments ----


def test_an_order_with_an_unpaid_slip_is_not_closed_and_the_page_leads_to_the_slip(
    order: Any, staff: Shopper
) -> None:
    payment = payment_of(order)
    assert f"/dashboard/orders/{order.number}/close/" in page_of(staff, order)

    page = page_of(staff, order, "close/")

    assert "お客様はまだお支払いいただけます" in page
    assert f'href="/dashboard/payments/{payment.pk}/"' in page
    with pytest.raises(NotClosed):
        close_order(order.pk, OrderStatus.CANCELLED, actor=None)


def test_after_the_slip_is_cancelled_the_order_can_be_closed(order: Any, staff: Shopper) -> None:
    payment = payment_of(order)
    delete_slip(payment.pk, key="delete", actor=None)

    assert f"/dashboard/orders/{order.number}/close/" in opens(
        staff, f"/dashboard/payments/{payment.pk}/"
    )
    answer = staff.client.post(
        f"/dashboard/orders/{order.number}/close/", {"to": "cancelled"}, follow=True
    )

    assert "キャンセル" in said(answer)
    order.refresh_from_db()
    assert order.status == "キャンセル"


def test_neither_link_nor_card_while_the_slip_can_be_paid(order: Any, shopper: Shopper) -> None:
    staff = member_of_staff(shopper, VIEW, REQUEST_PAYMENT, CHARGE_SAVED_CARD)
    assert why_not(order) is Refusal.AWAITS_DEPOSIT
    for page in ("payment-link/", "pay-with-saved-card/"):
        assert "まだお支払いいただけます。先に、決済情報から取消してください" in page_of(
            staff, order, page
        )
        url = f"/dashboard/orders/{order.number}/{page}"
        fields = {"key": "a" * 32, "charge": "gather", "reason": "電話", "amount": "3780"}
        answer = staff.client.post(url, fields, follow=True)
        assert "まだお支払いいただけます。先に、決済情報から取消してください" in said(answer)
    assert Payment.objects.filter(order_reference=order.number).count() == 1
    assert not Mail.objects.filter(kind="payment_request").exists()


def test_after_the_slip_is_cancelled_the_link_can_be_sent(order: Any, staff: Shopper) -> None:
    delete_slip(payment_of(order).pk, key="delete", actor=None)
    assert why_not(order) is None

    url = f"/dashboard/orders/{order.number}/payment-link/"
    staff.client.post(url, {"key": "a" * 32}, follow=True)

    order.refresh_from_db()
    assert order.status == "支払い待ち"
    assert Mail.objects.filter(kind="payment_request").exists()
    assert register(order).state == "unpaid"


def test_a_paid_slip_is_a_payment_that_stands(order: Any, simulator: SimulatorServer) -> None:
    paid_in(order, simulator)
    assert why_not(order) is Refusal.PAID


# ---- notes ----


def test_every_operation_of_a_slip_is_noted_once(order: Any, simulator: SimulatorServer) -> None:
    code = payment_of(order).transaction_code
    payment = changed(order, 3780 + 220)
    due = f"{payment.slip.due_on:%Y/%m/%d}"
    paid_in(order, simulator, cvs_cd="LSN")
    compare_total_of(order.number, the_clock().now())

    notes = [note for note in notes_of(order) if code in note]

    changes = [note for note in notes if "：変更（" in note]
    assert changes == [f"オンライン収納代行 {code}：変更（¥4,000） · 支払期限 {due} · 自動処理"]
    [deposit] = [note for note in notes if "：入金（" in note]
    assert deposit.startswith(f"オンライン収納代行 {code}：入金（¥4,000） · ローソン 20")
    assert deposit.endswith("お客様のお支払い")


def test_who_has_cancelled_the_slip_stands_in_the_note(order: Any) -> None:
    sato = get_user_model().objects.create_user("sato", last_name="佐藤", first_name="店長")
    delete_slip(payment_of(order).pk, key="delete", actor=sato)

    [note] = [note for note in notes_of(order) if "：削除（" in note]
    assert "店長 佐藤" in note or "佐藤 店長" in note


def test_guidance_that_was_sent_again_is_noted(order: Any) -> None:
    sato = get_user_model().objects.create_user("sato", last_name="佐藤")
    for _press in range(2):
        send_guidance(payment_of(order).pk, key="k" * 20, actor=sato)

    again = [note for note in notes_of(order) if "へ再送しました" in note]
    assert len(again) == 1
    assert "hanako@example.com" in again[0]


# ---- the panel in the dashboard ----


def test_the_panel_of_a_slip_stands_in_the_dashboard(order: Any, shopper: Shopper) -> None:
    staff = member_of_staff(shopper, *EVERYTHING, RESOLVE)
    payment = payment_of(order)
    tab = page_of(staff, order)
    assert payment.slip.kessai_number in tab
    assert f'action="/dashboard/payments/{payment.pk}/"' in tab

    address = f"/dashboard/payments/{payment.pk}/operate/"
    shown = staff.client.get(address, {"kind": "delete"}).context
    fields = {"kind": "delete", "key": shown["key"], "after": shown["after"]}
    answer = staff.client.post(address, fields, follow=True)

    assert "削除が完了しました" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert payment_of(order).state == "deleted"


def test_the_list_of_orders_shows_the_badge_of_the_slip(order: Any, staff: Shopper) -> None:
    assert "escott-badge--unpaid" in opens(staff, "/dashboard/orders/")


def test_a_bulk_page_leaves_slips_out_and_says_why(order: Any, shopper: Shopper) -> None:
    staff = member_of_staff(shopper, VIEW, CANCEL)
    payment = payment_of(order)
    answer = staff.client.post(
        "/dashboard/payments/batches/new/", {"kind": "cancel", "payment": payment.pk}
    )
    text = answer.content.decode()
    assert "別のお支払い方法の決済です" in text
    assert 'name="confirm"' not in text


def test_an_order_that_is_closed_elsewhere_leaves_its_slip_to_staff(order: Any) -> None:
    order.set_status("キャンセル")
    found = difference_of(order, the_clock().now())
    assert found is not None
    assert found.mending is Mending.DELETE_SLIP
    assert attention_of(payment_of(order)) == "total_differs"
    open_case(payment_of(order), CaseKind.SLIP_GONE, now=the_clock().now())
    assert attention_of(payment_of(order)) == "slip_gone+total_differs"
