"""支払い待ち: an order that nobody pays is cancelled, and its goods are back on the shelf."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest
from django.core import mail as outbox
from django.db import connection, connections
from oscar.core.loading import get_class, get_model

from escott.clock import JST, SettableClock
from escott.django.jobs import JOBS
from escott.django.mail_queue import queue_mail
from escott.django.mails import send_due
from escott.django.models import (
    Case,
    CaseKind,
    Mail,
    MerchantAccount,
    Payment,
    Trip,
    TripGoal,
    TripKind,
    TripState,
)
from escott.django.models.mail import MailKind
from escott.django.orders import OrderNotPayable
from escott.django.services import claim_payment
from escott.django.services.cases import open_case
from escott.django.services.instruction import CardInstruction
from escott.gateway import Secret
from escott.oscar import abandoned_orders
from escott.oscar.abandoned_orders import cancel_abandoned
from escott.oscar.links import payment_page_url
from escott.oscar.order_moves import move_order
from escott.oscar.payable import payable
from escott.oscar.payment_request import ask_for_payment
from escott.rules.order_status import OrderStatus
from escott.rules.payment_states import LIVE, PaymentState
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.order_staff import ran_out
from tests.soak import figure

EventHandler = get_class("order.processing", "EventHandler")
ShippingEventType = get_model("order", "ShippingEventType")
StockRecord = get_model("partner", "StockRecord")

DECLINED: Final = "4000000007120001"  # G12
NEVER: Final = threading.Event()
HOURS: Final = 72

#: Nobody is kept waiting longer by somebody who holds an order.
LONG: Final = 20


@pytest.fixture
def later(shop: None) -> SettableClock:
    """The clock of a worker that runs when the setting's hours have passed."""
    return SettableClock(datetime.now(JST) + timedelta(hours=HOURS, minutes=1))


@pytest.fixture
def unpaid(shopper: Shopper) -> Any:
    """An order whose card was refused, and nobody came back."""
    shopper.buys(card=DECLINED)
    return the_order()


def set_aside(picture: str = "furoshiki") -> int:
    """Pieces on the shelf that belong to orders."""
    return StockRecord.objects.get(product__slug=picture).num_allocated or 0


def stands(order: Any) -> tuple[str, int]:
    order.refresh_from_db()
    return order.status, set_aside()


def test_after_the_settings_hours_it_is_cancelled_and_its_goods_are_back(
    unpaid: Any, later: SettableClock
) -> None:
    assert stands(unpaid) == ("失敗", 1)
    assert cancel_abandoned(later, NEVER) == 1
    assert stands(unpaid) == ("キャンセル", 0)
    assert len([n for n in unpaid.notes.all() if "72時間" in n.message]) == 1
    assert unpaid.status_changes.filter(new_status="キャンセル").count() == 1


def test_the_shopper_is_told_by_one_mail(unpaid: Any, later: SettableClock, settings: Any) -> None:
    Mail.objects.all().delete()
    for _round in range(3):
        cancel_abandoned(later, NEVER)
    assert list(Mail.objects.values_list("kind", flat=True)) == [MailKind.ORDER_ABANDONED]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_due(later, NEVER)
    assert unpaid.email in [message.to[0] for message in outbox.outbox]
    assert unpaid.number in outbox.outbox[0].body


def test_an_order_of_which_something_was_sent_is_left_to_staff(
    shopper: Shopper, later: SettableClock
) -> None:
    """Its 与信 ran out after the goods had gone, and the customer does not pay by the link."""
    MerchantAccount.objects.update(card_charge="authorise")
    shopper.buys()
    order = the_order()
    kind = ShippingEventType.objects.create(name="出荷")
    EventHandler().handle_shipping_event(order, kind, [order.lines.get()], [1])
    ran_out()
    ask_for_payment(order.pk, key="0" * 32, actor=None)
    later.set(later.now() + timedelta(days=30))
    assert cancel_abandoned(later, NEVER) == 0
    assert stands(order) == ("支払い待ち", 1)

    order.shipping_events.all().delete()
    assert cancel_abandoned(later, NEVER) == 1


def test_before_that_it_is_left_alone(unpaid: Any, later: SettableClock) -> None:
    later.set(later.now() - timedelta(minutes=2))
    assert cancel_abandoned(later, NEVER) == 0
    assert stands(unpaid) == ("失敗", 1)


def test_the_hours_are_a_setting_and_0_is_never(unpaid: Any, later: SettableClock) -> None:
    MerchantAccount.objects.update(abandoned_after_hours=0)
    later.advance(timedelta(days=1000))
    assert cancel_abandoned(later, NEVER) == 0
    MerchantAccount.objects.update(abandoned_after_hours=1)
    later.set(datetime.now(JST) + timedelta(hours=1, minutes=1))
    assert cancel_abandoned(later, NEVER) == 1


def test_an_order_that_waits_for_its_first_payment_is_cancelled_as_well(
    unpaid: Any, later: SettableClock
) -> None:
    move_order(unpaid, OrderStatus.AWAITING_PAYMENT, only_from=[OrderStatus.FAILED])
    assert cancel_abandoned(later, NEVER) == 1
    assert stands(unpaid) == ("キャンセル", 0)


# ---- what keeps an order from being called abandoned ----


def _live(order: Any, _later: SettableClock) -> None:
    Payment.objects.update(live=True, state=PaymentState.UNKNOWN)


def _paid(order: Any, _later: SettableClock) -> None:
    Payment.objects.update(live=True, state=PaymentState.AUTHORISED)


def _late_attempt(order: Any, later: SettableClock) -> None:
    Payment.objects.update(created_at=later.now() - timedelta(hours=HOURS - 1))


def _trip(order: Any, later: SettableClock, state: TripState, hours_ago: int) -> None:
    opened = later.now() - timedelta(hours=hours_ago)
    Trip.objects.create(
        code="000000000001",
        kind=TripKind.SECURE,
        goal=TripGoal.PAY,
        state=state,
        account=MerchantAccount.current(),
        mode="test",
        order_reference=order.number,
        opened_at=opened,
        ends_at=opened + timedelta(hours=1),
    )


def _open_trip(order: Any, later: SettableClock) -> None:
    _trip(order, later, TripState.OPEN, HOURS + 24)


def _late_trip(order: Any, later: SettableClock) -> None:
    _trip(order, later, TripState.EXPIRED, HOURS - 1)


def _link_sent(order: Any, later: SettableClock) -> None:
    sent = SettableClock(later.now() - timedelta(hours=HOURS - 1))
    queue_mail(MailKind.PAYMENT_REQUEST, None, order_reference=order.number, clock=sent)


def _doubt(order: Any, later: SettableClock) -> None:
    open_case(Payment.objects.get(), CaseKind.LATE_DOUBT, now=later.now())


def _late_success(order: Any, later: SettableClock) -> None:
    open_case(Payment.objects.get(), CaseKind.LATE_SUCCESS, now=later.now())


def _not_ours(order: Any, _later: SettableClock) -> None:
    Payment.objects.update(order_reference="another")


def _placed_lately(order: Any, later: SettableClock) -> None:
    Order.objects.update(date_placed=later.now() - timedelta(hours=HOURS - 1))


def _in_progress(order: Any, _later: SettableClock) -> None:
    Order.objects.update(status="処理中")


@pytest.mark.parametrize(
    "sign",
    [
        _live,
        _paid,
        _late_attempt,
        _open_trip,
        _late_trip,
        _link_sent,
        _doubt,
        _late_success,
        _not_ours,
        _placed_lately,
        _in_progress,
    ],
)
def test_it_is_left_alone(
    sign: Callable[[Any, SettableClock], None], unpaid: Any, later: SettableClock
) -> None:
    sign(unpaid, later)
    unpaid.refresh_from_db()
    before = unpaid.status
    assert cancel_abandoned(later, NEVER) == 0
    assert stands(unpaid) == (before, 1)


def test_once_the_doubt_is_over_it_is_cancelled(unpaid: Any, later: SettableClock) -> None:
    _doubt(unpaid, later)
    cancel_abandoned(later, NEVER)
    Case.objects.update(closed_at=later.now())
    assert cancel_abandoned(later, NEVER) == 1


def test_a_hosted_page_that_is_still_open_counts_as_live(
    shopper: Shopper, later: SettableClock
) -> None:
    """Its payment is written before the browser leaves, and stays live until it is told."""
    assert PaymentState.STARTED in LIVE
    shopper.buys()
    Payment.objects.update(state=PaymentState.STARTED)
    Order.objects.update(status="支払い待ち")
    assert cancel_abandoned(later, NEVER) == 0


# ---- exactly once, and either paid or cancelled ----


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls in as many threads, released together."""
    together = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_many_workers_one_cancels_it_and_the_goods_are_back_once(
    unpaid: Any, shopper: Shopper, later: SettableClock
) -> None:
    assert sum(at_once([partial(cancel_abandoned, later, NEVER)] * 4)) == 1
    assert stands(unpaid) == ("キャンセル", 0)
    assert Mail.objects.filter(kind=MailKind.ORDER_ABANDONED).count() == 1


def test_an_order_that_staff_cancelled_is_not_restocked_again(
    unpaid: Any, later: SettableClock
) -> None:
    from escott.oscar.order_closing import close_order

    close_order(unpaid.pk, OrderStatus.CANCELLED, actor=None)
    assert set_aside() == 0
    assert cancel_abandoned(later, NEVER) == 0
    assert set_aside() == 0


def outcome(order: Any, simulator: SimulatorServer) -> str:
    """Paid with goods set aside, or cancelled with none; anything else is money gone wrong."""
    status, pieces = stands(order)
    charged = len(simulator.gateway.charges(None))
    live = Payment.objects.filter(order_reference=order.number, live=True).count()
    found = (status, pieces, charged, live)
    assert found in {("処理中", 1, 1, 1), ("キャンセル", 0, 0, 0)}, found
    assert not Case.objects.filter(closed_at__isnull=True).exists()
    return status


def test_a_shopper_who_pays_while_it_is_being_cancelled_comes_second(
    unpaid: Any,
    shopper: Shopper,
    simulator: SimulatorServer,
    later: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The press arrives when the job has decided and has not committed yet."""
    really_give_back = abandoned_orders.give_stock_back
    pressing: list[threading.Thread] = []
    answers: list[Any] = []

    def press() -> None:
        try:
            answers.append(shopper.pays(payment_page_url(unpaid)))
        finally:
            connections.close_all()

    def give_back_while_the_shopper_presses(*given: Any, **named: Any) -> bool:
        pressing.append(threading.Thread(target=press))
        pressing[0].start()
        pressing[0].join(1.0)
        assert not answers, "the press waits for the one who holds the order"
        return really_give_back(*given, **named)

    monkeypatch.setattr(abandoned_orders, "give_stock_back", give_back_while_the_shopper_presses)
    assert cancel_abandoned(later, NEVER) == 1
    pressing[0].join(LONG)
    assert outcome(unpaid, simulator) == "キャンセル"
    page = shopper.client.get(answers[0].url, follow=True).content.decode()
    assert "data-escott-card-form" not in page


def test_a_shopper_who_has_begun_to_pay_is_not_cancelled(
    unpaid: Any,
    shopper: Shopper,
    simulator: SimulatorServer,
    later: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The job decides when the claim is written and not committed yet."""
    from escott.django.signals import charge_claimed

    working: list[threading.Thread] = []
    cancelled: list[int] = []

    def work() -> None:
        try:
            cancelled.append(cancel_abandoned(later, NEVER))
        finally:
            connections.close_all()

    def let_the_job_run(**_kwargs: Any) -> None:
        working.append(threading.Thread(target=work))
        working[0].start()
        working[0].join(1.0)

    charge_claimed.connect(let_the_job_run, weak=False)
    try:
        shopper.pays(payment_page_url(unpaid))
    finally:
        charge_claimed.disconnect(let_the_job_run)
    working[0].join(LONG)
    assert cancelled == [0]
    assert outcome(unpaid, simulator) == "処理中"


@pytest.mark.parametrize("_round", range(figure(3, 50)))
def test_at_the_same_moment_it_is_either_paid_or_cancelled(
    _round: int, unpaid: Any, shopper: Shopper, simulator: SimulatorServer, later: SettableClock
) -> None:
    press = partial(shopper.pays, payment_page_url(unpaid))
    at_once([press, partial(cancel_abandoned, later, NEVER)])
    outcome(unpaid, simulator)


def test_no_charge_is_claimed_for_an_order_that_is_closed_or_gone(
    unpaid: Any, simulator: SimulatorServer
) -> None:
    order = payable(unpaid)
    for close in (lambda: Order.objects.update(status="キャンセル"), Order.objects.all().delete):
        close()
        token = Secret(simulator.gateway.token_for())
        with pytest.raises(OrderNotPayable):
            claim_payment(order, CardInstruction(token=token))
    assert Payment.objects.count() == 1


def test_the_worker_does_it() -> None:
    assert JOBS["cancel abandoned orders"] is cancel_abandoned


def test_the_orders_are_found_by_an_index(shop: None) -> None:
    table = Order._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    assert found["escott_orders_by_status"]["columns"] == ["status", "date_placed"]
