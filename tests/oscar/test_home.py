"""The dashboard's first page: the payments of the day for those who may see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import MerchantAccount, Mode, Notice, Payment, Refund
from escott.django.permissions import VIEW
from escott.django.trade_figures import Amount, Day
from escott.gateway import Secret
from escott.oscar.dashboard.sales_chart import HEIGHT, SalesBy, sales_chart
from shop.seed.accounts import MANAGER
from tests.oscar.conftest import Shopper
from tests.oscar.staff_members import staff_with
from tests.payment_rows import slip_row

HOME = "/dashboard/"

LOST = "4000000090020001"


@pytest.fixture
def manager(new_shopper: Callable[[], Shopper]) -> Client:
    shopper = new_shopper()
    shopper.signs_in(*MANAGER)
    return shopper.client


def page_of(client: Client, address: str = HOME) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    text: str = answer.content.decode()
    return text


def tile(page: str, title: str) -> str:
    """The words of one tile."""
    found = re.search(rf"<li class=\"eh-tile[^>]*>\s*<h3>{title}</h3>(.*?)</li>", page, re.DOTALL)
    assert found, f"no tile {title}"
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


# ---- who sees it ----


def test_the_tiles_are_for_those_who_may_see_payments(shopper: Shopper) -> None:
    shopper.buys()
    without = page_of(staff_with())
    assert "eh-tile" not in without
    assert "¥3,780" in tile(page_of(staff_with(VIEW)), "本日の売上計上額")
    assert "eh-tile" not in without


# ---- what it says ----


def test_the_day_in_tiles(manager: Client, new_shopper: Callable[[], Shopper]) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    new_shopper().buys()
    MerchantAccount.objects.update(card_charge="gather")
    new_shopper().buys()
    new_shopper().buys(card=LOST)
    page = page_of(manager)

    assert tile(page, "本日の売上計上額").startswith("¥3,780 テスト 1件")
    assert re.match("¥3,780 テスト 1 ?件", tile(page, "本日の与信額"))
    assert tile(page, "結果不明").startswith("1件")
    assert tile(page, "要対応").startswith("1件")
    assert tile(page, "操作期限間近").startswith("0件")
    assert "不安定" in tile(page, "決済サービスの状態")
    assert "3件中1件" in tile(page, "決済サービスの状態")
    unknown = Payment.objects.get(state="unknown").transaction_code
    for leads_to, shows_it in (
        ("/dashboard/payments/list/?mark=unknown&mode=test", True),
        ("/dashboard/payments/list/?mark=near&mode=test", False),
        ("/dashboard/payments/cases/", True),
    ):
        assert f'href="{escape(leads_to)}"' in page
        assert (unknown in page_of(manager, leads_to)) is shows_it, leads_to


def test_deposits_of_today_and_slips_that_wait_lead_to_their_payments(manager: Client) -> None:
    now = in_japan(the_clock().now())
    assert "最後の入金通知: まだありません" in tile(page_of(manager), "本日の入金額")
    paid = slip_row(
        mode="test",
        state="deposited",
        slip={"deposited_at": now, "deposited_amount": 3780},
    )
    waiting = slip_row(mode="test", amount=5500, slip={"due_on": now.date()})
    slip_row(mode="production", amount=1)
    Notice.objects.create(payment=paid, received_at=now, raw=Secret("x"))

    page = page_of(manager)

    received = tile(page, "本日の入金額")
    assert received.startswith("¥3,780 本日の入金額 テスト 1件")
    assert f"最後の入金通知: {now:%Y/%m/%d %H:%M:%S}" in received
    assert tile(page, "未入金").startswith(
        "1件 未入金 ¥5,500 3日以内に期限を迎える、または過ぎたもの：1件"
    )
    day = f"{now:%Y-%m-%d}"
    for leads_to, shows, hides in (
        (f"?dates=deposit&since={day}&until={day}&mode=test", paid, waiting),
        ("?mark=unpaid&mode=test", waiting, paid),
        ("?mark=due&mode=test", waiting, paid),
    ):
        address = f"/dashboard/payments/list/{leads_to}"
        assert f'href="{escape(address)}"' in page
        shown = page_of(manager, address)
        assert shows.transaction_code in shown
        assert hides.transaction_code not in shown


def test_a_shop_in_production_counts_no_test_deposit(manager: Client) -> None:
    now = in_japan(the_clock().now())
    slip_row(mode="test", state="deposited", slip={"deposited_at": now, "deposited_amount": 9})
    slip_row(mode="test")
    MerchantAccount.objects.update(mode=Mode.PRODUCTION)

    page = page_of(manager)

    assert tile(page, "本日の入金額").startswith("¥0")
    assert tile(page, "未入金").startswith("0件")


def test_test_mode_is_marked_at_every_sum_and_production_leaves_tests_out(
    manager: Client, shopper: Shopper
) -> None:
    shopper.buys()
    in_test = page_of(manager)
    assert "eh-mode--test" in in_test
    assert tile(in_test, "本日の売上計上額").startswith("¥3,780 テスト")

    MerchantAccount.objects.update(mode=Mode.PRODUCTION)
    in_production = page_of(manager)
    assert "本番" in in_production
    assert tile(in_production, "本日の売上計上額").startswith("¥0 0件")
    assert "eh-mode--test" not in in_production


# ---- the chart ----


def test_the_chart_counts_by_sales_date_or_by_order_date(manager: Client, shopper: Shopper) -> None:
    shopper.buys()
    payment = Payment.objects.get()
    yesterday = payment.created_at - timedelta(days=1)
    Payment.objects.update(created_at=yesterday)
    Refund.objects.create(
        payment=payment,
        amount=780,
        returned_on=payment.captured_on,
        key="refund",
        recorded_at=payment.created_at,
    )

    def row(page: str, day: date) -> str:
        found = re.search(rf">{day.month}/{day.day}</th>(.*?)</tr>", page)
        assert found
        return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())

    assert payment.captured_on is not None
    today, before = payment.captured_on, payment.captured_on - timedelta(days=1)
    by_sales = page_of(manager)
    assert row(by_sales, today) == "¥3,780 （1件） ¥0 （0件） ¥780"
    assert row(by_sales, before).startswith("¥0 （0件） ¥0 （0件）")
    by_order = page_of(manager, f"{HOME}?sales=orders")
    assert row(by_order, today) == "¥0 （0件） ¥0 （0件） ¥780"
    assert row(by_order, before).startswith("¥3,780 （1件）")
    for page in (by_sales, by_order):
        assert "売上計上＋入金－返金</dt><dd>¥3,000" in page
        assert page.count("<rect") == 1
    assert 'href="?sales=orders#escott-sales" aria-current="true"' in by_order


def test_a_word_that_is_none_of_the_two_shows_the_sales_date(manager: Client) -> None:
    page = page_of(manager, f"{HOME}?sales=<script>")
    assert 'href="?sales=sales#escott-sales" aria-current="true"' in page
    assert "<script>" not in page.partition("eh-sales-title")[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, 2000), (2000, 2000), (2001, 4000), (9999, 10000), (10001, 20000), (123456789, 200000000)],
)
def test_the_scale_is_round_and_the_highest_bar_fits(most: int, top: int) -> None:
    days = [Day(date(2026, 4, 1), Amount(1, most)), Day(date(2026, 4, 2))]
    chart = sales_chart(days, SalesBy.SALES_DATE)
    assert (chart.top, chart.half) == (top, top // 2)
    assert [bar.sold.height for bar in chart.bars] == [most * HEIGHT // top, 0]


def test_a_day_with_the_smallest_sale_is_not_empty() -> None:
    days = [Day(date(2026, 4, 1), Amount(1, 1)), Day(date(2026, 4, 2), Amount(1, 9_000_000))]
    assert sales_chart(days, SalesBy.SALES_DATE).bars[0].sold.height == 1


def test_deposits_stand_on_what_was_captured_and_both_fit() -> None:
    day = Day(date(2026, 4, 1), by_sales_date=Amount(1, 3000), deposited=Amount(2, 5000))
    [bar] = sales_chart([day], SalesBy.SALES_DATE).bars

    assert (bar.sold.y, bar.sold.height) == (63, 37)
    assert (bar.deposited.y, bar.deposited.height) == (1, 62)
    [by_order] = sales_chart([day], SalesBy.ORDER_DATE).bars
    assert (by_order.sold.height, by_order.deposited.height) == (0, 0)
