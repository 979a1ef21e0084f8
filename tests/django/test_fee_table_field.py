"""決済手数料の表: what is typed, its buttons without a script, its mistakes, its example."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from escott.django.fee_example_answer import fee_example_answer
from escott.django.models import CollectionAccount, FeeRow, MerchantAccount
from escott.django.settings_forms import CollectionSettingsForm, collection_to_change
from escott.django.settings_forms.fee_example import fee_example
from escott.django.settings_forms.fee_rows import FeeRows, TypedRow, TypedTable, yen_in
from escott.rules import fee_table as rule
from escott.rules.yen import COLLECTION_MAXIMUM, format_yen
from tests.django.collection_page import cells, filled

Cells = list[tuple[str, str, str]]

#: The manual's example: up to ¥1,100 free, up to ¥5,500 ¥330, above ¥550.
MANUAL: Cells = [("0", "1100", "0"), ("1101", "5500", "330"), ("5501", "", "550")]


@pytest.fixture
def part(db: None) -> CollectionAccount:
    """Online collection that charges by the manual's example."""
    part = CollectionAccount.objects.create(
        account=MerchantAccount.objects.create(), charges_fee=True
    )
    for first, last, fee in ((0, 1100, 0), (1101, 5500, 330), (5501, None, 550)):
        FeeRow.objects.create(collection=part, from_total=first, up_to=last, fee=fee)
    return part


def table(rows: Cells) -> TypedTable:
    return TypedTable(tuple(TypedRow(*row) for row in rows))


def submit(rows: Cells, **typed: Any) -> CollectionSettingsForm:
    return CollectionSettingsForm(filled(rows, **typed), instance=collection_to_change())


def places(form: CollectionSettingsForm) -> list[str]:
    """The inputs to which the page's summary of errors leads."""
    form.is_valid()
    return [wrong.anchor for wrong in form.wrong()]


# ---- what is typed ----


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("1100", 1100),
        ("１１００", 1100),
        ("1,100", 1100),
        ("１，１００円", 1100),
        (" ¥1 100 ", 1100),
        ("￥１１００", 1100),
        ("0", 0),
        ("007", 7),
        ("99999999", 99_999_999),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("1100yen", None),
        ("千百", None),
        ("100000000", None),
    ],
)
def test_yen_are_understood_as_people_write_them(typed: str, yen: int | None) -> None:
    assert yen_in(typed) == yen


@given(st.text(max_size=20))
def test_whatever_is_typed_is_yen_or_refused(text: str) -> None:
    found = yen_in(text)
    assert found is None or 0 <= found <= 99_999_999


def test_the_manuals_example_is_stored_as_it_stands(part: CollectionAccount) -> None:
    form = submit(MANUAL, title="コンビニ払い")
    assert form.is_valid(), form.errors
    assert form.rows == FeeRows.of(part.stored_fee_rows())
    assert part.fee_table().fee_for(1100) == 0
    assert part.fee_table().fee_for(1101) == 330
    assert part.fee_table().fee_for(5501) == 550


def test_rows_are_kept_by_their_first_total_and_blank_ones_dropped(
    part: CollectionAccount,
) -> None:
    form = submit(
        [("5501", "*", "550"), ("", " ", ""), ("０", "１，１００円", ""), ("1101", "5500", "330")]
    )
    assert form.is_valid(), form.errors
    assert [row.from_total for row in form.rows] == [0, 1101, 5501]
    form.save_as(None)
    assert [(row.from_total, row.up_to, row.fee) for row in part.fee_rows.all()] == [
        (0, 1100, 0),
        (1101, 5500, 330),
        (5501, None, 550),
    ]


# ---- mistakes, at the row and the cell ----


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([("", "1100", "0")], ["_0_from"]),
        ([("0", "1100", "0"), ("x", "5500", "330")], ["_1_from"]),
        ([("-1", "", "")], ["_0_from"]),
        ([("0", "ten", "0")], ["_0_up_to"]),
        ([("0", "1100", "1.5")], ["_0_fee"]),
        ([("", "ten", "1.5")], ["_0_from", "_0_up_to", "_0_fee"]),
        ([("1100", "1099", "0")], ["_0_up_to"]),
        ([("0", "1100", "0"), ("1100", "5500", "330")], ["_1_from"]),
        ([("0", "", "0"), ("1101", "", "330")], ["_1_from"]),
        ([("0", "1100", "0"), ("", "", ""), ("500", "600", "330")], ["_2_from"]),
    ],
)
def test_each_mistake_stands_at_its_row_and_cell(
    part: CollectionAccount, rows: Cells, wrong: list[str]
) -> None:
    form = submit(rows)
    assert places(form) == [f"id_fee_rows{end}" for end in wrong]
    html = str(form["fee_rows"])
    for end in wrong:
        assert f'id="id_fee_rows{end}_error"' in html
        assert re.search(
            rf'id="id_fee_rows{end}"[^>]*aria-describedby="id_fee_rows{end}_error"', html
        )
    assert html.count("aria-invalid") == len(wrong)


def test_an_overlap_names_both_rows_and_the_totals_they_share(part: CollectionAccount) -> None:
    form = submit([("", "", ""), ("0", "2000", "0"), ("1500", "5500", "330")])
    [message] = form.errors["fee_rows"]
    assert message.startswith("3行目の")
    assert "¥1,500〜¥2,000が2行目と重なっています" in message


def test_what_was_typed_is_shown_again_beside_the_mistake(part: CollectionAccount) -> None:
    html = str(submit([("千", "1,100円", "0")])["fee_rows"])
    assert 'value="千"' in html
    assert 'value="1,100円"' in html


def test_a_gap_is_pointed_out_and_not_refused(part: CollectionAccount) -> None:
    form = submit([("1000", "1999", "330"), ("3000", "4999", "440")])
    assert form.is_valid(), form.errors
    form.save_as(None)
    html = str(CollectionSettingsForm(instance=part)["fee_rows"])
    for gap in ("¥1〜¥999", "¥2,000〜¥2,999", "¥5,000以上"):
        assert f"合計金額が{gap}の行がありません" in html
    assert "行がありません" not in str(submit(MANUAL)["fee_rows"])


def test_no_more_rows_than_anybody_needs(part: CollectionAccount) -> None:
    thirty = [(str(place * 10), str(place * 10 + 9), "1") for place in range(30)]
    assert submit(thirty).is_valid()
    assert "disabled" in str(submit(thirty)["fee_rows"])
    assert list(submit([*thirty, ("9000", "", "1")]).errors) == ["fee_rows"]


# ---- the buttons, without a script ----


def test_inserting_a_row_saves_nothing_and_keeps_what_was_typed(part: CollectionAccount) -> None:
    form = submit(MANUAL, title="コンビニ払い", due_days="99", **{"fee_rows-do": "insert"})
    assert not form.is_valid()
    assert form.errors == {}
    assert form["title"].value() == "コンビニ払い"
    html = str(form["fee_rows"])
    assert re.search(r'id="id_fee_rows_3_from"[^>]*autofocus', html)
    assert 'value="5501"' in html


def test_deleting_a_row_takes_that_row(part: CollectionAccount) -> None:
    form = submit(MANUAL, **{"fee_rows-do": "delete-1"})
    assert not form.is_valid()
    html = str(form["fee_rows"])
    assert 'value="1100"' in html
    assert 'value="5500"' not in html
    assert 'value="5501"' in html


@pytest.mark.parametrize("press", ["delete-9", "delete--1", "delete-", "delete-²", "delete-x"])
def test_a_made_up_press_deletes_nothing(part: CollectionAccount, press: str) -> None:
    html = str(submit(MANUAL, **{"fee_rows-do": press})["fee_rows"])
    assert all(f'value="{first}"' in html for first in ("0", "1101", "5501"))


def test_a_row_in_the_middle_of_the_work_is_not_scolded(part: CollectionAccount) -> None:
    form = submit([("x", "", "")], **{"fee_rows-do": "insert"})
    assert "aria-invalid" not in str(form["fee_rows"])


def test_the_last_row_can_be_deleted_and_one_is_there_to_type_into(
    part: CollectionAccount,
) -> None:
    html = str(submit([("0", "", "5")], **{"fee_rows-do": "delete-0"})["fee_rows"])
    assert 'id="id_fee_rows_0_from" value=""' in html


def test_enter_saves_the_page_and_does_not_press_a_button_of_the_table(
    part: CollectionAccount,
) -> None:
    """A browser presses the first button of the form; this one has no name."""

    class Buttons(HTMLParser):
        first: dict[str, str | None] | None = None

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "button" and self.first is None:
                self.first = dict(attrs)

    page = Buttons()
    page.feed(str(CollectionSettingsForm(instance=part)["fee_rows"]))
    assert page.first is not None
    assert "name" not in page.first
    assert page.first.get("type", "submit") == "submit"


# ---- the example ----


@pytest.mark.parametrize(
    ("total", "says"),
    [
        ("", ""),
        ("3,780", "合計 ¥3,780：手数料 ¥330、お支払い金額 ¥4,110"),
        ("１１００円", "合計 ¥1,100：手数料 ¥0、お支払い金額 ¥1,100"),
        ("1101", "合計 ¥1,101：手数料 ¥330、お支払い金額 ¥1,431"),
        ("299449", "合計 ¥299,449：手数料 ¥550、お支払い金額 ¥299,999"),
        ("299450", "購入画面に表示されません"),
        ("0", "合計0円の注文はお支払いが不要"),
        ("abc", "円単位の数字で入力してください"),
    ],
)
def test_the_example_tells_fee_and_what_the_shopper_pays(total: str, says: str) -> None:
    assert says in fee_example(total, table(MANUAL), charges_fee=True).says


def test_with_the_fee_switched_off_the_example_has_none() -> None:
    says = fee_example("3780", table(MANUAL), charges_fee=False).says
    assert "手数料 ¥0、お支払い金額 ¥3,780" in says


def test_a_table_with_mistakes_tells_no_fee() -> None:
    says = fee_example("3780", table([("x", "", "")]), charges_fee=True).says
    assert "手数料表に誤りがある" in says


def test_the_example_is_told_without_a_script_and_saves_nothing(part: CollectionAccount) -> None:
    press = {"fee_rows-do": "example", "fee_rows-example": "3780"}
    form = submit([("0", "", "100")], **press)
    assert not form.is_valid()
    html = str(form["fee_rows"])
    assert "手数料 ¥100、お支払い金額 ¥3,880" in html
    assert re.search(r'name="fee_rows-example"[^>]*autofocus', html)


def test_the_script_is_told_what_the_page_without_it_says(part: CollectionAccount) -> None:
    question = QueryDict(mutable=True)
    for name, texts in cells([("1000", "", "100")]).items():
        question.setlist(name, texts)
    question["fee_rows-example"] = "3780"
    question["charges_fee"] = "on"
    request = RequestFactory().get(f"/?{question.urlencode()}")
    answer = json.loads(fee_example_answer(request).content)
    form = submit([("1000", "", "100")], **{"fee_rows-do": "example", "fee_rows-example": "3780"})
    said = fee_example("3780", table([("1000", "", "100")]), charges_fee=True).says
    assert said in str(form["fee_rows"])
    assert answer["says"] == said
    [below, *_others] = answer["gaps"]
    assert below in str(form["fee_rows"])
    assert "¥1〜¥999" in below


_rows = st.lists(
    st.tuples(
        st.integers(0, 400_000),
        st.none() | st.integers(0, 400_000),
        st.none() | st.integers(0, 2_000),
    ),
    max_size=4,
)


@given(rows=_rows, total=st.integers(0, 400_000))
def test_the_example_is_the_shops_own_rule(
    rows: list[tuple[int, int | None, int | None]], total: int
) -> None:
    """Against a table that reads: first row that holds the total, or no fee."""
    typed = table(
        [tuple("" if cell is None else f"{cell:,}" for cell in row) for row in rows]  # type: ignore[misc]
    )
    said = fee_example(str(total), typed, charges_fee=True)
    if rule.problems_of([rule.FeeRow(*row) for row in rows]):
        assert not said.is_answer
        return
    fees = [
        fee or 0 for first, last, fee in rows if first <= total and (last is None or total <= last)
    ]
    fee = fees[0] if fees else 0
    assert said.is_answer
    if total and total + fee <= COLLECTION_MAXIMUM:
        assert f"手数料 {format_yen(fee)}、お支払い金額 {format_yen(total + fee)}" in said.says
    else:
        assert "表示されません" in said.says
