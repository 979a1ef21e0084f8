"""支払人: who pays a slip, from what people type."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escott.rules.payer import Payer, PayerField, PayerNotTaken, PayerProblem, payer_of
from tests.rules.jis_witness import cells
from tests.soak import figure

CELLS = cells()
TELEPHONE = "03-1234-5678"


def payer(
    name: str = "山田 花子", kana: str = "ヤマダ ハナコ", telephone: str = TELEPHONE
) -> Payer:
    return payer_of(name=name, kana=kana, telephone=telephone)


def problems(**typed: str) -> dict[PayerField, PayerProblem]:
    with pytest.raises(PayerNotTaken) as refused:
        payer(**typed)
    return refused.value.problems


def test_a_payer_is_written_in_full_width() -> None:
    taken = payer("山田 Hanako", "やまだ ﾊﾅｺ", "090 1234 5678")

    assert taken == Payer("山田　Ｈａｎａｋｏ", "ヤマダ　ハナコ", "09012345678")


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        ("髙﨑 德子", "高崎　徳子"),
        ("山田😀花子", "山田花子"),
        ("㈱山田商店", "（株）山田商店"),
        ("Renée O'Neill", "Ｒｅｎｅｅ　Ｏ’Ｎｅｉｌｌ"),
        ("一" * 20, "一" * 20),
        ("一" * 21, "一" * 20),  # it only has to be known again at the till
        ("一" * 19 + " 二", "一" * 19),
    ],
)
def test_a_name_is_carried_as_far_as_a_slip_can(typed: str, carried: str) -> None:
    assert payer(name=typed).name == carried


@pytest.mark.parametrize("typed", ["山田 琇子", "김민준", "山\ue000田", "😀"])
def test_a_name_with_a_letter_that_is_lost_is_written_in_kana(typed: str) -> None:
    assert payer(name=typed).name == "ヤマダ　ハナコ"


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        ("やまだ はなこ", "ヤマダ　ハナコ"),
        ("ﾔﾏﾀﾞ  ﾊﾅｺ", "ヤマダ　ハナコ"),
        ("じょーんず・まり", "ジョーンズ・マリ"),
        ("ジョ-ンズ", "ジョーンズ"),
        ("ヤマダ〜", "ヤマダー"),
        ("ゔぃくとる", "ヴィクトル"),
        ("ヷ", "ヴァ"),
        ("みすゞ", "ミスズ"),
        ("さゝき", "ササキ"),
        ("いすゞゞ", "イスズズ"),
        ("つづゝみ", "ツヅツミ"),
        ("ヤマダ😀", "ヤマダ"),
        ("ア" * 25, "ア" * 20),
    ],
)
def test_a_reading_is_carried_in_katakana(typed: str, carried: str) -> None:
    assert payer(kana=typed).kana == carried


@pytest.mark.parametrize(
    "typed",
    [
        "山田",
        "Yamada",
        "ヤマダ1",
        "ヤマダ!",
        "やまだ花子",
        "・",
        "ー",
        "ヽ",
        "ヽヾ",
        "ア゛",
        "ハ琇ナコ",
        "😀",
    ],
)
def test_a_reading_with_anything_but_kana_is_refused(typed: str) -> None:
    assert problems(kana=typed) == {PayerField.KANA: PayerProblem.NOT_KANA}


@pytest.mark.parametrize("blank", ["", "  ", "　\n"])
def test_name_reading_and_telephone_number_are_required(blank: str) -> None:
    assert problems(name=blank, kana=blank, telephone=blank) == dict.fromkeys(
        PayerField, PayerProblem.MISSING
    )


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("+1 212 555 0100", PayerProblem.ABROAD),
        ("0312-3456-7890", PayerProblem.WRONG_LENGTH),
        ("電話なし", PayerProblem.NOT_DIGITS),
        ("3-1234-5678", PayerProblem.NO_LEADING_ZERO),
    ],
)
def test_a_telephone_number_of_no_use_is_refused_with_its_reason(
    typed: str, problem: PayerProblem
) -> None:
    assert problems(telephone=typed) == {PayerField.TELEPHONE: problem}


def test_every_wrong_field_is_told_at_once() -> None:
    assert problems(name="", kana="Yamada", telephone="+33 1 23 45 67 89") == {
        PayerField.NAME: PayerProblem.MISSING,
        PayerField.KANA: PayerProblem.NOT_KANA,
        PayerField.TELEPHONE: PayerProblem.ABROAD,
    }


def test_neither_a_payer_nor_the_error_shows_who_it_is() -> None:
    assert "山田" not in repr(payer())
    assert "ヤマダ" not in repr(payer())
    with pytest.raises(PayerNotTaken) as refused:
        payer(kana="Yamada", telephone="+33 1 23 45 67 89")
    assert "Yamada" not in f"{refused.value!r}{refused.value}"
    assert "33" not in str(refused.value)


@pytest.mark.parametrize(
    "bent",
    [
        ("", "ヤマダ", "0312345678"),
        ("山田 花子", "ヤマダ", "0312345678"),
        ("髙田", "ヤマダ", "0312345678"),
        ("　山田", "ヤマダ", "0312345678"),
        ("山" * 21, "ヤマダ", "0312345678"),
        ("山田", "", "0312345678"),
        ("山田", "やまだ", "0312345678"),
        ("山田", "ヤマヽ", "0312345678"),
        ("山田", "ア" * 21, "0312345678"),
        ("山田", "ヤマダ", "03-1234-5678"),
        ("山田", "ヤマダ", "01234567"),
        ("山田", "ヤマダ", "012345678901"),
        ("山田", "ヤマダ", "０３１２３４５６７８"),
    ],
)
def test_a_payer_that_a_slip_cannot_carry_cannot_be_written_down(
    bent: tuple[str, str, str],
) -> None:
    with pytest.raises(ValueError, match="a payer's"):
        Payer(*bent)


TYPED = st.text(max_size=30) | st.text("やまだヤマダﾔﾏﾀﾞゞヽ -・ーゔ", max_size=30)


@settings(max_examples=figure(200, 20_000), deadline=None)
@given(TYPED, TYPED, st.just(TELEPHONE) | st.text("0123456789-+ ０", max_size=16))
def test_whatever_is_typed_makes_a_payer_or_says_why_not(
    name: str, kana: str, telephone: str
) -> None:
    try:
        taken = payer(name, kana, telephone)
    except PayerNotTaken:
        return
    assert 1 <= len(taken.name) <= 20
    assert set(taken.name) <= CELLS
    assert re.fullmatch("[ァ-ヶー・　]{1,20}", taken.kana)
    assert re.fullmatch("0[0-9]{8,10}", taken.telephone)
