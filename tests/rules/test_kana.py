"""フリガナ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.rules.kana import NotKana, katakana


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("やまだ", "ヤマダ"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        (" ヤマダ ", "ヤマダ"),
        ("こーひー", "コーヒー"),
        ("ジョー-ダン", "ジョーーダン"),
        ("ヴァン・ゴッホ", "ヴァン・ゴッホ"),
        ("か\u3099んた\u3099", "ガンダ"),  # as macOS writes them
    ],
)
def test_a_reading_is_kept_in_full_width_katakana(typed: str, kept: str) -> None:
    assert katakana(typed) == kept


@pytest.mark.parametrize(
    "typed", ["山田", "Yamada", "ヤマダ1", "ヤマダ!", "やまだ太郎", "", "あ゛"]
)
def test_a_reading_with_anything_but_kana_is_refused(typed: str) -> None:
    with pytest.raises(NotKana):
        katakana(typed)


@given(st.text(max_size=20))
def test_a_reading_that_is_kept_stays_as_it_is(typed: str) -> None:
    try:
        kept = katakana(typed)
    except NotKana:
        return
    assert katakana(kept) == kept
