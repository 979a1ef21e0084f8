"""From the press of the button to the shop's next page, and whatever may stop it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NOTHING_CHARGED = re.compile("Nothing has been charged")

#: What only the form's own script writes: from here on a press is the script's.
READY = "button[data-escott=pay][aria-busy=false]"


def test_the_shop_receives_the_token_and_nothing_of_the_card(card_page, shop):
    card_page.open().fill().press().arrives()
    assert shop.posts == [{"token": ["token-of-1000"], "amount": ["3780"]}]
    everything = "\n".join(shop.received)
    for secret in ("4000000000001000", "4000 0000", "4000+0000", "12/28", "777", "TARO"):
        assert secret not in everything


def test_the_gateway_is_asked_with_nine_texts_year_before_month(card_page, gateway):
    card_page.open().fill().press().arrives()
    assert gateway.asked == [["4000000000001000", "28", "12", "777", "", "", "", "", ""]]


def test_an_expiry_with_a_long_year_reaches_the_gateway_short(card_page, gateway):
    card_page.open().fill(expiry="12/2028").press().arrives()
    assert gateway.asked[0][1:3] == ["28", "12"]


def test_without_a_security_code_the_gateway_is_asked_with_an_empty_one(card_page, gateway):
    card_page.open(needs_security_code=False).fill().press().arrives()
    assert gateway.asked[0][3] == ""


def test_a_strict_content_security_policy_has_nothing_to_complain_of(card_page):
    card_page.open().fill().press().arrives()
    assert card_page.complaints == []


def test_no_card_input_has_a_name(card_page):
    card_page.open()
    names = "els => els.map(el => el.getAttribute('name')).filter(Boolean)"
    assert card_page.page.eval_on_selector_all("form :is(input, button)", names) == [
        "token",
        "amount",
    ]


def test_a_double_click_posts_once(card_page, shop, gateway):
    card_page.open().fill()
    card_page.page.get_by_role("button", name="Pay").dblclick()
    card_page.arrives()
    assert (len(shop.posts), len(gateway.asked)) == (1, 1)


def test_while_the_payment_runs_the_button_is_off_and_says_so(card_page, gateway, shop):
    gateway.token = "held"
    page = card_page.open().fill().press().page
    button = page.locator("button[type=submit]")
    expect(button).to_have_text(re.compile("Processing…"))
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("status").filter(has_text="Processing…")).to_have_count(1)
    page.evaluate("document.querySelector('form').requestSubmit()")
    gateway.release.set()
    card_page.arrives()
    assert (len(shop.posts), len(gateway.asked)) == (1, 1)


def test_a_blocked_script_is_told_before_anything_is_typed_and_can_be_retried(card_page, gateway):
    gateway.script = "missing"
    page = card_page.open().page
    expect(page.get_by_role("alert").filter(has_text=NOTHING_CHARGED)).to_be_visible()
    gateway.script = "served"
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    card_page.fill().press().arrives()


def test_a_blocked_script_leaves_what_was_typed_and_the_retry_pays(card_page, gateway, shop):
    gateway.script = "missing"
    card_page.open().fill().press()
    alert = card_page.page.get_by_role("alert").filter(has_text=NOTHING_CHARGED)
    expect(alert).to_be_focused()
    assert card_page.number == "4000 0000 0000 1000"
    expect(card_page.page.get_by_role("button", name="Pay ¥3,780")).to_be_enabled()
    gateway.script = "served"
    card_page.page.get_by_role("button", name="Try again").click()
    card_page.arrives()
    assert len(shop.posts) == 1


def test_a_script_that_is_not_the_gateways_is_told_like_a_blocked_one(card_page, shop):
    card_page.open(token_script_url=f"{shop.url}{'/static/escott/card-rules.js'}")
    expect(card_page.page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_script_that_comes_late_still_serves_the_press_that_waits(card_page, gateway):
    gateway.script = "held"
    card_page.shop.shows()
    card_page.page.goto(card_page.shop.url, wait_until="commit")
    card_page.page.wait_for_selector(READY)
    card_page.fill().press()
    expect(card_page.page.locator("button[type=submit]")).to_be_disabled()
    gateway.release.set()
    card_page.arrives()


@pytest.mark.parametrize("fault", [("script", "held"), ("token", "none"), ("token", "held")])
def test_no_token_within_20_seconds_ends_in_a_form_that_can_be_used_again(
    card_page, gateway, shop, fault
):
    setattr(gateway, *fault)
    page = card_page.page
    page.clock.install(time=0)
    page.clock.pause_at(1)
    page.goto(shop.url, wait_until="commit")
    page.wait_for_selector(READY)
    card_page.fill().press()
    expect(page.locator("button[type=submit]")).to_be_disabled()
    if fault[0] == "token":
        card_page.asked_for_tokens(1)
    page.clock.run_for(19_999)
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    page.clock.run_for(1)
    expect(page.get_by_role("alert").filter(has_text=NOTHING_CHARGED)).to_be_focused()
    expect(page.get_by_role("button", name="Pay ¥3,780")).to_be_enabled()
    setattr(gateway, fault[0], "served")
    page.get_by_role("button", name="Try again").click()
    card_page.arrives()
    assert shop.posts == [{"token": ["token-of-1000"], "amount": ["3780"]}]


def test_a_late_token_of_another_card_is_never_used(card_page, gateway, shop):
    gateway.token = "held"
    page = card_page.page
    page.clock.install()
    card_page.open().fill(number="4000000000001000").press().asked_for_tokens(1)
    page.clock.fast_forward(20_000)
    gateway.token = "none"
    card_page.fill(number="5555555555554444").press().asked_for_tokens(2)
    with page.expect_response(lambda answer: "1000" in answer.url):
        gateway.release.set()
    page.clock.fast_forward(20_000)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert shop.posts == []


def test_an_empty_token_is_not_posted(card_page, gateway, shop):
    gateway.token = "empty"
    card_page.open().fill().press()
    expect(card_page.page.get_by_role("button", name="Try again")).to_be_visible()
    assert shop.posts == []


def test_a_shop_that_does_not_answer_leads_to_the_state_of_the_payment(card_page, shop):
    shop.answers_posts = False
    page = card_page.page
    page.clock.install()
    card_page.open().fill().press()
    expect(page.get_by_label("Card number")).to_have_value("")
    expect(page.locator("button[type=submit]")).to_be_disabled()
    page.clock.fast_forward(90_000)
    link = page.get_by_role("link", name="See the state of the payment")
    expect(link).to_be_visible()
    expect(page.get_by_text(NOTHING_CHARGED).filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    assert link.get_attribute("href") == "/pay"


def test_the_back_button_brings_an_empty_form_that_works(card_page, shop):
    page = card_page.open().page
    page.evaluate(
        "addEventListener('pageshow', (e) => { document.title = `kept ${e.persisted}`; })"
    )
    card_page.fill().press().arrives()
    page.evaluate("history.back()")
    expect(page).to_have_title("kept true")
    assert page.locator("[name=token]").input_value() == ""
    assert card_page.number == ""
    card_page.fill().press().arrives()
    assert len(shop.posts) == 2
