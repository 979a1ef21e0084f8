"""決済情報 in Chromium: every state times every operation, by mouse and keyboard, on any screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from escott.simulator.magic_cards import DEMO_CARD, MAGIC_CARDS
from escott.simulator.server import SimulatorServer
from tests.demo.panel_dialog import (
    DESK,
    PHONE,
    SignIn,
    button,
    expect_buttons,
    expect_said,
    look,
    open_dialog,
    operations_of,
    presses_of,
    state_of,
)
from tests.demo.running_shop import RunningShop
from tests.patience import PATIENCE

CAPTURE, CHANGE, CANCEL, AGAIN = BUTTONS = ("売上計上", "利用額変更", "取消", "再オーソリ")

#: The manual's table: by the payment's state why a button can't be pressed, or what it leads to.
TABLE: Final = {
    "authorised": {
        CAPTURE: "→ captured",
        CHANGE: "→ authorised",
        CANCEL: "→ cancelled",
        AGAIN: "→ authorised",
    },
    "gathered": {
        CAPTURE: "売上計上済みです",
        CHANGE: "→ gathered",
        CANCEL: "→ cancelled",
        AGAIN: "与信または取消の決済だけ",
    },
    "captured": {
        CAPTURE: "売上計上済みです",
        CHANGE: "→ captured",
        CANCEL: "→ cancelled",
        AGAIN: "与信または取消の決済だけ",
    },
    "cancelled": {
        CAPTURE: "取消済みです",
        CHANGE: "取消済みです",
        CANCEL: "取消済みです",
        AGAIN: "→ gathered",
    },
    "unknown": dict.fromkeys(BUTTONS, "結果が不明です"),
    "expired": dict.fromkeys(BUTTONS, "期限切れです"),
    "past": {
        CAPTURE: "売上計上済みです",
        CHANGE: "60日を過ぎています",
        CANCEL: "60日を過ぎています",
        AGAIN: "与信または取消の決済だけ",
    },
}

PRESSES: Final = presses_of(TABLE)

EVERYTHING: Final = (
    "view_payment",
    "capture_payment",
    "cancel_payment",
    "change_amount",
    "reauthorise_payment",
    "resolve_case",
)

Make = Callable[[str], dict[str, Any]]

_SEED: Final = "__import__('tests.demo.panel_payments', fromlist=['*'])"


@pytest.fixture(scope="session")
def make(shop: RunningShop, simulator: SimulatorServer) -> Make:
    """Makes an order with a payment of ¥3,780 in a state."""

    def payment_in(state: str) -> dict[str, Any]:
        lost = MAGIC_CARDS["4000000090020001"]
        token = simulator.gateway.token_for(lost if state == "unknown" else DEMO_CARD)
        made: dict[str, Any] = shop.rows(f"{_SEED}.make({state!r}, {token!r})")
        return made

    return payment_in


@pytest.fixture
def staff(sign_in: SignIn) -> Page:
    """Somebody who may do everything within the period."""
    page = sign_in(*EVERYTHING)
    page.set_viewport_size(DESK)
    return page


def to_confirmation(page: Page, name: str, amount: str) -> Locator:
    """Press a button of the panel, and give the amount where one is asked for; its confirmation."""
    dialog = page.get_by_role("dialog")
    button(dialog, name).click()
    if name in {CHANGE, AGAIN}:
        dialog.get_by_label("新しい合計金額").fill(amount)
        button(dialog, "確認へ進む").click()
    confirm = button(dialog, f"{name}を実行する")
    expect(confirm).to_be_visible()
    return confirm


# ---- the table ----


@pytest.mark.parametrize("state", TABLE)
def test_every_button_is_there_or_disabled_with_its_reason(
    state: str, make: Make, staff: Page
) -> None:
    dialog = open_dialog(staff, make(state))
    expect_buttons(dialog, TABLE[state])


@pytest.mark.parametrize(("state", "name", "then"), PRESSES)
def test_every_allowed_button_does_what_it_says(
    state: str,
    name: str,
    then: str,
    make: Make,
    staff: Page,
    shop: RunningShop,
    simulator: SimulatorServer,
) -> None:
    payment = make(state)
    dialog = open_dialog(staff, payment)
    to_confirmation(staff, name, "２，９８０円").click()
    expect_said(dialog, f"{name}が完了しました")
    amount = 2980 if name in {CHANGE, AGAIN} else 3780
    assert state_of(shop, payment) == {"state": then, "amount": amount}
    [booked] = simulator.gateway.transactions(payment["code"])
    assert booked.amount == amount


def test_without_a_permission_its_button_is_absent(make: Make, sign_in: SignIn) -> None:
    payment = make("authorised")
    dialog = open_dialog(sign_in("view_payment", "capture_payment"), payment)
    expect(button(dialog, CAPTURE)).to_be_enabled()
    for name in (CHANGE, CANCEL, AGAIN):
        expect(button(dialog, name)).to_have_count(0)


def test_after_60_days_the_manager_may_still_try_to_cancel_and_says_so(
    make: Make, sign_in: SignIn, shop: RunningShop
) -> None:
    payment = make("past")
    page = sign_in(*EVERYTHING, "cancel_past_period")
    dialog = open_dialog(page, payment)
    confirm = to_confirmation(page, CANCEL, "")
    confirm.click()
    box = dialog.get_by_label(re.compile("操作期限を過ぎていることを確認しました"))
    expect(box).to_be_focused()
    expect_said(dialog, "チェックを入れてください")
    assert operations_of(shop, payment) == 1
    box.check()
    confirm.click()
    expect_said(dialog, "取消が完了しました")


# ---- a confirmation, by keyboard and screen reader ----


def test_a_change_by_keyboard_alone(make: Make, staff: Page, shop: RunningShop) -> None:
    payment = make("captured")
    staff.goto(f"/dashboard/orders/{payment['order']}/#escott")
    opener = staff.get_by_role("button", name="決済情報を開く")
    opener.press("Enter")
    dialog = staff.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="決済情報")).to_be_focused()
    button(dialog, CHANGE).press("Enter")
    expect(dialog.get_by_role("heading", name=CHANGE)).to_be_focused()

    # Enter in a field does nothing.
    field = dialog.get_by_label("新しい合計金額")
    field.fill("2980")
    field.press("Enter")
    staff.wait_for_timeout(300)
    expect(field).to_be_visible()
    expect(field).to_have_value("2980")
    button(dialog, "確認へ進む").press("Enter")

    # Neither does it in the box; the confirm button takes it.
    heading = dialog.get_by_role("heading", name="この決済の利用額を変更しますか？")
    expect(heading).to_be_focused()
    expect(dialog.get_by_text("差額 ¥800 がお客様に返ります")).to_be_visible()
    box = dialog.get_by_label(re.compile("お客様にメールで知らせる"))
    expect(box).to_be_checked()
    box.press("Enter")
    staff.wait_for_timeout(300)
    expect(heading).to_be_visible()
    assert operations_of(shop, payment) == 2
    button(dialog, "利用額変更を実行する").press("Enter")

    # The result is announced, and the focus is back where it came from.
    expect_said(dialog, "利用額変更が完了しました（¥2,980）")
    expect(button(dialog, CHANGE)).to_be_focused()

    # Closing brings the page of the order up to date, at the same place.
    staff.keyboard.press("Escape")
    expect(staff.get_by_role("tabpanel").get_by_text("¥2,980").first).to_be_visible()
    expect(staff.get_by_role("button", name="決済情報を開く")).to_be_focused()


def test_the_space_bar_confirms_too_and_the_focus_stays_inside(
    make: Make, staff: Page, shop: RunningShop
) -> None:
    payment = make("authorised")
    dialog = open_dialog(staff, payment)
    confirm = to_confirmation(staff, CANCEL, "")
    for _step in range(12):
        staff.keyboard.press("Tab")
        outside = "e => !e.closest('dialog') && e !== document.body"
        assert not staff.evaluate(f"({outside})(document.activeElement)")
    confirm.press(" ")
    expect_said(dialog, "取消が完了しました")
    assert state_of(shop, payment)["state"] == "cancelled"


def test_closing_without_a_press_changes_nothing_and_gives_the_focus_back(
    make: Make, staff: Page, shop: RunningShop
) -> None:
    payment = make("authorised")
    dialog = open_dialog(staff, payment)
    to_confirmation(staff, CANCEL, "")
    button(dialog, "閉じる").click()
    expect(dialog).to_be_hidden()
    expect(staff.get_by_role("button", name="決済情報を開く")).to_be_focused()
    assert operations_of(shop, payment) == 1


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [("3,780", "すでにこの金額です"), ("abc", "円単位の数字で"), ("10000000", "¥9,999,999")],
)
def test_a_wrong_amount_is_told_at_its_field(
    typed: str, wrong: str, make: Make, staff: Page
) -> None:
    dialog = open_dialog(staff, make("authorised"))
    button(dialog, CHANGE).click()
    dialog.get_by_label("新しい合計金額").fill(typed)
    button(dialog, "確認へ進む").click()
    field = dialog.get_by_label("新しい合計金額")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile(wrong))
    expect(dialog.get_by_role("status")).to_contain_text(wrong)


def test_an_impatient_double_click_is_one_press(
    make: Make, staff: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    payment = make("captured")
    dialog = open_dialog(staff, payment)
    to_confirmation(staff, CHANGE, "2980").dblclick()
    expect_said(dialog, "利用額変更が完了しました")
    assert operations_of(shop, payment) == 3


def test_a_lost_answer_of_the_shop_is_repeated_and_not_done_twice(
    make: Make, staff: Page, shop: RunningShop
) -> None:
    payment = make("captured")
    dialog = open_dialog(staff, payment)
    confirm = to_confirmation(staff, CHANGE, "2980")

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    staff.route("**/operate/", lose)
    confirm.click()
    expect(dialog.get_by_role("alert")).to_contain_text("二重に行われることはありません")
    staff.unroute_all()
    confirm.click()
    expect_said(dialog, "利用額変更が完了しました")
    assert operations_of(shop, payment) == 3


def test_of_two_staff_the_slower_is_told_what_the_other_did(
    make: Make, staff: Page, shop: RunningShop
) -> None:
    payment = make("authorised")
    dialog = open_dialog(staff, payment)
    confirm = to_confirmation(staff, CANCEL, "")
    other = staff.context.new_page()
    open_dialog(other, payment)
    to_confirmation(other, CAPTURE, "").click()
    expect(other.get_by_text("売上計上が完了しました").first).to_be_visible()
    confirm.click()
    expect_said(dialog, "売上計上（¥3,780）を行いました")
    assert state_of(shop, payment)["state"] == "captured"


# ---- the gateway's console ----


def test_a_cancellation_on_the_console_is_shown_at_once_and_taken_over(
    make: Make, staff: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    payment = make("captured")
    simulator.gateway.console_operate(payment["code"], "1Delete")
    dialog = open_dialog(staff, payment)
    expect(dialog.get_by_text("加盟店管理画面では取り消されています")).to_be_visible()
    button(dialog, "決済サービスの状態に合わせる").click()
    expect_said(dialog, "決済サービスの状態に合わせました：取消")
    assert state_of(shop, payment)["state"] == "cancelled"


def test_what_the_gateway_cannot_tell_is_said(make: Make, staff: Page) -> None:
    dialog = open_dialog(staff, make("authorised"))
    expect(dialog.get_by_text("照会では、違いは見つかりませんでした")).to_be_visible()
    expect(dialog.get_by_text("照会では区別できません")).to_be_visible()


# ---- every screen ----


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_in_the_dialog_and_nothing_scrolls_sideways(
    size: ViewportSize, make: Make, staff: Page
) -> None:
    staff.set_viewport_size(size)
    dialog = open_dialog(staff, make("captured"))
    expect(dialog.get_by_text("一致しています")).to_be_visible()
    look(staff)
    button(dialog, CHANGE).click()
    expect(dialog.get_by_label("新しい合計金額")).to_be_visible()
    look(staff)
    button(dialog, "確認へ進む").click()
    expect_said(dialog, "変更後の金額を入力してください")
    look(staff)
    dialog.get_by_label("新しい合計金額").fill("2980")
    button(dialog, "確認へ進む").click()
    expect(button(dialog, "利用額変更を実行する")).to_be_visible()
    look(staff)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("state", ["unknown", "past", "authorised"])
def test_the_panel_as_a_page(size: ViewportSize, state: str, make: Make, staff: Page) -> None:
    staff.set_viewport_size(size)
    payment = make(state)
    staff.goto(f"/dashboard/payments/{payment['pk']}/")
    expect(staff.get_by_role("heading", name="決済情報", exact=True)).to_be_visible()
    expect(staff.locator('[data-escott-compare="now"]')).to_have_count(0)
    look(staff)


def test_without_javascript_the_same_is_done_page_by_page(
    make: Make, browser: Browser, shop: RunningShop, sign_in: SignIn
) -> None:
    cookies = sign_in(*EVERYTHING).context.cookies()
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page, payment = context.new_page(), make("captured")
    page.goto(f"/dashboard/payments/{payment['pk']}/")
    page.get_by_role("button", name="決済サービスに照会する").click()
    expect(page.get_by_text("決済サービスの記録と一致しています")).to_be_visible()
    page.get_by_role("button", name=CHANGE, exact=True).click()
    field = page.get_by_label("新しい合計金額")
    field.fill("2980")
    field.press("Enter")
    page.wait_for_timeout(300)
    expect(field).to_have_value("2980")
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_label(re.compile("お客様にメールで知らせる")).press("Enter")
    page.wait_for_timeout(300)
    expect(page.get_by_text("差額 ¥800 がお客様に返ります")).to_be_visible()
    assert operations_of(shop, payment) == 2
    page.get_by_role("button", name="利用額変更を実行する").click()
    expect(page.get_by_role("status")).to_contain_text("利用額変更が完了しました（¥2,980）")
    expect(page.get_by_role("status")).to_be_focused()
    assert state_of(shop, payment)["amount"] == 2980
    context.close()


def test_the_same_panel_stands_in_the_django_admin(make: Make, staff: Page) -> None:
    payment = make("authorised")
    staff.goto(f"/admin/escott/payment/{payment['pk']}/panel/")
    expect(staff.get_by_text("照会では、違いは見つかりませんでした")).to_be_visible()
    staff.get_by_role("button", name=CAPTURE, exact=True).click()
    staff.get_by_role("button", name="売上計上を実行する").click()
    expect(staff.get_by_role("status")).to_contain_text("売上計上が完了しました")
