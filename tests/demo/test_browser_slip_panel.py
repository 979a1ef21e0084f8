"""決済情報 of a slip in Chromium: every state times every operation, by mouse and keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from escott.simulator.server import SimulatorServer
from escott.simulator.slips import SlipPayment
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

TITLE: Final = "コンビニ・電子マネー・Pay-easy"

CHANGE, CANCEL, GUIDANCE = BUTTONS = ("変更", "取消", "お支払い案内を再送")
ASK: Final = "入金を確認"

#: By the state why a button can't be pressed, or what it leads to.
TABLE: Final = {
    "unpaid": {CHANGE: "→ unpaid", CANCEL: "→ deleted", GUIDANCE: "→ unpaid"},
    "changed": {CHANGE: "変更は1回までです", CANCEL: "→ deleted", GUIDANCE: "→ unpaid"},
    "deposited": dict.fromkeys(BUTTONS, "入金済です"),
    "deleted": dict.fromkeys(BUTTONS, "取消済みです"),
    "lapsed": dict.fromkeys(BUTTONS, "期限切れです"),
    "lost": dict.fromkeys(BUTTONS, "登録を確認できていません"),
    "change_lost": dict.fromkeys(BUTTONS, "結果が不明です"),
    "past_due": {CHANGE: "→ unpaid", CANCEL: "→ deleted", GUIDANCE: "支払期限を過ぎています"},
    "past_period": {
        CHANGE: "60日を過ぎています",
        CANCEL: "60日を過ぎています",
        GUIDANCE: "→ unpaid",
    },
}

PRESSES: Final = presses_of(TABLE)

#: What is said once it is done.
DONE: Final = {
    CHANGE: "変更が完了しました",
    CANCEL: "削除が完了しました",
    GUIDANCE: "お支払い案内を hanako@example.com へ送信します",
}

EVERYTHING: Final = (
    "view_payment",
    "change_slip",
    "cancel_payment",
    "request_payment",
    "resolve_case",
)

#: What goes wrong at the gateway on the way into a state.
TROUBLES: Final = {"lost": ("2Add", "lost_after"), "change_lost": ("2Chg", "lost_after")}

Make = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def make(shop: RunningShop, simulator: SimulatorServer) -> Make:
    """Makes an order with a slip of ¥3,780 in a state."""

    def slip_in(state: str) -> dict[str, Any]:
        if state in TROUBLES:
            simulator.gateway.collection.trouble(*TROUBLES[state])
        slips = "__import__('tests.demo.slip_payments', fromlist=['*'])"
        made: dict[str, Any] = shop.rows(f"{slips}.make({state!r})")
        if state == "deposited":
            simulator.gateway.collection.pay(made["code"], SlipPayment(cvs_cd="LSN"))
            asked = "__import__('escott.django.services.collection', fromlist=['*'])"
            shop.rows(f"{asked}.ask_about_deposit({made['pk']}).value")
        return made

    return slip_in


@pytest.fixture
def staff(sign_in: SignIn) -> Page:
    """Somebody who may do everything within the period."""
    page = sign_in(*EVERYTHING)
    page.set_viewport_size(DESK)
    return page


def opened(page: Page, payment: dict[str, Any]) -> Locator:
    return open_dialog(page, payment, TITLE)


def to_confirmation(
    page: Page, name: str, amount: str = "4000", due: str = "2026-04-10"
) -> Locator:
    """Press a button of the panel, and fill in what is asked for; its confirmation."""
    dialog = page.get_by_role("dialog")
    button(dialog, name).click()
    if name == CHANGE:
        dialog.get_by_label("新しい合計金額").fill(amount)
        dialog.get_by_label("新しい支払期限").fill(due)
        button(dialog, "確認へ進む").click()
    confirm = button(dialog, "再送する" if name == GUIDANCE else f"{name}を実行する")
    expect(confirm).to_be_visible()
    return confirm


def mails_of(shop: RunningShop, payment: dict[str, Any], kind: str) -> int:
    count: int = shop.rows(
        f"Mail.objects.filter(payment={payment['pk']}, kind={kind!r}).exclude(occasion='').count()"
    )
    return count


# ---- the table ----


@pytest.mark.parametrize("state", TABLE)
def test_every_button_is_there_or_disabled_with_its_reason(
    state: str, make: Make, staff: Page
) -> None:
    dialog = opened(staff, make(state))
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
    dialog = opened(staff, payment)
    to_confirmation(staff, name, amount="４，０００円").click()
    expect_said(dialog, DONE[name])
    amount = 4000 if name == CHANGE else 3780
    assert state_of(shop, payment) == {"state": then, "amount": amount}
    [slip] = simulator.gateway.collection.slips(payment["code"])
    assert (slip.amount, slip.is_deleted) == (amount, then == "deleted")


def test_without_a_permission_its_button_is_absent(make: Make, sign_in: SignIn) -> None:
    dialog = opened(sign_in("view_payment", "cancel_payment"), make("unpaid"))
    expect(button(dialog, CANCEL)).to_be_enabled()
    for name in (CHANGE, GUIDANCE):
        expect(button(dialog, name)).to_have_count(0)
    expect(dialog.get_by_text("まだ入金されていません")).to_be_visible()


# ---- 変更 ----


def test_a_change_by_keyboard_alone_is_possible_once_and_not_twice(
    make: Make, staff: Page, shop: RunningShop
) -> None:
    payment = make("unpaid")
    staff.goto(f"/dashboard/orders/{payment['order']}/#escott")
    staff.get_by_role("button", name="決済情報を開く").press("Enter")
    dialog = staff.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=TITLE)).to_be_focused()
    button(dialog, CHANGE).press("Enter")
    expect(dialog.get_by_role("heading", name="払込票の変更")).to_be_focused()

    # What is there stands in the fields, with the weekday beside the date.
    amount, due = dialog.get_by_label("新しい合計金額"), dialog.get_by_label("新しい支払期限")
    expect(amount).to_have_value("3780")
    expect(due).to_have_value("2026-04-08")
    expect(dialog.get_by_role("status").filter(has_text="水曜日")).to_be_visible()
    due.fill("2026-04-10")
    expect(dialog.get_by_role("status").filter(has_text="金曜日")).to_be_visible()

    # Enter in a field does nothing.
    amount.press("Enter")
    staff.wait_for_timeout(300)
    expect(amount).to_be_visible()
    button(dialog, "確認へ進む").press("Enter")

    # Neither does the confirmation by itself; it tells both before and after.
    expect(dialog.get_by_role("heading", name="この払込票を変更しますか？")).to_be_focused()
    for words in (
        "2026/04/08（水）",
        "2026/04/10（金）",
        "変更は1回までです",
        "払込番号が変わります",
    ):
        expect(dialog.get_by_text(words).first).to_be_visible()
    assert operations_of(shop, payment) == 1
    button(dialog, "変更を実行する").press("Enter")

    expect_said(dialog, "変更が完了しました")
    expect(button(dialog, CHANGE)).to_be_focused()
    expect(button(dialog, CHANGE)).to_be_disabled()
    expect(button(dialog, CHANGE)).to_have_accessible_description(re.compile("変更は1回まで"))
    expect(dialog.get_by_text(payment["number"])).to_have_text([f"{payment['number']}（無効）"])
    assert mails_of(shop, payment, "slip_changed") == 1

    # Closing brings the page of the order up to date, at the same place.
    staff.keyboard.press("Escape")
    expect(staff.get_by_role("tabpanel").get_by_text("2026/04/10（金）").first).to_be_visible()
    expect(staff.get_by_role("button", name="決済情報を開く")).to_be_focused()


@pytest.mark.parametrize(
    ("amount", "due", "wrong", "field"),
    [
        ("3,780", "2026-04-08", "すでにこの金額・支払期限です", "新しい合計金額"),
        ("300000", "2026-04-10", "¥299,999", "新しい合計金額"),
        ("4000", "2026-03-31", "2026/04/01（水）から2026/05/31（日）まで", "新しい支払期限"),
        ("4000", "", "新しい支払期限を入力してください", "新しい支払期限"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    amount: str, due: str, wrong: str, field: str, make: Make, staff: Page
) -> None:
    dialog = opened(staff, make("unpaid"))
    button(dialog, CHANGE).click()
    dialog.get_by_label("新しい合計金額").fill(amount)
    dialog.get_by_label("新しい支払期限").fill(due)
    button(dialog, "確認へ進む").click()
    place = dialog.get_by_label(field)
    expect(place).to_be_focused()
    expect(place).to_have_accessible_description(re.compile(re.escape(wrong)))


def test_an_impatient_double_click_is_one_press(
    make: Make, staff: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    payment = make("unpaid")
    dialog = opened(staff, payment)
    to_confirmation(staff, CHANGE).dblclick()
    expect_said(dialog, DONE[CHANGE])
    assert operations_of(shop, payment) == 2
    assert simulator.gateway.collection.slip(payment["code"]).changes == 1


@pytest.mark.parametrize("name", BUTTONS)
def test_a_lost_answer_of_the_shop_is_repeated_and_not_done_twice(
    name: str, make: Make, staff: Page, shop: RunningShop
) -> None:
    payment = make("unpaid")
    dialog = opened(staff, payment)
    confirm = to_confirmation(staff, name)

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    staff.route("**/operate/", lose)
    confirm.click()
    expect(dialog.get_by_role("alert")).to_contain_text("二重に行われることはありません")
    staff.unroute_all()
    confirm.click()
    expect_said(dialog, DONE[name])
    assert operations_of(shop, payment) == (1 if name == GUIDANCE else 2)
    if name == GUIDANCE:
        assert mails_of(shop, payment, "slip_registered") == 1


def test_of_two_staff_the_slower_is_told_what_the_other_did(
    make: Make, staff: Page, shop: RunningShop
) -> None:
    payment = make("unpaid")
    dialog = opened(staff, payment)
    confirm = to_confirmation(staff, CANCEL)
    other = staff.context.new_page()
    opened(other, payment)
    to_confirmation(other, CHANGE).click()
    expect(other.get_by_text(DONE[CHANGE]).first).to_be_visible()
    confirm.click()
    expect_said(dialog, "変更（¥4,000）を行いました")
    assert state_of(shop, payment)["state"] == "unpaid"


# ---- 取消 ----


def test_after_the_slip_is_cancelled_the_order_can_be_closed_from_there(
    make: Make, staff: Page, shop: RunningShop
) -> None:
    payment = make("unpaid")
    dialog = opened(staff, payment)
    button(dialog, CANCEL).click()
    expect(dialog.get_by_text("注文はそのままです")).to_be_visible()
    expect(dialog.get_by_label(re.compile("お客様にメールで知らせる"))).to_be_checked()
    button(dialog, "取消を実行する").click()
    expect_said(dialog, DONE[CANCEL])
    assert mails_of(shop, payment, "slip_deleted") == 1
    dialog.get_by_role("link", name="注文を閉じる").click()
    expect(staff).to_have_url(re.compile(f"/orders/{payment['order']}/close/"))


# ---- 入金を確認 ----


def test_a_deposit_that_was_not_known_is_shown_as_soon_as_the_dialog_is_open(
    make: Make, staff: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    payment = make("unpaid")
    simulator.gateway.collection.pay(payment["code"], SlipPayment(cvs_cd="LSN"))
    dialog = opened(staff, payment)
    expect_said(dialog, "入金されています：¥3,780, ローソン")
    expect(dialog.locator(".ep-head").get_by_text("入金済")).to_be_visible()
    expect(button(dialog, CANCEL)).to_be_disabled()
    assert state_of(shop, payment)["state"] == "deposited"
    staff.keyboard.press("Escape")
    expect(staff.get_by_role("tabpanel").get_by_text("入金済").first).to_be_visible()


def test_it_is_asked_by_a_press_as_well(
    make: Make, staff: Page, simulator: SimulatorServer
) -> None:
    payment = make("deleted")
    dialog = opened(staff, payment)
    button(dialog, ASK).click()
    expect(dialog.get_by_text("決済サービスに、この払込票がありません")).to_be_visible()
    expect(button(dialog, ASK)).to_be_focused()


def test_it_is_asked_once_more_without_closing_the_dialog(
    make: Make, staff: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    payment = make("unpaid")
    dialog = opened(staff, payment)
    expect(dialog.get_by_text("まだ入金されていません")).to_be_visible()
    simulator.gateway.collection.pay(payment["code"], SlipPayment(cvs_cd="LSN"))
    button(dialog, ASK).click()
    expect_said(dialog, "入金されています：¥3,780, ローソン")


def test_no_answer_is_told(make: Make, staff: Page, simulator: SimulatorServer) -> None:
    payment = make("unpaid")
    simulator.gateway.collection.trouble("2Ref", "lost_after")
    dialog = opened(staff, payment)
    expect(dialog.get_by_text("入金の状況を確認できませんでした")).to_be_visible()


def test_another_amount_is_told_and_accepted(
    make: Make, staff: Page, shop: RunningShop, simulator: SimulatorServer
) -> None:
    payment = make("unpaid")
    simulator.gateway.collection.pay(payment["code"], SlipPayment(amount=3000, anyway=True))
    dialog = opened(staff, payment)
    expect_said(dialog, "金額の異なる入金があります：¥3,000")
    expect(button(dialog, CHANGE)).to_be_disabled()
    button(dialog, "入金額を受け入れる").click()
    confirm = button(dialog, "受け入れる")
    confirm.click()
    reason = dialog.get_by_label("理由（記録用）")
    expect(reason).to_be_focused()
    expect(reason).to_have_accessible_description(re.compile("理由を入力してください"))
    reason.fill("お客様と合意")
    button(dialog, "受け入れる").click()
    expect_said(dialog, "入金が完了しました")
    assert state_of(shop, payment) == {"state": "deposited", "amount": 3000}


# ---- every screen ----


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_in_the_dialog_and_nothing_scrolls_sideways(
    size: ViewportSize, make: Make, staff: Page
) -> None:
    staff.set_viewport_size(size)
    dialog = opened(staff, make("unpaid"))
    expect(dialog.get_by_text("まだ入金されていません")).to_be_visible()
    look(staff)
    button(dialog, CHANGE).click()
    expect(dialog.get_by_label("新しい支払期限")).to_be_visible()
    look(staff)
    dialog.get_by_label("新しい支払期限").fill("2030-01-01")
    dialog.get_by_label("新しい合計金額").fill("")
    button(dialog, "確認へ進む").click()
    expect(dialog.get_by_text("変更後の金額を入力してください").first).to_be_visible()
    look(staff)
    dialog.get_by_label("新しい支払期限").fill("2026-04-10")
    dialog.get_by_label("新しい合計金額").fill("4000")
    button(dialog, "確認へ進む").click()
    expect(button(dialog, "変更を実行する")).to_be_visible()
    look(staff)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("state", ["unpaid", "deposited", "change_lost", "lost"])
def test_the_panel_as_a_page(size: ViewportSize, state: str, make: Make, staff: Page) -> None:
    staff.set_viewport_size(size)
    payment = make(state)
    staff.goto(f"/dashboard/payments/{payment['pk']}/")
    expect(staff.get_by_role("heading", name=TITLE, exact=True)).to_be_visible()
    look(staff)


def test_without_javascript_the_same_is_done_page_by_page(
    make: Make, browser: Browser, shop: RunningShop, sign_in: SignIn, simulator: SimulatorServer
) -> None:
    cookies = sign_in(*EVERYTHING).context.cookies()
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page, payment = context.new_page(), make("unpaid")
    page.goto(f"/dashboard/payments/{payment['pk']}/")
    page.get_by_role("button", name=ASK).click()
    expect(page.get_by_text("まだ入金されていません")).to_be_visible()
    page.get_by_role("button", name=CHANGE, exact=True).click()
    page.get_by_label("新しい支払期限").fill("2026-04-10")
    amount = page.get_by_label("新しい合計金額")
    amount.fill("4000")
    amount.press("Enter")
    page.wait_for_timeout(300)
    expect(amount).to_have_value("4000")
    page.get_by_role("button", name="確認へ進む").click()
    assert operations_of(shop, payment) == 1
    page.get_by_role("button", name="変更を実行する").click()
    expect(page.get_by_role("status")).to_contain_text("変更が完了しました")
    assert state_of(shop, payment) == {"state": "unpaid", "amount": 4000}

    simulator.gateway.collection.pay(payment["code"], SlipPayment(cvs_cd="SEV"))
    page.get_by_role("button", name=ASK).click()
    expect(page.get_by_role("status")).to_contain_text("入金されています：¥4,000, セブン-イレブン")
    context.close()


def test_the_same_panel_stands_in_the_django_admin(
    make: Make, staff: Page, simulator: SimulatorServer
) -> None:
    payment = make("unpaid")
    address = f"/admin/escott/payment/{payment['pk']}/panel/"
    staff.goto(address)
    expect(staff.get_by_text("まだ入金されていません")).to_be_visible()
    staff.get_by_role("button", name=CANCEL, exact=True).click()
    staff.get_by_role("button", name="取消を実行する").click()
    expect(staff.get_by_role("status")).to_contain_text(DONE[CANCEL])

    paid = make("unpaid")
    simulator.gateway.collection.pay(paid["code"])
    staff.goto(address.replace(str(payment["pk"]), str(paid["pk"])))
    expect(staff.get_by_role("status")).to_contain_text("入金されています")
    expect(staff).to_have_url(re.compile(r"told=paid"))
