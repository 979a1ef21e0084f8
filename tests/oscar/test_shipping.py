"""出荷時に自動で売上計上: what was sent has its 与信 captured by the worker, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
from oscar.core.loading import get_class, get_model

from escott.clock import SystemClock
from escott.django.models import (
    Case,
    CaseKind,
    MerchantAccount,
    Operation,
    Payment,
    PlannedOperation,
    PlanState,
)
from escott.django.services import operate
from escott.django.services.announce import announce
from escott.django.services.expiry import expire_due
from escott.django.services.plans import carry_out_due
from escott.oscar.order_moves import move_order
from escott.oscar.shipping import is_shipped, record_shipment
from escott.rules.card_states import CardOperation
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.oscar.conftest import Order, Shopper, the_order

EventHandler = get_class("order.processing", "EventHandler")
ShippingEventType = get_model("order", "ShippingEventType")

NEVER: Final = threading.Event()
TODAY: Final = date(2026, 4, 1)


@pytest.fixture
def _on(shop: None) -> None:
    MerchantAccount.objects.update(captures_on_shipping=True, card_charge="authorise")


on = pytest.mark.usefixtures("_on")


@pytest.fixture
def shipped(shop: None) -> Any:
    """The shop's event type for goods that were sent."""
    return ShippingEventType.objects.create(name="Shipped")


def send(order: Any, event_type: Any, pictures: dict[str, int]) -> None:
    """What Oscar's dashboard does for 出荷 of some of the lines."""
    lines = [line for line in order.lines.all() if line.product.slug in pictures]
    quantities = [pictures[line.product.slug] for line in lines]
    EventHandler().handle_shipping_event(order, event_type, lines, quantities, reference="1234")


def complete(order: Any) -> None:
    """What staff do by Oscar's form."""
    EventHandler().handle_order_status_change(order, "完了")


def work() -> None:
    """The worker does what was planned."""
    carry_out_due(SystemClock(), NEVER)


def the_payment() -> Payment:
    return Payment.objects.latest("pk")


def notes_on(payment: Payment) -> list[str]:
    """The notes of the order that name the payment."""
    notes = the_order().notes.values_list("message", flat=True)
    return [text for text in notes if payment.transaction_code in text]


@on
def test_an_order_that_is_completed_is_captured_by_the_worker(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    shopper.buys()
    complete(the_order())
    assert the_payment().state == "authorised", "the page that ships asks nobody"
    work()
    [booked] = simulator.gateway.charges()
    assert (the_payment().state, booked.state) == ("captured", "captured")
    operation = Operation.objects.get(kind="capture")
    assert (operation.actor, operation.key) == (None, f"shipped-{the_payment().pk}")


@on
def test_an_order_whose_lines_were_sent_is_captured(shopper: Shopper, shipped: Any) -> None:
    shopper.buys()
    send(the_order(), shipped, {"furoshiki": 1})
    work()
    assert the_payment().state == "captured"


@on
def test_an_order_that_is_sent_in_parts_is_captured_with_the_last(
    shopper: Shopper, shipped: Any, simulator: SimulatorServer
) -> None:
    shopper.puts_in_basket("kyusu")
    shopper.orders(shopper.goes_to_confirmation(quantity=3))
    order = the_order()
    for part in ({"furoshiki": 2}, {"kyusu": 1}):
        send(order, shipped, part)
        work()
        assert not is_shipped(order)
        assert the_payment().state == "authorised"
    send(order, shipped, {"furoshiki": 1})
    work()
    assert is_shipped(order)
    [booked] = simulator.gateway.charges()
    assert (booked.state, booked.amount) == ("captured", int(order.total_incl_tax))


@on
def test_a_line_that_needs_no_shipping_is_not_waited_for(shopper: Shopper, shipped: Any) -> None:
    shopper.puts_in_basket("wrapping-guide")
    shopper.orders(shopper.goes_to_confirmation())
    assert not is_shipped(the_order())
    send(the_order(), shipped, {"furoshiki": 1})
    assert is_shipped(the_order())


@on
def test_other_events_of_the_lines_capture_nothing(shopper: Shopper) -> None:
    shopper.buys()
    returned = ShippingEventType.objects.create(name="Returned")
    send(the_order(), returned, {"furoshiki": 1})
    assert not PlannedOperation.objects.exists()


@on
def test_a_shop_has_words_of_its_own_for_what_was_sent(shopper: Shopper, settings: Any) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SHIPPED_EVENTS": ["倉庫を出た"]}
    shopper.buys()
    own = ShippingEventType.objects.create(name="倉庫を出た")
    send(the_order(), own, {"furoshiki": 1})
    assert PlannedOperation.objects.count() == 1


@pytest.mark.parametrize("is_on", [False, True])
def test_the_setting_is_off_until_somebody_switches_it_on(
    is_on: bool, shopper: Shopper, shipped: Any
) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    if is_on:
        MerchantAccount.objects.update(captures_on_shipping=True)
    shopper.buys()
    send(the_order(), shipped, {"furoshiki": 1})
    complete(the_order())
    assert PlannedOperation.objects.count() == is_on


@on
def test_events_and_the_status_together_capture_once(
    shopper: Shopper, shipped: Any, simulator: SimulatorServer
) -> None:
    shopper.buys()
    send(the_order(), shipped, {"furoshiki": 1})
    complete(the_order())
    work()
    move_order(the_order(), OrderStatus.PROCESSING, only_from=[OrderStatus.COMPLETED])
    complete(the_order())
    work()
    assert Operation.objects.filter(kind="capture").count() == 1
    assert PlannedOperation.objects.count() == 1


@on
def test_money_that_was_taken_with_the_order_is_left_alone(shopper: Shopper) -> None:
    MerchantAccount.objects.update(card_charge="gather")
    shopper.buys()
    complete(the_order())
    assert not PlannedOperation.objects.exists()


@on
def test_an_order_whose_total_was_changed_is_left_to_staff(shopper: Shopper) -> None:
    shopper.buys()
    Order.objects.update(total_incl_tax=100)
    complete(the_order())
    work()
    assert the_payment().state == "authorised"
    assert attention_of(the_payment()) == CaseKind.TOTAL_DIFFERS
    assert len(notes_on(the_payment())) == 2, "its authorisation, and why it was not captured"
    again = the_order()
    move_order(again, OrderStatus.PROCESSING, only_from=[OrderStatus.COMPLETED])
    complete(again)
    assert len(notes_on(the_payment())) == 2


@on
def test_what_cannot_be_captured_becomes_a_case(shopper: Shopper) -> None:
    shopper.buys()
    payment = the_payment()
    Operation.objects.filter(payment=payment).update(state="unknown")
    Payment.objects.filter(pk=payment.pk).update(state="unknown")
    complete(the_order())
    work()
    case = Case.objects.get(kind=CaseKind.OPERATION_FAILED)
    assert case.seen == {"operation": "capture", "why": "result_unknown"}
    assert PlannedOperation.objects.get().state == PlanState.LEFT_OUT


@on
def test_what_the_gateway_refuses_becomes_a_case(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    shopper.buys()
    simulator.gateway.console_operate(the_payment().transaction_code, "1Delete")
    complete(the_order())
    work()
    assert attention_of(the_payment()) == "operation_failed+state_differs"


@on
def test_an_order_without_a_payment_that_stands_captures_nothing(shopper: Shopper) -> None:
    shopper.buys()
    operate(the_payment().pk, CardOperation.CANCEL, key="cancel")
    complete(the_order())
    assert not PlannedOperation.objects.exists()


# ---- what a shipping list writes down ----


def test_a_shipment_is_noted_once_with_its_event(
    shopper: Shopper, shipped: Any, django_user_model: Any
) -> None:
    clerk = django_user_model.objects.create_user("suzuki", "suzuki@example.com")
    shopper.orders(shopper.goes_to_confirmation(quantity=2))
    order = the_order()
    for _time in range(2):
        record_shipment(order, TODAY, "1234-5678", actor=clerk)
    [note] = [note for note in order.notes.all() if "1234-5678" in note.message]
    assert ("2026/04/01" in note.message, note.user, note.note_type) == (True, clerk, "System")
    [event] = order.shipping_events.all()
    assert (event.event_type, event.notes) == (shipped, "1234-5678")
    assert [line.quantity for line in event.line_quantities.all()] == [2]


def test_only_what_is_left_is_sent_with_it(shopper: Shopper, shipped: Any) -> None:
    shopper.orders(shopper.goes_to_confirmation(quantity=3))
    send(the_order(), shipped, {"furoshiki": 2})
    record_shipment(the_order(), TODAY, "", actor=None)
    quantities = [
        each.quantity
        for event in the_order().shipping_events.order_by("pk")
        for each in event.line_quantities.all()
    ]
    assert quantities == [2, 1]


def test_a_shop_without_event_types_gets_the_note_alone(shopper: Shopper) -> None:
    shopper.buys()
    record_shipment(the_order(), TODAY, "1234", actor=None)
    assert the_order().notes.filter(message__contains="1234").exists()
    assert not the_order().shipping_events.exists()


# ---- 期限切れ on the order ----


@on
def test_an_authorisation_that_runs_out_is_noted_on_its_order_once(shopper: Shopper) -> None:
    shopper.buys()
    Payment.objects.update(operable_until=date(2026, 1, 1))
    before = notes_on(the_payment())
    assert expire_due(SystemClock(), NEVER) == 1
    for _time in range(2):
        payment = the_payment()
        payment.announce_due_at = payment.created_at
        payment.save(update_fields=["announce_due_at"])
        announce(payment)
    [note] = set(notes_on(the_payment())) - set(before)
    assert "¥3,780" in note
    assert len(notes_on(the_payment())) == len(before) + 1
    assert attention_of(the_payment()) == CaseKind.EXPIRED
    assert the_order().status == "処理中", "what becomes of the order is for staff to say"


@on
def test_the_order_list_and_the_order_page_show_it(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    from shop.seed.accounts import STAFF

    shopper.buys()
    Payment.objects.update(operable_until=date(2026, 1, 1))
    expire_due(SystemClock(), NEVER)
    staff = new_shopper()
    staff.signs_in(*STAFF)
    for url in ("/dashboard/orders/", f"/dashboard/orders/{the_order().number}/"):
        page = staff.client.get(url, follow=True).content.decode()
        assert "escott-badge--expired" in page, url
        assert "期限切れ" in page, url
