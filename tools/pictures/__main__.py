"""Take the pictures of the documentation anew: ``PYTHONPATH=. python -m tools.pictures``.

Walks through the demo as shoppers and as staff, and writes ``docs/pictures/*.png``. Names of
parts behind the command take the pictures of these parts only; what they build on is walked
without a picture. Dates in boxes stand as in Japan where Chromium has its Japanese texts
(chromium-l10n); elsewhere as in America.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tools.chromium import find
from tools.pictures.japanese_font import MISSING, has_japanese_font
from tools.pictures.payments import expired_pictures, payment_pictures
from tools.pictures.running_demo import running_demo
from tools.pictures.shop import phone_pictures, shop_pictures, trip_pictures
from tools.pictures.slips import lapsed_pictures, slip_pictures
from tools.pictures.staff import (
    gateway_pictures,
    saved_card_pictures,
    settings_pictures,
    staff_pictures,
)
from tools.pictures.taking import PICTURES, Walk, pass_by, take


@dataclass(frozen=True, slots=True)
class Part:
    """A walk, and the parts whose orders it comes upon."""

    walk: Walk
    after: tuple[str, ...] = ()


_FONTS: Final = Path(__file__).with_name("fonts.conf")

#: By name, in the order in which they are walked; the clock of the last two runs ahead.
PARTS: Final[Mapping[str, Part]] = {
    "shop": Part(shop_pictures),
    "phone": Part(phone_pictures),
    "staff": Part(staff_pictures, after=("shop", "phone")),
    "trip": Part(trip_pictures),
    "saved-card": Part(saved_card_pictures),
    "settings": Part(settings_pictures),
    "slips": Part(slip_pictures),
    "gateway": Part(gateway_pictures, after=("shop", "trip", "saved-card")),
    "payments": Part(payment_pictures, after=("shop", "staff", "saved-card", "slips")),
    "lapsed": Part(lapsed_pictures, after=("slips",)),
    "expired": Part(expired_pictures, after=("payments",)),
}


def main() -> int:
    """Take them all, or those of the parts that are named."""
    parser = argparse.ArgumentParser(prog="python -m tools.pictures")
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    chosen = parser.parse_args().parts
    unknown = set(chosen) - PARTS.keys()
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    chromium = find()
    if chromium is None:
        print("No Chromium: see tools/chromium.py", file=sys.stderr)
        return 1
    if not has_japanese_font():
        print(MISSING, file=sys.stderr)
        return 1
    _take(chromium, chosen or PARTS.keys())
    return 0


def _take(chromium: str, chosen: Collection[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    walked = with_those_before(chosen)
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env={**os.environ, "LANGUAGE": "ja", "FONTCONFIG_FILE": str(_FONTS)},
        )
        for name, part in PARTS.items():
            if name in walked:
                print(f"{name} ...", flush=True)
                part.walk(browser, demo, take if name in chosen else pass_by)
        browser.close()


def with_those_before(chosen: Collection[str]) -> frozenset[str]:
    """The parts, with all that they build on."""
    before = (with_those_before(PARTS[name].after) for name in chosen)
    return frozenset(chosen).union(*before)


if __name__ == "__main__":
    sys.exit(main())
