"""同意文 and its checkbox, and the card that is typed on the gateway's page (A115, A117)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from escott.django.card_terms import CardTerms

pytestmark = pytest.mark.browser

TEXT = "\n\n".join(
    f"Paragraph {number}: <b>what</b> we pass on, and to whom." for number in range(30)
)
BOX = "I agree to the handling of my personal data"
CONSENT = CardTerms(consent_text=TEXT)
HOSTED = CardTerms(hosted=True, consent_text=TEXT)


def test_without_the_tick_nothing_is_charged_and_the_box_says_why(card_page, shop, gateway):
    page = card_page.open(terms=CONSENT).fill().press().page
    box = page.get_by_label(BOX)
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description(re.compile("tick the box"))
    assert (shop.posts, gateway.asked) == ([], [])
    box.check()
    assert card_page.error("consent") == ""
    card_page.press().arrives()
    assert shop.posts[0]["consent"] == [CONSENT.consent_digest]


def test_the_box_is_never_ticked_beforehand(card_page):
    expect(card_page.open(terms=CONSENT).page.get_by_label(BOX)).not_to_be_checked()


def test_the_text_is_read_by_keyboard_in_a_region_with_a_name(card_page):
    page = card_page.open(terms=CONSENT).page
    region = page.get_by_role("region", name="Handling of personal data")
    expect(region).to_contain_text("Paragraph 29: <b>what</b> we pass on")
    last = region.get_by_text("Paragraph 29")
    expect(last).not_to_be_in_viewport()
    region.focus()
    page.keyboard.press("End")
    expect(last).to_be_in_viewport()


def test_the_link_type_asks_for_no_card_and_says_where_it_is_typed(card_page, shop):
    page = card_page.open(terms=HOSTED, press="press-1").page
    expect(page.get_by_text("on the page of the card service, not in this shop")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Continue to the card page (¥3,780)")).to_be_visible()
    card_page.choose(BOX).press().arrives()
    assert shop.posts == [
        {"amount": ["3780"], "press": ["press-1"], "consent": [HOSTED.consent_digest]}
    ]


def test_the_link_type_loads_nothing_from_the_gateway(card_page):
    asked: list[str] = []
    card_page.page.on("request", lambda request: asked.append(request.url))
    card_page.open(terms=HOSTED)
    assert [url for url in asked if card_page.shop.gateway.url in url] == []
    assert card_page.complaints == []


def test_the_shops_own_button_text_stands_on_the_link_type_too(card_page):
    page = card_page.open(terms=HOSTED, button="Place the order (¥3,780)").page
    expect(page.get_by_role("button", name="Place the order (¥3,780)")).to_be_visible()


def test_a_double_click_on_the_link_type_posts_once(card_page, shop):
    shop.answers_posts = False
    page = card_page.open(terms=HOSTED).choose(BOX).page
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("button[type=submit]").dblclick()
    expect(page.locator("button[type=submit]")).to_be_disabled()
    assert len(shop.posts) == 1
