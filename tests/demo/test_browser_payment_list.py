"""決済一覧 and 一括処理 in Chromium: by mouse and by keyboard, at a desk and by phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from escott.simulator.magic_cards import DEMO_CARD, MAGIC_CARDS
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import STAFF
from tests.axe import violations
from tests.demo.conftest import problems
from tests.demo.running_shop import RunningShop
from tests.demo.signing_in import sign_in

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 700}

LIST = "/dashboard/payments/list/"
#: Orders of this name belong to these tests.
EMAIL = "bulk@example.com"

#: Orders that are paid by 与信, each charged at the simulator, so that the worker can go on.
_PAY = """
import json
from oscar.core.loading import get_model
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.gateway import Secret
keys = []
for number, token in enumerate({tokens}):
    order = get_model("order", "Order").objects.create(
        number=f"{prefix}{{number}}",
        status="支払い待ち",
        total_incl_tax=1000 + number,
        total_excl_tax=1000 + number,
        guest_email="{email}",
    )
    payable = PayableOrder(order.number, 1000 + number, email="{email}")
    keys.append(pay_by_token(payable, Secret(token)).pk)
print(json.dumps(keys))
"""


@pytest.fixture
def authorised(
    shop: RunningShop, simulator: SimulatorServer, configure: Callable[..., object]
) -> Callable[[str, int], list[int]]:
    """Makes payments by 与信, each charged at the gateway."""

    def make(prefix: str, number: int) -> list[int]:
        configure(card_charge="authorise")
        card = MAGIC_CARDS[DEMO_CARD.number]
        tokens = [simulator.gateway.token_for(card) for _ in range(number)]
        program = _PAY.format(prefix=prefix, email=EMAIL, tokens=tokens)
        made: list[int] = json.loads(shop.manage("shell", "--no-imports", "-c", program))
        return made

    return make


@pytest.fixture(params=[DESKTOP, NARROW], ids=["desktop", "narrow"])
def staff(request: pytest.FixtureRequest, page: Page, shop: RunningShop) -> Page:
    """The manager, signed in, at a desk and at 320 pixels."""
    page.set_viewport_size(request.param)
    sign_in(page, shop, STAFF[0])
    return page


@pytest.fixture
def without_script(browser: Browser, shop: RunningShop) -> Iterator[Page]:
    """The manager in a browser without scripts."""
    context = browser.new_context(locale="ja-JP", base_url=shop.base_url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, shop, STAFF[0])
    yield page
    context.close()


def fits(page: Page) -> bool:
    """Nothing has to be scrolled sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide <= 0


def test_chosen_payments_are_captured_with_the_progress_told(
    staff: Page, shop: RunningShop, authorised: Callable[[str, int], list[int]]
) -> None:
    width = (staff.viewport_size or DESKTOP)["width"]
    keys = authorised(f"B{width}-", 4)
    staff.goto(f"{LIST}?q={EMAIL}&state=authorised")
    assert fits(staff)
    assert violations(staff) == []

    every = staff.get_by_role("checkbox", name="このページをすべて選ぶ")
    every.focus()
    staff.keyboard.press("Space")
    expect(staff.get_by_text("4件を選択中")).to_be_visible()
    first = staff.locator(f'input[name="payment"][value="{keys[0]}"]')
    first.focus()
    staff.keyboard.press("Space")
    expect(first).not_to_be_checked()
    expect(staff.get_by_text("3件を選択中")).to_be_visible()
    assert every.evaluate("box => box.indeterminate")
    assert violations(staff) == []
    staff.get_by_role("button", name="選んだ決済を売上計上").press("Enter")

    confirm = staff.get_by_role("button", name=re.compile("3件（¥3,006）を売上計上する"))
    expect(confirm).to_be_visible()
    assert fits(staff)
    assert violations(staff) == []
    confirm.press("Enter")

    expect(staff.get_by_role("progressbar", name="進み具合")).to_be_visible()
    assert fits(staff)
    assert violations(staff) == []
    expect(staff.get_by_role("status")).to_contain_text("3件中3件")
    expect(staff.get_by_text("一括処理が終わりました。")).to_be_visible()
    expect(staff.get_by_role("cell", name="完了")).to_have_count(3)
    expect(staff.get_by_role("button", name="残りを中止")).to_be_hidden()
    paid = f"Payment.objects.filter(pk__in={keys}).order_by('pk')"
    states = shop.rows(f"list({paid}.values_list('state', flat=True))")
    assert states == ["authorised", "captured", "captured", "captured"]
    shop.rows(f"Payment.objects.filter(pk={keys[0]}).update(email='')")


def test_shift_chooses_everything_between_two_rows(
    page: Page, authorised: Callable[[str, int], list[int]], shop: RunningShop
) -> None:
    page.set_viewport_size(DESKTOP)
    sign_in(page, shop, STAFF[0])
    keys = authorised("S-", 4)
    complaints = problems(page)
    page.goto(f"{LIST}?q={EMAIL}&state=authorised")
    boxes = page.locator('input[name="payment"]')

    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])

    expect(page.get_by_text("3件を選択中")).to_be_visible()
    page.get_by_role("button", name="選んだ決済を売上計上").click()
    page.get_by_role("button", name=re.compile("3件（.*）を売上計上する")).click()
    expect(page.get_by_text("一括処理が終わりました。")).to_be_visible()
    assert complaints == []
    shop.rows(f"Payment.objects.filter(pk__in={keys}).update(email='')")


def test_without_scripts_everything_works_by_links_and_buttons(
    without_script: Page, authorised: Callable[[str, int], list[int]], shop: RunningShop
) -> None:
    page = without_script
    [key] = authorised("N-", 1)
    page.goto(LIST)
    page.get_by_label("検索").fill(EMAIL)
    page.get_by_role("button", name="検索").click()
    expect(page.get_by_text("このページをすべて選ぶ")).to_be_hidden()
    page.locator(f'input[name="payment"][value="{key}"]').check()
    page.get_by_role("button", name="選んだ決済を取消").click()
    page.get_by_role("button", name=re.compile("1件（¥1,000）を取り消す")).click()

    shop.wait_until(f"Payment.objects.get(pk={key}).state == 'cancelled'")
    shop.wait_until(f"PlannedOperation.objects.get(payment={key}).state == 'done'")
    again = page.get_by_role("link", name="最新の状態を表示")
    if again.count():
        again.click()
    expect(page.get_by_text("一括処理が終わりました。")).to_be_visible()


def test_the_filters_can_be_read_and_used_by_everybody(staff: Page) -> None:
    staff.goto(LIST)
    staff.get_by_text("条件で絞り込む").click()
    staff.get_by_label("状態").select_option(label="取消")
    staff.get_by_label("開始日").fill("2026-01-01")
    staff.get_by_role("searchbox", name="検索").press("Enter")

    expect(staff.get_by_role("link", name=re.compile("状態: 取消"))).to_be_visible()
    assert fits(staff)
    assert violations(staff) == []
    staff.get_by_role("link", name="すべて表示").click()
    expect(staff).to_have_url(re.compile(f"{LIST}$"))

    staff.goto(f"{LIST}?q=2/30")
    expect(staff.get_by_role("alert")).to_contain_text("存在しない日付です")
    assert violations(staff) == []

    staff.goto("/dashboard/payments/batches/")
    assert fits(staff)
    assert violations(staff) == []


def test_the_file_can_be_downloaded(staff: Page) -> None:
    staff.goto(LIST)
    with staff.expect_download() as download:
        staff.get_by_role("link", name="CSV（Shift_JIS）").click()

    assert download.value.suggested_filename.startswith("payments-")
