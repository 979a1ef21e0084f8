"""The fields of 2Add and 2Chg: what is refused, and with which code (protocol.md H)."""

from __future__ import annotations

import pytest

from escott.rules.jis_x_0208 import stands_in_jis_x_0208
from escott.simulator.full_width import is_full_width
from tests.simulator.slips import Slips

LONG_URL = "https://shop.example/" + "x" * 107

#: Field, value, and the code; None takes the field out.
REFUSED = [
    ("Amount", None, "K23"),
    ("Amount", "0", "K23"),
    ("Amount", "300000", "K23"),
    ("Amount", "-1", "K23"),
    ("Amount", "1,000", "K23"),
    ("Amount", "９", "K23"),
    ("TelNo", None, "K28"),
    ("TelNo", "12345678", "K28"),
    ("TelNo", "123456789012", "K28"),
    ("TelNo", "0901-2345-6789", "K28"),
    ("TelNo", "03(1234)5678", "K28"),
    ("TelNo", "+81312345678", "K28"),
    ("TelNo", "０３１２３４５６７８", "K28"),
    ("PayLimit", None, "K50"),
    ("PayLimit", "20260112", "K50"),
    ("PayLimit", "202601122460", "K50"),
    ("PayLimit", "202602302359", "K50"),
    ("PayLimit", "202601050959", "K50"),
    ("PayLimit", "202607052359", "K50"),
    ("NameKanji", None, "K51"),
    ("NameKanji", "あ" * 21, "K51"),
    ("NameKanji", "山田 花子", "K51"),
    ("NameKanji", "Yamada", "K51"),
    ("NameKanji", "髙橋", "K51"),
    ("NameKanji", "宮﨑", "K51"),
    ("NameKanji", "①", "K51"),
    ("NameKanji", "山田😀", "K51"),
    ("NameKanji", "ﾔﾏﾀﾞ", "K51"),
    ("NameKana", None, "K52"),
    ("NameKana", "ア" * 21, "K52"),
    ("NameKana", "山田", "K52"),
    ("NameKana", "やまだ", "K52"),
    ("NameKana", "ﾔﾏﾀﾞ", "K52"),
    ("NameKana", "ヤマダ ハナコ", "K52"),
    ("ShouhinName", None, "K53"),
    ("ShouhinName", "本" * 17, "K53"),
    ("ShouhinName", "book", "K53"),
    ("Free1", "あ" * 17, "K54"),
    ("Free7", "half", "K54"),
    ("Comment", "あ" * 31, "K55"),
    ("Title", "あ" * 21, "K55"),
    ("Free8", "あ" * 31, "K56"),
    ("Free16", "half", "K56"),
    ("Free17", "あ" * 22, "K57"),
    ("Free18", "03-1234-56789", "K58"),
    ("Free18", "電話", "K58"),
    ("Free19", "9:00-17:00 x", "K59"),
    ("Free19", "午前", "K59"),
    ("ReturnURL", LONG_URL + "x", "K60"),
    ("ReturnURL", "ftp://shop.example/", "K60"),
    ("ReturnURL", "https://店.example/", "K60"),
]

TAKEN = [
    ("Amount", "1"),
    ("Amount", "299999"),
    ("TelNo", "03-1234-5678"),
    ("TelNo", "090-1234-5678"),
    ("TelNo", "012345678"),
    ("PayLimit", "202601051000"),
    ("PayLimit", "202607042359"),
    ("NameKanji", "あ" * 20),
    ("NameKana", "ア" * 20),
    ("NameKana", "ヴァーツヶ・　ー"),
    ("ShouhinName", "本" * 16),
    ("Free1", "あ" * 16),
    ("Comment", "あ" * 30),
    ("Title", "あ" * 20),
    ("Free16", "あ" * 30),
    ("Free17", "あ" * 21),
    ("Free18", "03-1234-5678"),
    ("Free19", "9:00-17:00"),
    ("ReturnURL", LONG_URL),
    ("ReturnURL", None),
]


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


@pytest.mark.parametrize(("name", "value", "code"), REFUSED)
def test_what_is_missing_or_malformed_is_refused_with_its_code(slips, name, value, code):
    assert slips.add(**{name: value}).codes == [code]
    assert slips.gateway.collection.slips() == []


@pytest.mark.parametrize(("name", "value"), TAKEN)
def test_what_the_protocol_allows_is_taken(slips, name, value):
    assert slips.add(**{name: value}).codes == ["OK"]


def test_all_codes_come_together_and_each_once(slips):
    wrong = {"Free1": "x", "Free2": "x", "Amount": "0", "NameKana": "x", "TenantId": "1"}
    assert slips.add(**wrong).codes == ["K04", "K23", "K52", "K54"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("Amount", None, "K23"),
        ("Amount", "300000", "K23"),
        ("PayLimit", None, "K50"),
        ("PayLimit", "202601042359", "K50"),
    ],
)
def test_a_change_is_checked_as_well(slips, name, value, code):
    pair = slips.new()
    assert slips.follow("2Chg", pair, **{name: value}).codes == [code]
    assert slips.only.changes == 0


def test_a_deletion_needs_no_more_than_the_pair(slips):
    assert slips.follow("2Del", slips.new(), Amount="x", NameKana="x").codes == ["OK"]


def test_a_gateway_may_fill_in_the_last_day(serve):
    slips = Slips(serve(default_pay_limit_days=14))
    assert slips.add(PayLimit=None).codes == ["OK"]
    assert slips.only.pay_limit.isoformat() == "2026-01-19T23:59:00+09:00"


def test_a_gateway_may_take_half_width_kana(serve):
    slips = Slips(serve(half_width_name_kana=True))
    assert slips.add(NameKana="ﾔﾏﾀﾞ ﾊﾅｺ").codes == ["OK"]
    assert slips.add(NameKana="ヤマダ").codes == ["OK"]


def test_the_texts_of_a_slip_are_kept(slips):
    slips.new(Title="ご案内", Free17="つむぎ堂", Free3="")
    assert slips.only.texts == {"Title": "ご案内", "Free17": "つむぎ堂"}


#: Full width under two code points: the gateway takes them, the shop never sends them.
OF_TWO_CODE_POINTS = set("¢£¬―‖−〜")


def test_gateway_and_shop_mean_the_same_characters_but_for_those_of_two_code_points():
    characters = [chr(code) for code in range(0x10000)]
    differ = {one for one in characters if is_full_width(one) != stands_in_jis_x_0208(one)}
    assert differ == OF_TWO_CODE_POINTS
