"""Take the pictures of the documentation anew: ``PYTHONPATH=. python tools/pictures.py``.

Starts the demo on free ports with an empty folder of its own and its clock on a fixed day,
walks through it as shoppers and as staff, and writes ``docs/pictures/*.png``.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from escott.clock import JST, SharedClock
from tools.chromium import find

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs" / "pictures"
THE_DAY: Final = datetime(2026, 4, 1, 10, 0, tzinfo=JST)

DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 800}
TALL: Final[ViewportSize] = {"width": 1280, "height": 1120}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}

#: The most that one picture may weigh, in bytes.
HEAVIEST: Final = 300_000
#: Numbers of colours to try; 0 is true colour.
_COLOURS: Final = (0, 256, 128, 64)

GOOD, DECLINED, LOST = "4000000000001000", "4000000007120001", "4000000090020001"
WITHOUT_CHALLENGE: Final = "5100000000001006"
CUSTOMER: Final = ("taro@example.com", "taro-demo-2028")
STAFF: Final = ("staff@example.com", "staff-demo-2028")


@dataclass(frozen=True, slots=True)
class Demo:
    """The running demo."""

    shop: str
    gateway: str
    environment: dict[str, str]

    def advance(self, seconds: int) -> None:
        """Move the one clock of shop and gateway."""
        body = json.dumps({"advance_seconds": seconds}).encode()
        request = urllib.request.Request(f"{self.gateway}simulator/clock", data=body, method="PUT")
        urllib.request.urlopen(request, timeout=10).close()

    def run(self, program: str) -> None:
        """Run a few lines with the shop's models."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
        subprocess.run(command, cwd=ROOT / "demo", env=self.environment, check=True)


@contextmanager
def running_demo() -> Iterator[Demo]:
    """The demo, as ``make demo`` runs it, until the end of the ``with``."""
    with tempfile.TemporaryDirectory(prefix="escott-pictures-") as folder:
        SharedClock(Path(folder) / "clock.json").set(THE_DAY)
        shop, gateway = free_port(), free_port()
        environment = os.environ | {
            "SHOP_VAR": folder,
            "SHOP_PORT": str(shop),
            "GATEWAY_PORT": str(gateway),
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "SHOP_SECURE": "dont_use",
        }
        process = subprocess.Popen(
            [sys.executable, "demo/run.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            if not any("Ctrl-C" in line for line in process.stdout):
                raise RuntimeError("the demo did not start")
            yield Demo(f"http://127.0.0.1:{shop}/", f"http://127.0.0.1:{gateway}/", environment)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def take(page: Page, name: str, *, whole: bool = True) -> None:
    """Write a picture of the page, in as many colours as its weight allows."""
    page.evaluate("document.activeElement && document.activeElement.blur()")
    shot = page.screenshot(full_page=whole, animations="disabled")
    picture = Image.open(BytesIO(shot)).convert("RGB")
    for colours in _COLOURS:
        small = BytesIO()
        (with_palette(picture, colours) if colours else picture).save(small, "PNG", optimize=True)
        if small.tell() < HEAVIEST:
            (PICTURES / f"{name}.png").write_bytes(small.getvalue())
            print(f"{name}.png {small.tell() // 1000} kB")
            return
    raise RuntimeError(f"{name}.png weighs too much in {_COLOURS[-1]} colours")


def with_palette(picture: Image.Image, colours: int) -> Image.Image:
    """The picture in so many colours, dithered."""
    palette = picture.quantize(colours)
    return picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def to_confirmation(page: Page, product: str = "綿の風呂敷") -> None:
    """Catalogue, basket, checkout: the confirmation page, as the customer who is logged in."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(product)).first.click()
    page.get_by_role("button", name=re.compile("カゴに入れる")).click()
    page.goto("/checkout/")
    address = page.get_by_role("button", name=re.compile("この(住所|お届け先)"))
    address.or_(page.get_by_role("heading", name="ご注文内容の確認")).first.wait_for()
    if address.count():
        address.first.click()
    page.get_by_role("heading", name="ご注文内容の確認").wait_for()


def fill_card(page: Page, number: str) -> None:
    """Type a card into the form."""
    page.get_by_label("カード番号").press_sequentially(number)
    page.get_by_label("有効期限（月／年）").press_sequentially("1228")
    page.get_by_label("セキュリティコード").press_sequentially("777")
    page.get_by_label("カード名義").press_sequentially("TARO YAMADA")


def order(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name=re.compile("注文する|支払う")).click()


def log_in(page: Page, who: tuple[str, str]) -> None:
    """Log in to the shop."""
    page.goto("/accounts/login/")
    page.locator("#id_login-username").fill(who[0])
    page.locator("#id_login-password").fill(who[1])
    page.locator("button[name=login_submit]").click()
    page.wait_for_load_state()


def shop_pictures(browser: Browser, demo: Demo) -> None:
    """What a shopper sees."""
    page = browser.new_page(base_url=demo.shop, viewport=TALL, locale="ja-JP")
    page.goto("/")
    page.wait_for_load_state("networkidle")
    take(page, "shop-front", whole=False)
    page.set_viewport_size(DESKTOP)
    log_in(page, CUSTOMER)
    to_confirmation(page)
    fill_card(page, GOOD)
    page.locator(".es-section--pay").scroll_into_view_if_needed()
    take(page, "shop-card", whole=False)
    take(page, "shop-confirm")
    order(page)
    page.get_by_role("heading", name="ご注文ありがとうございます").wait_for()
    take(page, "shop-thanks")
    to_confirmation(page, "湯のみ")
    fill_card(page, DECLINED)
    order(page)
    page.get_by_text(re.compile("ご請求は発生していません")).first.wait_for()
    take(page, "shop-refused")
    to_confirmation(page, "朱泥の急須")
    fill_card(page, LOST)
    order(page)
    page.get_by_text("お支払い状況を確認しています").first.wait_for()
    take(page, "shop-checking", whole=False)
    page.close()


def phone_pictures(browser: Browser, demo: Demo) -> None:
    """The same shop in a hand."""
    page = browser.new_page(
        base_url=demo.shop, viewport=PHONE, device_scale_factor=2, locale="ja-JP", has_touch=True
    )
    log_in(page, CUSTOMER)
    to_confirmation(page)
    fill_card(page, GOOD)
    page.get_by_label("カード番号").scroll_into_view_if_needed()
    take(page, "phone-confirm", whole=False)
    page.close()


def staff_pictures(browser: Browser, demo: Demo) -> None:
    """What staff see, once the worker has found that it cannot tell."""
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, STAFF)
    page.goto("/dashboard/orders/")
    take(page, "dashboard-orders")
    page.get_by_role("row", name=re.compile("エラー|与信売上計上")).last.get_by_role(
        "link"
    ).first.click()
    page.get_by_role("link", name="決済情報").click()
    page.locator("#escott section").first.wait_for()
    page.wait_for_timeout(500)  # the tab fades in
    take(page, "dashboard-payment")
    demo.advance(60)
    page.goto("/admin/escott/payment/?needs_attention__exact=1")
    while not page.get_by_role("row", name=re.compile("結果不明")).count():
        page.wait_for_timeout(300)
        page.reload()
    page.reload()
    take(page, "admin-payments", whole=False)
    page.goto("/admin/escott/operation/")
    page.get_by_role("link", name="照合する").click()
    page.get_by_label("記録がある（処理されている）").check()
    page.locator("[name=note]").fill("与信売上計上を確認")
    take(page, "admin-settle", whole=False)
    page.close()


def saved_card_pictures(browser: Browser, demo: Demo) -> None:
    """A card is registered and pays an order; staff look whether it may be deleted."""
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, CUSTOMER)
    page.goto("/accounts/saved-card/")
    fill_card(page, WITHOUT_CHALLENGE)
    consent = page.get_by_label("個人情報の取り扱いに同意")
    if consent.count():
        consent.check()
    page.get_by_role("button", name=re.compile("カードを(登録|変更)する")).click()
    page.get_by_text(re.compile("カードを(登録|変更)しました")).wait_for()
    take(page, "account-card")
    to_confirmation(page, "湯のみ")
    order(page)
    page.get_by_role("heading", name="ご注文ありがとうございます").wait_for()
    page.close()
    page = browser.new_page(base_url=demo.shop, viewport=DESKTOP, locale="ja-JP")
    log_in(page, STAFF)
    page.goto("/dashboard/users/")
    page.get_by_role("link", name=CUSTOMER[0]).first.click()
    page.get_by_role("link", name="登録済みカードを見る").click()
    take(page, "dashboard-card", whole=False)
    page.get_by_role("link", name="削除").first.click()
    take(page, "dashboard-card-delete", whole=False)
    page.close()


def settings_pictures(browser: Browser, demo: Demo) -> None:
    """What staff see of 決済."""
    page = browser.new_page(base_url=demo.shop, viewport=TALL, locale="ja-JP")
    log_in(page, STAFF)
    page.goto("/dashboard/payments/")
    take(page, "settings-methods", whole=False)
    page.goto("/dashboard/payments/card/")
    take(page, "settings-card", whole=False)
    page.close()


def trip_pictures(browser: Browser, demo: Demo) -> None:
    """Instalments and consent on the shop's page, then the two pages away from the shop."""
    page = browser.new_page(base_url=demo.shop, viewport=TALL, locale="ja-JP")
    page.goto("/")
    settings = "from escott.django.models import MerchantAccount as A; A.objects.update"
    demo.run(f"{settings}(secure_use='use', instalments='bonus')")
    log_in(page, CUSTOMER)
    to_confirmation(page, "図解ブック")
    fill_card(page, GOOD)
    page.get_by_label("支払回数").select_option("03")
    page.get_by_label("個人情報の取り扱いに同意").check()
    page.locator(".es-section--pay").scroll_into_view_if_needed()
    take(page, "shop-choices", whole=False)
    order(page)
    page.get_by_role("heading", name="シミュレーターの本人認証画面").wait_for()
    page.set_viewport_size(DESKTOP)
    take(page, "simulator-secure", whole=False)
    demo.run(f"{settings}(connection='link')")
    to_confirmation(page, "図解ブック")
    page.get_by_label("個人情報の取り扱いに同意").check()
    page.get_by_role("button", name=re.compile("注文する|カード決済画面")).click()
    page.get_by_label("カード番号").wait_for()
    take(page, "simulator-hosted", whole=False)
    demo.run(f"{settings}(connection='token', secure_use='dont_use', instalments='lump_sum')")
    page.close()


def gateway_pictures(browser: Browser, demo: Demo) -> None:
    """What the simulator shows."""
    page = browser.new_page(base_url=demo.gateway, viewport=DESKTOP, locale="ja-JP")
    page.goto("/merchant/")
    take(page, "simulator-console", whole=False)
    page.goto("/")
    take(page, "simulator-cards", whole=False)
    page.close()


def main() -> int:
    """Take them all."""
    chromium = find()
    if chromium is None:
        print("No Chromium: see tools/chromium.py", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        shop_pictures(browser, demo)
        phone_pictures(browser, demo)
        staff_pictures(browser, demo)
        trip_pictures(browser, demo)
        saved_card_pictures(browser, demo)
        settings_pictures(browser, demo)
        gateway_pictures(browser, demo)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
