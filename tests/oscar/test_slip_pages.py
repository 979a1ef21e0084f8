"""The pages of an order that is paid by slip: how to pay while it can be paid, and nothing else."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from escott.clock import JST
from escott.django.days import day_in_words
from escott.django.models import Operation, OperationState, Payment, Slip
from escott.oscar.links import other_way_url, payment_page_url, payment_state_url, thank_you_url
from escott.oscar.order_moves import move_order
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import CUSTOMER
from tests.oscar.conftest import Shopper, the_order
from tests.oscar.konbini import (
    PAYER,
    buys_by_slip,
    chooses,
    gives_up,
    offer_collection,
    orders_by_slip,
    pays_at_lawson,
    the_payment,
    the_slip,
)
from tests.oscar.slip_endings import is_deleted, is_overdue, is_paid, lapses


@pytest.fixture(autouse=True)
def _offered(shop: None) -> None:
    offer_collection()


@pytest.fixture
def unpaid(shopper: Shopper) -> Payment:
    """An order of one furoshiki waits for ¥4,110 at a store."""
    buys_by_slip(shopper)
    return the_payment()


def shown(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def payment_page(shopper: Shopper) -> str:
    return shown(shopper.client.get(payment_page_url(the_order())))


def thank_you_page(shopper: Shopper) -> str:
    return shown(shopper.client.get(thank_you_url(the_order())))


def guest_page(shopper: Shopper) -> str:
    """Oscar's page for an order without an account."""
    order = the_order()
    ask = f"/accounts/order-status-form/{order.number}/{order.verification_hash()}/"
    return shown(shopper.client.post(ask, {"email": order.guest_email}, follow=True))


PAGES = [payment_page, thank_you_page, guest_page]


def state(shopper: Shopper) -> dict[str, str]:
    answer: dict[str, str] = shopper.client.get(payment_state_url(the_order())).json()
    return answer


# ---- while it can be paid ----


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_how_to_pay(
    unpaid: Payment, shopper: Shopper, page: Callable[[Shopper], str]
) -> None:
    slip = the_slip()
    text = page(shopper)
    for words in (
        slip.kessai_number,
        "¥4,110",
        "決済手数料 ¥330 を含みます",
        f"{day_in_words(slip.due_on)} 23:59まで",
        "お支払い方法を選ぶ・払込票を見る",
        f"/JLPCT/JLPcon?code={slip.link_code}&rkbn=2",
        "お支払い先をお選びください",
        "番号をお控えになり",
        "メールでお知らせいたします",
    ):
        assert words in text, words


def test_the_account_says_it_too(shopper: Shopper) -> None:
    shopper.signs_in(*CUSTOMER)
    shopper.puts_in_basket("wallpapers")
    shopper.client.get("/checkout/shipping-address/", follow=True)
    chooses(shopper, **PAYER)
    orders_by_slip(shopper, shopper.confirms())
    number = the_order().number
    page = shown(shopper.client.get(f"/accounts/orders/{number}/"))
    assert the_slip().kessai_number in page
    assert "rkbn=2" in page
    orders = shown(shopper.client.get("/accounts/orders/"))
    assert "お支払いのご案内" in orders
    assert payment_page_url(the_order()) in orders


def test_the_state_is_neither_paid_nor_being_checked(unpaid: Payment, shopper: Shopper) -> None:
    assert state(shopper) == {
        "result": "awaits_deposit",
        "url": payment_page_url(the_order()),
    }
    assert 'data-escott-result="awaits_deposit"' in payment_page(shopper)


def test_nobody_posts_a_card_for_an_order_with_a_slip(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    answer = shopper.pays(payment_page_url(the_order()))
    assert answer.url == payment_page_url(the_order())
    assert simulator.gateway.charges() == []
    assert "data-escott-card-form" not in payment_page(shopper)


def test_the_last_day_is_written_with_its_day_of_the_week() -> None:
    assert day_in_words(date(2027, 4, 7)) == "2027年4月7日（水）"


# ---- when it cannot ----


def _number_lost(_simulator: SimulatorServer) -> None:
    Slip.objects.update(link_code="", former_link_code="x", changed=True)


def _being_deleted(_simulator: SimulatorServer) -> None:
    Operation.objects.create(
        payment=the_payment(),
        number=2,
        kind="delete",
        amount=4110,
        key="k",
        state=OperationState.UNKNOWN,
        started_at=datetime.now(JST),
    )


def _closed_by_staff(_simulator: SimulatorServer) -> None:
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.ON_HOLD])


@pytest.mark.parametrize(
    "become",
    [is_paid, is_deleted, lapses, is_overdue, _number_lost, _being_deleted, _closed_by_staff],
)
def test_a_link_stands_only_while_it_can_be_paid(
    unpaid: Payment,
    shopper: Shopper,
    simulator: SimulatorServer,
    become: Callable[[SimulatorServer], None],
) -> None:
    link_code = the_slip().link_code
    become(simulator)
    answer = shopper.client.get(payment_page_url(the_order()), follow=True)
    for text in (shown(answer), guest_page(shopper)):
        assert link_code not in text
        assert "JLPcon" not in text


def test_a_paid_order_thanks_and_says_where_and_when(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    is_paid(simulator)
    assert state(shopper)["result"] == "paid"
    answer = shopper.client.get(payment_page_url(the_order()))
    assert answer.url == thank_you_url(the_order())
    page = thank_you_page(shopper)
    today = day_in_words(datetime.now(JST).date())
    for words in ("ご注文ありがとうございます", "ローソン", today, "¥4,110"):
        assert words in page, words
    assert "クレジットカード（" not in page


def test_a_lapsed_order_says_so(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    lapses(simulator)
    page = payment_page(shopper)
    assert "までにご入金を確認できなかったため、ご注文はキャンセルとなりました" in page
    assert state(shopper)["result"] == "closed"


def test_a_lapse_is_not_shown_with_an_order_that_staff_have_gone_on_with(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    move_order(the_order(), OrderStatus.PROCESSING, only_from=[OrderStatus.ON_HOLD])
    lapses(simulator)
    for page in (payment_page(shopper), guest_page(shopper)):
        assert "キャンセルとなりました" not in page


def test_an_overdue_slip_asks_for_patience_until_the_grace_is_over(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    is_overdue(simulator)
    page = payment_page(shopper)
    assert "お支払い期限を過ぎました" in page
    assert "翌営業日" in page
    assert other_way_url(the_order()) not in page


def test_a_number_that_may_have_changed_is_not_shown_and_the_shop_is_to_be_asked(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    _number_lost(simulator)
    page = payment_page(shopper)
    assert the_slip().kessai_number not in page
    assert "払込番号が変わっている可能性があります" in page
    assert "shop@example.com" in page
    assert "¥4,110" in page


def test_a_slip_that_is_being_cancelled_is_not_paid_meanwhile(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    _being_deleted(simulator)
    assert state(shopper)["result"] == "checking"
    assert "払込番号を取り消しています" in payment_page(shopper)


def test_a_slip_that_is_being_registered_is_waited_for(shopper: Shopper) -> None:
    buys_by_slip(shopper)
    Payment.objects.update(state="started")
    Slip.objects.update(link_code="", kessai_number="")
    assert state(shopper)["result"] == "checking"
    assert "払込番号を発行しています" in payment_page(shopper)


# ---- another way ----


def test_a_slip_is_given_up_for_a_card(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    page = payment_page(shopper)
    assert other_way_url(the_order()) in page
    asked = shown(shopper.client.get(other_way_url(the_order())))
    assert "この払込番号を取り消します" in asked
    assert the_payment().state == "unpaid", "asked first"

    answer = gives_up(shopper, other_way_url(the_order()))

    assert answer.url == f"{payment_page_url(the_order())}?method=card"
    assert the_payment().state == "deleted"
    assert simulator.gateway.collection.slips()[0].is_deleted
    offered = shown(shopper.client.get(answer.url))
    assert "以前の払込番号は取り消されました" in offered
    assert "data-escott-card-form" in offered
    shopper.pays(payment_page_url(the_order()))
    assert the_order().status == "処理中"
    assert the_order().total_incl_tax == 3780
    assert [charge.amount for charge in simulator.gateway.charges()] == [3780]
    assert any("お客様による操作" in note.message for note in the_order().notes.all())


def test_a_slip_that_was_paid_meanwhile_is_shown_as_paid(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    pays_at_lawson(simulator, unpaid)

    answer = gives_up(shopper, other_way_url(the_order()))

    assert the_payment().state == "deposited"
    assert answer.url == thank_you_url(the_order())


def test_a_cancellation_without_an_answer_offers_no_card_until_it_is_known(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    simulator.gateway.collection.trouble("2Del", "lost_after")

    answer = gives_up(shopper, other_way_url(the_order()))

    assert answer.url == payment_page_url(the_order())
    page = payment_page(shopper)
    assert "払込番号を取り消しています" in page
    assert "data-escott-card-form" not in page
    assert shopper.pays(payment_page_url(the_order())).url == payment_page_url(the_order())
    assert simulator.gateway.charges() == []


def test_a_cancellation_that_never_left_leaves_the_slip_and_says_so(
    unpaid: Payment, shopper: Shopper, settings: Any
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": "http://127.0.0.1:9"}
    answer = gives_up(shopper, other_way_url(the_order()))
    page = shown(shopper.client.get(answer.url))
    assert "払込番号を取り消すことができませんでした" in page
    assert the_slip().kessai_number in page


def test_pressed_twice_it_is_cancelled_once(
    unpaid: Payment, shopper: Shopper, simulator: SimulatorServer
) -> None:
    other_way = other_way_url(the_order())
    asked = shopper.client.get(other_way).context
    posted = {"payment": asked["payment_id"], "seen": asked["seen"], "key": asked["key"]}
    shopper.client.post(other_way, posted)

    again = shopper.client.post(other_way, posted)

    assert again.url == payment_page_url(the_order())
    assert Operation.objects.filter(kind="delete").count() == 1


def test_a_page_from_before_a_change_cancels_nothing(unpaid: Payment, shopper: Shopper) -> None:
    other_way = other_way_url(the_order())
    asked = shopper.client.get(other_way).context
    Operation.objects.create(
        payment=unpaid,
        number=2,
        kind="change",
        amount=4110,
        key="changed",
        state=OperationState.OK,
        started_at=datetime.now(JST),
    )
    posted = {"payment": asked["payment_id"], "seen": asked["seen"], "key": asked["key"]}
    shopper.client.post(other_way, posted)
    assert the_payment().state == "unpaid"


@pytest.mark.parametrize("become", [is_paid, is_deleted, is_overdue, _being_deleted])
def test_what_cannot_be_given_up_is_not_asked(
    unpaid: Payment,
    shopper: Shopper,
    simulator: SimulatorServer,
    become: Callable[[SimulatorServer], None],
) -> None:
    become(simulator)
    before = Operation.objects.filter(kind="delete").count()
    assert shopper.client.get(other_way_url(the_order())).status_code == 303
    shopper.client.post(other_way_url(the_order()), {"payment": unpaid.pk, "key": "x"})
    assert Operation.objects.filter(kind="delete").count() == before


# ---- a refused card becomes a slip ----


def test_a_refused_card_becomes_a_slip_on_the_same_page(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    page_url = shopper.buys(card="4000000007120001").url
    page = shown(shopper.client.get(page_url))
    assert "data-escott-card-form" in page
    assert "決済手数料 ¥330" in page
    form = shown(shopper.client.get(f"{page_url}?method=collection"))
    assert "この方法で支払う（¥4,110）" in form
    assert "¥3,780" in form, "the order itself has no fee yet"
    assert 'name="payer-name"' not in form, "the address tells"
