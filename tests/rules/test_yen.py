"""Yen are whole numbers."""

from decimal import Decimal

import pytest

from escott.rules.yen import NotYen, format_yen, yen, yen_from_decimal


@pytest.mark.parametrize("value", [0, 1, 3780, 9_999_999])
def test_a_whole_number_is_yen(value: int) -> None:
    assert yen(value) == value


@pytest.mark.parametrize("value", [True, 3780.0, Decimal(3780), "3780", None, -1])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(NotYen):
        yen(value)


def test_a_shop_total_without_a_fraction_is_yen() -> None:
    assert yen_from_decimal(Decimal("3780.00")) == 3780


@pytest.mark.parametrize(
    "value", [Decimal("3780.50"), Decimal(-1), Decimal("NaN"), Decimal("Infinity"), 3780]
)
def test_a_fraction_of_a_yen_is_never_rounded_here(value: object) -> None:
    with pytest.raises(NotYen):
        yen_from_decimal(value)  # type: ignore[arg-type]


def test_yen_are_written_with_separators() -> None:
    assert format_yen(1_234_567) == "¥1,234,567"
