"""A person sets up online collection in the dashboard: by mouse, by keyboard, without a script."""

from __future__ import annotations

import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from shop.seed.accounts import STAFF
from tests.axe import violations
from tests.demo.conftest import dump, problems
from tests.demo.running_shop import RunningShop
from tests.demo.signing_in import sign_in
from tests.demo.staff_pages import save

PHONE: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 900}

LIST = "/dashboard/payments/"
PAGE = "/dashboard/payments/collection/"
NOTICES = "/dashboard/payments/notices/"

pytestmark = pytest.mark.usefixtures("_as_seeded", "_set_up_anew")


@pytest.fixture
def _set_up_anew(shop: RunningShop, _as_seeded: None) -> None:
    """Nobody has set up online collection yet."""
    shop.rows("CollectionAccount.objects.filter(account__name='default').delete()")


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def staff(request: pytest.FixtureRequest, page: Page, shop: RunningShop) -> Page:
    """The manager, signed in, by phone and at a desk."""
    page.set_viewport_size(request.param)
    sign_in(page, shop, STAFF[0])
    return page


def stored(shop: RunningShop, *fields: str) -> Any:
    """What the shop's database holds."""
    return shop.rows(
        f"CollectionAccount.objects.values({','.join(map(repr, fields))})"
        ".get(account__name='default')"
    )


def rows_stored(shop: RunningShop) -> Any:
    return shop.rows(
        "list(FeeRow.objects.filter(collection__account__name='default')"
        ".values_list('from_total', 'up_to', 'fee'))"
    )


def cell(page: Page, row: int, column: str) -> Locator:
    """A cell of the table as a screen reader names it."""
    name = {
        "from": "合計金額（〜から）",
        "up_to": "合計金額（〜まで）",
        "fee": "決済手数料（税込）",
    }
    return page.get_by_role("textbox", name=f"{row}行目 {name[column]}")


def type_row(page: Page, row: int, first: str, last: str, fee: str) -> None:
    for column, text in (("from", first), ("up_to", last), ("fee", fee)):
        cell(page, row, column).fill(text)


def insert(page: Page) -> None:
    page.get_by_role("button", name="行を挿入").click()


def says(page: Page) -> Locator:
    return page.locator("[data-escott-says]")


def test_the_page_filled_in_by_a_person_with_mistakes_and_corrections(
    staff: Page, shop: RunningShop
) -> None:
    complaints = problems(staff)
    staff.goto(LIST)
    staff.get_by_role("link", name=re.compile("管理.*収納代行")).click()
    expect(staff.get_by_text("ご契約いただけるのは法人のみです。")).to_be_visible()

    # The table comes with its switch.
    expect(staff.get_by_role("button", name="行を挿入")).to_be_hidden()
    staff.get_by_label("決済手数料を設定する").check()

    # Nearly everything is wrong at first.
    staff.get_by_label(re.compile("オンライン収納代行.*を受け付ける")).check()
    staff.get_by_label("マーチャントID", exact=True).fill("8765-4321")
    staff.get_by_label("マーチャントパスワード（テスト）").fill("cvsPass12")
    staff.get_by_label("支払期限日数").fill("61")
    type_row(staff, 1, "0", "1100", "0")
    insert(staff)
    type_row(staff, 2, "1000", "5500", "330")
    insert(staff)
    type_row(staff, 3, "", "", "550円くらい")
    staff.get_by_label("ご案内タイトル").fill("ありがとう🍙")
    staff.get_by_label("問合せ電話").fill("090-1234-5678")
    staff.get_by_label("通知を受け付ける送信元").fill("203.0.113.9\nexample.com")
    save(staff)

    summary = staff.get_by_role("alert")
    expect(summary).to_be_focused()
    assert summary.get_by_role("link").all_inner_texts() == [
        "マーチャントID",
        "支払期限日数",
        *["手数料表"] * 3,
        "ご案内タイトル",
        "問合せ電話",
        "通知を受け付ける送信元",
    ]
    expect(summary).to_contain_text("¥1,000〜¥1,100が1行目と重なっています")
    expect(summary).to_contain_text("🍙")
    expect(summary).to_contain_text(
        "2行目：「example.com」はIPアドレスでもネットワークでもありません"
    )
    assert stored(shop, "enabled") == {"enabled": False}

    # Each link leads to its cell, which says what is wrong.
    summary.get_by_role("link", name="手数料表").first.click()
    wrong = cell(staff, 2, "from")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_value("1000")
    expect(wrong).to_have_accessible_description(re.compile("1行目と重なっています"))
    wrong.fill("1101")
    type_row(staff, 3, "５５０１", "", "５５０円")

    # A secret that was typed is not sent back, and the page says so.
    password = staff.get_by_label("マーチャントパスワード（テスト）")
    expect(password).to_have_value("")
    password.fill("cvsPass12")
    staff.get_by_label("マーチャントID", exact=True).fill("８７６５４３２１")
    staff.get_by_label("支払期限日数").fill("10")
    staff.get_by_label("ご案内タイトル").fill("ありがとう")
    staff.get_by_label("問合せ電話").fill("09012345678")
    staff.get_by_label("通知を受け付ける送信元").fill("")
    save(staff)

    expect(staff.get_by_text("設定を保存しました。")).to_be_visible()
    expect(staff.locator(".page-header").get_by_text("有効")).to_be_visible()
    assert stored(shop, "enabled", "merchant_id", "due_days", "slip_title") == {
        "enabled": True,
        "merchant_id": "87654321",
        "due_days": 10,
        "slip_title": "ありがとう",
    }
    assert rows_stored(shop) == [[0, 1100, 0], [1101, 5500, 330], [5501, None, 550]]

    # What is stored is dots until somebody asks to change it, and stands nowhere.
    staff.get_by_text("変更 マーチャントパスワード（テスト）").click()
    expect(staff.get_by_label("マーチャントパスワード（テスト）", exact=True)).to_be_visible()
    assert "cvsPass12" not in staff.content()
    assert "cvsPass12" not in dump(shop)
    assert complaints == []


def test_the_mode_is_one_switch_that_both_pages_show(staff: Page, shop: RunningShop) -> None:
    staff.goto(PAGE)
    expect(staff.get_by_text("クレジットカード決済も切り替わります")).to_be_visible()
    staff.get_by_role("radio", name=re.compile("オフ（本番")).check()
    save(staff)
    expect(
        staff.get_by_text("クレジットカード決済は有効ですが、購入画面には表示されません")
    ).to_be_visible()
    staff.goto("/dashboard/payments/card/")
    expect(staff.get_by_role("radio", name=re.compile("オフ（本番"))).to_be_checked()


# ---- the table of fees, by keyboard ----


def test_rows_are_typed_inserted_and_deleted_by_keyboard(staff: Page, shop: RunningShop) -> None:
    staff.goto(PAGE)
    staff.get_by_label("決済手数料を設定する").focus()
    staff.keyboard.press("Space")
    keys = staff.keyboard
    keys.press("Tab")
    expect(cell(staff, 1, "from")).to_be_focused()
    for text in ("0", "1100", "0"):
        keys.type(text)
        keys.press("Tab")
    expect(staff.get_by_role("button", name="行を削除")).to_be_focused()
    keys.press("Tab")
    expect(staff.get_by_role("button", name="行を挿入")).to_be_focused()
    keys.press("Enter")
    expect(cell(staff, 2, "from")).to_be_focused()
    for text in ("1101", "", "330"):
        keys.type(text)
        keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(cell(staff, 3, "from")).to_be_focused()

    # The row that was one too many: the focus stays in the table.
    for _step in range(3):
        keys.press("Tab")
    keys.press("Space")
    expect(cell(staff, 3, "from")).to_have_count(0)
    expect(staff.get_by_role("button", name="行を削除").nth(1)).to_be_focused()

    # The first goes too; the other is the first now.
    keys.press("Shift+Tab")
    staff.get_by_role("button", name="行を削除").first.focus()
    keys.press("Enter")
    expect(cell(staff, 1, "from")).to_have_value("1101")
    expect(cell(staff, 2, "from")).to_have_count(0)

    # Enter in a cell saves the page and presses none of the table's buttons.
    cell(staff, 1, "fee").focus()
    keys.press("Enter")
    expect(staff.get_by_text("設定を保存しました。")).to_be_visible()
    assert rows_stored(shop) == [[1101, None, 330]]
    expect(staff.get_by_text("合計金額が¥1〜¥1,100の行がありません")).to_be_visible()


def test_the_last_row_is_emptied_rather_than_taken_away(page: Page, shop: RunningShop) -> None:
    sign_in(page, shop, STAFF[0])
    page.goto(PAGE)
    page.get_by_label("決済手数料を設定する").check()
    type_row(page, 1, "0", "1100", "0")
    page.get_by_role("button", name="行を削除").click()
    expect(cell(page, 1, "from")).to_have_value("")
    expect(cell(page, 1, "from")).to_be_focused()


# ---- the example ----


def test_the_example_is_told_while_typing_and_is_the_shops_rule(
    page: Page, shop: RunningShop
) -> None:
    complaints = problems(page)
    sign_in(page, shop, STAFF[0])
    page.goto(PAGE)
    page.get_by_label("決済手数料を設定する").check()
    type_row(page, 1, "0", "1100", "0")
    insert(page)
    type_row(page, 2, "1101", "5500", "330")
    insert(page)
    type_row(page, 3, "6000", "", "550")
    expect(page.get_by_text("合計金額が¥5,501〜¥5,999の行がありません")).to_be_visible()
    example = page.get_by_label("合計金額で確かめる")
    totals = [1, 2, 999, 1099, 1100, 1101, 1102, 3780, 5499, 5500, 5501, 5999, 6000, 6001, 299_449]
    for total in totals:
        fee = 0 if total <= 1100 or 5500 < total < 6000 else 330 if total <= 5500 else 550
        example.fill(str(total))
        expect(says(page)).to_have_text(
            f"合計 ¥{total:,}：手数料 ¥{fee:,}、お支払い金額 ¥{total + fee:,}"
        )
    for total in (299_450, 299_999, 300_000):
        example.fill(str(total))
        expect(says(page)).to_contain_text(f"¥{total:,}")
        expect(says(page)).to_contain_text("購入画面に表示されません")
    example.fill("abc")
    expect(says(page)).to_contain_text("数字で入力してください")

    # It follows the table and the switch, and Enter in it saves nothing.
    example.fill("3780")
    cell(page, 2, "fee").fill("440")
    expect(says(page)).to_contain_text("手数料 ¥440")
    cell(page, 2, "fee").fill("x")
    expect(says(page)).to_contain_text("手数料表に誤りがある")
    cell(page, 2, "fee").fill("440")
    expect(says(page)).to_contain_text("手数料 ¥440")
    example.press("Enter")
    expect(says(page)).to_contain_text("手数料 ¥440")
    expect(page).to_have_url(re.compile(f"{PAGE}$"))
    expect(page.get_by_text("設定を保存しました。")).to_have_count(0)
    assert complaints == []


def test_everything_works_without_javascript(browser: Browser, shop: RunningShop) -> None:
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, shop, STAFF[0])
    page.goto(PAGE)
    page.get_by_label("決済手数料を設定する").check()
    page.get_by_label("タイトル", exact=True).fill("コンビニ払い")
    type_row(page, 1, "0", "1100", "0")
    insert(page)
    expect(cell(page, 2, "from")).to_be_focused()
    expect(page.get_by_label("タイトル", exact=True)).to_have_value("コンビニ払い")
    type_row(page, 2, "1101", "", "330")
    insert(page)
    type_row(page, 3, "9999", "", "1")
    page.get_by_role("button", name="行を削除").nth(2).click()
    expect(cell(page, 3, "from")).to_have_count(0)

    page.get_by_label("合計金額で確かめる").fill("３，７８０円")
    page.get_by_role("button", name="計算する").click()
    expect(says(page)).to_have_text("合計 ¥3,780：手数料 ¥330、お支払い金額 ¥4,110")
    expect(page.get_by_label("合計金額で確かめる")).to_be_focused()
    expect(page.get_by_role("button", name="コピー")).to_have_count(0)
    assert rows_stored(shop) == []

    cell(page, 2, "fee").press("Enter")
    expect(page.get_by_text("設定を保存しました。")).to_be_visible()
    assert rows_stored(shop) == [[0, 1100, 0], [1101, None, 330]]
    assert stored(shop, "title") == {"title": "コンビニ払い"}
    context.close()


# ---- the address of notices ----


def test_the_address_is_copied_as_it_stands(page: Page, shop: RunningShop) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, shop, STAFF[0])
    page.goto(PAGE)
    copied = []
    for button in page.get_by_role("button", name="コピー").all():
        button.click()
        expect(button.locator("+ [role=status]")).to_have_text("コピーしました")
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    assert copied == [
        f"{shop.base_url}/?wc-api=wc_sonypayment",
        f"{shop.base_url}/escott/deposit/",
    ]


def test_the_shop_asks_its_own_addresses_and_shows_the_last_notice(
    staff: Page, shop: RunningShop
) -> None:
    staff.goto(PAGE)
    for place in (0, 1):
        staff.get_by_role("button", name="届くか確認").nth(place).click()
        result = staff.locator(".es-address__result")
        expect(result).to_have_count(1)
        expect(result).to_be_focused()
        expect(result).to_contain_text("届きます")
        expect(result).to_contain_text("実際の通知を受信して初めてわかります")
    before = shop.rows("Notice.objects.count()")
    body = b"MerchantId=99999999&MerchantFree1=000000000042&Amount=4110&RecvNum=R1&HashCd=theHash"
    url = f"{shop.base_url}/?wc-api=wc_sonypayment"
    with urllib.request.urlopen(url, body, timeout=60) as answer:
        assert answer.read() == b"0"
    assert shop.rows("Notice.objects.count()") == before + 1
    staff.goto(PAGE)
    expect(staff.locator("#notice-address")).to_contain_text("¥4,110")
    staff.get_by_role("link", name="入金結果通知の一覧").click()
    row = staff.get_by_role("row").nth(1)
    row.get_by_text("表示").click()
    expect(row).to_contain_text("R1")
    assert "theHash" not in staff.content()


# ---- for everybody ----


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", [LIST, PAGE, NOTICES])
def test_axe_finds_nothing_against_wcag_22_aa(
    path: str, language: str, staff: Page, shop: RunningShop
) -> None:
    shop.rows(_A_NOTICE)
    cookie = {"name": "django_language", "value": language, "url": shop.base_url}
    staff.context.add_cookies([cookie])  # type: ignore[list-item]
    staff.goto(path)
    expect(staff.locator("html")).to_have_attribute("lang", language)
    for details in staff.locator("main details, .page-content details").all():
        details.evaluate("element => { element.open = true; }")
    if path == PAGE:
        staff.locator("#id_charges_fee").check()
        expect(staff.locator("[data-escott-insert]")).to_be_visible()
    assert violations(staff) == []


_A_NOTICE = (
    "Notice.objects.create(received_at='2026-04-01T12:00+09:00', genuine=False, "
    "raw=__import__('escott.gateway', fromlist=['x']).Secret('Amount=4110&CvsCd=SEV')).pk"
)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing_on_the_page_with_errors(
    language: str, staff: Page, shop: RunningShop
) -> None:
    cookie = {"name": "django_language", "value": language, "url": shop.base_url}
    staff.context.add_cookies([cookie])  # type: ignore[list-item]
    staff.goto(PAGE)
    staff.locator("#id_charges_fee").check()
    staff.locator("#id_merchant_id").fill("x")
    staff.locator("#id_fee_rows_0_from").fill("x")
    staff.locator(".es-settings__save button").click()
    expect(staff.get_by_role("alert")).to_be_visible()
    expect(staff.locator("#id_fee_rows_0_from_error")).to_be_visible()
    assert violations(staff) == []


@pytest.mark.parametrize("path", [LIST, PAGE, NOTICES])
@pytest.mark.parametrize("size", ["100%", "200%"])
def test_no_page_scrolls_sideways_on_a_small_phone(
    path: str, size: str, page: Page, shop: RunningShop
) -> None:
    shop.rows(_A_NOTICE)
    page.set_viewport_size(PHONE)
    sign_in(page, shop, STAFF[0])
    page.goto(path)
    if path == PAGE:
        page.locator("#id_charges_fee").check()
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
