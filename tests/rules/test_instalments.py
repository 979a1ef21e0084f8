"""支払回数: the manual's table, every brand times every PayType times every setting."""

from itertools import product

import pytest

from escott.rules.card_brands import CardBrand
from escott.rules.instalments import InstalmentOffer, may_be_charged, pay_types

LUMP_SUM, REVOLVING, BONUS = "01", "88", "80"
COUNTS = ["03", "05", "06", "10", "12", "15", "18", "20", "24"]

#: The manual, 支払回数, as PayType; 一括 of Diners by requirements.md part 2 no. 5.
MANUAL = {
    CardBrand.VISA: {LUMP_SUM, "02", *COUNTS, REVOLVING, BONUS},
    CardBrand.MASTERCARD: {LUMP_SUM, "02", *COUNTS, REVOLVING, BONUS},
    CardBrand.JCB: {LUMP_SUM, "02", *COUNTS, REVOLVING, BONUS},
    CardBrand.AMEX: {LUMP_SUM, *COUNTS, BONUS},
    CardBrand.DINERS: {LUMP_SUM, REVOLVING, BONUS},
    CardBrand.OTHER: {LUMP_SUM},
}

#: What each setting leaves of it.
SETTING = {
    InstalmentOffer.LUMP_SUM: {LUMP_SUM},
    InstalmentOffer.INSTALMENTS: {LUMP_SUM, "02", *COUNTS, REVOLVING},
    InstalmentOffer.BONUS: {LUMP_SUM, "02", *COUNTS, REVOLVING, BONUS},
}

#: Every PayType that two digits can write.
EVERY_PAY_TYPE = [f"{number:02}" for number in range(100)]


@pytest.mark.parametrize(("brand", "offer"), [*product(CardBrand, InstalmentOffer)])
def test_a_card_is_charged_as_the_manual_and_the_setting_allow_and_not_otherwise(
    brand: CardBrand, offer: InstalmentOffer
) -> None:
    charged = {it for it in EVERY_PAY_TYPE if may_be_charged(it, brand, offer)}
    assert charged == MANUAL[brand] & SETTING[offer]
    assert set(pay_types(brand, offer)) == charged


@pytest.mark.parametrize(("brand", "offer"), [*product(CardBrand, InstalmentOffer)])
def test_one_payment_is_always_possible_and_named_first(
    brand: CardBrand, offer: InstalmentOffer
) -> None:
    assert pay_types(brand, offer)[0] == LUMP_SUM


@pytest.mark.parametrize("offer", InstalmentOffer)
def test_of_a_hidden_brand_what_any_brand_takes_is_left_to_the_gateway(
    offer: InstalmentOffer,
) -> None:
    charged = {it for it in EVERY_PAY_TYPE if may_be_charged(it, None, offer)}
    assert charged == SETTING[offer]


@pytest.mark.parametrize("pay_type", ["", "1", "001", "０１", "1 ", "XX"])
def test_what_is_no_pay_type_is_never_charged(pay_type: str) -> None:
    for brand, offer in product([*CardBrand, None], InstalmentOffer):
        assert not may_be_charged(pay_type, brand, offer)
