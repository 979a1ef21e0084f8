"""登録済みカード on the page: pay with it, with a new card, or change it (A116)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from escott.django.card_terms import CardTerms
from escott.django.models import Member, MemberState
from escott.rules.instalments import InstalmentOffer

pytestmark = pytest.mark.browser

SAVED = Member(state=MemberState.VALID, last_four="4242", brand="visa", expiry="2812")
TERMS = CardTerms(saved_card=SAVED, may_save=True)
NEW_CARD = "Pay with a new card"


def test_the_saved_card_is_paid_with_without_typing_and_without_a_token(card_page, shop, gateway):
    page = card_page.open(terms=TERMS, press="press-1").page
    expect(page.get_by_label("Pay with the saved card")).to_be_checked()
    expect(page.get_by_text("VISA •••• 4242", exact=True)).to_be_visible()
    expect(page.get_by_text("Expires 12/28")).to_be_visible()
    expect(page.locator("form").get_by_role("textbox")).to_have_count(0)
    card_page.press().arrives()
    posted = {"card": ["saved"], "amount": ["3780"], "press": ["press-1"]}
    assert shop.posts == [posted]
    assert gateway.asked == []


def test_a_new_card_is_one_choice_away(card_page, shop):
    card_page.open(terms=TERMS, press="press-1").choose(NEW_CARD).fill().press().arrives()
    assert shop.posts == [
        {
            "card": ["new"],
            "token": ["token-of-1000"],
            "amount": ["3780"],
            "press": ["press-1"],
        }
    ]


def test_a_press_with_an_empty_new_card_is_told_and_going_back_pays(card_page, shop):
    card_page.open(terms=TERMS).choose(NEW_CARD).press()
    assert card_page.error("number") == "Please enter the card number."
    assert shop.posts == []
    card_page.choose("Pay with the saved card")
    expect(card_page.page.get_by_text("Please check the marked fields.")).to_be_hidden()
    card_page.press().arrives()
    assert shop.posts[0]["card"] == ["saved"]


def test_what_was_typed_for_a_new_card_is_not_sent_with_the_saved_one(card_page, shop, gateway):
    card_page.open(terms=TERMS).choose(NEW_CARD).fill().choose("Pay with the saved card")
    card_page.press().arrives()
    assert gateway.asked == []
    assert "4000" not in "\n".join(shop.received).replace(shop.url, "")


def test_saving_a_new_card_replaces_the_saved_one_and_says_so(card_page, shop):
    card_page.open(terms=TERMS).choose(NEW_CARD).fill()
    box = card_page.page.get_by_label("Change the saved card to this one")
    expect(box).not_to_be_checked()
    expect(box).to_have_accessible_description(
        "It replaces VISA •••• 4242 once it has been charged."
    )
    box.check()
    card_page.press().arrives()
    assert shop.posts[0]["save_card"] == ["on"]


def test_a_first_card_is_saved_only_if_the_box_is_ticked(card_page, shop):
    card_page.open(terms=CardTerms(may_save=True)).fill().press().arrives()
    assert "save_card" not in shop.posts[0]
    card_page.open().fill().choose("Save this card").press().arrives()
    assert shop.posts[1]["save_card"] == ["on"]


def test_a_shop_that_always_saves_says_so_instead_of_asking(card_page):
    page = card_page.open(terms=CardTerms(may_save=True, must_save=True)).page
    expect(page.get_by_text("Your card is saved once it has been charged")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    card_page.open(terms=replace(TERMS, must_save=True))
    card_page.choose("Change the saved card and pay with the new one")
    expect(page.get_by_text("and replaces VISA •••• 4242.")).to_be_visible()


def test_a_guest_is_not_asked_about_saving(card_page):
    expect(card_page.open().page.get_by_role("checkbox")).to_have_count(0)


def test_an_expired_card_is_marked_and_not_what_the_form_begins_with(card_page):
    page = card_page.open(terms=TERMS, today=date(2029, 1, 1)).page
    expect(page.get_by_text("Expired in 12/28")).to_be_visible()
    expect(page.get_by_label(NEW_CARD)).to_be_checked()
    expect(page.get_by_label("Card number")).to_be_visible()
    card_page.open(today=date(2028, 12, 31))
    expect(page.get_by_text("Expired")).to_have_count(0)
    expect(page.get_by_label("Pay with the saved card")).to_be_checked()


def test_a_blocked_token_script_is_no_concern_of_the_saved_card(card_page, gateway, shop):
    gateway.script = "missing"
    page = card_page.open(terms=TERMS).page
    retry = page.get_by_role("button", name="Try again")
    expect(retry).to_be_hidden()
    card_page.choose(NEW_CARD)
    expect(retry).to_be_visible()
    card_page.choose("Pay with the saved card")
    expect(retry).to_be_hidden()
    card_page.press().arrives()
    assert len(shop.posts) == 1


def test_the_authentication_wants_the_name_for_the_saved_card_too(card_page, shop):
    card_page.open(terms=replace(TERMS, asks_holder=True)).press()
    assert card_page.error("holder") == "Please enter the name on the card."
    card_page.page.get_by_label("Name on the card").fill("rené yamada")
    card_page.press().arrives()
    assert (shop.posts[0]["card"], shop.posts[0]["holder_name"]) == (["saved"], ["RENE YAMADA"])


def test_the_name_is_posted_for_the_authentication_and_nothing_else_of_the_card(card_page, shop):
    card_page.open(terms=CardTerms(asks_holder=True)).fill().press().arrives()
    posted = {"token": ["token-of-1000"], "amount": ["3780"], "holder_name": ["TARO YAMADA"]}
    assert shop.posts == [posted]
    everything = "\n".join(shop.received)
    for secret in ("4000000000001000", "4000 0000", "4000+0000", "12/28", "777"):
        assert secret not in everything


def test_the_choice_is_made_by_keyboard(card_page, shop):
    page = card_page.open(terms=TERMS).page
    page.keyboard.press("Tab")
    expect(page.get_by_label("Pay with the saved card")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label(NEW_CARD)).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    card_page.arrives()
    assert shop.posts[0]["card"] == ["saved"]


def test_the_choice_is_one_group_with_a_name(card_page):
    page = card_page.open(terms=TERMS).page
    group = page.get_by_role("group", name="Card to pay with")
    expect(group.get_by_role("radio")).to_have_count(2)


def test_coming_back_brings_the_choices_back_to_their_beginning(card_page, shop):
    terms = replace(TERMS, instalments=InstalmentOffer.BONUS)
    page = card_page.open(terms=terms).page
    page.evaluate(
        "addEventListener('pageshow', (e) => { document.title = `kept ${e.persisted}`; })"
    )
    page.get_by_label("Number of payments").select_option("3 payments")
    card_page.press().arrives()
    page.evaluate("history.back()")
    expect(page).to_have_title("kept true")
    expect(page.get_by_label("Number of payments")).to_have_value("01")
    card_page.press().arrives()
    assert shop.posts[1]["pay_type"] == ["01"]
