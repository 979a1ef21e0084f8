"""How long a browser's test waits before it gives up."""

from __future__ import annotations

from playwright.sync_api import expect

#: Milliseconds for a page, or for something on it, to appear on a busy machine.
PATIENCE = 20_000

expect.set_options(timeout=PATIENCE)
