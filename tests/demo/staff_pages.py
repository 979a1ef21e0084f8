"""What every member of staff does in the dashboard: press the button that saves."""

from __future__ import annotations

from playwright.sync_api import Page


def save(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name="変更を保存").click()
    page.wait_for_load_state()
