"""注文を復活させる: what staff can do about a payment that came for a cancelled order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from oscar.core.loading import get_class, get_model

from escott.clock import JST, SettableClock
from escott.django.models import AuditEntry, Case, CaseKind, Mail, Payment
from escott.django.services.announce import announce
from escott.django.services.collection import ask_about_deposit
from escott.django.services.refunds import record_refund
from escott.oscar.models import StockReturn
from escott.oscar.order_closing import give_stock_back
from escott.oscar.order_moves import move_order
from escott.oscar.order_reopening import NotReopened, reopen_order
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.konbini import buys_by_slip, offer_collection, pays_at_lawson, the_payment
from tests.oscar.order_staff import CHANGES_ORDERS, member_of_staff, opens, said, together

StockRecord = get_model("partner", "StockRecord")
ShippingEventType = get_model("order", "ShippingEventType")
EventHandler = get_class("order.processing", "EventHandler")


@pytest.fixture(autouse=True)
def _offered(shop: None) -> None:
    offer_collection()


@pytest.fixture
def staff(new_shopper: Callable[[], Shopper]) -> Shopper:
    return member_of_staff(new_shopper(), CHANGES_ORDERS)


@pytest.fixture
def late(shopper: Shopper, simulator: SimulatorServer) -> Payment:
    """Paid in after the slip had lapsed and its order was cancelled."""
    buys_by_slip(shopper)
    return paid_after_lapse(simulator)


def paid_after_lapse(simulator: SimulatorServer) -> Payment:
    later = SettableClock(datetime.now(JST) + timedelta(days=20))
    ask_about_deposit(the_payment().pk, clock=later)
    assert the_order().status == "キャンセル"
    pays_at_lawson(simulator, the_payment(), anyway=True)
    ask_about_deposit(the_payment().pk, clock=later)
    assert the_payment().state == "deposited"
    return the_payment()


def set_aside() -> int:
    return StockRecord.objects.get(product__slug="furoshiki").num_allocated or 0


def open_kinds() -> list[str]:
    return list(Case.objects.filter(closed_at__isnull=True).values_list("kind", flat=True))


def page_of(order: Any) -> str:
    return f"/dashboard/orders/{order.number}/reopen/"


def test_a_late_deposit_has_the_order_carried_out_after_all(late: Payment, staff: Shopper) -> None:
    order = the_order()
    assert (open_kinds(), set_aside()) == (["order_closed"], 0)
    assert page_of(order) in opens(staff, f"/dashboard/orders/{order.number}/")
    page = opens(staff, page_of(order))
    assert "処理中" in page
    assert "¥4,110" in page

    answer = staff.client.post(page_of(order), follow=True)

    assert "処理中" in said(answer)
    assert (the_order().status, set_aside()) == ("処理中", 1)
    assert open_kinds() == []
    [line] = order.lines.all()
    assert (line.num_allocated, line.allocation_cancelled) == (1, False)
    assert Mail.objects.filter(kind="slip_paid").count() == 1
    note = order.notes.order_by("pk").last()
    assert note.message == (
        "ステータスを「キャンセル」から「処理中」に変更しました。 商品を引き当て直しました。"
    )
    assert note.user.username == "sato"
    assert AuditEntry.objects.filter(subject=order.number, action="注文を復活させました").exists()
    assert page_of(order) not in opens(staff, f"/dashboard/orders/{order.number}/")


def test_goods_that_nobody_had_given_back_are_not_set_aside_twice(
    shopper: Shopper, simulator: SimulatorServer, staff: Shopper
) -> None:
    buys_by_slip(shopper)
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.ON_HOLD])
    pays_at_lawson(simulator, the_payment())
    ask_about_deposit(the_payment().pk)
    assert (the_order().status, set_aside()) == ("キャンセル", 1)

    staff.client.post(page_of(the_order()))

    assert (the_order().status, set_aside()) == ("処理中", 1)
    assert "total_differs" not in open_kinds()


def test_a_reopened_order_can_be_closed_again_and_its_goods_are_back(
    late: Payment, staff: Shopper
) -> None:
    reopen_order(the_order().pk, actor=None)
    assert not StockReturn._default_manager.exists()
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.PROCESSING])
    assert give_stock_back(the_order())
    assert set_aside() == 0


@pytest.mark.parametrize("staff_at_once", [2, 8])
def test_staff_at_the_same_moment_reopen_it_once(late: Payment, staff_at_once: int) -> None:
    press = partial(reopen_order, the_order().pk, actor=None)

    results = together([press] * staff_at_once)

    assert sorted(type(each).__name__ for each in results) == sorted(
        ["Order"] + ["NotReopened"] * (staff_at_once - 1)
    )
    assert (the_order().status, set_aside()) == ("処理中", 1)


def test_too_few_goods_are_pointed_out_and_keep_nobody_from_it(
    late: Payment, staff: Shopper
) -> None:
    StockRecord.objects.filter(product__slug="furoshiki").update(num_in_stock=0)
    assert "在庫が足りません" in opens(staff, page_of(the_order()))

    staff.client.post(page_of(the_order()))

    assert (the_order().status, set_aside()) == ("処理中", 1)


def _is_unpaid(_payment: Payment) -> None:
    Payment.objects.update(state="lapsed", live=False)


def _was_given_back(payment: Payment) -> None:
    record_refund(
        payment.pk,
        amount=payment.amount,
        returned_on=datetime.now(JST).date(),
        bank="銀行",
        reason="返金",
        key="refund",
        actor=None,
    )


def _is_refunded(_payment: Payment) -> None:
    Order.objects.update(status="払い戻し")


def _was_sent(_payment: Payment) -> None:
    [line] = the_order().lines.all()
    kind = ShippingEventType.objects.create(name="発送")
    EventHandler().create_shipping_event(the_order(), kind, [line], [1])


def _goes_on(_payment: Payment) -> None:
    Order.objects.update(status="処理中")


@pytest.mark.parametrize("change", [_is_unpaid, _was_given_back, _is_refunded, _was_sent, _goes_on])
def test_what_cannot_be_reopened(
    late: Payment, staff: Shopper, change: Callable[[Payment], None]
) -> None:
    change(late)
    order = the_order()
    before = order.status
    assert page_of(order) not in opens(staff, f"/dashboard/orders/{order.number}/")
    assert '<form method="post">' not in opens(staff, page_of(order))

    answer = staff.client.post(page_of(order), follow=True)

    assert "復活できません" in said(answer)
    assert (the_order().status, set_aside()) == (before, 0)
    with pytest.raises(NotReopened):
        reopen_order(order.pk, actor=None)


def test_the_alert_says_what_can_be_done(late: Payment) -> None:
    from escott.django.case_texts import explain_case

    [case] = Case.objects.filter(kind=CaseKind.ORDER_CLOSED)
    told = explain_case(case)
    assert "ローソン" in told.what
    assert "取り消せません" in told.money
    assert "復活" in told.next_step
    assert "返金" in told.next_step
    announce(late)
    assert open_kinds() == ["order_closed"]
