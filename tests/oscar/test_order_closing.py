"""After 取消: the order is closed by staff, and its goods go back on the shelf exactly once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from oscar.core.loading import get_class, get_model

from escott.django.models import AuditEntry, MerchantAccount, Payment
from escott.django.services import operate
from escott.oscar.models import StockReturn
from escott.oscar.order_closing import (
    NotClosed,
    Refusal,
    close_order,
    complete_order,
    give_stock_back,
)
from escott.oscar.payment_request import NotAsked, ask_for_payment
from escott.rules.card_states import CardOperation
from escott.rules.order_status import OrderStatus
from shop.seed.accounts import STAFF
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.order_staff import (
    CHANGES_ORDERS,
    member_of_staff,
    opens,
    ran_out,
    said,
    together,
)

CANCELLED, REFUNDED = OrderStatus.CANCELLED, OrderStatus.REFUNDED

EventHandler = get_class("order.processing", "EventHandler")
ShippingEventType = get_model("order", "ShippingEventType")
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def staff(new_shopper: Callable[[], Shopper]) -> Shopper:
    return member_of_staff(new_shopper(), CHANGES_ORDERS)


@pytest.fixture
def boss(shop: None) -> Any:
    return get_user_model().objects.get(email=STAFF[0])


@pytest.fixture
def order(shopper: Shopper) -> Any:
    """Two pots, paid; the payment has been cancelled since."""
    shopper.orders(shopper.goes_to_confirmation("kyusu", 2))
    operate(Payment.objects.get().pk, CardOperation.CANCEL, key="cancel")
    return the_order()


def shelf() -> tuple[int, int]:
    """Pots on the shelf, and how many of them are set aside."""
    record = StockRecord.objects.get(partner_sku="kyusu")
    return record.num_in_stock, record.num_allocated or 0


def close_page(order: Any) -> str:
    return f"/dashboard/orders/{order.number}/close/"


def closes(staff: Shopper, order: Any, **given: Any) -> Any:
    return staff.client.post(close_page(order), {"to": "cancelled", **given}, follow=True)


def ships(order: Any, pieces: int) -> None:
    """Staff have noted in Oscar that so many pots were sent."""
    kind = ShippingEventType.objects.get_or_create(code="shipped", defaults={"name": "Shipped"})[0]
    EventHandler().handle_shipping_event(order, kind, [order.lines.get()], [pieces])


def test_after_a_cancellation_the_order_stays_and_closing_is_offered(
    order: Any, staff: Shopper
) -> None:
    assert the_order().status == "処理中"
    assert shelf()[1] == 2
    assert close_page(order) in opens(staff, f"/dashboard/orders/{order.number}/")


@pytest.mark.parametrize(("to", "word"), [("cancelled", "キャンセル"), ("refunded", "払い戻し")])
def test_closing_gives_the_status_and_the_goods_back(
    order: Any, staff: Shopper, to: str, word: str
) -> None:
    in_stock = shelf()[0]

    closes(staff, order, to=to)

    assert the_order().status == word
    assert shelf() == (in_stock, 0)
    note = the_order().notes.latest("pk")
    assert word in note.message
    assert note.user.username == "sato"
    assert AuditEntry.objects.filter(subject=order.number, actor__username="sato").exists()


def test_a_repeat_gives_nothing_back_again(order: Any, staff: Shopper) -> None:
    StockRecord.objects.filter(partner_sku="kyusu").update(num_allocated=7)
    closes(staff, order)

    answer = closes(staff, order)

    assert shelf()[1] == 5
    assert said(answer)
    assert order.notes.filter(message__contains="キャンセル").count() == 1


def test_refunded_after_cancelled_gives_nothing_back_again(order: Any, staff: Shopper) -> None:
    StockRecord.objects.filter(partner_sku="kyusu").update(num_allocated=7)
    closes(staff, order)

    closes(staff, order, to="refunded")

    assert the_order().status == "払い戻し"
    assert shelf()[1] == 5


def test_a_refunded_order_does_not_become_merely_cancelled(order: Any, boss: Any) -> None:
    close_order(order.pk, REFUNDED, actor=boss)

    with pytest.raises(NotClosed) as refused:
        close_order(order.pk, CANCELLED, actor=boss)

    assert refused.value.refusal is Refusal.NOT_FOR_THIS
    assert the_order().status == "払い戻し"


@pytest.mark.parametrize("staff_at_once", [2, 8])
def test_staff_at_the_same_moment_give_the_goods_back_once(
    order: Any, boss: Any, staff_at_once: int
) -> None:
    StockRecord.objects.filter(partner_sku="kyusu").update(num_allocated=40)

    results = together(
        [
            partial(close_order, order.pk, CANCELLED if place % 2 else REFUNDED, actor=boss)
            for place in range(staff_at_once)
        ]
    )

    assert {type(each) for each in results} <= {Order, NotClosed}
    assert shelf()[1] == 38
    assert StockReturn._default_manager.count() == 1


def test_a_status_set_in_oscars_own_form_before_leaves_the_goods_to_be_given_back_once(
    order: Any, staff: Shopper
) -> None:
    StockRecord.objects.filter(partner_sku="kyusu").update(num_allocated=7)
    order.set_status("キャンセル")
    assert shelf()[1] == 7
    assert close_page(order) in opens(staff, f"/dashboard/orders/{order.number}/")

    closes(staff, order)
    closes(staff, order)

    assert the_order().status == "キャンセル"
    assert shelf()[1] == 5
    assert close_page(order) not in opens(staff, f"/dashboard/orders/{order.number}/")


def test_goods_that_oscars_own_handler_gave_back_are_left_alone(order: Any, boss: Any) -> None:
    StockRecord.objects.filter(partner_sku="kyusu").update(num_allocated=7)
    EventHandler().cancel_stock_allocations(order)

    close_order(order.pk, CANCELLED, actor=boss)

    assert shelf()[1] == 5


def test_oscars_handler_and_ours_at_once_give_the_goods_back_once(order: Any, boss: Any) -> None:
    StockRecord.objects.filter(partner_sku="kyusu").update(num_allocated=40)

    together(
        [
            partial(close_order, order.pk, CANCELLED, actor=boss),
            partial(EventHandler().cancel_stock_allocations, order),
        ]
    )

    assert shelf()[1] == 38
    assert order.lines.get().num_allocated == 0


@pytest.mark.parametrize(("chosen", "in_stock"), [({}, 0), ({"taken_too": "on"}, 2)])
def test_goods_that_left_the_shelf_come_back_only_if_staff_say_so(
    order: Any, staff: Shopper, chosen: dict[str, str], in_stock: int
) -> None:
    before = shelf()[0]
    EventHandler().consume_stock_allocations(order)
    assert shelf() == (before - 2, 0)

    closes(staff, order, **chosen)

    assert shelf() == (before - 2 + in_stock, 0)
    assert the_order().status == "キャンセル"


@pytest.mark.parametrize(("chosen", "set_aside"), [({}, 1), ({"taken_too": "on"}, 0)])
def test_goods_that_were_sent_stay_set_aside_unless_staff_say_so(
    order: Any, staff: Shopper, chosen: dict[str, str], set_aside: int
) -> None:
    ships(order, 1)

    closes(staff, order, **chosen)

    assert shelf()[1] == set_aside


def test_partly_taken_goods_come_back_as_they_stand(order: Any, boss: Any) -> None:
    before = shelf()[0]
    EventHandler().consume_stock_allocations(order, [order.lines.get()], [1])

    close_order(order.pk, CANCELLED, actor=boss, taken_too=True)

    assert shelf() == (before, 0)


def test_an_order_whose_payment_stands_is_not_closed(
    shopper: Shopper, boss: Any, staff: Shopper
) -> None:
    shopper.buys("kyusu")

    with pytest.raises(NotClosed) as refused:
        close_order(the_order().pk, CANCELLED, actor=boss)

    assert refused.value.refusal is Refusal.PAYMENT_STANDS
    assert shelf()[1] == 1
    assert 'name="to"' not in opens(staff, close_page(the_order()))


def test_closing_and_asking_for_payment_at_once_leave_one_of_the_two(order: Any, boss: Any) -> None:
    results = together(
        [
            partial(close_order, order.pk, CANCELLED, actor=boss),
            partial(ask_for_payment, order.pk, key="0" * 32, actor=boss),
        ]
    )

    assert not isinstance(results[0], Exception), results
    assert the_order().status == "キャンセル"
    assert isinstance(results[1], (Order, NotAsked)), results


def test_closing_fails_whole_or_not_at_all(
    order: Any, boss: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_given: Any, **_named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("escott.oscar.order_closing.record_change", breaks)
    with pytest.raises(RuntimeError):
        close_order(order.pk, CANCELLED, actor=boss)

    assert the_order().status == "処理中"
    assert shelf()[1] == 2
    assert not StockReturn._default_manager.exists()


def test_a_job_that_cancels_shares_the_same_row(order: Any, boss: Any) -> None:
    assert give_stock_back(order)
    assert not give_stock_back(order)

    close_order(order.pk, CANCELLED, actor=boss)

    assert shelf()[1] == 0
    assert the_order().status == "キャンセル"


def test_an_authorisation_that_ran_out_offers_to_close_the_order_as_well(
    shopper: Shopper, staff: Shopper
) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    shopper.buys("kyusu")
    ran_out()

    assert close_page(the_order()) in opens(staff, f"/dashboard/orders/{the_order().number}/")
    closes(staff, the_order())
    assert shelf()[1] == 0


def test_a_product_that_is_gone_is_no_obstacle(order: Any, boss: Any) -> None:
    get_model("catalogue", "Product").objects.get(slug="kyusu").delete()

    close_order(order.pk, CANCELLED, actor=boss)

    assert the_order().status == "キャンセル"


# ---- 完了 for digital goods whose 与信 was captured later ----


@pytest.fixture
def digital(shopper: Shopper) -> Any:
    """Wallpapers, authorised and captured later."""
    MerchantAccount.objects.update(card_charge="authorise", order_status="completed")
    shopper.puts_in_basket("wallpapers")
    shopper.goes_as_guest()
    shopper.client.get("/checkout/shipping-address/", follow=True)
    shopper.orders(shopper.confirms())
    operate(Payment.objects.get().pk, CardOperation.CAPTURE, key="capture")
    return the_order()


def test_digital_goods_stay_in_process_with_an_offer_to_complete(
    digital: Any, staff: Shopper
) -> None:
    url = f"/dashboard/orders/{digital.number}/"
    assert digital.status == "処理中"
    assert 'name="to" value="completed"' in opens(staff, url)

    closes(staff, digital, to="completed")

    assert the_order().status == "完了"
    assert 'name="to" value="completed"' not in opens(staff, url)


def test_completing_twice_says_that_it_was_done(digital: Any, boss: Any) -> None:
    complete_order(digital.pk, actor=boss)

    with pytest.raises(NotClosed) as refused:
        complete_order(digital.pk, actor=boss)

    assert refused.value.refusal is Refusal.ALREADY


def test_goods_that_are_shipped_are_not_completed_by_one_press(
    shopper: Shopper, boss: Any, staff: Shopper
) -> None:
    MerchantAccount.objects.update(card_charge="authorise", order_status="completed")
    shopper.buys("kyusu")
    operate(Payment.objects.get().pk, CardOperation.CAPTURE, key="capture")

    assert "completed" not in opens(staff, f"/dashboard/orders/{the_order().number}/")
    with pytest.raises(NotClosed):
        complete_order(the_order().pk, actor=boss)
    assert the_order().status == "処理中"


# ---- Who may ----


def test_without_the_permission_there_is_no_button_and_no_page(
    order: Any, new_shopper: Callable[[], Shopper]
) -> None:
    sato = member_of_staff(new_shopper())

    assert close_page(order) not in opens(sato, f"/dashboard/orders/{order.number}/")
    assert sato.client.get(close_page(order)).status_code == 403
    assert closes(sato, order).status_code == 403
    assert the_order().status == "処理中"


@pytest.mark.parametrize("to", ["", "processing", "failed", "nonsense"])
def test_a_forged_status_is_refused(order: Any, staff: Shopper, to: str) -> None:
    assert closes(staff, order, to=to).status_code == 422
    assert the_order().status == "処理中"
