"""カードブランド, told by the leading digits (requirements.md A016, A052)."""

import pytest

from escott.rules.card_brands import CardBrand, brand_of, last_four_of

#: Every four leading digits of a brand, as the manual lists them.
LEADING = {
    CardBrand.VISA: {*range(4000, 5000)},
    CardBrand.MASTERCARD: {*range(5100, 5600), *range(2221, 2721)},
    CardBrand.JCB: {*range(3528, 3590)},
    CardBrand.AMEX: {*range(3400, 3500), *range(3700, 3800)},
    CardBrand.DINERS: {*range(3000, 3100), *range(3600, 3700), *range(3800, 4000)},
}


def test_every_four_digits_are_of_the_brand_that_the_table_says_or_of_none() -> None:
    expected = {f"{digits:04}": CardBrand.OTHER for digits in range(10_000)}
    for brand, leading in LEADING.items():
        expected |= {f"{digits:04}": brand for digits in leading}
    assert {digits: brand_of(digits) for digits in expected} == expected


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4", CardBrand.VISA),
        ("51", CardBrand.MASTERCARD),
        ("37", CardBrand.AMEX),
        ("39", CardBrand.DINERS),
        ("6", CardBrand.OTHER),
        ("31", CardBrand.OTHER),
        ("351", CardBrand.OTHER),
    ],
)
def test_fewer_digits_do_where_they_settle_it(number: str, brand: CardBrand) -> None:
    assert brand_of(number) is brand


@pytest.mark.parametrize("number", ["", "3", "35", "352", "358", "5", "2", "22", "222", "272"])
def test_too_few_digits_tell_no_brand(number: str) -> None:
    assert brand_of(number) is None


@pytest.mark.parametrize(
    ("masked", "brand"),
    [
        ("4************000", CardBrand.VISA),
        ("353011******0000", CardBrand.JCB),
        ("3***********0000", None),
        ("************1000", None),
        ("", None),
    ],
)
def test_a_masked_number_tells_what_its_leading_digits_tell(
    masked: str, brand: CardBrand | None
) -> None:
    assert brand_of(masked) is brand


@pytest.mark.parametrize(
    ("number", "last_four"),
    [
        ("4000000000001000", "1000"),
        ("4000********0042", "0042"),
        ("1000", "1000"),
        ("4000************", ""),
        ("***********1000*", ""),
        ("************１000", ""),
        ("000", ""),
        ("", ""),
    ],
)
def test_the_last_four_are_four_digits_or_none(number: str, last_four: str) -> None:
    assert last_four_of(number) == last_four
