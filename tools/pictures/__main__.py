"""Take the pictures of the documentation anew: ``PYTHONPATH=. python -m tools.pictures``.

Walks through the demo as shoppers and as staff, and writes ``docs/pictures/*.png``.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from tools.chromium import find
from tools.pictures.payments import payment_pictures
from tools.pictures.running_demo import running_demo
from tools.pictures.shop import phone_pictures, shop_pictures, trip_pictures
from tools.pictures.staff import (
    gateway_pictures,
    saved_card_pictures,
    settings_pictures,
    staff_pictures,
)
from tools.pictures.taking import PICTURES


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
        payment_pictures(browser, demo)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
