"""A guest who shops over plain HTTP, without a browser: quick enough to have sixty-four of them."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

#: 綿の風呂敷, ¥3,780 with shipping and tax.
PRODUCT: Final = "furoshiki"

ADDRESS: Final = {
    "last_name": "山田",
    "first_name": "花子",
    "last_name_kana": "ヤマダ",
    "first_name_kana": "ハナコ",
    "postcode": "100-0001",
    "state": "東京都",
    "line4": "千代田区",
    "line1": "千代田1-1",
    "phone_number": "03-1234-5678",
}


@dataclass
class Page:
    """What the shop answered."""

    status: int
    url: str
    text: str
    location: str

    def form(self, holding: str) -> str:
        """Where the form that holds a piece of HTML posts to."""
        for action, body in re.findall(
            r'<form[^>]*?action="([^"]*)"[^>]*>(.*?)</form>', self.text, re.S
        ):
            if holding in body:
                return unescape(action) or self.url
        raise AssertionError(f"no form with {holding!r} on {self.url}: {self.text[:3000]}")


@dataclass
class HttpShopper:
    """One visitor with cookies; ``order`` presses 注文する on the confirmation page."""

    base_url: str
    timeout: float = 60.0
    cookies: dict[str, str] = field(default_factory=dict)
    confirmation: Page | None = None

    def get(self, path: str) -> Page:
        """A page, redirects followed."""
        page = self._request("GET", path)
        while page.location:
            page = self._request("GET", page.location)
        return page

    def post(self, path: str, fields: dict[str, str]) -> Page:
        """A form; the redirect is not followed."""
        fields = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        return self._request("POST", path, urlencode(fields))

    def go_to_confirmation(self, product: str = PRODUCT) -> Page:
        """Basket, guest, address: the confirmation page."""
        link = re.search(rf'href="(/catalogue/{product}_\d+/)"', self.get("/").text)
        assert link, "the product is not on the front page"
        detail = self.get(link[1])
        self.post(detail.form('name="quantity"'), {"quantity": "1", "action": "add"})
        self.get("/checkout/")
        self.post("/checkout/", {"username": "hanako@example.com", "options": "anonymous"})
        self.post("/checkout/shipping-address/", ADDRESS)
        self.confirmation = self.get("/checkout/preview/")
        return self.confirmation

    def order(self, token: str) -> Page:
        """Press 注文する on the confirmation page, with a card token."""
        assert self.confirmation is not None, "go to the confirmation page first"
        return self.post(self.confirmation.form('name="token"'), {"token": token})

    def _request(self, method: str, path: str, body: str | None = None) -> Page:
        target = urlsplit(urljoin(self.base_url, path))
        connection = http.client.HTTPConnection(target.netloc, timeout=self.timeout)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": self.base_url + "/",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            where = target.path + (f"?{target.query}" if target.query else "")
            connection.request(method, where, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return Page(answer.status, path, text, answer.getheader("Location") or "")
