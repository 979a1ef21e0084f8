"""支払回数 on the page: by brand, and explained where nothing can be chosen yet (A051, A160)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from escott.django.card_terms import CardTerms
from escott.django.models import Member, MemberState
from escott.rules.card_brands import CardBrand
from escott.rules.instalments import InstalmentOffer

pytestmark = pytest.mark.browser

ONE, REVOLVING, BONUS = "One payment", "Revolving payments", "One payment from the bonus"
COUNTED = [f"{count} payments" for count in (3, 5, 6, 10, 12, 15, 18, 20, 24)]
ALL = [ONE, "2 payments", *COUNTED, REVOLVING, BONUS]

#: The leading digits of each range, and what its cards take, as the manual's table says.
MANUAL = [
    (["4", "49", "4000 0000 0000 1000"], ALL),
    (["51", "55", "2221", "2720"], ALL),
    (["3528", "3589"], ALL),
    (["34", "37"], [ONE, *COUNTED, BONUS]),
    (["30", "36", "38", "39"], [ONE, REVOLVING, BONUS]),
    (["6", "31", "3527", "50", "2220"], [ONE]),
    (["", "3", "35", "352", "5", "2", "222"], [ONE]),
]
SPLIT = CardTerms(instalments=InstalmentOffer.BONUS)
HINTS = {
    "undecided": "Please enter the card number first",
    "single": "This card can only be charged in one payment.",
    "several": "Your card company may ask a fee",
    "set back": "The number of payments was set back to one",
}


def saved(brand: str) -> Member:
    return Member(state=MemberState.VALID, last_four="1000", brand=brand, expiry="2812")


def options(card_page) -> list[str]:
    texts = card_page.page.get_by_label("Number of payments").locator("option").all_inner_texts()
    return [text.strip() for text in texts]


def hint(card_page) -> str:
    text = card_page.page.locator("#escott-pay-type-hint").inner_text()
    return next(name for name, start in HINTS.items() if text.startswith(start))


def test_the_number_decides_what_can_be_chosen(card_page):
    card_page.open(terms=SPLIT)
    number = card_page.page.get_by_label("Card number")
    expected = {digits: offered for row, offered in MANUAL for digits in row}
    assert {it: number.fill(it) or options(card_page) for it in expected} == expected


def test_the_hint_says_why_nothing_can_be_chosen(card_page):
    card_page.open(terms=SPLIT)
    assert hint(card_page) == "undecided"
    expected = {"4": "several", "30": "several", "6": "single", "35": "undecided", "": "undecided"}
    number = card_page.page.get_by_label("Card number")
    assert {it: number.fill(it) or hint(card_page) for it in expected} == expected
    expect(card_page.page.get_by_label("Number of payments")).to_have_accessible_description(
        re.compile("Please enter the card number first")
    )


def test_without_the_bonus_in_the_settings_there_is_none_on_the_page(card_page):
    card_page.open(terms=CardTerms(instalments=InstalmentOffer.INSTALMENTS))
    card_page.page.get_by_label("Card number").fill("4")
    assert options(card_page) == ALL[:-1]


def test_a_shop_of_one_payment_only_asks_nothing(card_page, shop):
    expect(card_page.open().page.get_by_label("Number of payments")).to_have_count(0)
    card_page.fill().press().arrives()
    assert "pay_type" not in shop.posts[0]


def test_what_was_chosen_is_posted(card_page, shop):
    card_page.open(terms=SPLIT).fill()
    card_page.page.get_by_label("Number of payments").select_option("3 payments")
    card_page.press().arrives()
    assert shop.posts == [{"token": ["token-of-1000"], "amount": ["3780"], "pay_type": ["03"]}]


def test_another_brand_sets_back_what_it_does_not_take_and_says_so(card_page, shop):
    card_page.open(terms=SPLIT).fill()
    select = card_page.page.get_by_label("Number of payments")
    select.select_option("2 payments")
    card_page.fill(number="371449635398431", code="7777")
    expect(select).to_have_value("01")
    assert hint(card_page) == "set back"
    select.select_option("3 payments")
    assert hint(card_page) == "several"


def test_a_choice_survives_the_correction_of_the_number(card_page):
    card_page.open(terms=SPLIT).fill()
    select = card_page.page.get_by_label("Number of payments")
    select.select_option("3 payments")
    card_page.page.get_by_label("Card number").fill("")
    expect(select).to_have_value("01")
    card_page.page.get_by_label("Card number").fill("5555555555554444")
    expect(select).to_have_value("03")


@pytest.mark.parametrize(
    ("brand", "offered"),
    [
        (CardBrand.VISA, ALL),
        (CardBrand.AMEX, [ONE, *COUNTED, BONUS]),
        (CardBrand.DINERS, [ONE, REVOLVING, BONUS]),
        ("", [ONE]),
    ],
)
def test_the_saved_card_offers_what_its_brand_takes(card_page, brand, offered):
    terms = CardTerms(instalments=InstalmentOffer.BONUS, saved_card=saved(brand))
    card_page.open(terms=terms)
    assert options(card_page) == offered
    assert hint(card_page) == ("several" if len(offered) > 1 else "single")


def test_going_over_to_a_new_card_offers_what_the_new_one_takes(card_page):
    terms = CardTerms(instalments=InstalmentOffer.BONUS, saved_card=saved(CardBrand.VISA))
    card_page.open(terms=terms).choose("Pay with a new card")
    assert (options(card_page), hint(card_page)) == ([ONE], "undecided")
    card_page.fill(number="30569309025904")
    assert options(card_page) == [ONE, REVOLVING, BONUS]
    card_page.choose("Pay with the saved card")
    assert options(card_page) == ALL


def test_the_hint_is_announced_politely_and_only_when_it_changes(card_page):
    page = card_page.open(terms=SPLIT).page
    expect(page.locator("#escott-pay-type-hint")).to_have_attribute("aria-live", "polite")
    page.evaluate(
        """() => {
          window.announced = [];
          new MutationObserver(() => window.announced.push(1)).observe(
            document.getElementById("escott-pay-type-hint"), { childList: true });
        }"""
    )
    page.get_by_label("Card number").press_sequentially("4000000000001000")
    assert page.evaluate("window.announced.length") == 1
