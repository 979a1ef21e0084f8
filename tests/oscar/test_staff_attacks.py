"""Staff who mean harm, and staff who are unlucky, at the pages of the dashboard."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

import pytest
from django.test import Client
from oscar.core.loading import get_class

from escott.clock import JST, SettableClock, SystemClock
from escott.django.models import CaseKind, MerchantAccount, Payment, PlannedOperation, Refund
from escott.django.services import operate
from escott.django.services.cases import dismiss, open_case
from escott.django.services.plans import carry_out_due
from escott.oscar.abandoned_orders import cancel_abandoned
from escott.oscar.payment_request import NotAsked, ask_for_payment
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import STAFF
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.order_staff import ran_out

EventHandler = get_class("order.processing", "EventHandler")

NEVER: Final = threading.Event()


@pytest.fixture
def manager(new_shopper: Callable[[], Shopper]) -> Client:
    """店長, who may do everything."""
    someone = new_shopper()
    someone.signs_in(*STAFF)
    return someone.client


@pytest.fixture
def authorises(shop: None) -> None:
    MerchantAccount.objects.update(card_charge="authorise", captures_on_shipping=True)


def in_hours(hours: int) -> SettableClock:
    return SettableClock(datetime.now(JST) + timedelta(hours=hours))


# ---- orders that are cancelled by a job, or by staff while a job works ----


@pytest.mark.usefixtures("authorises")
def test_an_order_that_was_just_made_payable_by_telephone_is_not_cancelled_at_once(
    shopper: Shopper,
) -> None:
    shopper.buys()
    ran_out()
    Order.objects.update(guest_email="")
    clock = in_hours(60 * 24)
    ask_for_payment(the_order().pk, key=token_hex(16), actor=None, clock=clock)

    assert cancel_abandoned(clock, NEVER) == 0
    assert the_order().status == "支払い待ち"
    clock.set(clock.now() + timedelta(hours=73))
    assert cancel_abandoned(clock, NEVER) == 1


@pytest.mark.usefixtures("authorises")
def test_an_order_is_not_cancelled_while_its_old_payment_may_stand_at_the_gateway(
    shopper: Shopper,
) -> None:
    shopper.buys()
    clock, payment = in_hours(1), Payment.objects.get()
    operate(payment.pk, CardOperation.CANCEL, key="cancel")
    ask_for_payment(the_order().pk, key=token_hex(16), actor=None)
    open_case(payment, CaseKind.STATE_DIFFERS, now=clock.now())
    assert cancel_abandoned(in_hours(24 * 30), NEVER) == 0


@pytest.mark.usefixtures("authorises")
def test_what_was_shipped_and_then_cancelled_is_not_captured_by_the_worker(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    shopper.buys()
    EventHandler().handle_order_status_change(the_order(), "完了")
    assert PlannedOperation.objects.get().state == "waiting"
    order = the_order()
    order.status = "処理中"
    order.save()
    EventHandler().handle_order_status_change(order, "キャンセル")

    carry_out_due(SystemClock(), NEVER)

    assert PlannedOperation.objects.get().state == "stopped"
    assert [booked.state for booked in simulator.gateway.charges()] == ["authorised"]

    order.status = "処理中"
    order.save()
    EventHandler().handle_order_status_change(order, "完了")
    carry_out_due(SystemClock(), NEVER)
    assert [booked.state for booked in simulator.gateway.charges()] == ["captured"]


@pytest.mark.usefixtures("authorises")
def test_nobody_is_asked_to_pay_while_the_old_payment_may_stand_at_the_gateway(
    shopper: Shopper,
) -> None:
    shopper.buys()
    payment = Payment.objects.get()
    operate(payment.pk, CardOperation.CANCEL, key="cancel")
    open_case(payment, CaseKind.STATE_DIFFERS, now=datetime.now(JST))
    with pytest.raises(NotAsked, match="checking"):
        ask_for_payment(the_order().pk, key=token_hex(16), actor=None)
    dismiss(payment.cases.get().pk, note="取消済みと確認", actor=None)
    assert ask_for_payment(the_order().pk, key=token_hex(16), actor=None).status == "支払い待ち"


# ---- keys and numbers that were forged or used before ----


def test_a_key_of_another_payment_takes_nothing_over(
    shopper: Shopper, new_shopper: Callable[[], Shopper], manager: Client
) -> None:
    shopper.buys()
    new_shopper().buys()
    first, second = Payment.objects.order_by("pk")
    key = token_hex(16)
    operate(first.pk, CardOperation.CANCEL, key=key)
    answer = manager.post(f"/dashboard/payments/{second.pk}/adopt/", {"key": key})
    assert answer.status_code == 409


def test_a_refund_with_the_key_of_another_is_not_said_to_be_recorded(
    shopper: Shopper, new_shopper: Callable[[], Shopper], manager: Client
) -> None:
    shopper.buys()
    new_shopper().buys()
    typed = {
        "amount": "500",
        "returned_on": f"{datetime.now(JST):%Y-%m-%d}",
        "bank": "銀行",
        "reason": "破損",
        "key": "one",
    }
    answers = [
        manager.post(f"/dashboard/payments/{payment.pk}/refund/", typed).status_code
        for payment in Payment.objects.order_by("pk")
    ]
    assert answers == [303, 409]
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("forged", ["9" * 30, "9" * 5000, "²", "-1", "x"])
def test_a_forged_operation_is_not_settled(
    forged: str, shopper: Shopper, manager: Client, simulator: SimulatorServer
) -> None:
    shopper.buys(card="4000000090020001")
    [case] = Payment.objects.get().cases.all()
    answer = manager.post(
        f"/dashboard/payments/cases/{case.pk}/settle/",
        {"found": "not_done", "note": "見ました", "operation": forged},
    )
    assert answer.status_code in {303, 422}
    assert Payment.objects.get().state == "unknown"
