"""The order follows its slip: paid, not paid in time, cancelled (requirements.md A006, A066, A097
and part 2 no. 3 and 8)."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from oscar.core.loading import get_model

from escott.clock import JST, SettableClock
from escott.django.models import Case, CaseKind, CollectionAccount, Mail, MerchantAccount, Payment
from escott.django.services.announce import announce
from escott.django.services.collection import Told, ask_about_deposit, delete_slip
from escott.oscar.abandoned_orders import cancel_abandoned
from escott.oscar.links import payment_page_url
from escott.oscar.order_moves import move_order
from escott.oscar.payable import find_payable, may_be_paid
from escott.oscar.payment_request import Refusal, ask_for_payment, why_not
from escott.oscar.results import Result, result_of
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.konbini import (
    buys_by_slip,
    offer_collection,
    pays_at_lawson,
    pays_by_slip,
    the_payment,
)

StockRecord = get_model("partner", "StockRecord")

NEVER: Final = threading.Event()
HOURS: Final = 72


@pytest.fixture(autouse=True)
def _offered(shop: None) -> None:
    offer_collection()


@pytest.fixture
def unpaid(shopper: Shopper) -> Payment:
    """An order of one furoshiki waits for ¥4,110 at a store."""
    buys_by_slip(shopper)
    return the_payment()


def set_aside(picture: str = "furoshiki") -> int:
    return StockRecord.objects.get(product__slug=picture).num_allocated or 0


def mails() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("kind", flat=True))


def notes() -> list[str]:
    return list(the_order().notes.order_by("pk").values_list("message", flat=True))


def after_grace() -> SettableClock:
    """A clock at which a slip of seven days, and its grace, are over."""
    return SettableClock(datetime.now(JST) + timedelta(days=20))


# ---- paid ----


def test_a_deposit_sets_the_order_to_processing(
    unpaid: Payment, simulator: SimulatorServer
) -> None:
    pays_at_lawson(simulator, unpaid)

    assert ask_about_deposit(unpaid.pk) is Told.PAID

    assert the_order().status == "処理中"
    assert result_of(the_order(), the_payment()) is Result.PAID
    assert mails() == ["slip_registered", "slip_paid"]
    assert set_aside() == 1
    assert not Case.objects.exists()
    assert any("入金" in note and "¥4,110" in note for note in notes())


@pytest.mark.parametrize(
    ("picture", "wanted", "status"),
    [
        ("wallpapers", "completed", "完了"),
        ("wallpapers", "processing", "処理中"),
        ("furoshiki", "completed", "処理中"),
    ],
)
def test_digital_goods_are_completed_where_collections_own_setting_wants_it(
    shopper: Shopper, simulator: SimulatorServer, picture: str, wanted: str, status: str
) -> None:
    CollectionAccount.objects.update(order_status=wanted)
    MerchantAccount.objects.update(order_status="processing")
    buys_by_slip(shopper, picture)
    pays_at_lawson(simulator, the_payment())

    ask_about_deposit(the_payment().pk)

    assert the_order().status == status


def test_a_deposit_for_an_order_that_staff_have_closed_is_told_to_staff(
    unpaid: Payment, simulator: SimulatorServer
) -> None:
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.ON_HOLD])
    pays_at_lawson(simulator, unpaid)

    ask_about_deposit(unpaid.pk)

    assert the_order().status == "キャンセル"
    kinds = set(Case.objects.values_list("kind", flat=True))
    assert kinds == {CaseKind.TOTAL_DIFFERS, CaseKind.ORDER_CLOSED}
    assert mails() == ["slip_registered", "shop_case"]


def test_a_deposit_that_is_announced_again_changes_nothing(
    unpaid: Payment, simulator: SimulatorServer
) -> None:
    pays_at_lawson(simulator, unpaid)
    ask_about_deposit(unpaid.pk)
    noted = notes()
    move_order(the_order(), OrderStatus.COMPLETED, only_from=[OrderStatus.PROCESSING])
    again = the_payment()
    Payment.objects.update(announce_due_at=again.created_at)
    again.refresh_from_db()

    assert announce(again)

    assert the_order().status == "完了"
    assert mails() == ["slip_registered", "slip_paid"]
    assert notes() == noted


def test_another_amount_asks_nobody_to_pay_again(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    pays_at_lawson(simulator, unpaid, amount=4000)
    assert ask_about_deposit(unpaid.pk) is Told.AMOUNT_DIFFERS
    assert the_order().status == "保留中"
    page = shopper.client.get(payment_page_url(the_order())).content.decode()
    assert "ご入金を確認しています" in page
    assert "JLPcon" not in page


# ---- not paid in time ----


def test_a_slip_that_lapses_cancels_its_order_and_its_goods_are_back_once(
    unpaid: Payment, simulator: SimulatorServer
) -> None:
    assert set_aside() == 1

    for _again in range(3):
        assert ask_about_deposit(unpaid.pk, clock=after_grace()) is Told.UNPAID

    assert the_payment().state == "lapsed"
    assert the_order().status == "キャンセル"
    assert set_aside() == 0
    assert mails() == ["slip_registered", "slip_lapsed"]
    assert the_order().total_incl_tax == 4110, "what it cost stays as it was"
    assert the_order().status_changes.filter(new_status="キャンセル").count() == 1


def test_goods_go_back_once_however_often_it_is_announced(unpaid: Payment) -> None:
    ask_about_deposit(unpaid.pk, clock=after_grace())
    StockRecord.objects.filter(product__slug="furoshiki").update(num_allocated=5)
    lapsed = the_payment()
    Payment.objects.update(announce_due_at=lapsed.created_at)
    lapsed.refresh_from_db()

    announce(lapsed)

    assert set_aside() == 5
    assert mails() == ["slip_registered", "slip_lapsed"]


def test_a_lapse_leaves_an_order_alone_that_staff_have_gone_on_with(unpaid: Payment) -> None:
    move_order(the_order(), OrderStatus.PROCESSING, only_from=[OrderStatus.ON_HOLD])

    ask_about_deposit(unpaid.pk, clock=after_grace())

    assert the_order().status == "処理中"
    assert set_aside() == 1
    assert mails() == ["slip_registered"]


def test_a_lapse_that_is_told_late_does_not_close_an_order_that_is_paid_by_card_meanwhile(
    unpaid: Payment, shopper: Shopper
) -> None:
    Payment.objects.update(state="lapsed", live=False)
    card = {"token": shopper.token_for("4000000000001000"), "amount": 3780}
    shopper.client.post(payment_page_url(the_order()), card)
    assert the_order().status == "処理中"
    assert the_order().total_incl_tax == 3780
    lapsed = Payment.objects.get(pk=unpaid.pk)
    Payment.objects.filter(pk=unpaid.pk).update(announce_due_at=lapsed.created_at)
    lapsed.refresh_from_db()

    announce(lapsed)

    assert the_order().status == "処理中"
    assert set_aside() == 1


def test_a_deposit_after_the_lapse_is_told_to_staff(
    unpaid: Payment, simulator: SimulatorServer
) -> None:
    ask_about_deposit(unpaid.pk, clock=after_grace())
    pays_at_lawson(simulator, unpaid, anyway=True)

    ask_about_deposit(unpaid.pk, clock=after_grace())

    assert the_order().status == "キャンセル"
    assert CaseKind.ORDER_CLOSED in Case.objects.values_list("kind", flat=True)
    assert "slip_paid" not in mails()


# ---- cancelled by staff ----


def test_a_slip_that_staff_cancel_leaves_the_order_payable_without_its_fee(
    unpaid: Payment, shopper: Shopper
) -> None:
    delete_slip(unpaid.pk, key="k", actor=None)

    order = the_order()
    assert order.status == "保留中"
    assert order.total_incl_tax == 3780
    assert not order.surcharges.exists()
    assert may_be_paid(order)
    assert set_aside() == 1
    payable = find_payable(order.number)
    assert payable is not None
    assert payable.amount == 3780
    assert "決済手数料を除きました" in "".join(notes())

    shopper.pays(payment_page_url(order))

    assert the_order().status == "処理中"


def test_the_fee_comes_back_with_the_next_slip(unpaid: Payment, shopper: Shopper) -> None:
    delete_slip(unpaid.pk, key="k", actor=None)
    pays_by_slip(shopper, payment_page_url(the_order()))
    assert the_order().total_incl_tax == 4110
    assert the_order().surcharges.count() == 1
    assert Payment.objects.get(live=True).amount == 4110


def test_an_order_that_staff_hold_for_reasons_of_their_own_is_not_asked_to_be_paid(
    shopper: Shopper,
) -> None:
    shopper.buys(card="4000000007120001")
    move_order(the_order(), OrderStatus.ON_HOLD, only_from=[OrderStatus.FAILED])
    Order.objects.update(status="保留中")
    order = the_order()
    assert not may_be_paid(order)
    assert result_of(order, None) is Result.CLOSED
    assert find_payable(order.number) is None


def test_a_card_that_is_refused_after_a_slip_leaves_a_failed_order(
    unpaid: Payment, shopper: Shopper
) -> None:
    delete_slip(unpaid.pk, key="k", actor=None)
    shopper.pays(payment_page_url(the_order()), card="4000000007120001")
    assert the_order().status == "失敗"


# ---- what staff may ask for meanwhile ----


def test_staff_are_told_that_a_slip_is_out(unpaid: Payment) -> None:
    assert why_not(the_order()) is Refusal.AWAITS_DEPOSIT


def test_a_payment_link_for_an_order_whose_slip_was_cancelled(unpaid: Payment) -> None:
    delete_slip(unpaid.pk, key="k", actor=None)
    assert why_not(the_order()) is None
    ask_for_payment(the_order().pk, key="link", actor=None)
    assert the_order().status == "支払い待ち"


# ---- abandoned ----


def later(hours: int = HOURS, minutes: int = 1) -> SettableClock:
    return SettableClock(datetime.now(JST) + timedelta(hours=hours, minutes=minutes))


def test_an_order_with_an_unpaid_slip_is_not_abandoned(unpaid: Payment) -> None:
    assert cancel_abandoned(later(), NEVER) == 0
    assert the_order().status == "保留中"


def test_an_order_whose_slip_was_cancelled_is_abandoned_after_the_setting(unpaid: Payment) -> None:
    Payment.objects.update(created_at=unpaid.created_at - timedelta(days=5))
    Order.objects.update(date_placed=unpaid.created_at - timedelta(days=5))
    delete_slip(unpaid.pk, key="k", actor=None)

    assert cancel_abandoned(later(HOURS - 1), NEVER) == 0, "staff have just cancelled the slip"
    assert cancel_abandoned(later(), NEVER) == 1
    assert the_order().status == "キャンセル"
    assert set_aside() == 0


def test_an_order_whose_registration_was_lost_is_abandoned_after_the_setting(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    simulator.gateway.collection.trouble("2Add", "lost_before")
    buys_by_slip(shopper)
    assert cancel_abandoned(later(), NEVER) == 1
    assert set_aside() == 0


def test_an_order_that_staff_hold_is_never_abandoned(shopper: Shopper) -> None:
    shopper.buys(card="4000000007120001")
    Order.objects.update(status="保留中")
    assert cancel_abandoned(later(), NEVER) == 0


@pytest.mark.parametrize("kind", [CaseKind.DEPOSIT_AFTER_END, CaseKind.PAID_TWICE])
def test_while_a_deposit_is_in_doubt_it_is_not_abandoned(unpaid: Payment, kind: Any) -> None:
    delete_slip(unpaid.pk, key="k", actor=None)
    Case.objects.create(kind=kind, payment=unpaid, opened_at=unpaid.created_at)
    assert cancel_abandoned(later(), NEVER) == 0


# ---- the mail of a registration that came to nothing ----


def test_who_could_not_register_and_went_away_gets_the_way_back_after_ten_minutes(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    simulator.gateway.collection.trouble("2Add", "K23")
    buys_by_slip(shopper)
    [mail] = Mail.objects.all()
    assert mail.kind == "payment_not_charged"
    assert mail.due_at is not None
    assert mail.due_at - mail.queued_at == timedelta(minutes=10)
