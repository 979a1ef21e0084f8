"""How long a test waits before it gives up: a machine that has much to do is no mistake."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import expect

#: Milliseconds for a page, or for something on it, to appear.
PATIENCE = 60_000

expect.set_options(timeout=PATIENCE)


def wait_until(met: Callable[[], object], what: str) -> None:
    """Look until it is so.

    Args:
        what: named where it never comes.
    """
    given_up = time.monotonic() + 2 * PATIENCE / 1000
    while not met():
        assert time.monotonic() < given_up, f"waited in vain for {what}"
        time.sleep(0.1)
