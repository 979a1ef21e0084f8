"""出荷CSV: read, shown as a dry run, confirmed once, captured by the worker."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from html import unescape
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from oscar.core.loading import get_model

from escott.clock import SystemClock
from escott.django.models import (
    Batch,
    BatchSource,
    MerchantAccount,
    Operation,
    Payment,
    PlannedOperation,
)
from escott.django.services import operate
from escott.django.services.plans import carry_out_due
from escott.oscar.shipping_list import MOST_LINES, Unreadable, read_shipping_list
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Order, Shopper
from tests.oscar.order_staff import together
from tests.oscar.staff_members import staff_with

OrderNote = get_model("order", "OrderNote")

TODAY: Final = date(2026, 4, 10)
NEVER: Final = threading.Event()
CAPTURE: Final = "escott.capture_payment"
VIEW: Final = "escott.view_payment"
DECLINED: Final = "4000000007120001"

HEAD: Final = "注文番号,出荷日,送り状番号\n"


def read(text: str, encoding: str = "utf-8") -> list[tuple[str, str, str]]:
    found = read_shipping_list((HEAD + text).encode(encoding), TODAY)
    return [
        (each.order_number, each.shipped_on.isoformat(), each.tracking_number)
        for each in found.shipments
    ]


def bad(text: str) -> list[tuple[int, str]]:
    found = read_shipping_list((HEAD + text).encode(), TODAY)
    return [(line.line_number, line.reason) for line in found.bad_lines]


# ---- the file ----


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_is_read_as_a_spreadsheet_or_a_carrier_writes_it(encoding: str, end: str) -> None:
    data = f"{HEAD}100001,2026/04/01,1234-5678-9012\n".replace("\n", end).encode(encoding)
    [shipment] = read_shipping_list(data, TODAY).shipments
    assert (shipment.line_number, shipment.order_number) == (2, "100001")
    assert (shipment.shipped_on, shipment.tracking_number) == (date(2026, 4, 1), "1234-5678-9012")


@pytest.mark.parametrize(
    "head",
    [
        "受注番号,発送日,お問い合わせ番号",
        "Order Number,Shipped on,Tracking number",
        "order_number,shipped_on,tracking_number",
        "　注文番号 ,出 荷 日,伝票番号",
        '"お客様管理番号","出荷予定日","追跡番号"',
    ],
)
def test_its_headings_may_have_other_names(head: str) -> None:
    data = f"{head}\n100001,2026/04/01,1234\n".encode()
    [shipment] = read_shipping_list(data, TODAY).shipments
    assert (shipment.shipped_on, shipment.tracking_number) == (date(2026, 4, 1), "1234")


def test_columns_may_stand_in_any_order_with_others_between() -> None:
    data = "お届け先,送り状番号,品名,注文番号\n山田様,1234,急須,100001\n".encode()
    [shipment] = read_shipping_list(data, TODAY).shipments
    assert (shipment.order_number, shipment.tracking_number) == ("100001", "1234")
    assert shipment.shipped_on == TODAY, "without a day it is today's list"


@pytest.mark.parametrize(
    "cell",
    [
        "2026/04/01",
        "2026-4-1",
        "2026.04.01",
        "20260401",
        "2026年4月1日",
        "２０２６／０４／０１",
        "2026/04/01 18:30",
    ],
)
def test_dates_in_every_usual_form(cell: str) -> None:
    assert read(f"100001,{cell},\n") == [("100001", "2026-04-01", "")]


def test_what_people_and_spreadsheets_put_round_numbers_is_forgiven() -> None:
    assert read('#１００００１,2026/04/01,"=""0123-4567"""\n') == [
        ("100001", "2026-04-01", "0123-4567")
    ]


def test_several_parcels_of_an_order_are_one_shipment() -> None:
    text = "100001,2026/04/01,1\n100002,2026/04/01,9\n100001,2026/04/02,2\n100001,2026/04/02,2\n"
    assert read(text) == [("100001", "2026-04-02", "1, 2"), ("100002", "2026-04-01", "9")]


def test_every_bad_line_is_told_by_its_number_and_costs_no_other() -> None:
    text = (
        ",2026/04/01,1\n"
        "100002,yesterday,1\n"
        "\n"
        "100003,2026/02/30,1\n"
        "100004,2026/04/11,1\n"
        "100005,2026/04/10,4.01235E+11\n"
        "100006\n"
        f"{'9' * 65},2026/04/01,1\n"
        f"100007,2026/04/01,{'9' * 65}\n"
        "100008,2026/04/01,8\n"
    )
    assert [number for number, _reason in bad(text)] == [2, 3, 5, 6, 7, 8, 9, 10]
    assert len({reason for _number, reason in bad(text)}) == 7
    assert read(text) == [("100008", "2026-04-01", "8")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        "出荷日,送り状番号\n2026/04/01,1\n".encode(),
        HEAD.encode("utf-16"),
        b"\x89PNG\r\n\x1a\n\x00\xff",
        (HEAD + "1,,\n" * (MOST_LINES + 1)).encode(),
        b"x" * 1_000_001,
        (HEAD + '1,,"' + "x" * 200_000).encode(),
    ],
    ids=["empty", "blank", "no number", "utf-16", "picture", "lines", "size", "one huge cell"],
)
def test_what_is_no_shipping_list_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read_shipping_list(data, TODAY)
    assert str(refused.value)


@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_there_is_a_result_or_the_one_error(data: bytes) -> None:
    for head in (b"", HEAD.encode(), HEAD.encode("cp932")):
        try:
            found = read_shipping_list(head + data, TODAY)
        except Unreadable:
            continue
        assert all(shipment.order_number for shipment in found.shipments)
        assert all(shipment.shipped_on <= TODAY for shipment in found.shipments)


# ---- the pages ----


@pytest.fixture
def _authorises(shop: None) -> None:
    MerchantAccount.objects.update(card_charge="authorise")


authorises = pytest.mark.usefixtures("_authorises")


@pytest.fixture
def buy(new_shopper: Callable[[], Shopper]) -> Callable[..., Any]:
    """Places an order and gives it."""

    def make(card: str = "4000000000001000") -> Any:
        new_shopper().buys(card=card)
        return Order.objects.latest("pk")

    return make


@pytest.fixture
def clerk(shop: None) -> Client:
    """Somebody who may capture."""
    return staff_with(CAPTURE, VIEW)


def upload(clerk: Client, text: str) -> Any:
    file = SimpleUploadedFile("shipped.csv", (HEAD + text).encode("cp932"), "text/csv")
    return clerk.post(reverse("dashboard:shipping-list"), {"file": file})


def shown_by(page: Any) -> str:
    [found] = re.findall(r'name="shown" value="([^"]+)"', page.content.decode())
    return unescape(found)


def confirm(clerk: Client, page: Any) -> Any:
    return clerk.post(reverse("dashboard:shipping-confirm"), {"shown": shown_by(page)})


def work() -> None:
    carry_out_due(SystemClock(), NEVER)


def payment_of(order: Any) -> Payment:
    return Payment.objects.filter(order_reference=order.number).latest("pk")


@authorises
def test_what_was_shipped_is_shown_confirmed_and_captured(
    buy: Callable[..., Any], clerk: Client, simulator: SimulatorServer
) -> None:
    first, second, third = buy(), buy(), buy()
    page = upload(clerk, f"{first.number},2026/04/01,1234\n{second.number},2026/04/01,5678\n")
    text = page.content.decode()
    assert "¥7,560" in text
    assert not Batch.objects.exists(), "a dry run writes nothing"
    assert not OrderNote.objects.filter(message__contains="1234").exists()
    answer = confirm(clerk, page)
    batch = Batch.objects.get()
    assert answer.url == reverse("dashboard:batch-detail", args=[batch.pk])
    assert (batch.source, batch.plans.count()) == (BatchSource.SHIPPING, 2)
    assert first.notes.filter(message__contains="1234").count() == 1
    assert {payment.state for payment in Payment.objects.all()} == {"authorised"}
    work()
    states = [payment_of(order).state for order in (first, second, third)]
    assert states == ["captured", "captured", "authorised"]
    assert [charge.state for charge in simulator.gateway.charges()].count("captured") == 2
    done_by = Operation.objects.filter(kind="capture").values_list("actor", flat=True)
    assert set(done_by) == {batch.actor_id}
    assert clerk.get(answer.url).status_code == 200


@authorises
def test_a_repeat_of_the_press_shows_the_first_batch(
    buy: Callable[..., Any], clerk: Client
) -> None:
    order = buy()
    page = upload(clerk, f"{order.number},2026/04/01,1234\n")
    answers = [confirm(clerk, page).url for _press in range(3)]
    assert len(set(answers)) == 1
    assert (Batch.objects.count(), PlannedOperation.objects.count()) == (1, 1)
    assert order.notes.filter(message__contains="1234").count() == 1


@authorises
def test_simultaneous_presses_make_one_batch_and_one_note(
    buy: Callable[..., Any], clerk: Client
) -> None:
    order = buy()
    page = upload(clerk, f"{order.number},2026/04/01,1234\n")
    answers = together([partial(confirm, clerk, page)] * 4)
    assert {answer.status_code for answer in answers} == {303}
    assert (Batch.objects.count(), PlannedOperation.objects.count()) == (1, 1)
    assert order.notes.filter(message__contains="1234").count() == 1


@authorises
def test_each_line_that_cannot_be_captured_says_why(buy: Callable[..., Any], clerk: Client) -> None:
    good, refused, closed, cancelled, changed, gathered = (
        buy(),
        buy(DECLINED),
        buy(),
        buy(),
        buy(),
        buy(),
    )
    Order.objects.filter(pk=closed.pk).update(status="キャンセル")
    operate(payment_of(cancelled).pk, CardOperation.CANCEL, key="cancel")
    Order.objects.filter(pk=changed.pk).update(total_incl_tax=100)
    operate(payment_of(gathered).pk, CardOperation.CAPTURE, key="capture")
    orders = (good, refused, closed, cancelled, changed, gathered)
    lines = "".join(f"{order.number},2026/04/01,{order.number}-T\n" for order in orders)
    page = upload(clerk, lines + "999999,2026/04/01,1\n,2026/04/01,1\n")
    told = {row.entry.shipment.order_number: row.entry.meaning for row in page.context["left"]}
    assert told == {
        refused.number: "not_paid",
        closed.number: "order_closed",
        cancelled.number: "not_paid",
        changed.number: "total_differs",
        "999999": "no_order",
    }
    assert [row.entry.order for row in page.context["captures"]] == [good]
    assert [row.entry.order for row in page.context["noted"]] == [gathered]
    assert [line.line_number for line in page.context["bad_lines"]] == [9]
    confirm(clerk, page)
    assert [plan.payment for plan in PlannedOperation.objects.all()] == [payment_of(good)]
    noted = OrderNote.objects.filter(message__contains="-T").values_list("order__number", flat=True)
    assert set(noted) == {good.number, gathered.number}


@authorises
def test_an_unknown_result_is_left_to_staff(buy: Callable[..., Any], clerk: Client) -> None:
    order = buy()
    Operation.objects.update(state="unknown")
    page = upload(clerk, f"{order.number},,\n")
    [row] = page.context["left"]
    assert (row.entry.meaning, row.entry.obstacle) == ("not_possible", "result_unknown")
    assert "shown" not in re.findall(r'name="(\w+)"', page.content.decode())


@authorises
def test_what_changes_before_the_confirmation_is_left_out_and_told(
    buy: Callable[..., Any], clerk: Client
) -> None:
    same, changed, captured = buy(), buy(), buy()
    lines = "".join(f"{order.number},2026/04/01,T\n" for order in (same, changed, captured))
    page = upload(clerk, lines)
    operate(payment_of(changed).pk, CardOperation.CHANGE_AMOUNT, amount=100, key="change")
    Order.objects.filter(pk=changed.pk).update(total_incl_tax=100)
    operate(payment_of(captured).pk, CardOperation.CAPTURE, key="capture")
    answer = clerk.post(
        reverse("dashboard:shipping-confirm"), {"shown": shown_by(page)}, follow=True
    )
    assert changed.number in " ".join(str(each) for each in answer.context["messages"])
    assert [plan.payment for plan in PlannedOperation.objects.all()] == [payment_of(same)]


@authorises
def test_an_order_whose_capture_is_planned_is_not_asked_for_twice(
    buy: Callable[..., Any], clerk: Client
) -> None:
    order = buy()
    text = f"{order.number},2026/04/01,1234\n"
    confirm(clerk, upload(clerk, text))
    page = upload(clerk, text)
    assert [row.entry.meaning for row in page.context["noted"]] == ["planned"]
    assert confirm(clerk, page).url == reverse("dashboard:shipping-list")
    work()
    assert Operation.objects.filter(kind="capture").count() == 1


@authorises
def test_with_automatic_capture_the_list_still_captures_once(
    buy: Callable[..., Any], clerk: Client
) -> None:
    get_model("order", "ShippingEventType").objects.create(name="Shipped")
    MerchantAccount.objects.update(captures_on_shipping=True)
    order = buy()
    confirm(clerk, upload(clerk, f"{order.number},2026/04/01,1234\n"))
    assert order.shipping_events.count() == 1
    assert PlannedOperation.objects.count() == 1


@authorises
def test_a_dry_run_of_somebody_else_or_an_altered_or_old_one_is_not_carried_out(
    buy: Callable[..., Any], clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(clerk, f"{buy().number},2026/04/01,1234\n")
    shown = shown_by(page)
    other = staff_with(CAPTURE, VIEW)
    url = reverse("dashboard:shipping-confirm")
    for who, what in ((other, shown), (clerk, shown[:-1] + "x"), (clerk, "")):
        assert who.post(url, {"shown": what}).url == reverse("dashboard:shipping-list")
    monkeypatch.setattr("escott.oscar.shipping_list.confirmed._GOOD_FOR", timedelta(seconds=-1))
    clerk.post(url, {"shown": shown})
    assert not Batch.objects.exists()


def test_a_file_that_cannot_be_read_says_so_and_the_page_stays(clerk: Client) -> None:
    file = SimpleUploadedFile("picture.png", b"\x89PNG\r\n\x1a\n\xff", "image/png")
    answer = clerk.post(reverse("dashboard:shipping-list"), {"file": file})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert clerk.post(reverse("dashboard:shipping-list")).status_code == 422


@pytest.mark.parametrize("page", ["shipping-list", "shipping-confirm"])
def test_without_the_permission_to_capture_there_is_no_page(page: str, shop: None) -> None:
    url = reverse(f"dashboard:{page}")
    somebody = staff_with(VIEW)
    assert somebody.get(url).status_code == somebody.post(url).status_code == 403
    assert url not in somebody.get(reverse("dashboard:payment-list")).content.decode()
    may = staff_with(CAPTURE, VIEW)
    assert may.get(url).status_code in {200, 303}


def test_the_menu_leads_to_it(clerk: Client) -> None:
    page = clerk.get(reverse("dashboard:shipping-list")).content.decode()
    assert page.count(f'href="{reverse("dashboard:shipping-list")}"') >= 1
