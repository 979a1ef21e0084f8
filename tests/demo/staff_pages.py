"""What every member of staff does in the dashboard: sign in, and press the button that saves."""

from __future__ import annotations

from playwright.sync_api import Page


def sign_in(page: Page) -> None:
    """The demo's member of staff."""
    page.goto("/accounts/login/")
    page.locator("#id_login-username").fill("staff@example.com")
    page.locator("#id_login-password").fill("staff-demo-2028")
    page.locator("button[name=login_submit]").click()
    page.wait_for_load_state()


def save(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name="変更を保存").click()
    page.wait_for_load_state()
