"""決済一覧 in Oscar's dashboard: what it shows, finds by person, exports, and to whom."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escott.django.clock import the_clock
from escott.django.models import Case, Payment
from escott.oscar import order_search
from escott.oscar.address_indexes import INDEXES, make_address_indexes
from escott.oscar.order_search import find_orders
from tests.oscar.conftest import Order, Shopper, the_order
from tests.payment_rows import NOON, payment_row, slip_row

LIST, CSV = "/dashboard/payments/list/", "/dashboard/payments/list/csv/"


@pytest.fixture
def clerk(shop: None) -> Callable[..., Client]:
    """Makes a member of staff who holds these permissions of ours."""

    def make(*codenames: str) -> Client:
        user = get_user_model().objects.create_user(
            f"clerk{len(codenames)}", f"clerk{len(codenames)}@example.com", is_staff=True
        )
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return make


def keys(page: Any) -> list[int]:
    assert page.status_code == 200, page
    return [row.payment.pk for row in page.context["rows"]]


def text_of(page: Any) -> str:
    """What can be read on a page, without its tags."""
    words = re.sub(r"<[^>]+>", " ", page.content.decode())
    return " ".join(unescape(words).split())


# ---- what a row shows ----


def test_a_row_shows_all_that_staff_look_for(shopper: Shopper, staff: Client) -> None:
    shopper.buys()
    order = the_order()
    payment = Payment.objects.get()
    payment.card_brand, payment.last_four = "visa", "1000"
    payment.save()

    page = staff.get(LIST)

    text = text_of(page)
    for words in (
        payment.transaction_code,
        "与信売上計上",
        "テスト",
        "¥3,780",
        "VISA •••• 1000",
        "山田 花子",
        "hanako@example.com",
    ):
        assert words in text
    html = page.content.decode()
    assert f'href="/dashboard/orders/{order.number}/"' in html
    assert f'href="/dashboard/payments/{payment.pk}/"' in html


def test_a_payment_whose_order_was_deleted_stays_and_says_so(
    shopper: Shopper, staff: Client
) -> None:
    shopper.buys()
    order = the_order()
    order.delete()

    page = staff.get(LIST)

    assert keys(page) == [Payment.objects.get().pk]
    assert "/dashboard/orders/100001/" not in page.content.decode()
    assert f"{order.number} 削除済み" in text_of(page)


def test_an_uncaptured_payment_tells_how_many_days_are_left(staff: Client) -> None:
    today = (NOON + timedelta(days=1)).date()
    for days, words in (
        (20, "あと20日"),
        (14, "あと14日"),
        (0, "本日まで"),
        (-1, "期限を過ぎています"),
    ):
        Payment.objects.all().delete()
        payment_row(operable_until=today + timedelta(days=days))

        page = staff.get(LIST)

        assert words in text_of(page)
        assert ("es-payments__near" in page.content.decode()) is (days <= 14)
    Payment.objects.all().delete()
    payment_row(state="captured", operable_until=today, captured_on=date(2026, 4, 2))
    text = text_of(staff.get(LIST))
    assert "本日まで" not in text
    assert "売上計上 2026/04/02" in text


@pytest.mark.parametrize(
    ("state", "days", "words", "near"),
    [
        ("unpaid", 4, "支払期限 あと4日", False),
        ("unpaid", 3, "支払期限 あと3日", True),
        ("unpaid", 0, "支払期限 本日まで", True),
        ("unpaid", -1, "支払期限 期限を過ぎています", True),
        ("deposited", 0, "支払期限", False),
        ("deleted", -1, "支払期限", False),
    ],
)
def test_a_slip_tells_until_when_it_can_be_paid(
    state: str, days: int, words: str, near: bool, staff: Client
) -> None:
    due = the_clock().now().date() + timedelta(days=days)
    payment = slip_row(state=state, slip={"due_on": due})

    page = staff.get(LIST, {"method": "collection"})

    text = text_of(page)
    for shown in (payment.transaction_code, "コンビニ等", f"{due:%Y/%m/%d} {words}"):
        assert shown in text
    assert f"escott-badge--{state}" in page.content.decode()
    assert ("es-payments__near" in page.content.decode()) is near
    assert ("あと" in text) is (state == "unpaid" and days > 0)


def test_a_deposit_tells_its_day(staff: Client) -> None:
    paid_at = NOON.replace(hour=23)
    slip_row(state="deposited", slip={"deposited_at": paid_at, "deposited_amount": 3780})

    assert f"入金 {paid_at:%Y/%m/%d}" in text_of(staff.get(LIST))


def test_the_filters_in_force_are_named_for_slips_as_well(staff: Client) -> None:
    slip_row()

    page = staff.get(LIST, {"method": "collection", "state": "lapsed"})

    chips = {str(chip.label): chip.value for chip in page.context["chips"]}
    assert chips == {"お支払い方法": "オンライン収納代行", "状態": "期限切れ"}
    assert "払込番号・受付番号" in text_of(page)


def test_what_needs_attention_leads_to_the_queue(staff: Client) -> None:
    payment = payment_row(needs_attention=True)
    Case.objects.create(payment=payment, kind="gone", opened_at=NOON)

    page = staff.get(LIST)

    assert re.search(r'href="/dashboard/payments/cases/"[^>]*>要対応<', page.content.decode())


# ---- who may ----


def test_the_list_is_for_staff_who_may_see_payments(
    clerk: Callable[..., Client], shopper: Shopper
) -> None:
    assert shopper.client.get(LIST).status_code == 302
    without, seeing = clerk(), clerk("view_payment")
    for path in (LIST, CSV, "/dashboard/payments/batches/"):
        assert without.get(path).status_code == 403
        assert seeing.get(path).status_code == 200


@pytest.mark.parametrize(
    ("permissions", "buttons"),
    [
        (("view_payment",), set()),
        (("view_payment", "capture_payment"), {"capture"}),
        (("view_payment", "capture_payment", "cancel_payment"), {"capture", "cancel"}),
    ],
)
def test_without_a_permission_there_is_neither_box_nor_button(
    clerk: Callable[..., Client], permissions: tuple[str, ...], buttons: set[str]
) -> None:
    payment_row()

    html = clerk(*permissions).get(LIST).content.decode()

    assert set(re.findall(r'name="kind" value="(\w+)"', html)) == buttons
    assert ('name="payment"' in html) is bool(buttons)


# ---- filters on the page ----


def test_filters_in_force_stand_there_and_can_be_removed_one_by_one(staff: Client) -> None:
    payment_row(amount=5000, state="captured")
    payment_row(amount=5000, state="authorised")

    page = staff.get(LIST, {"q": "¥5,000", "state": "captured", "since": "2020-01-01"})

    chips = {str(chip.label): (chip.value, chip.url) for chip in page.context["chips"]}
    assert {label: value for label, (value, _url) in chips.items()} == {
        "検索": "¥5,000",
        "状態": "売上計上",
        "注文日 開始日": "2020/01/01",
    }
    without_state = staff.get(f"{LIST}?{chips['状態'][1]}")
    assert len(keys(page)) == 1
    assert len(keys(without_state)) == 2
    assert f'href="{LIST}">すべて表示' in page.content.decode()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"since": "someday"}, "日付は 2026-04-01 の形で入力してください。"),
        ({"q": "2/30"}, "存在しない日付です。"),
        ({"since": "2026-04-02", "until": "2026-04-01"}, "期間の終わりが始まりより前"),
        ({"state": "nowhere"}, "nowhere"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_shows_no_payments(
    query: dict[str, str], told: str, staff: Client
) -> None:
    payment = payment_row()

    page = staff.get(LIST, query)

    assert page.status_code == 400
    assert told in text_of(page)
    assert payment.transaction_code not in page.content.decode()


@pytest.mark.parametrize("place", ["x", "-1", "9" * 40, "１", "1.5", ""])
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_place_that_makes_no_sense_is_the_first_page(way: str, place: str, staff: Client) -> None:
    payment = payment_row()

    assert keys(staff.get(LIST, {way: place})) == [payment.pk]


def test_the_links_between_pages_lead_on_and_back_with_the_filters(staff: Client) -> None:
    made = [payment_row(amount=5000).pk for _ in range(210)][::-1]
    payment_row(amount=6000)

    first = staff.get(LIST, {"q": "¥5,000"})
    [on] = re.findall(r'href="([^"]*after=[^"]*)"', first.content.decode())
    second = staff.get(LIST + unescape(on))
    [back] = re.findall(r'href="([^"]*before=[^"]*)"', second.content.decode())

    assert "100件以上" in text_of(first)
    assert (keys(first), keys(second)) == (made[:50], made[50:100])
    assert keys(staff.get(LIST + unescape(back))) == made[:50]
    assert keys(staff.get(LIST, {"q": "¥5,000", "size": "200"})) == made[:200]


# ---- found by person ----


@pytest.fixture
def hanako(shopper: Shopper) -> Payment:
    """Her payment, among those of others."""
    shopper.buys()
    address = the_order().shipping_address
    for number, words in enumerate(("佐藤 太郎", "山本 花子"), start=2):
        address.pk = None
        address.last_name, address.first_name = words.split()
        address.phone_number = f"+8131111000{number}"
        address.save()
        Order.objects.create(
            number=f"90000{number}",
            shipping_address=address,
            total_incl_tax=1,
            total_excl_tax=1,
        )
        payment_row(order_reference=f"90000{number}", email=f"other{number}@example.com")
    return Payment.objects.get(order_reference="100001")


@pytest.mark.parametrize(
    "text",
    [
        "山田",
        "山田花子",
        "山田 花子",
        "山田　花",
        "花子 山田",
        "ヤマダ",
        "やまだ はなこ",
        "ﾔﾏﾀﾞﾊﾅｺ",
        "はなこ",
        "03-1234-5678",
        "0312345678",
        "０３（１２３４）５６７８",
        "+81 3 1234 5678",
        "03-1234-5",
        "hanako@example.com",
        "HANAKO@example.com",
    ],
)
def test_a_customer_is_found_by_name_reading_telephone_and_e_mail(
    text: str, hanako: Payment, staff: Client
) -> None:
    assert keys(staff.get(LIST, {"q": text})) == [hanako.pk]


@pytest.mark.parametrize("text", ["田", "山", "花子"])
def test_the_beginning_of_a_name_is_enough_and_its_middle_is_not(
    text: str, hanako: Payment, staff: Client
) -> None:
    found = keys(staff.get(LIST, {"q": text}))

    assert len(found) == {"田": 0, "山": 2, "花子": 2}[text]


@pytest.mark.parametrize("text", ["%", "_田", "山%", "\\", "'; --", "0%1234567"])
def test_signs_of_the_database_are_letters_like_any_other(
    text: str, hanako: Payment, staff: Client
) -> None:
    assert keys(staff.get(LIST, {"q": text})) == []


def test_a_name_that_too_many_orders_have_says_that_only_the_newest_are_shown(
    hanako: Payment, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_search, "MOST", 1)

    assert not find_orders("山").all_of_them
    page = staff.get(LIST, {"q": "山"})

    assert len(keys(page)) == 1
    assert "件を超えたため" in text_of(page)
    assert find_orders("山田").all_of_them


def test_the_indexes_of_names_are_there_after_every_migrate(shop: None) -> None:
    def there() -> set[str]:
        with connection.cursor() as cursor:
            table = Order._meta.get_field("shipping_address").related_model._meta.db_table
            return set(connection.introspection.get_constraints(cursor, table))

    assert set(INDEXES) <= there()
    with connection.cursor() as cursor:
        cursor.execute('DROP INDEX "escott_address_name"')
    make_address_indexes()
    assert set(INDEXES) <= there()


# ---- CSV ----


@pytest.fixture
def _two(shopper: Shopper) -> None:
    shopper.buys()
    payment_row(amount=5000, state="cancelled", order_reference="=1+1")


@pytest.mark.usefixtures("_two")
@pytest.mark.parametrize(
    ("encoding", "charset", "codec"),
    [("utf-8", "utf-8", "utf-8-sig"), ("shift_jis", "Shift_JIS", "cp932")],
)
def test_the_csv_of_the_page_is_a_stream_with_names(
    encoding: str, charset: str, codec: str, staff: Client
) -> None:
    answer = staff.get(CSV, {"encoding": encoding})

    assert answer.streaming
    assert answer["Content-Type"] == f"text/csv; charset={charset}"
    assert "no-store" in answer["Cache-Control"]
    assert re.fullmatch(
        r'attachment; filename="payments-[0-9]{8}-[0-9]{4}\.csv"', answer["Content-Disposition"]
    )
    lines = list(csv.DictReader(StringIO(b"".join(answer).decode(codec), newline="")))
    by_order = {line["注文番号"]: line for line in lines}
    assert set(by_order) == {"100001", "'=1+1"}
    assert by_order["100001"]["お客様"] == "山田 花子"
    assert by_order["100001"]["金額"] == "3780"
    assert by_order["'=1+1"]["状態"] == "取消"


@pytest.mark.usefixtures("_two")
def test_the_csv_is_of_the_filtered_list(staff: Client) -> None:
    answer = staff.get(CSV, {"encoding": "utf-8", "state": "cancelled"})

    assert b"".join(answer).count(b"\r\n") == 2
    page = staff.get(LIST, {"state": "cancelled"}).content.decode()
    assert f'href="{CSV}?state=cancelled&amp;encoding=shift_jis"' in page


def test_the_csv_of_a_filter_that_makes_no_sense_leads_to_the_page_that_says_so(
    staff: Client,
) -> None:
    answer = staff.get(CSV, {"since": "x"})

    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?since=x")
    assert staff.get(CSV, {"encoding": "ebcdic"}).status_code == 400


# ---- the list of orders ----


def test_the_list_of_orders_asks_once_for_all_its_payments(
    shopper: Shopper,
    new_shopper: Callable[[], Shopper],
    staff: Client,
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = staff.get("/dashboard/orders/")
        assert "escott-badge--gathered" in page.content.decode()
        return sum('FROM "escott_payment"' in query["sql"] for query in queries)

    shopper.buys()
    assert asked() == 1
    new_shopper().buys()
    assert asked() == 1
