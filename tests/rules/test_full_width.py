"""全角: what becomes of a text on a slip."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from escott.rules.full_width import Prepared, to_full_width
from tests.rules.jis_witness import cells
from tests.soak import figure

CELLS = cells()
HALF_WIDTH_KATAKANA = "".join(map(chr, range(ord("｡"), ord("ﾟ") + 1)))


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        ("", ""),
        ("注文番号", "注文番号"),
        ("Abc 123!", "Ａｂｃ　１２３！"),
        # half-width katakana, joined with their marks
        ("ﾊﾞｽﾀｵﾙ ﾌﾟﾚﾐｱﾑ", "バスタオル　プレミアム"),
        ("ｺｰﾋｰ｡｢ﾔﾏﾀﾞ｣､ｦ･", "コーヒー。「ヤマダ」、ヲ・"),
        ("カﾞ", "ガ"),
        ("か\u3099は\u309a", "がぱ"),  # as macOS writes them
        ("ｱﾞ", "ア゛"),
        # signs without a place of their own
        ("\"a\" 'b'", "”ａ”　’ｂ’"),
        ("＂ａ＂　＇ｂ＇", "”ａ”　’ｂ’"),
        ("C:\\x", "Ｃ：￥ｘ"),
        ("¥100", "￥１００"),
        ("`x`", "‘ｘ‘"),
        ("T-シャツ", "Ｔ‐シャツ"),
        ("1‐2‑3−4－5﹣6", "１‐２‐３‐４‐５‐６"),
        ("10:00~20:00", "１０：００ー２０：００"),
        ("お〜いお茶～", "おーいお茶ー"),
        ("上巻–下巻—別巻―", "上巻ー下巻ー別巻ー"),
        ("a∥b‖c", "ａ｜ｂ｜ｃ"),
        ("A·B•C", "Ａ・Ｂ・Ｃ"),
        ("«x» ‹y› 〝z〟", "《ｘ》　〈ｙ〉　“ｚ”"),
        ("a…b⋯c‥", "ａ…ｂ…ｃ‥"),
        # compatibility forms
        ("①㈱㌔Ⅳ№℡", "１（株）キロＩＶＮｏＴＥＬ"),
        ("㍻㋿㊤㎡㍿", "平成令和上ｍ２株式会社"),
        ("❶➁⒊㉑㊿㊀", "１２３．２１５０一"),
        ("½杯 ™ © ®", "１／２杯　ＴＭ　（Ｃ）　（Ｒ）"),
        ("ﬁ 𝐀𝟙", "ｆｉ　Ａ１"),
        ("٣", "３"),
        ("⼀神\ufa19塚\ufa10", "一神神塚塚"),
        ("ヿゟ", "コトより"),
        # letters of other languages
        ("José Ünal Łódź Straße", "Ｊｏｓｅ　Ｕｎａｌ　Ｌｏｄｚ　Ｓｔｒａｓｓｅ"),
        ("Владимир Ω", "Владимир　Ω"),
        ("10℃ \u212b \u00c5", "１０℃　\u212b　\u212b"),
        # kana that it lacks
        ("ヷヸヹヺゔゕゖ", "ヴァヴィヴェヴォヴヵヶ"),
        ("ㇱㇼ", "シリ"),
        # everyday variants of kanji
        ("髙﨑 德子", "高崎　徳子"),
        ("瀨戸の濵𠮷", "瀬戸の浜吉"),
        # white space, controls, marks
        ("  a \t\r\n b\u3000\u3000c\u00a0", "ａ　ｂ　ｃ"),
        ("a\u200bb\ufeffc\u00add\x00e\x1b", "ａｂｃｄｅ"),
        ("葛\U000e0100城", "葛城"),
        ("e\u0301\u0323", "ｅ"),
    ],
)
def test_what_a_slip_can_carry_is_carried(typed: str, carried: str) -> None:
    assert to_full_width(typed) == Prepared(carried)


@pytest.mark.parametrize(
    ("typed", "carried", "lost", "letters"),
    [
        ("😀寿司🍣", "寿司", "😀🍣", ""),
        ("琇子", "子", "琇", "琇"),
        ("𠀋", "", "𠀋", "𠀋"),
        ("김 씨", "", "김씨", "김씨"),
        ("安\ue000", "安", "\ue000", "\ue000"),  # 外字
        ("👨\u200d👩\u200d👧家族", "家族", "👨👩👧", ""),
        ("❤\ufe0f 愛", "愛", "❤", ""),
        ("👍🏽", "", "👍🏽", ""),
        ("1\ufe0f\u20e3", "１", "", ""),
        ("\u0149", "", "\u0149", "\u0149"),  # half of it would be another letter
        ("a😀 😀b", "ａ　ｂ", "😀😀", ""),
        ("£5", "５", "£", ""),
        ("\U000323b0", "", "\U000323b0", "\U000323b0"),  # newer than the interpreter's tables
    ],
)
def test_what_is_lost_is_told(typed: str, carried: str, lost: str, letters: str) -> None:
    prepared = to_full_width(typed)

    assert prepared == Prepared(carried, lost)
    assert prepared.lost_letters == letters


def test_everything_in_the_standard_is_carried_as_it_is() -> None:
    for character in CELLS - {"　"}:
        assert to_full_width(character) == Prepared(character)


@settings(max_examples=figure(200, 20_000), deadline=None)
@given(st.text(max_size=30))
@example("\ud800")
def test_nothing_else_than_the_standard_ever_comes_out(typed: str) -> None:
    prepared = to_full_width(typed)

    assert set(prepared.text) <= CELLS
    assert prepared.text == prepared.text.strip()
    assert "　　" not in prepared.text
    assert set(prepared.lost) <= set(unicodedata.normalize("NFC", typed))


@given(st.text(max_size=30))
def test_what_was_prepared_stays_as_it_is(typed: str) -> None:
    text = to_full_width(typed).text

    assert to_full_width(text) == Prepared(text)


@given(st.text(st.sampled_from(string.printable + HALF_WIDTH_KATAKANA + "".join(CELLS))))
def test_nothing_that_a_japanese_keyboard_writes_is_lost(typed: str) -> None:
    assert to_full_width(typed).lost == ""
