"""金額不一致: the order's total beside its payment, and the one operation that mends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from escott.django.clock import the_clock
from escott.django.models import Case, Payment
from escott.django.services import operate
from escott.django.services.announce import announce
from escott.django.services.cases import dismiss
from escott.django.services.refunds import record_refund
from escott.oscar.difference_order import order_difference
from escott.oscar.order_moves import move_order
from escott.oscar.order_totals import Difference, compare_total_of, difference_of
from escott.rules.card_states import CardOperation
from escott.rules.order_status import OrderStatus
from escott.rules.order_total import Mending
from shop.seed.accounts import STAFF
from tests.cases import attention_of
from tests.oscar.conftest import Order, Shopper
from tests.oscar.order_staff import member_of_staff, opens


@pytest.fixture
def order(shopper: Shopper) -> Any:
    """A paid order of ¥3,780."""
    shopper.buys()
    return Order.objects.get()


@pytest.fixture
def staff(new_shopper: Callable[[], Shopper]) -> Shopper:
    keeper = new_shopper()
    keeper.signs_in(*STAFF)
    return keeper


def payment() -> Payment:
    return Payment.objects.get(order_reference=Order.objects.earliest("pk").number)


def costs(order: Any, total: int) -> None:
    """Staff have changed the order's total in the shop."""
    order.total_incl_tax = order.total_excl_tax = total
    order.save()
    order.refresh_from_db()


def difference(order: Any) -> Difference:
    found = difference_of(order, the_clock().now())
    assert found is not None
    return found


def period_is_over() -> None:
    yesterday = the_clock().now().date() - timedelta(days=1)
    Payment.objects.update(operable_until=yesterday)


@pytest.mark.parametrize(
    ("total", "over", "mending"),
    [
        (5000, False, Mending.CHANGE_AMOUNT),
        (1000, False, Mending.CHANGE_AMOUNT),
        (0, False, Mending.CANCEL),
        (5000, True, Mending.ORDER_OF_ITS_OWN),
        (1000, True, Mending.RECORD_REFUND),
    ],
)
def test_one_operation_mends_a_difference(
    order: Any, total: int, over: bool, mending: Mending
) -> None:
    costs(order, total)
    if over:
        period_is_over()

    found = difference(order)

    assert (found.amount, found.mending) == (total - 3780, mending)
    assert attention_of(payment()) == "total_differs"


def test_an_order_that_agrees_has_no_case(order: Any) -> None:
    order.save()

    assert difference_of(order, the_clock().now()) is None
    assert attention_of(payment()) == ""


def test_a_cancelled_order_costs_nothing_while_its_payment_stands(order: Any) -> None:
    order.set_status("キャンセル")

    assert difference(order).mending is Mending.CANCEL
    case = Case.objects.get()
    assert (case.kind, case.seen) == ("total_differs", {"amount": 3780, "total": 0})


def test_cancelling_by_an_update_of_the_status_is_seen_as_well(order: Any) -> None:
    move_order(order, OrderStatus.CANCELLED, only_from=[OrderStatus.PROCESSING])

    assert attention_of(payment()) == "total_differs"


def test_the_case_ends_when_the_payment_is_brought_in_line(order: Any) -> None:
    costs(order, 5000)

    operate(payment().pk, CardOperation.CHANGE_AMOUNT, amount=5000, key="change")

    assert attention_of(payment()) == ""
    assert difference_of(order, the_clock().now()) is None


def test_the_case_ends_when_the_payment_is_cancelled(order: Any) -> None:
    order.set_status("キャンセル")

    operate(payment().pk, CardOperation.CANCEL, key="cancel")

    assert attention_of(payment()) == ""


def test_the_case_ends_when_the_order_is_brought_back(order: Any) -> None:
    costs(order, 5000)
    costs(order, 3780)

    assert attention_of(payment()) == ""


def test_the_case_ends_with_the_refund_that_is_recorded(order: Any) -> None:
    costs(order, 3000)
    period_is_over()

    record_refund(
        payment().pk,
        amount=780,
        returned_on=the_clock().now().date(),
        bank="振込",
        reason="値引き",
        key="refund",
        actor=get_user_model().objects.get(email=STAFF[0]),
    )

    assert attention_of(payment()) == ""


def test_what_staff_have_closed_stays_closed_until_something_changes(order: Any) -> None:
    staff = get_user_model().objects.get(email=STAFF[0])
    costs(order, 5000)
    dismiss(Case.objects.get().pk, note="値引き済み", actor=staff)

    order.save()
    assert attention_of(payment()) == ""

    costs(order, 5001)
    assert attention_of(payment()) == "total_differs"


def test_an_order_for_the_difference_explains_it_until_it_is_cancelled(order: Any) -> None:
    costs(order, 5000)

    made = order_difference(order.pk, 1220, key="k", actor=None)
    assert difference_of(order, the_clock().now()) is None
    assert attention_of(payment()) == ""

    made.set_status("キャンセル")
    assert difference(order).amount == 1220
    assert attention_of(payment()) == "total_differs"


def test_an_order_for_more_than_the_total_makes_no_difference_of_its_own(order: Any) -> None:
    order_difference(order.pk, 500, key="k", actor=None)

    assert difference_of(order, the_clock().now()) is None


def test_a_bulk_update_is_seen_on_the_page_and_with_the_next_change(
    order: Any, staff: Shopper
) -> None:
    Order.objects.update(total_incl_tax=5000)

    assert "escott-difference" in opens(staff, f"/dashboard/orders/{order.number}/")
    assert attention_of(payment()) == "", "a page that is shown writes nothing"
    operate(payment().pk, CardOperation.CHANGE_AMOUNT, amount=4000, key="change")
    assert attention_of(payment()) == "total_differs"


def test_nothing_is_offered_while_a_result_is_unknown(shopper: Shopper) -> None:
    shopper.buys(card="4000000091020000")  # later telegrams' answers are lost
    order = Order.objects.get()
    costs(order, 5000)
    operate(payment().pk, CardOperation.CHANGE_AMOUNT, amount=5000, key="change")

    assert difference(order).mending is None


def test_a_late_payment_of_a_closed_order_is_one_matter_and_not_two(
    shopper: Shopper, simulator: Any
) -> None:
    shopper.buys(card="4000000090020001")  # the answer is lost
    Order.objects.update(status="キャンセル")
    unknown = payment()
    Payment.objects.update(state="gathered", announce_due_at=unknown.created_at)
    Case.objects.all().delete()
    unknown.refresh_from_db()

    announce(unknown)

    assert attention_of(unknown) == "order_closed"


def test_a_total_with_a_fraction_is_no_difference_that_could_be_mended(
    order: Any, staff: Shopper
) -> None:
    Order.objects.update(total_incl_tax="3780.50")

    compare_total_of(order.number, the_clock().now())

    assert attention_of(payment()) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("total", ("¥3,780", "¥5,000", "¥1,220")),
        ("status", ("¥3,780", "¥0")),
    ],
)
def test_the_page_says_by_how_much_they_differ(
    order: Any, staff: Shopper, change: str, words: tuple[str, ...]
) -> None:
    if change == "total":
        costs(order, 5000)
    else:
        order.set_status("キャンセル")

    page = opens(staff, f"/dashboard/orders/{order.number}/")
    banner = page.split("escott-difference")[2]

    for word in words:
        assert word in banner


def test_the_page_says_that_the_shop_does_not_touch_the_payment(order: Any, staff: Shopper) -> None:
    assert "escott-banner__hint" in opens(staff, f"/dashboard/orders/{order.number}/")


def test_who_may_not_mend_it_sees_the_difference_without_a_button(
    order: Any, new_shopper: Callable[[], Shopper]
) -> None:
    costs(order, 5000)
    period_is_over()
    url = f"/dashboard/orders/{order.number}/"
    asked = f"{url}difference/?amount=1220"

    assert asked not in opens(member_of_staff(new_shopper()), url)
    may = member_of_staff(new_shopper(), "escott.request_payment", name="suzuki")
    assert asked in opens(may, url)


def test_the_payment_of_a_deleted_order_stays_and_may_be_operated_on(order: Any) -> None:
    standing = payment()
    order.delete()

    cancelled = operate(standing.pk, CardOperation.CANCEL, key="cancel")

    assert cancelled.state == "ok"
    assert Payment.objects.get().state == "cancelled"
    assert Payment.objects.get().announce_due_at is None, "every receiver bears a missing order"


def test_each_operation_is_noted_once_with_who_and_how_much(order: Any) -> None:
    staff = get_user_model().objects.get(email=STAFF[0])
    change = CardOperation.CHANGE_AMOUNT
    operate(payment().pk, change, amount=3000, key="one", actor=staff)
    operate(payment().pk, CardOperation.CANCEL, key="two")
    Payment.objects.update(announce_due_at=the_clock().now())

    announce(payment())

    notes = [note.message for note in order.notes.order_by("pk")]
    changed = [note for note in notes if "利用額変更" in note]
    cancelled = [note for note in notes if "取消" in note]
    assert len(changed) == len(cancelled) == 1
    assert "¥3,000" in changed[0]
    assert "鈴木" in changed[0]
    assert payment().transaction_code in cancelled[0]


def test_a_refused_operation_is_not_noted(shopper: Shopper) -> None:
    shopper.buys()
    order = Order.objects.get()
    before = order.notes.count()
    operate(payment().pk, CardOperation.CHANGE_AMOUNT, amount=3000, key="one")
    assert order.notes.count() == before + 1
