"""Shoppers over plain HTTP: brought to the confirmation page first, then they press 注文する."""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from secrets import token_hex
from time import perf_counter
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

_ADDRESS: Final = {
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
_BASKET_COOKIE: Final = "oscar_open_basket"
_ORDER_FORM: Final = re.compile(r'action="(/checkout/preview/\?confirmed=[^"]*)"')


class Unexpected(Exception):
    """The shop answered something else than a shopper who buys should see."""


@dataclass
class Shopper:
    """A guest with cookies."""

    address: str
    cookies: dict[str, str]

    @classmethod
    def new(cls, address: str, product: int) -> Self:
        """A guest who has entered everything that checkout asks, and has a basket."""
        shopper = cls(address, {})
        shopper.get("/basket/")
        shopper.add_to_basket(product)
        shopper.get("/checkout/")
        shopper.post("/checkout/", {"username": "hanako@example.com", "options": "anonymous"})
        shopper.post("/checkout/shipping-address/", _ADDRESS)
        return shopper

    def another(self, product: int) -> Self:
        """One who typed the same, with a basket of their own."""
        cookies = {name: text for name, text in self.cookies.items() if name != _BASKET_COOKIE}
        shopper = type(self)(self.address, cookies)
        shopper.add_to_basket(product)
        return shopper

    def add_to_basket(self, product: int) -> None:
        """One piece."""
        self.post(f"/basket/add/{product}/", {"quantity": "1"})

    def press(self) -> Press:
        """What the button on the confirmation page will post."""
        page = self.get("/checkout/preview/")
        form = _ORDER_FORM.search(page)
        if form is None:
            raise Unexpected(f"no form to order on the confirmation page: {page[:2000]}")
        fields = {"csrfmiddlewaretoken": self.cookies["csrftoken"], "token": token_hex(16)}
        return Press(
            urlsplit(self.address).netloc, unescape(form[1]), urlencode(fields), self._headers()
        )

    def get(self, path: str) -> str:
        """A page; redirects are followed."""
        status, location, text = self._request("GET", path, None)
        return self.get(location) if status in {302, 303} else text

    def post(self, path: str, fields: dict[str, str]) -> None:
        """A form that is taken, which its redirect tells."""
        body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields})
        status, _location, text = self._request("POST", path, body)
        if status not in {302, 303}:
            raise Unexpected(f"{status} after a post to {path}: {text[:2000]}")

    def _headers(self) -> dict[str, str]:
        return {
            "Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items()),
            "Referer": f"{self.address}/",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def _request(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        connection = HTTPConnection(urlsplit(self.address).netloc)
        connection.request(method, path, body, self._headers())
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: kept.value for name, kept in SimpleCookie(header).items()}
        return answer.status, answer.getheader("Location", ""), text


@dataclass(frozen=True, slots=True)
class Press:
    """注文する, once, on one confirmation page."""

    host: str
    path: str
    body: str
    headers: dict[str, str]

    def __call__(self) -> float:
        """Press it; the seconds until the redirect to the thank-you page.

        Raises:
            Unexpected: the order was not placed, or not paid.
        """
        began = perf_counter()
        connection = HTTPConnection(self.host, timeout=120)
        connection.request("POST", self.path, self.body, self.headers)
        answer = connection.getresponse()
        text = answer.read()
        took = perf_counter() - began
        connection.close()
        if "/thank-you/" not in answer.getheader("Location", ""):
            raise Unexpected(f"{answer.status} {answer.getheader('Location')} {text[:2000]!r}")
        return took


def prepare(first: Shopper, product: int, count: int) -> list[Press]:
    """So many shoppers on their confirmation pages, brought there eight at a time."""
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(lambda _: first.another(product).press(), range(count)))


def press_all(presses: Iterable[Press], concurrency: int) -> tuple[list[float], float]:
    """Press them all, so many at once; the seconds of each, and of all together."""
    with ThreadPoolExecutor(concurrency) as threads:
        began = perf_counter()
        times = list(threads.map(Press.__call__, presses))
        return times, perf_counter() - began
