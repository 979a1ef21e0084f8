"""商品名: sixteen characters for an order's goods."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escott.rules.product_name import LONGEST, NAMELESS, product_name
from tests.rules.jis_witness import cells
from tests.soak import figure

CELLS = cells()
SIXTEEN = "一二三四五六七八九十壱弐参四五六"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["風呂敷"], "風呂敷"),
        ([SIXTEEN], SIXTEEN),
        ([SIXTEEN + "七"], SIXTEEN[:15] + "…"),
        (["風呂敷", "手ぬぐい"], "風呂敷他"),
        (["風呂敷", "手ぬぐい", "湯のみ"], "風呂敷他"),
        ([SIXTEEN[:15], "手ぬぐい"], SIXTEEN[:15] + "他"),
        ([SIXTEEN, "手ぬぐい"], SIXTEEN[:14] + "…他"),
        (["T-shirt 'Sakura' (XL)"], "Ｔ‐ｓｈｉｒｔ　’Ｓａｋｕｒａ…"),
        (["Large towel of cotton"], "Ｌａｒｇｅ　ｔｏｗｅｌ　ｏｆ…"),  # no space before …
        (["①髙級ﾀｵﾙ"], "１高級タオル"),
        (["🎁🎀"], NAMELESS),
        (["🎁🎀", "風呂敷"], NAMELESS + "他"),
        ([""], NAMELESS),
        ([" \n"], NAMELESS),
        ([], NAMELESS),
    ],
)
def test_the_name_of_an_orders_goods(names: list[str], told: str) -> None:
    assert product_name(names) == told


@settings(max_examples=figure(200, 10_000), deadline=None)
@given(st.lists(st.text(max_size=40), max_size=4))
def test_every_order_has_a_name_that_a_slip_can_carry(names: list[str]) -> None:
    name = product_name(names)

    assert 1 <= len(name) <= LONGEST
    assert set(name) <= CELLS
    assert name == name.strip()
    assert len(names) < 2 or name.endswith("他")
