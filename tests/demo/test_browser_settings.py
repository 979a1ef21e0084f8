"""A person sets up card payment in the dashboard, with mistakes and corrections."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from shop.seed.accounts import STAFF
from tests.axe import violations
from tests.demo.conftest import dump, problems
from tests.demo.running_shop import RunningShop
from tests.demo.signing_in import sign_in
from tests.demo.staff_pages import save

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}

CARD = "/dashboard/payments/card/"
PAGES = ["/dashboard/payments/", CARD, "/dashboard/payments/log/", "/dashboard/payments/audit/"]


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def staff(request: pytest.FixtureRequest, page: Page, shop: RunningShop) -> Page:
    """The manager, signed in, by phone and at a desk."""
    page.set_viewport_size(request.param)
    sign_in(page, shop, STAFF[0])
    return page


def account(shop: RunningShop, *fields: str) -> dict[str, Any]:
    """What the shop's database holds."""
    found: dict[str, Any] = shop.rows(
        f"MerchantAccount.objects.values({','.join(map(repr, fields))}).get(name='default')"
    )
    return found


@pytest.mark.usefixtures("_as_seeded")
def test_the_settings_page_filled_in_by_a_person_with_mistakes_and_corrections(
    staff: Page, shop: RunningShop
) -> None:
    complaints = problems(staff)
    shop.rows("MerchantAccount.objects.filter(name='default').delete()")
    staff.goto("/dashboard/payments/")
    by_card = staff.get_by_role("listitem").filter(
        has=staff.get_by_role("link", name=re.compile("管理.*クレジットカード"))
    )
    expect(by_card.get_by_text("マーチャントIDが未設定です。")).to_be_visible()
    by_card.get_by_role("link", name=re.compile("管理")).click()

    # Nearly everything is wrong at first.
    staff.get_by_label("クレジットカード決済を受け付ける").check()
    staff.get_by_label("マーチャントID", exact=True).fill("1234-5678")
    staff.get_by_label("マーチャントパスワード（テスト）").fill("pass1234")
    staff.get_by_label("店舗コード").fill("1")
    staff.get_by_role("radio", name="利用する", exact=True).check()
    staff.get_by_label("暗号化キー").fill("escottDemoKey")
    save(staff)

    summary = staff.get_by_role("alert")
    expect(summary).to_be_focused()
    wrong = summary.get_by_role("link").all_inner_texts()
    assert wrong == [
        "マーチャントID",
        "店舗コード",
        "暗号化キー",
        "初期化ベクトル",
        "トークン決済認証コード",
    ]
    assert not shop.rows(
        "MerchantAccount.objects.filter(name='default', card_enabled=True).exists()"
    )

    # Each link leads to its field, which says what is wrong.
    summary.get_by_role("link", name="マーチャントID").click()
    merchant_id = staff.get_by_label("マーチャントID", exact=True)
    expect(merchant_id).to_be_focused()
    expect(merchant_id).to_have_value("1234-5678")
    expect(merchant_id).to_have_accessible_description(re.compile("半角数字で入力してください"))
    merchant_id.fill("１２３４５６７８")

    # A secret that was typed is not sent back, and the page says so.
    password = staff.get_by_label("マーチャントパスワード（テスト）")
    expect(password).to_have_value("")
    expect(staff.get_by_text("もう一度入力してください").first).to_be_visible()
    password.fill("pass1234")
    staff.get_by_label("店舗コード").fill("0001")
    staff.get_by_label("トークン決済認証コード").fill("escottDemoTokenCode0000000000001")

    # 3-D Secure is not contracted after all: the risk comes up, without a save.
    risk = staff.get_by_label("上記を確認し、リスクを了承しました")
    expect(risk).to_be_hidden()
    staff.get_by_role("radio", name="まだ契約していない").check()
    expect(risk).to_be_visible()
    expect(staff.get_by_text("2025年3月末")).to_be_hidden()
    risk.check()
    save(staff)

    expect(staff.get_by_text("設定を保存しました。")).to_be_visible()
    expect(staff.locator(".page-header").get_by_text("有効")).to_be_visible()
    assert account(shop, "merchant_id", "card_enabled", "secure_use", "risk_acknowledged") == {
        "merchant_id": "12345678",
        "card_enabled": True,
        "secure_use": "not_contracted",
        "risk_acknowledged": True,
    }

    # To production: it asks for its own password, and for the risk anew.
    staff.get_by_role("radio", name=re.compile("オフ（本番")).check()
    expect(staff.get_by_text("2025年3月末")).to_be_visible()
    save(staff)
    assert staff.get_by_role("alert").get_by_role("link").all_inner_texts() == [
        "マーチャントパスワード（本番）"
    ]
    staff.get_by_label("マーチャントパスワード（本番）").fill("prodPass99")
    save(staff)
    expect(staff.get_by_text("設定を保存しました。")).to_be_visible()
    expect(risk).not_to_be_checked()
    assert account(shop, "mode", "risk_acknowledged") == {
        "mode": "production",
        "risk_acknowledged": False,
    }

    # A stored secret is dots until somebody asks to change it.
    staff.get_by_text("変更 マーチャントパスワード（テスト）").click()
    expect(staff.get_by_label("マーチャントパスワード（テスト）", exact=True)).to_be_visible()
    staff.get_by_role("radio", name=re.compile("オン（テスト")).check()
    save(staff)

    for secret in ("prodPass99", "pass1234"):
        assert secret not in staff.content()
    staff.goto("/dashboard/payments/audit/")
    expect(staff.get_by_text("変更（値は記録しません）").first).to_be_visible()
    assert "prodPass99" not in staff.content()
    assert "prodPass99" not in dump(shop)
    assert complaints == []


@pytest.mark.usefixtures("_as_seeded")
def test_the_settings_page_works_without_javascript(browser: Browser, shop: RunningShop) -> None:
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, shop, STAFF[0])
    page.goto(CARD)
    page.get_by_text("変更 暗号化キー").click()
    page.get_by_label("暗号化キー", exact=True).fill("NewKey0123456789")
    page.get_by_label("タイトル").fill("カード払い")
    save(page)
    expect(page.get_by_text("設定を保存しました。")).to_be_visible()
    expect(page.get_by_label("タイトル")).to_have_value("カード払い")
    context.close()


@pytest.mark.usefixtures("_as_seeded")
def test_two_people_at_once_are_told_of_each_other(page: Page, shop: RunningShop) -> None:
    sign_in(page, shop, STAFF[0])
    page.goto(CARD)
    other = page.context.new_page()
    other.goto(CARD)
    other.get_by_label("タイトル").fill("カード払い")
    save(other)
    page.get_by_label("タイトル").fill("カード")
    page.get_by_label("説明", exact=True).fill("カードで支払う")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("別の担当者が「カード払い」に変更しました")
    save(page)
    expect(page.get_by_label("タイトル")).to_have_value("カード")
    expect(page.get_by_label("説明", exact=True)).to_have_value("カードで支払う")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_against_wcag_22_aa(path: str, staff: Page) -> None:
    staff.goto(path)
    assert violations(staff) == []


def test_axe_finds_nothing_on_the_page_with_errors(staff: Page) -> None:
    staff.goto(CARD)
    staff.get_by_label("マーチャントID", exact=True).fill("x")
    staff.get_by_text("変更 暗号化キー").click()
    staff.get_by_label("暗号化キー", exact=True).fill("short")
    save(staff)
    expect(staff.get_by_role("alert")).to_be_visible()
    assert violations(staff) == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("size", ["100%", "200%"])
def test_no_settings_page_scrolls_sideways_on_a_small_phone(
    path: str, size: str, page: Page, shop: RunningShop
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page, shop, STAFF[0])
    page.goto(path)
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
