"""Staff who mean harm, and staff who are unlucky, at the pages of the dashboard."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from oscar.core.loading import get_class

from escott.clock import JST, SettableClock, SystemClock
from escott.django.models import CaseKind, MerchantAccount, Payment, PlannedOperation, Refund
from escott.django.orders import OrderNotPayable
from escott.django.services import operate, pay_by_token
from escott.django.services.cases import dismiss, open_case
from escott.django.services.members import keep_card
from escott.django.services.plans import carry_out_due
from escott.gateway import Secret
from escott.oscar.abandoned_orders import cancel_abandoned
from escott.oscar.payable import payable
from escott.oscar.payment_request import NotAsked, ask_for_payment
from escott.rules.card_states import CardOperation
from escott.simulator.magic_cards import DEMO_CARD
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import CUSTOMER, STAFF
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.order_staff import hidden_fields, ran_out, said

EventHandler = get_class("order.processing", "EventHandler")

NEVER: Final = threading.Event()

DECLINED: Final = "4000000007120001"


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


@pytest.mark.parametrize("kind", [CaseKind.LATE_DOUBT, CaseKind.LATE_SUCCESS])
def test_nothing_is_charged_while_an_earlier_payment_may_be_charged_after_all(
    kind: CaseKind, new_shopper: Callable[[], Shopper], simulator: SimulatorServer, manager: Client
) -> None:
    """Whoever presses: the shopper on the order's page, or staff on one that was open before."""
    shopper = new_shopper()
    shopper.signs_in(*CUSTOMER)
    keep_card(
        get_user_model().objects.get(email=CUSTOMER[0]), Secret(shopper.token_for(DEMO_CARD.number))
    )
    shopper.puts_in_basket("wallpapers")
    shopper.client.get("/checkout/shipping-address/", follow=True)
    page_url = shopper.orders(shopper.confirms(), DECLINED).url
    charge_url = f"/dashboard/orders/{the_order().number}/pay-with-saved-card/"
    asked = {"charge": "gather", "reason": "電話"}
    confirmation = hidden_fields(manager.get(charge_url, asked).content.decode())
    assert confirmation["key"]
    payment = Payment.objects.get()
    open_case(payment, kind, now=datetime.now(JST))

    told = shopper.client.get(page_url)
    assert told.context["result"] == "checking"
    assert "card_form" not in told.context
    assert shopper.pays(page_url).status_code == 303
    answer = manager.post(charge_url, confirmation, follow=True)
    assert "結果不明です" in said(answer)
    assert (Payment.objects.count(), simulator.gateway.charges()) == (1, [])
    with pytest.raises(OrderNotPayable):
        pay_by_token(payable(the_order()), Secret(shopper.token_for(DEMO_CARD.number)))
    assert Payment.objects.count() == 1

    dismiss(payment.cases.get().pk, note="請求なしと確認", actor=None)
    shopper.pays(page_url)
    assert the_order().status == "完了"


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
