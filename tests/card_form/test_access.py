"""The form for everybody: by keyboard, by ear, on a small screen, without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_every_input_has_a_label_and_its_autocomplete_token(card_page):
    page = card_page.open().page
    tokens = {
        "Card number": "cc-number",
        "Expiry (month/year)": "cc-exp",
        "Security code": "cc-csc",
        "Name on the card": "cc-name",
    }
    for name, autocomplete in tokens.items():
        field = page.get_by_role("textbox", name=name, exact=True)
        expect(field).to_have_attribute("autocomplete", autocomplete)
    assert page.get_by_role("textbox").count() == len(tokens)


@pytest.mark.parametrize("name", ["Card number", "Expiry", "Security code"])
def test_fields_of_digits_bring_the_numeric_keyboard(card_page, name):
    field = card_page.open().page.get_by_label(name)
    expect(field).to_have_attribute("inputmode", "numeric")


def test_a_payment_needs_nothing_but_the_keyboard(card_page, shop):
    keyboard = card_page.open().page.keyboard
    for text in ("4000000000001000", "1228", "777", "taro yamada"):
        keyboard.press("Tab")
        keyboard.type(text)
    keyboard.press("Tab")
    expect(card_page.page.get_by_role("button", name="Pay ¥3,780")).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    card_page.arrives()
    assert len(shop.posts) == 1


def test_the_focus_is_seen_on_every_stop(card_page):
    page = card_page.open().page
    for _ in range(5):
        page.keyboard.press("Tab")
        width = "getComputedStyle(document.activeElement).outlineWidth"
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert (page.evaluate(width), page.evaluate(style)) == ("3px", "solid")


@pytest.mark.parametrize("language_size", ["100%", "200%"])
def test_a_screen_of_320_pixels_never_scrolls_sideways(card_page, gateway, language_size):
    gateway.script = "missing"
    page = card_page.page
    page.set_viewport_size({"width": 320, "height": 640})
    card_page.open(notice="The card was refused. Please use another card.")
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", language_size)
    card_page.press()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_what_is_touched_is_at_least_44_pixels_high(card_page, gateway):
    gateway.script = "missing"
    page = card_page.open().page
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    for control in page.locator("form :is(input, button):visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_text_stands_out_from_its_ground(card_page, gateway):
    gateway.script = "missing"
    page = card_page.open(notice="Refused").fill(code="1").press().page
    for pair in page.evaluate(COLOUR_PAIRS):
        assert contrast(*pair["colours"]) >= 4.5, pair


def test_nothing_turns_for_who_asked_for_less_motion(card_page, gateway):
    gateway.token = "none"
    card_page.page.emulate_media(reduced_motion="reduce")
    card_page.open().fill().press()
    busy = card_page.page.locator("[data-escott=busy-text]")
    expect(busy).to_be_visible()
    name = busy.evaluate("text => getComputedStyle(text, '::before').animationName")
    assert name == "none"


def test_without_javascript_the_page_explains_itself(scriptless, shop):
    scriptless.goto(shop.url)
    session = scriptless.context.new_cdp_session(scriptless)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    seen = [(node["role"]["value"], node["name"]["value"]) for node in tree if "name" in node]
    assert any(text.startswith("Paying by card needs JavaScript") for _, text in seen)
    assert not {role for role, _ in seen} & {"textbox", "button"}


def test_the_test_mode_is_marked_and_only_the_test_mode(card_page):
    marker = card_page.page.get_by_text("Running in test mode. Nothing will really be charged.")
    card_page.open(test_mode=True)
    expect(marker).to_be_visible()
    card_page.open(test_mode=False)
    expect(marker).to_have_count(0)


def test_advice_from_the_server_stands_above_the_fields(card_page):
    card_page.open(notice="<b>Use another card</b>")
    expect(card_page.page.get_by_role("alert").filter(visible=True)).to_have_text(
        "<b>Use another card</b>"
    )


#: Text and ground of every visible text, placeholders too, as [r, g, b] pairs.
COLOUR_PAIRS = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (el) => {
    for (let at = el; at; at = at.parentElement) {
      const [r, g, b, a = 1] = rgb(getComputedStyle(at).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("form :is(label, p, button, a, input)")];
  return texts.filter((el) => el.checkVisibility() && el.type !== "hidden").flatMap((el) => [
    { what: el.outerHTML.slice(0, 80), colours: [rgb(getComputedStyle(el).color), ground(el)] },
    ...(el.placeholder ? [{ what: `placeholder ${el.id}`,
      colours: [rgb(getComputedStyle(el, "::placeholder").color), ground(el)] }] : []),
  ]);
}"""


def contrast(text: list[float], ground: list[float]) -> float:
    """The contrast ratio of two colours as WCAG 2.2 defines it."""
    bright, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: list[float]) -> float:
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
