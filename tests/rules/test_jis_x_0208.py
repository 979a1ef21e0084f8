"""Which characters a slip can carry."""

from __future__ import annotations

import sys

import pytest

from escott.rules.jis_x_0208 import stands_in_jis_x_0208
from escott.rules.kanji_variants import VARIANTS
from tests.rules.jis_witness import OF_TWO_CODE_POINTS, cells
from tests.soak import figure


def test_it_is_the_table_of_the_standard_without_what_has_two_code_points() -> None:
    """6,879 characters less seven."""
    standing = {
        character
        for character in map(chr, range(figure(0x10000, sys.maxunicode + 1)))
        if stands_in_jis_x_0208(character)
    }

    assert standing == cells()
    assert len(standing) == 6_879 - 7


@pytest.mark.parametrize(
    "character", ["　", "…", "他", "（", "）", "‐", "ー", "￥", "髯", "〆", "々"]
)
def test_what_our_own_rules_write_may_stand(character: str) -> None:
    assert stands_in_jis_x_0208(character)


@pytest.mark.parametrize(
    "character", [*"a 1ｱ①髙﨑德😀ヷ℡＂＇", "\n", "\ud800", *sorted(OF_TWO_CODE_POINTS)]
)
def test_what_a_reader_may_not_know_does_not(character: str) -> None:
    assert not stands_in_jis_x_0208(character)


@pytest.mark.parametrize(("variant", "carried"), VARIANTS.items())
def test_every_variant_of_a_kanji_stands_outside_and_its_twin_inside(
    variant: str, carried: str
) -> None:
    assert not stands_in_jis_x_0208(variant)
    assert stands_in_jis_x_0208(carried)
