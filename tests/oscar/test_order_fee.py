"""決済手数料: in the order's total exactly while a slip stands, whatever its shopper does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escott.clock import JST, SettableClock
from escott.django.models import CardAttempt, Case, Payment, Slip
from escott.django.orders import OrderNotPayable
from escott.django.services import live_payment_of
from escott.django.services.announce import announce_due
from escott.django.services.collection import accept_deposit, delete_slip
from escott.django.services.recovery import recover_due
from escott.gateway import Client
from escott.oscar.checkout.ways import BySlip
from escott.oscar.difference_order import order_difference
from escott.oscar.links import payment_page_url
from escott.oscar.order_fee import FEE_CODE, fee_in, put_fee, total_without_fee
from escott.oscar.order_moves import move_order
from escott.oscar.order_reopening import reopen_order
from escott.oscar.order_totals import difference_of
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.konbini import buys_by_slip, offer_collection, pays_by_slip, the_payment
from tests.oscar.slip_orders import PAYER
from tests.soak import figure

NEVER: Final = threading.Event()
DECLINED = "4000000007120001"
LOST = "4000000090020001"


@pytest.fixture(autouse=True)
def _offered(shop: None) -> None:
    offer_collection()


@pytest.fixture
def order(shopper: Shopper) -> Any:
    """An order of ¥3,780 whose card was refused."""
    shopper.buys(card=DECLINED)
    return the_order()


def figures(order: Any) -> tuple[int, int, list[int]]:
    """The order's total with and without tax, and its fees."""
    order.refresh_from_db()
    fees = order.surcharges.filter(code=FEE_CODE).values_list("incl_tax", flat=True)
    return int(order.total_incl_tax), int(order.total_excl_tax), [int(fee) for fee in fees]


def test_a_fee_is_there_once_however_often_it_is_put_there(order: Any) -> None:
    for _again in range(3):
        with transaction.atomic():
            put_fee(order, 330)
    assert figures(order) == (4110, 4110, [330])
    assert fee_in(order) == 330
    assert total_without_fee(order) == 3780


def test_another_fee_takes_the_place_of_the_first(order: Any) -> None:
    with transaction.atomic():
        assert put_fee(order, 330)
        assert put_fee(order, 550)
        assert not put_fee(order, 550)
    assert figures(order) == (4330, 4330, [550])


def test_without_a_fee_the_order_is_as_it_was(order: Any) -> None:
    with transaction.atomic():
        put_fee(order, 330)
        put_fee(order, 0)
    assert figures(order) == (3780, 3780, [])


def test_surcharges_of_the_shop_stay(order: Any) -> None:
    order.surcharges.create(name="Wrapping", code="wrapping", incl_tax=110, excl_tax=100)
    Order.objects.update(total_incl_tax=3890, total_excl_tax=3880)
    with transaction.atomic():
        put_fee(order, 330)
        put_fee(order, 0)
    assert figures(order) == (3890, 3880, [])
    assert [row.code for row in order.surcharges.all()] == ["wrapping"]


def test_the_fee_of_a_difference_explains_no_lack_of_money(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    shopper.buys()
    order = the_order()
    Order.objects.update(total_incl_tax=5780, total_excl_tax=5780)
    difference = order_difference(order.pk, 1000, key="k", actor=None)
    with transaction.atomic():
        put_fee(difference, 330)
    order.refresh_from_db()
    found = difference_of(order, order.date_placed)
    assert found is not None
    assert found.total - found.held == 1000


def test_a_total_that_staff_change_at_the_moment_of_the_press_claims_nothing(order: Any) -> None:
    Order.objects.update(total_incl_tax=5000, total_excl_tax=5000)
    assert order.total_incl_tax == 3780  # as the press has read it
    press = BySlip(PAYER, fee=330, press="p")

    with pytest.raises(OrderNotPayable), transaction.atomic():
        press.begin(order)

    assert live_payment_of(order.number) is None
    assert figures(order) == (5000, 5000, [])


def test_a_cancellation_that_is_told_late_leaves_the_next_slip_its_fee(
    shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    buys_by_slip(shopper)
    with monkeypatch.context() as dying:
        dying.setattr("escott.django.services.collection.operations.announce", lambda _: None)
        delete_slip(the_payment().pk, key="k", actor=None)
    pays_by_slip(shopper, payment_page_url(the_order()))

    assert announce_due(SettableClock(datetime.now(JST) + timedelta(minutes=1)), NEVER) == 1

    assert figures(the_order()) == (4110, 4110, [330])
    assert Payment.objects.get(live=True).amount == 4110
    assert not Case.objects.exists()


# ---- a slip that stands after all ----


def test_a_registration_that_was_given_up_too_early_has_its_fee_again(
    shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, seen = Client.send, []

    def slowly(self: Client, telegram: Any) -> Any:
        """The gateway's OK comes when the worker has given it up and told the shop so."""
        monkeypatch.setattr(Client, "send", send)
        outcome = send(self, telegram)
        later = SettableClock(datetime.now(JST) + timedelta(minutes=5))
        recover_due(later, NEVER)
        announce_due(later, NEVER)
        seen.append((the_payment().state, figures(the_order())))
        return outcome

    monkeypatch.setattr(Client, "send", slowly)
    buys_by_slip(shopper)

    assert seen == [("lost", (3780, 3780, []))]
    assert (the_payment().state, the_payment().amount) == ("unpaid", 4110)
    assert figures(the_order()) == (4110, 4110, [330])
    assert not Case.objects.exists()


def test_a_deposit_after_the_slip_was_cancelled_has_its_fee_again_once_it_is_accepted(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    buys_by_slip(shopper)
    payment = the_payment()
    delete_slip(payment.pk, key="k", actor=None)
    assert figures(the_order()) == (3780, 3780, [])
    Slip.objects.update(deposited_amount=4110, deposited_at=datetime.now(JST))

    accept_deposit(payment.pk, actor=None, reason="It was paid a moment before.", key="a")

    assert figures(the_order()) == (4110, 4110, [330])
    assert the_order().status == "処理中"
    assert not Case.objects.filter(closed_at=None).exists()


def test_the_total_of_a_closed_order_stays_as_it_was_until_it_is_reopened(
    shopper: Shopper,
) -> None:
    buys_by_slip(shopper)
    payment = the_payment()
    delete_slip(payment.pk, key="k", actor=None)
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.ON_HOLD])
    Slip.objects.update(deposited_amount=4110, deposited_at=datetime.now(JST))

    accept_deposit(payment.pk, actor=None, reason="It was paid a moment before.", key="a")

    assert figures(the_order()) == (3780, 3780, [])

    reopen_order(the_order().pk, actor=None)

    assert figures(the_order()) == (4110, 4110, [330])
    assert not Case.objects.filter(closed_at=None).exists()


# ---- whatever the shopper does ----


class Everything:
    """What a shopper may do with an order that is not paid."""

    def __init__(self, shopper: Shopper, simulator: SimulatorServer, order: Any) -> None:
        self.shopper, self.simulator, self.order = shopper, simulator, order
        self.page = payment_page_url(order)

    def look(self) -> None:
        self.shopper.client.get(self.page, follow=True)

    def refused_card(self) -> None:
        self._card(DECLINED)

    def lost_card(self) -> None:
        self._card(LOST)

    def card(self) -> None:
        self._card("4000000000001000")

    def slip(self) -> None:
        self._slip()

    def refused_slip(self) -> None:
        self._slip("K23")

    def lost_slip(self) -> None:
        self._slip("lost_before")

    def give_up(self) -> None:
        payment = live_payment_of(self.order.number)
        if payment is not None and payment.state == "unpaid":
            delete_slip(payment.pk, key=f"k{payment.pk}", actor=None)

    def _card(self, number: str) -> None:
        posted = {"token": self.shopper.token_for(number), "amount": 3780}
        self.shopper.client.post(self.page, posted)

    def _slip(self, trouble: str = "") -> None:
        if live_payment_of(self.order.number) is not None:
            trouble = ""
        if trouble:
            self.simulator.gateway.collection.trouble("2Add", trouble)
        posted = {"method": "collection", "amount": 4110}
        self.shopper.client.post(self.page, posted)


DOINGS = (
    "look",
    "refused_card",
    "slip",
    "refused_slip",
    "lost_slip",
    "give_up",
    "card",
    "lost_card",
)


@given(doings=st.lists(st.sampled_from(DOINGS), min_size=1, max_size=6))
@settings(
    max_examples=figure(15, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_total_surcharge_and_payment_agree_after_any_sequence(
    new_shopper: Callable[[], Shopper], simulator: SimulatorServer, doings: list[str]
) -> None:
    CardAttempt.objects.all().delete()  # the limits against card testing count from anew
    shopper = new_shopper()
    before = set(Order.objects.values_list("pk", flat=True))
    shopper.buys(card=DECLINED)
    order = Order.objects.exclude(pk__in=before).get()
    everything = Everything(shopper, simulator, order)
    for doing in doings:
        getattr(everything, doing)()
        order.refresh_from_db()
        live = Payment.objects.filter(order_reference=order.number, live=True).first()
        total, total_excl_tax, fees = figures(order)
        lines = sum(int(line.line_price_incl_tax) for line in order.lines.all())
        by_slip = live is not None and live.method == "collection"
        assert fees == ([330] if by_slip else [])
        assert total == total_excl_tax == lines + int(order.shipping_incl_tax) + sum(fees)
        assert live is None or live.amount == total
        assert not by_slip or Slip.objects.get(payment=live).fee == 330
