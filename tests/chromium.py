"""Chromium for tests: headless, and without the parts of a window that nobody looks at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, BrowserType, sync_playwright

#: What Playwright 1.65 switches off, and then the address bar's popups: each is a page with a
#: process of its own that every new window loads, at as much work as a page of the shop.
_OFF: Final = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", f"--disable-features={','.join(_OFF)}")


@contextmanager
def chromium(**options: Any) -> Iterator[Browser]:
    """One headless Chromium, gone at the end.

    Args:
        options: for Playwright's ``launch``.
    """
    with sync_playwright() as playwright, launched(playwright.chromium, **options) as browser:
        yield browser


def launched(browser_type: BrowserType, *arguments: str, **options: Any) -> Browser:
    """A Chromium beside others, with more arguments of its command line."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "No Chromium: see tools/chromium.py"
    return browser_type.launch(executable_path=path, args=[*_ARGUMENTS, *arguments], **options)
