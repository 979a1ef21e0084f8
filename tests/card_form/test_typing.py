"""What is typed: brands, spaces, the caret, full-width digits, and errors beside the fields."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

VISA, MASTERCARD, JCB = "4000000000001000", "5555555555554444", "3530111333300000"
AMEX, DINERS, OTHER = "371449635398431", "30569309025904", "6011111111111117"


def test_the_brand_icon_follows_the_leading_digits(card_page):
    card_page.open()
    brands = {
        "visa": ["4", "49"],
        "mastercard": ["51", "55", "2221", "2720"],
        "jcb": ["3528", "3589"],
        "amex": ["34", "37"],
        "diners": ["30", "36", "38", "39"],
        "other": ["", "3", "35", "3527", "3590", "50", "56", "2220", "2721", "2", "6", "31", "1"],
    }
    field = card_page.page.get_by_label("Card number")
    seen = {}
    for leading in (digits for row in brands.values() for digits in row):
        field.fill(leading)
        seen[leading] = card_page.brand()
    assert seen == {digits: brand for brand, row in brands.items() for digits in row}


def test_the_number_is_spaced_as_on_the_card(card_page):
    shown = {
        VISA: "4000 0000 0000 1000",
        AMEX: "3714 496353 98431",
        DINERS: "3056 930902 5904",
        "4000-0000-0000-1000": "4000 0000 0000 1000",
        "４０００　００００　００００　１０００": "4000 0000 0000 1000",
        "40000000000001000": "4000 0000 0000 01000",
    }
    field = card_page.open().page.get_by_label("Card number")
    assert {typed: field.fill(typed) or card_page.number for typed in shown} == shown


@pytest.mark.parametrize(
    ("caret", "keys", "shown", "caret_after"),
    [
        (2, "9", "4090 0000 0000 01000", 3),
        (4, "9", "4000 9000 0000 01000", 6),
        (5, "Backspace", "4000 0000 0000 1000", 4),
        (4, "Delete", "4000 0000 0000 1000", 5),
        (6, "Backspace", "4000 0000 0001 000", 4),
        (0, "Delete", "0000 0000 0001 000", 0),
    ],
)
def test_the_caret_stays_beside_its_digit(card_page, caret, keys, shown, caret_after):
    field = card_page.open().page.get_by_label("Card number")
    field.fill(VISA)
    field.evaluate("(input, at) => { input.focus(); input.setSelectionRange(at, at); }", caret)
    field.press(keys)
    assert (card_page.number, field.evaluate("input => input.selectionStart")) == (
        shown,
        caret_after,
    )


def test_text_that_an_input_method_still_composes_is_left_alone(card_page):
    field = card_page.open().page.get_by_label("Card number")
    field.focus()
    session = card_page.page.context.new_cdp_session(card_page.page)
    session.send(
        "Input.imeSetComposition", {"text": "４０００１", "selectionStart": 5, "selectionEnd": 5}
    )
    assert card_page.number == "４０００１"
    session.send("Input.insertText", {"text": "４０００１"})
    assert card_page.number == "4000 1"


def test_the_expiry_gets_its_slash_while_it_is_typed(card_page):
    field = card_page.open().page.get_by_label("Expiry")
    field.press_sequentially("128")
    assert field.input_value() == "12/8"
    field.fill("")
    field.press_sequentially("1/28")
    assert field.input_value() == "01/28"


def test_the_expiry_is_read_however_it_is_written(card_page):
    ways = ["12/28", "1228", "12/2028", "12 28", "122028", "１２／２８", "12-28", "1/28"]
    card_page.open()
    assert {card_page.error_on_leaving("expiry", expiry) for expiry in ways} == {""}


def test_a_card_is_good_to_the_end_of_its_month_by_the_shops_calendar(card_page):
    card_page.page.clock.install(time="2031-05-05")  # the phone's clock is wrong
    card_page.open(today=date(2026, 11, 30))
    past = "This date has passed. Please check it, or use another card."
    errors = {"11/26": "", "12/26": "", "01/27": "", "10/26": past, "12/25": past, "11/2025": past}
    assert {it: card_page.error_on_leaving("expiry", it) for it in errors} == errors


def test_what_is_no_month_and_year_is_told_beside_the_field(card_page):
    card_page.open()
    wrong = ["13/28", "0028", "12/1998", "1", "12/2", "2028/12"]
    errors = {card_page.error_on_leaving("expiry", expiry) for expiry in wrong}
    assert errors == {"Please enter month and year like 12/28."}


def test_a_wrong_number_is_told_beside_the_field(card_page):
    slip = "There seems to be a slip in the card number. Please compare it with your card."
    errors = {
        "4000000000001001": slip,
        "4000000000010000": slip,
        "40000000000010": "The card number has too few digits.",
        "40000000000001000": "The card number has too many digits.",
        f"{AMEX}0": "The card number has too many digits.",
    }
    errors |= dict.fromkeys([VISA, MASTERCARD, JCB, AMEX, DINERS, OTHER], "")
    card_page.open()
    assert {it: card_page.error_on_leaving("number", it) for it in errors} == errors


def test_a_wrong_field_is_marked_and_tied_to_its_error(card_page):
    card_page.open().error_on_leaving("number", "4000000000001001")
    field = card_page.page.get_by_label("Card number")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("There seems to be a slip"))
    card_page.error_on_leaving("number", VISA)
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(field).to_have_accessible_description("")


def test_the_brand_tells_how_long_the_security_code_is(card_page):
    three = "Please enter the 3 digits on the back of the card."
    four = "Please enter the 4 digits on the front of the card."
    errors = {
        (VISA, "777"): "",
        (VISA, "7777"): three,
        (AMEX, "777"): four,
        (AMEX, "7777"): "",
        (AMEX, "７７７７"): "",
        (DINERS, "7777"): three,
        (OTHER, "77"): "Please enter the 3 or 4 digits.",
        (OTHER, "7777"): "",
    }
    card_page.open()
    seen = {}
    for number, code in errors:
        card_page.page.get_by_label("Card number").fill(number)
        seen[number, code] = card_page.error_on_leaving("code", code)
    assert seen == errors


def test_an_empty_field_is_told_at_the_press(card_page):
    card_page.open().press()
    assert [card_page.error(name) for name in ("number", "expiry", "code", "holder")] == [
        "Please enter the card number.",
        "Please enter the expiry date.",
        "Please enter the security code.",
        "Please enter the name on the card.",
    ]


def test_the_name_is_put_in_capitals_and_takes_letters_only(card_page, gateway):
    gateway.token = "none"
    field = card_page.open().page.get_by_label("Name on the card")
    field.press_sequentially("taro ｙａｍａｄａ")
    assert field.input_value() == "TARO YAMADA"
    field.fill("山田 太郎")
    field.blur()
    assert card_page.error("holder").startswith("Please use only the letters A to Z and spaces.")


def test_a_press_with_errors_sums_them_up_and_goes_to_the_first(card_page, shop, gateway):
    card_page.open().fill(expiry="10/26", code="7").press()
    expect(card_page.page.get_by_label("Expiry")).to_be_focused()
    summary = card_page.page.get_by_role("alert").filter(visible=True)
    expect(summary).to_have_text("Please check the marked fields. Nothing has been charged.")
    assert (shop.posts, gateway.asked) == ([], [])


def test_the_sum_of_errors_goes_with_the_last_of_them(card_page):
    page = card_page.open().fill(expiry="10/26", code="7").press().page
    summary = page.get_by_text("Please check the marked fields.")
    page.get_by_label("Expiry").fill("12/28")
    expect(summary).to_be_visible()
    page.get_by_label("Security code").fill("777")
    expect(summary).to_be_hidden()


def test_an_error_that_appears_on_the_way_to_the_button_does_not_swallow_the_press(card_page):
    card_page.open().fill(holder="山田").press()
    expect(card_page.page.get_by_text("Please check the marked fields.")).to_be_visible()
    expect(card_page.page.get_by_label("Name on the card")).to_be_focused()


def test_an_error_goes_as_soon_as_it_is_mended(card_page):
    card_page.open().fill(number="4000000000001001").press()
    field = card_page.page.get_by_label("Card number")
    field.press("End")
    field.press("Backspace")
    field.press("0")
    assert card_page.error("number") == ""
