"""Signing a browser in without the page for it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.demo.running_shop import RunningShop


def sign_in(page: Page, shop: RunningShop, email: str) -> None:
    """The browser is that of the shop's user with this address."""
    session = shop.rows(
        f"(lambda client: (client.force_login(User.objects.get(email={email!r}), "
        "'django.contrib.auth.backends.ModelBackend'), client.cookies['sessionid'].value)[1])"
        "(Client())"
    )
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": shop.base_url}])
