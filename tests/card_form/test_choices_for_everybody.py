"""The choices of the form by ear, by finger, on a small screen, without JavaScript."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Page

from escott.django.card_terms import CardTerms
from escott.django.models import Member, MemberState
from escott.rules.consent import CONSENT_TEXT
from escott.rules.instalments import InstalmentOffer
from tests.axe import violations

pytestmark = pytest.mark.browser

SAVED = Member(state=MemberState.VALID, last_four="4242", brand="visa", expiry="2812")
EVERYTHING = CardTerms(
    saved_card=SAVED,
    may_save=True,
    consent_text=CONSENT_TEXT,
    asks_holder=True,
    instalments=InstalmentOffer.BONUS,
)
VARIANTS = {
    "plain": {"terms": CardTerms()},
    "everything": {"terms": EVERYTHING},
    "expired": {"terms": EVERYTHING, "today": date(2029, 1, 1)},
    "always saved": {"terms": replace(EVERYTHING, must_save=True), "notice": "Refused."},
    "link type": {"terms": CardTerms(hosted=True, may_save=True, consent_text=CONSENT_TEXT)},
    "link type, saved": {"terms": replace(EVERYTHING, hosted=True, asks_holder=False)},
}
#: The page around the form is a stub; headings and landmarks are the shop's.
OF_THE_PAGE = ["page-has-heading-one", "landmark-one-main", "region"]


@pytest.fixture(params=[*VARIANTS])
def variant(request, card_page):
    """The page of each variant; where there is a new card to enter, its fields are shown."""
    card_page.page.set_viewport_size({"width": 320, "height": 640})
    card_page.open(**VARIANTS[request.param])
    if card_page.page.locator("[data-escott=new]").count():
        card_page.page.locator("[data-escott=new]").check()
    return card_page


@pytest.mark.parametrize("state", ["at first", "with errors"])
def test_axe_finds_nothing_against_wcag_22_aa(variant, state):
    if state == "with errors":
        variant.press()
    assert violations(variant.page, "best-practice", without=OF_THE_PAGE) == []


@pytest.mark.parametrize("language_size", ["100%", "200%"])
def test_no_variant_scrolls_sideways_at_320_pixels(variant, language_size):
    page = variant.page
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", language_size)
    variant.press()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_what_is_chosen_can_be_touched_by_its_words_44_pixels_high(variant):
    ticked = variant.page.locator("form :is([type=radio], [type=checkbox]):visible")
    for control in ticked.all():
        label = variant.page.locator(f"label[for={control.get_attribute('id')}]")
        box = label.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        label.click()
    for control in variant.page.locator("form select:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def read_out(page: Page) -> list[tuple[str, str]]:
    """Role and name of everything that a screen reader finds."""
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    return [(node["role"]["value"], node["name"]["value"]) for node in tree if "name" in node]


def tab_and_press(page: Page, *keys: str) -> None:
    """Press the keys; the last one sends the form."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def test_without_javascript_the_saved_card_pays(scriptless, shop):
    shop.shows(terms=replace(EVERYTHING, consent_text="", asks_holder=False), press="press-1")
    scriptless.goto(shop.url)
    seen = read_out(scriptless)
    assert any(name.startswith("You can pay with the saved card.") for _, name in seen)
    assert [name for role, name in seen if role == "radio"] == ["Pay with the saved card"]
    assert not [name for role, name in seen if role == "textbox"]
    tab_and_press(scriptless, "Tab", "Tab", "3", "Tab", "Enter")
    posted = {"card": ["saved"], "amount": ["3780"], "press": ["press-1"], "pay_type": ["03"]}
    assert shop.posts == [posted]


def test_without_javascript_the_name_and_the_consent_are_posted_too(scriptless, shop):
    shop.shows(terms=replace(EVERYTHING, instalments=InstalmentOffer.LUMP_SUM))
    scriptless.goto(shop.url)
    scriptless.keyboard.press("Tab")
    scriptless.keyboard.press("Tab")
    scriptless.keyboard.type("TARO YAMADA")
    tab_and_press(scriptless, "Tab", "Tab", "Space", "Tab", "Enter")
    assert shop.posts[0] | {"amount": []} == {
        "card": ["saved"],
        "amount": [],
        "holder_name": ["TARO YAMADA"],
        "consent": [EVERYTHING.consent_digest],
    }


def test_without_javascript_the_link_type_goes_on(scriptless, shop):
    shop.shows(terms=CardTerms(hosted=True, may_save=True), press="press-1")
    scriptless.goto(shop.url)
    assert not [name for _, name in read_out(scriptless) if "JavaScript" in name]
    tab_and_press(scriptless, "Tab", "Space", "Tab", "Enter")
    assert shop.posts == [{"amount": ["3780"], "press": ["press-1"], "save_card": ["on"]}]
