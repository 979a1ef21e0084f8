"""The shop's own texts on a slip (protocol.md H: lengths of Title, Comment, Free17 to Free19)."""

from __future__ import annotations

from typing import Any

import pytest

from escott.gateway import InvalidTelegram, SlipTexts

#: The wire's name of each text, the longest that it may be, and what it must not be.
RULES = {
    "title": ("Title", "一" * 20, ["Tsumugi", "①", "　つむぎ", "つむぎ～"]),
    "comment": ("Comment", "一" * 30, ["a", "つむぎ\n", "😀"]),
    "contact": ("Free17", "一" * 21, ["Tsumugi", "髙島"]),
    "contact_telephone": ("Free18", "03-1234-5678", ["-031234", "０３", "03 1234", "+81312345"]),
    "contact_hours": ("Free19", "10:00-18:00", ["１０時", " 10-18", "10-18 ", "10\t18"]),
}


def test_a_shop_without_texts_sends_none() -> None:
    assert set(SlipTexts().fields().values()) == {""}


@pytest.mark.parametrize("text", RULES)
def test_a_text_may_be_as_long_as_the_slip_takes_it(text: str) -> None:
    name, longest, _bent = RULES[text]

    assert SlipTexts(**{text: longest}).fields()[name] == longest
    with pytest.raises(InvalidTelegram) as refused:
        SlipTexts(**{text: longest + longest[0]})
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("text", "bent"), [(text, bent) for text, rule in RULES.items() for bent in rule[2]]
)
def test_a_text_that_the_slip_cannot_carry_is_refused(text: str, bent: str) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        SlipTexts(**{text: bent})

    assert refused.value.field == RULES[text][0]


@pytest.mark.parametrize("text", RULES)
@pytest.mark.parametrize("value", [None, 0, b""])
def test_a_text_is_text(text: str, value: Any) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        SlipTexts(**{text: value})

    assert refused.value.field == RULES[text][0]
