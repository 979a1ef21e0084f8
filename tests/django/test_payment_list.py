"""決済一覧 on any site: what each filter and each search finds, page by page, and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.django.models import Case, Operation, Payment
from escott.django.payment_list import (
    CSV_ENCODINGS,
    FoundOrders,
    ListFilter,
    NotADate,
    csv_of,
    cursor_of,
    page_of,
    read,
)
from escott.rules.payment_states import PaymentState
from tests.payment_rows import payment_row, slip_row

pytestmark = pytest.mark.usefixtures("account")

TODAY = date(2026, 4, 20)
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=JST)


def new(**columns: Any) -> Payment:
    return payment_row(**{"created_at": NOON, **columns})


def form_of(**filters: str) -> ListFilter:
    return ListFilter(filters, today=TODAY)


def found(**filters: str) -> list[int]:
    """The keys of the payments that the filters leave, in the order of the list."""
    form = form_of(**filters)
    assert form.is_valid(), form.errors
    return keys(page_of(form.selection(), size=50).payments)


def keys(payments: Iterable[Payment]) -> list[int]:
    return [payment.pk for payment in payments]


# ---- filters ----


@pytest.mark.parametrize("state", PaymentState)
def test_each_state_is_a_filter(state: PaymentState) -> None:
    made = {each: new(state=each.value) for each in PaymentState}

    assert found(state=state.value) == [made[state].pk]


def test_the_newest_stand_first_also_where_rows_were_written_in_another_order() -> None:
    newest = new(created_at=NOON + timedelta(hours=2))
    oldest = new(created_at=NOON)
    between = new(created_at=NOON + timedelta(hours=1))

    assert found() == keys([newest, between, oldest])


def test_a_period_by_order_date_has_both_its_days_in_japan() -> None:
    late_in_march = new(created_at=datetime(2026, 3, 31, 23, 59, 59, tzinfo=JST))
    first = new(created_at=datetime(2026, 4, 1, 0, 0, tzinfo=JST))
    last = new(created_at=datetime(2026, 4, 2, 23, 59, 59, tzinfo=JST))
    new(created_at=datetime(2026, 4, 3, 0, 0, tzinfo=JST))

    assert found(since="2026-04-01", until="2026-04-02") == keys([last, first])
    assert found(until="2026/03/31") == keys([late_in_march])


def test_a_period_by_sales_date_stands_in_the_order_of_that_date() -> None:
    late = new(state="captured", captured_on=date(2026, 4, 9))
    early = new(state="captured", captured_on=date(2026, 4, 8), created_at=NOON + timedelta(1))
    new(state="captured", captured_on=date(2026, 4, 10))
    new(state="authorised")

    assert found(dates="sales", since="2026-04-08", until="2026-04-09") == keys([late, early])


def test_uncaptured_are_the_authorised_ones() -> None:
    waiting = new(state="authorised")
    new(state="gathered")
    new(state="expired")

    assert found(mark="uncaptured") == [waiting.pk]


def test_unknown_are_those_whose_last_operation_nobody_knows_the_end_of() -> None:
    charge, capture, done = new(state="unknown"), new(state="authorised"), new(state="gathered")
    for payment, state in ((charge, "unknown"), (capture, "unknown"), (done, "ok")):
        Operation.objects.create(
            payment=payment,
            number=1,
            kind="gather",
            amount=3780,
            key=f"k{payment.pk}",
            state=state,
            started_at=NOON,
        )

    assert found(mark="unknown") == keys([capture, charge])


def test_near_are_the_uncaptured_of_the_next_fourteen_days_the_soonest_first() -> None:
    def until(days: int, state: str = "authorised") -> Payment:
        return new(state=state, operable_until=TODAY + timedelta(days))

    fourteenth, today = until(14), until(0)
    until(15), until(-1), until(3, "captured")

    assert found(mark="near") == keys([today, fourteenth])


@pytest.mark.parametrize(
    ("mark", "kinds"),
    [("amount", {"total_differs", "amount_differs"}), ("state", {"state_differs", "gone"})],
)
def test_differences_are_the_open_cases_of_their_kinds(mark: str, kinds: set[str]) -> None:
    opened = {
        kind: new()
        for kind in ("total_differs", "amount_differs", "state_differs", "gone", "expired")
    }
    for kind, payment in opened.items():
        Case.objects.create(payment=payment, kind=kind, opened_at=NOON)
        Case.objects.create(payment=new(), kind=kind, opened_at=NOON, closed_at=NOON)

    assert set(found(mark=mark)) == {opened[kind].pk for kind in kinds}


def test_attention_test_and_production_are_filters() -> None:
    marked, test = new(needs_attention=True), new(mode="test")

    assert found(mark="attention") == [marked.pk]
    assert found(mode="test") == [test.pk]
    assert found(mode="production") == [marked.pk]


def test_filters_narrow_each_other_and_the_search() -> None:
    hit = new(state="captured", amount=5000, captured_on=date(2026, 4, 2))
    new(state="captured", amount=4000, captured_on=date(2026, 4, 2))
    new(state="captured", amount=5000, captured_on=date(2026, 4, 3))
    new(state="cancelled", amount=5000)

    assert found(q="¥5,000", state="captured", dates="sales", until="2026-04-02") == [hit.pk]


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-02-30"}, "since"),
        ({"since": "0001-01-01"}, "since"),
        ({"until": "9999-12-31"}, "until"),
        ({"since": "2026-04-02", "until": "2026-04-01"}, "until"),
        ({"state": "nowhere"}, "state"),
        ({"method": "cash"}, "method"),
        ({"mark": "x"}, "mark"),
        ({"mode": "both"}, "mode"),
        ({"size": "1000000"}, "size"),
        ({"q": "2月30日"}, "q"),
        ({"q": "¥3,780 13/1"}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "x" * 101}, "q"),
    ],
)
def test_what_cannot_be_understood_is_told_at_its_field(
    filters: dict[str, str], field: str
) -> None:
    form = form_of(**filters)

    assert not form.is_valid()
    assert list(form.errors) == [field]


# ---- search ----


def test_the_search_box_finds_by_each_number_of_a_payment() -> None:
    payment = new(
        order_reference="A-100",
        transaction_code="123456789012",
        last_four="0042",
        amount=12_345,
        email="Hanako@Example.com",
    )
    Operation.objects.create(
        payment=payment,
        number=1,
        kind="gather",
        amount=12_345,
        key="k",
        state="ok",
        started_at=NOON,
        transaction_id="X0001234",
    )
    new(order_reference="A-101", last_four="0043", amount=12_346, email="taro@example.com")

    for text in (
        "A-100",
        "X0001234",
        "123456789012",
        "１２３４５６７８９０１２",
        "0042",
        "**** **** **** 0042",
        "•••• 0042",
        "12345",
        "12,345",
        "¥12,345",
        "￥12345",
        "12,345円",
        "12345 2026-04-01",
        "4/1 ¥12,345",
        "4月1日 12,345円",
        "hanako@example.com",
    ):
        assert found(q=text) == [payment.pk], text


def test_a_number_that_may_mean_several_things_finds_them_all_in_order() -> None:
    order = new(order_reference="1000", created_at=NOON)
    four = new(last_four="1000", created_at=NOON + timedelta(hours=2))
    amount = new(amount=1000, created_at=NOON + timedelta(hours=1))
    every = new(
        order_reference="1000x",
        last_four="1000",
        amount=1000,
        created_at=NOON + timedelta(hours=3),
    )

    assert found(q="1000") == keys([every, four, amount, order])


def test_an_amount_with_a_date_is_of_that_day_only() -> None:
    hit = new(amount=5000, created_at=NOON)
    new(amount=5000, created_at=NOON + timedelta(days=1))
    new(amount=5001, created_at=NOON)

    assert found(q="5,000 4/1") == [hit.pk]
    assert found(q="2026年4月1日") == sorted(found(since="2026-04-01", until="2026-04-01"))[::-1]


def test_a_date_without_a_year_is_the_last_one() -> None:
    last_december = new(created_at=datetime(2025, 12, 24, 9, 0, tzinfo=JST))

    assert found(q="12/24") == [last_december.pk]


def test_what_nothing_has_is_found_nowhere() -> None:
    new(last_four="", email="")

    for text in ("山田", "99999999", "¥0", "nobody@example.com", "0", "¥12,345,678"):
        assert found(q=text) == [], text


def test_names_are_the_hosts_to_find() -> None:
    mine = new(order_reference="A-1")
    new(order_reference="A-2")
    asked: list[str] = []

    def find(text: str) -> FoundOrders:
        asked.append(text)
        return FoundOrders(("A-1",), all_of_them=False)

    form = ListFilter({"q": " 山田　花子 "}, today=TODAY, find_orders=find)

    assert form.is_valid()
    assert asked == ["山田 花子"]
    assert keys(page_of(form.selection(), size=50).payments) == [mine.pk]
    assert form.reading is not None
    assert not form.reading.all_of_them


@given(st.text(max_size=100))
def test_no_text_at_all_breaks_the_search(text: str) -> None:
    try:
        reading = read(text, TODAY)
    except NotADate:
        return
    for branch in reading.branches:
        str(Payment.objects.filter(branch).values("pk").query)


# ---- pages ----


def walk(size: int, forwards: bool = True, **filters: str) -> list[list[int]]:
    """Every page, by the links between them."""
    form = form_of(**filters)
    assert form.is_valid()
    selection, pages, cursor = form.selection(), [], None
    page = page_of(selection, size=size)
    while True:
        pages.append(keys(page.payments))
        if page.after is None:
            break
        page = page_of(
            selection, size=size, cursor=cursor_of(selection.order, page.after, forwards=True)
        )
    if forwards:
        return pages
    back = [pages[-1]]
    while page.before is not None:
        cursor = cursor_of(selection.order, page.before, forwards=False)
        page = page_of(selection, size=size, cursor=cursor)
        back.append(keys(page.payments))
    return back


@pytest.mark.parametrize("ties", [1, 3, 7])
def test_the_pages_hold_every_payment_once_whether_one_goes_on_or_back(ties: int) -> None:
    made = [new(created_at=NOON + timedelta(minutes=i // ties)) for i in range(7)]
    expected = keys(sorted(made, key=lambda each: (each.created_at, each.pk), reverse=True))

    on, back = walk(2), walk(2, forwards=False)

    assert [key for page in on for key in page] == expected
    assert [len(page) for page in on] == [2, 2, 2, 1]
    assert [key for page in back[::-1] for key in page] == expected


def test_pages_of_a_search_with_several_meanings_hold_every_payment_once() -> None:
    made = [
        new(amount=1000 if i % 2 else 1, last_four="1000" if i % 3 else "", order_reference=f"R{i}")
        for i in range(20)
    ]
    fits = [each.pk for each in made if each.amount == 1000 or each.last_four]

    on = [key for page in walk(3, q="1000") for key in page]

    assert on == sorted(fits, reverse=True)
    assert [key for page in walk(3, forwards=False, q="1000")[::-1] for key in page] == on


def test_nobody_counts_beyond_a_hundred() -> None:
    for _ in range(99):
        new()

    def first() -> Any:
        form = form_of()
        form.is_valid()
        return page_of(form.selection(), size=10)

    page = first()
    assert (page.count, page.has_more_than_counted) == (99, False)
    new()
    assert (first().count, first().has_more_than_counted) == (100, True)
    new()
    assert (first().count, first().has_more_than_counted) == (100, True)


def test_a_place_beside_no_payment_of_the_list_is_no_place() -> None:
    form = form_of(dates="sales", since="2026-04-01")
    form.is_valid()
    order = form.selection().order

    assert cursor_of(order, 10**17, forwards=True) is None
    assert cursor_of(order, new().pk, forwards=True) is None


# ---- slips ----


def slip(**columns: Any) -> Payment:
    return slip_row(**{"created_at": NOON, **columns})


def test_cards_and_slips_are_told_apart() -> None:
    by_card, by_slip = new(), slip()

    assert found(method="card") == [by_card.pk]
    assert found(method="collection") == [by_slip.pk]
    assert found() == keys([by_slip, by_card])


def test_the_states_of_the_filter_say_whose_they_are_for_both_run_out() -> None:
    with override("ja"):
        _all, *groups = form_of().fields["state"].choices  # type: ignore[attr-defined]
        named = {str(group): [str(label) for _value, label in states] for group, states in groups}

    assert "期限切れ" in named["カード"]
    assert named["オンライン収納代行"] == [
        "登録の結果不明",
        "未入金",
        "入金済",
        "取消済み",
        "期限切れ",
    ]
    assert "結果不明" in named["両方のお支払い方法"]


def test_unpaid_are_all_slips_that_wait_for_their_deposit() -> None:
    waiting = slip()
    for state in ("deposited", "deleted", "lapsed", "lost"):
        slip(state=state)
    new()

    assert found(mark="unpaid") == [waiting.pk]


def test_near_their_due_date_are_the_unpaid_of_three_days_and_those_past_it_the_soonest_first() -> (
    None
):
    def due(days: int, state: str = "unpaid") -> Payment:
        return slip(state=state, slip={"due_on": TODAY + timedelta(days=days)})

    last, past, today = due(3), due(-1), due(0)
    due(4)
    due(0, state="deposited")

    assert found(mark="due") == keys([past, today, last])


def test_the_next_page_of_those_near_their_due_date_goes_on_where_the_first_ended() -> None:
    made = [slip(slip={"due_on": TODAY + timedelta(days=day)}) for day in (2, 0, 1, 1)]
    in_order = keys([made[1], made[2], made[3], made[0]])
    selection = form_of(mark="due")
    assert selection.is_valid()
    wanted = selection.selection()

    place = cursor_of(wanted.order, in_order[1], forwards=True)

    assert keys(page_of(wanted, size=2).payments) == in_order[:2]
    assert keys(page_of(wanted, size=2, cursor=place).payments) == in_order[2:]


def test_a_period_by_deposit_date_has_both_its_days_in_japan() -> None:
    def paid(moment: datetime) -> Payment:
        return slip(state="deposited", slip={"deposited_at": moment, "deposited_amount": 3780})

    late = paid(datetime(2026, 4, 9, 23, 59, 59, tzinfo=JST))
    early = paid(datetime(2026, 4, 8, 0, 0, tzinfo=JST))
    paid(datetime(2026, 4, 10, 0, 0, tzinfo=JST))
    slip()

    assert found(dates="deposit", since="2026-04-08", until="2026-04-09") == keys([late, early])


@pytest.mark.parametrize("text", ["12345678901", "1234-5678901", "１２３４５６７８９０１"])
def test_a_slip_is_found_by_its_payment_number_however_it_is_written(text: str) -> None:
    hit = slip(slip={"kessai_number": "12345678901"})
    slip(slip={"kessai_number": "12345678902"})

    assert found(q=text) == [hit.pk]


def test_a_changed_slip_is_found_by_the_number_that_its_customer_was_told_first() -> None:
    hit = slip(slip={"kessai_number": "12345678902", "former_number": "12345678901"})
    slip()

    assert found(q="1234-5678901") == [hit.pk]


def test_a_number_that_the_gateway_writes_with_hyphens_is_found_as_it_is_written() -> None:
    hit = slip(slip={"kessai_number": "1234-5678"})

    assert found(q="1234-5678") == [hit.pk]


def test_a_slip_is_found_by_the_number_on_the_receipt() -> None:
    hit = slip(state="deposited", slip={"receipt_number": "021253738648"})
    slip()

    assert found(q="021253738648") == [hit.pk]


def test_nothing_is_found_by_a_number_that_no_slip_has_yet() -> None:
    slip(slip={"kessai_number": "", "receipt_number": ""})

    assert found(q="-") == []


# ---- CSV ----


def file_of(encoding: str, **filters: str) -> bytes:
    form = form_of(**filters)
    assert form.is_valid()
    with override("ja"):
        return b"".join(csv_of(form.selection(), CSV_ENCODINGS[encoding]))


def lines_of(content: bytes, charset: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode(charset), newline="")))


def test_the_csv_has_japanese_headings_plain_yen_and_japan_time() -> None:
    new(
        transaction_code="000000000007",
        amount=1_234_567,
        state="captured",
        captured_on=date(2026, 4, 3),
        card_brand="visa",
        last_four="0042",
        order_reference="100001",
    )

    content = file_of("utf-8")

    assert content.startswith(b"\xef\xbb\xbf")
    [line] = lines_of(content, "utf-8-sig")
    assert line["取引コード"] == "000000000007"
    assert line["金額"] == "1234567"
    assert line["状態"] == "売上計上"
    assert line["注文日"] == "2026-04-01 12:00:00"
    assert line["売上計上日"] == "2026-04-03"
    assert line["カード番号下4桁"] == "0042"
    assert line["テスト／本番"] == "本番"


def test_the_csv_tells_of_a_slip_what_it_tells_of_no_card() -> None:
    slip(
        state="deposited",
        slip={
            "fee": 330,
            "due_on": date(2026, 4, 8),
            "kessai_number": "012345678901",
            "receipt_number": "021253738648",
            "institution": "LSN",
            "deposited_amount": 3780,
            "deposited_at": datetime(2026, 4, 2, 9, 10, 52, tzinfo=JST),
        },
    )
    new()

    by_slip, by_card = lines_of(file_of("utf-8"), "utf-8-sig")[::-1]

    told = {
        "お支払い方法": "オンライン収納代行",
        "支払回数": "",
        "支払期限": "2026-04-08",
        "払込番号": "012345678901",
        "決済手数料": "330",
        "入金日時": "2026-04-02 09:10:52",
        "入金金額": "3780",
        "受付番号": "021253738648",
        "収納機関": "ローソン",
    }
    assert {name: by_slip[name] for name in told} == told
    assert by_card["お支払い方法"] == "カード"
    assert {by_card[name] for name in told if name not in {"お支払い方法", "支払回数"}} == {""}


def test_the_csv_holds_what_the_list_shows_and_nothing_else() -> None:
    hit = new(state="cancelled")
    new(state="captured")

    [line] = lines_of(file_of("utf-8", state="cancelled"), "utf-8-sig")

    assert line["取引コード"] == hit.transaction_code


def test_shift_jis_shows_what_it_cannot_write_and_never_fails() -> None:
    new(order_reference="髙﨑〜①—𠮷😀é")

    content = file_of("shift_jis")

    [line] = lines_of(content, "cp932")
    assert line["注文番号"] == "髙﨑～①―〓〓〓"


@pytest.mark.parametrize("opening", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("encoding", CSV_ENCODINGS)
def test_no_cell_becomes_a_formula(opening: str, encoding: str) -> None:
    new(order_reference=f'{opening}HYPERLINK("http://example.com")')

    [line] = lines_of(file_of(encoding), {"utf-8": "utf-8-sig", "shift_jis": "cp932"}[encoding])

    assert line["注文番号"] == f'\'{opening}HYPERLINK("http://example.com")'


def test_the_csv_is_written_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escott.django.payment_list.csv_export._CHUNK", 10)
    made = [new() for _ in range(35)]
    form = form_of()
    form.is_valid()

    parts = list(csv_of(form.selection(), CSV_ENCODINGS["utf-8"]))

    assert [part.count(b"\r\n") for part in parts] == [0, 1, 10, 10, 10, 5]
    codes = [line.split(",")[0] for line in b"".join(parts[2:]).decode().splitlines()]
    assert codes == [each.transaction_code for each in reversed(made)]


# ---- the Django admin, for sites without a dashboard ----


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("manager"))
    return client


def shown(page: Any) -> set[str]:
    """The transaction codes of the rows."""
    assert page.status_code == 200, page
    return {payment.transaction_code for payment in page.context["cl"].result_list}


def test_the_admin_has_the_same_marks_and_the_same_search(manager: Client) -> None:
    waiting = new(state="authorised", amount=5000, last_four="0042")
    done = new(state="captured", amount=6000)

    def found_there(**query: str) -> set[str]:
        return shown(manager.get("/admin/escott/payment/", query))

    assert found_there(mark="uncaptured") == {waiting.transaction_code}
    assert found_there(q="6,000円") == {done.transaction_code}
    assert found_there(q="**** 0042") == {waiting.transaction_code}
    assert found_there(q="2/30") == set()
    assert found_there(mark="no such") == found_there(q=" ") == found_there()
