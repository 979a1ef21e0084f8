"""The console's list: what is looked for, and the file that it can be taken away as."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from urllib.parse import quote

import pytest

from escott.simulator.magic_cards import DECLINED
from tests.simulator.test_pages import Reader

HEADER = "処理日時,処理連番,加盟店自由領域1,処理区分,状態,利用金額,売上計上日,会員ID,処理結果"


def listed(merchant, query):
    """The MerchantFree1 of what the page shows, and of what the file holds."""
    html = merchant.request("GET", f"/merchant/?{query}").body.decode()
    shown = {free1 for free1 in ("aa", "ab", "bb") if f">{free1}<" in html}
    return shown, {line["加盟店自由領域1"] for line in lines(merchant, query)}


def lines(merchant, query="", encoding="utf-8"):
    answer = merchant.request("GET", f"/merchant/list.csv?encoding={encoding}&{query}")
    text = answer.body.decode({"utf-8": "utf-8-sig", "sjis": "cp932"}[encoding])
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def three_days(merchant):
    """Transactions of the 5th, the 6th just after midnight and the 7th of January."""
    merchant.charge(MerchantFree1="aa")
    merchant.clock.advance(timedelta(hours=14))
    merchant.charge(MerchantFree1="ab", Amount="500")
    merchant.clock.advance(timedelta(days=1))
    merchant.charge(MerchantFree1="bb")
    return merchant


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"aa", "ab", "bb"}),
        ("free1=a", {"aa", "ab"}),
        ("from=2026-01-06", {"ab", "bb"}),
        ("to=2026-01-05", {"aa"}),
        ("from=2026-01-06&to=2026-01-06", {"ab"}),
        ("from=20260107&to=", {"bb"}),
        ("amount=3780", {"aa", "bb"}),
        ("amount=%C2%A53%2C780&free1=b", {"bb"}),
        ("jigysyaCode=87654321", set()),
    ],
)
def test_page_and_file_find_the_same(three_days, query, expected):
    assert listed(three_days, query) == (expected, expected)


@pytest.mark.parametrize("wrong", ["from=2026-02-30", "to=tomorrow", "amount=x", "amount=-1"])
@pytest.mark.parametrize(("lang", "words"), [("ja", "検索条件を確認"), ("en", "Check what you")])
def test_what_cannot_be_looked_for_is_said(three_days, wrong, lang, words):
    for path in ("/merchant/", "/merchant/list.csv"):
        answer = three_days.request("GET", f"{path}?{wrong}&lang={lang}")
        html = answer.body.decode()
        assert (answer.status, words in html, 'aria-invalid="true"' in html) == (400, True, True)
        assert Reader(html).open == []
        assert ">aa<" not in html


def test_what_was_looked_for_stays_in_the_form_and_on_the_next_page(merchant):
    for number in range(51):
        merchant.charge(MerchantFree1=f"order{number:03}")
    query = f"free1=order&from=2026-01-05&amount={quote('3,780')}"
    html = merchant.request("GET", f"/merchant/?{query}").body.decode()
    for value in ('value="order"', 'value="2026-01-05"', 'value="3,780"'):
        assert value in html
    (older,) = [link for link in Reader(html).links if "page=2" in link]
    assert older.startswith(f"/merchant/?free1=order&from=2026-01-05&amount={quote('3,780')}")
    assert "order000" in merchant.request("GET", older).body.decode()
    assert len(lines(merchant, query)) == 51


@pytest.mark.parametrize(
    ("state", "told", "sales_date"),
    [
        ("authorised", "与信", ""),
        ("gathered", "与信売上計上", "2026/01/05"),
        ("captured", "売上計上", "2026/01/05"),
        ("cancelled", "取消", ""),
        ("checked", "カードチェック", ""),
    ],
)
def test_a_line_tells_how_the_transaction_stands_now(merchant, state, told, sales_date):
    merchant.transaction(state)
    (transaction,) = merchant.gateway.transactions()
    (line,) = lines(merchant)
    assert (line["状態"], line["売上計上日"], line["処理結果"]) == (told, sales_date, "OK")
    assert (line["処理連番"], line["処理日時"]) == (
        transaction.transaction_id,
        "2026/01/05 10:00:00",
    )


def test_a_cancelled_sale_has_no_date_of_sales(merchant):
    merchant.transaction("gathered")
    merchant.gateway.console_operate("000000000042", "1Delete")
    (line,) = lines(merchant)
    assert (line["処理区分"], line["状態"], line["売上計上日"]) == ("与信売上計上", "取消", "")


def test_a_declined_card_is_a_line_with_its_codes(merchant):
    merchant.charge(card=DECLINED[0])
    (line,) = lines(merchant)
    assert (line["状態"], line["処理結果"], line["利用金額"]) == (
        "失敗",
        DECLINED[0].decline,
        "3780",
    )


def test_a_charge_by_a_member_names_the_member(merchant):
    merchant.member_in("valid")
    merchant.member("1Auth", Amount="3780", PayType="01")
    assert [line["会員ID"] for line in lines(merchant)] == ["customer0001"]


@pytest.mark.parametrize(
    ("encoding", "codec", "begins"),
    [("utf-8", "utf-8", b"\xef\xbb\xbf"), ("sjis", "cp932", '"処理日時"'.encode("cp932"))],
)
def test_the_file_is_what_was_asked_for_to_the_byte(merchant, encoding, codec, begins):
    merchant.charge(MerchantFree1='a"b,｡ｱ')
    answer = merchant.request("GET", f"/merchant/list.csv?encoding={encoding}")
    assert answer.body.startswith(begins)
    head, line, rest = answer.body.decode(codec).lstrip("\ufeff").split("\r\n")
    assert head.replace('"', "") == HEADER
    number = merchant.gateway.transactions()[0].transaction_id
    assert line == (
        f'"2026/01/05 10:00:00","{number}","a""b,｡ｱ","与信売上計上","与信売上計上",'
        '"3780","2026/01/05","","OK"'
    )
    assert rest == ""
    assert answer.headers["content-disposition"].endswith('"transactions-20260105.csv"')
    assert answer.headers["content-type"].startswith("text/csv")


def test_an_encoding_that_nobody_knows_gives_the_page(merchant):
    answer = merchant.request("GET", "/merchant/list.csv?encoding=ebcdic")
    assert answer.headers["content-type"].startswith("text/html")


def test_an_empty_file_has_its_header(merchant):
    assert merchant.request("GET", "/merchant/list.csv").body.decode("utf-8-sig").count("\r\n") == 1


def test_the_page_offers_the_file_in_both_encodings(merchant):
    html = merchant.request("GET", "/merchant/").body.decode()
    assert html.count('formaction="/merchant/list.csv"') == 2
