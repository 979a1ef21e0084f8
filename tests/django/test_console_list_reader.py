"""The console's list (CSV) is read line by line, whatever the bytes are."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.django.console_list import Line, Unreadable, read_console_list
from escott.django.console_list.reader import LARGEST, MOST_LINES
from escott.rules.console_evidence import ListedState
from escott.simulator.console_csv import HEADER

HEADINGS = ",".join(f'"{name}"' for name in HEADER)
GOOD = (
    '"2026/04/01 12:34:56","1000000000001","012345678901","1Gathering","与信売上計上","3,780",'
    '"2026/04/01","","OK"'
)
LINE = Line(
    number=2,
    at=datetime(2026, 4, 1, 12, 34, 56, tzinfo=JST),
    has_time=True,
    transaction_id="1000000000001",
    transaction_code="012345678901",
    state=ListedState.GATHERED,
    amount=3780,
    sales_date=date(2026, 4, 1),
)


def file(*lines: str, heading: str = HEADINGS, end: str = "\r\n") -> bytes:
    return end.join([heading, *lines, ""]).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_utf8_with_or_without_bom_and_shift_jis_are_read(encoding: str, end: str) -> None:
    data = file(GOOD, end=end).decode().encode(encoding)
    assert read_console_list(data).lines == [LINE]


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        ("状態,利用額,MerchantFree1,取引番号,処理日", "売上計上,3780,012345678901,1,2026-04-01"),
        (" 処理日時 ,処理連番,加盟店自由領域１,状態,金額", "2026/4/1 9:05,1,012345678901,取消済,0"),
    ],
)
def test_columns_are_found_by_their_names_in_any_order(heading: str, line: str) -> None:
    [read] = read_console_list(file(line, heading=heading)).lines
    assert (read.transaction_code, read.transaction_id) == ("012345678901", "1")
    assert read.sales_date is None


def test_full_width_digits_and_dates_without_time_are_understood() -> None:
    line = '"2026-04-01","１０","０１２３４５６７８９０１","","与信","３，７８０","","",""'
    [read] = read_console_list(file(line)).lines
    assert (read.at, read.has_time) == (datetime(2026, 4, 1, tzinfo=JST), False)
    assert (read.transaction_code, read.amount) == ("012345678901", 3780)


@pytest.mark.parametrize(
    ("cell", "bad"),
    [
        ("3,780", "3.780"),
        ("3,780", "-3780"),
        ("3,780", "37,80"),
        ("3,780", "=1+1"),
        ("3,780", "99999999999"),
        ("与信売上計上", "入金済"),
        ("2026/04/01 12:34:56", "2026/02/30 12:34:56"),
        ("2026/04/01 12:34:56", "2026/04/01 25:00:00"),
        ("2026/04/01 12:34:56", ""),
        ('"2026/04/01",""', '"0000/04/01",""'),
        ("012345678901", "1.23457E+11"),
        ('"OK"', '"OK'),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_costs_no_other(cell: str, bad: str) -> None:
    assert cell in GOOD
    read = read_console_list(file(GOOD, GOOD.replace(cell, bad), GOOD))
    assert [line.number for line in read.lines] == [2, 4]
    [wrong] = read.bad_lines
    assert wrong.number == 3
    assert wrong.reason


def test_a_short_line_is_a_bad_line_and_an_empty_one_is_none() -> None:
    read = read_console_list(file("", '"2026/04/01"', "  ", GOOD))
    assert [line.number for line in read.bad_lines] == [3]
    assert [line.number for line in read.lines] == [5]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"\xff\xfe\x00\x00\x81",
        b"PK\x03\x04 a spreadsheet",
        "処理日時,処理連番,状態,利用金額\r\n".encode(),
        b'"unclosed\r\n',
        b"x" * (LARGEST + 1),
        file(*["x"] * (MOST_LINES + 1)),
    ],
    ids=["empty", "blank", "no text", "zip", "column missing", "quotes", "too large", "too long"],
)
def test_what_is_no_list_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_console_list(data)
    assert str(refusal.value)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(Unreadable, match="加盟店自由領域1、状態"):
        read_console_list("処理日時,処理連番,利用金額\r\n".encode())


_CELLS = st.sampled_from(
    [*GOOD.replace('"', "").split(","), '"', "\x00", "\u2028", "=cmd()", "<b>"]
)
_LINES = st.lists(_CELLS | st.text(max_size=20), max_size=12).map(",".join)


@given(st.binary(max_size=400) | st.lists(_LINES, max_size=8).map(lambda lines: file(*lines)))
def test_whatever_the_bytes_are_lines_come_back_or_the_one_known_error(data: bytes) -> None:
    try:
        read = read_console_list(data)
    except Unreadable:
        return
    numbers = [line.number for line in [*read.lines, *read.bad_lines]]
    assert len(numbers) == len(set(numbers))
    for line in read.lines:
        assert 0 <= line.amount < 10**10
        assert line.found.captured is line.state.takes_money
