"""The merchant console in a browser: with the keyboard, on a narrow screen, for everybody."""

from __future__ import annotations

import csv

import pytest

from escott.simulator.magic_cards import DECLINED
from tests.axe import violations

LANGUAGES = ["", "?lang=en"]


def at(merchant, path):
    return f"http://{merchant.host}{path}"


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def detail(merchant):
    """The address of a transaction with every button."""
    merchant.transaction("authorised")
    merchant.charge(card=DECLINED[0])
    (transaction,) = merchant.gateway.transactions()
    return f"/merchant/transactions/{transaction.transaction_id}"


def test_an_amount_is_changed_and_the_transaction_cancelled_with_the_keyboard(
    merchant, detail, page
):
    page.goto(at(merchant, detail))
    page.get_by_label("変更後の金額").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1200")
    page.keyboard.press("Enter")
    page.locator("p[role=status]", has_text="利用額変更を行いました。").wait_for()
    assert [charge.amount for charge in merchant.gateway.charges()] == [1200]
    page.get_by_role("button", name="取消の確認へ").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="¥1,200 を取り消す").focus()
    assert merchant.gateway.charges()
    page.keyboard.press("Enter")
    page.locator("p[role=status]", has_text="取消を行いました。").wait_for()
    assert not merchant.gateway.charges()
    assert page.get_by_text("管理画面での操作").count() == 2


def test_a_page_that_was_left_open_operates_on_nothing(merchant, detail, page):
    page.goto(at(merchant, detail))
    merchant.gateway.console_operate("000000000042", "1Change", 900)
    page.get_by_role("button", name="売上計上する").click()
    page.get_by_role("alert").get_by_text("状態が変わりました").wait_for()
    assert merchant.gateway.transactions()[0].state == "authorised"
    page.get_by_role("button", name="売上計上する").click()
    page.locator("p[role=status]", has_text="売上計上を行いました。").wait_for()
    assert merchant.gateway.transactions()[0].state == "captured"


@pytest.mark.parametrize(("name", "codec"), [("UTF-8", "utf-8-sig"), ("Shift_JIS", "cp932")])
def test_the_list_is_taken_away_as_it_is_looked_for(merchant, detail, page, name, codec, tmp_path):
    merchant.charge(MerchantFree1="999")
    page.goto(at(merchant, "/merchant/"))
    page.get_by_label("自由領域1").fill("99")
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "transactions-20260105.csv"
    with path.open(encoding=codec, newline="") as file:
        assert [line["加盟店自由領域1"] for line in csv.DictReader(file)] == ["999"]


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways(browser, merchant, detail, width, language):
    page = browser.new_page(viewport={"width": width, "height": 900})
    for path in ("/merchant/", detail, f"{detail}/cancel"):
        page.goto(at(merchant, path + language))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_against_wcag_22_aa(merchant, detail, page, language):
    joint = "&" if language else "?"
    for path in ("/merchant/", detail, f"{detail}/cancel"):
        page.goto(at(merchant, path + language))
        assert violations(page) == []
    page.goto(at(merchant, f"/merchant/{language}{joint}from=never&amount=x"))
    assert violations(page) == []
    page.goto(at(merchant, detail + language))
    page.locator("input[name=amount]").first.fill("x")
    page.locator("form:has(input[name=amount]) button").first.click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
