"""A shopper whose browser carries requests to the gateway's pages, and results back.

Plain HTTP with the forms of the pages; the merchant's own end is ``escott.gateway``.
"""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin

from escott.clock import SettableClock
from escott.gateway import Secret
from escott.gateway.browser_trips import EncryptionKeys, Return, read_return
from escott.gateway.crypto import decrypt_value, encrypt_value
from escott.simulator.live import LiveGateway

SECURE_PATH = "/online/tds/OTDS010.do"
HOSTED_PATH = "/euser/snp/SSNP005ReferStart.do"
RETURN_URL = "https://shop.example/back"
KEYS = EncryptionKeys(Secret("escottDemoKey001"), Secret("escottDemoVec001"))


@dataclass
class Seen:
    """A page as the browser shows it."""

    status: int
    path: str
    headers: dict[str, str]
    text: str

    @property
    def words(self) -> str:
        """What can be read on it."""
        return unescape(re.sub(r"<[^>]+>", " ", self.text))

    @property
    def screen(self) -> str:
        """The name of the hosted screen."""
        return self.path.partition("?")[0].rpartition("/")[2]

    @property
    def actions(self) -> list[str]:
        """Where its forms post to."""
        return [
            unescape(action) for action in re.findall(r'<form[^>]* action="([^"]*)"', self.text)
        ]

    @property
    def outcomes(self) -> list[str]:
        """What can be chosen by hand."""
        return re.findall(r'name="outcome" value="(\w+)"', self.text)

    @property
    def value(self) -> str:
        """The EncryptValue that goes back."""
        found = re.search(r'name="EncryptValue" value="([^"]+)"', self.text)
        assert found, f"nothing goes back from {self.path}: {self.words}"
        return unescape(found[1])

    @property
    def returned(self) -> dict[str, str]:
        """The fields that go back."""
        assert RETURN_URL in self.actions
        return fields_of(self.value)

    @property
    def read(self) -> Return:
        """What the merchant's client makes of it."""
        return read_return(self.value, KEYS)


def fields_of(value: str) -> dict[str, str]:
    """The fields inside an EncryptValue."""
    text = decrypt_value(value, KEYS.key, KEYS.vector)
    return dict(parse_qsl(text.replace("+", "%2B"), keep_blank_values=True))


class Shopper:
    """One shopper of the demo merchant."""

    def __init__(self, host: str, gateway: LiveGateway, clock: SettableClock) -> None:
        self.host = host
        self.gateway = gateway
        self.clock = clock
        self._last_number = 0

    def request(self, operation: str, **fields: str | None) -> dict[str, str]:
        """What a merchant asks for, with a ProcNo of its own. None takes a field out."""
        self._last_number += 1
        asked: dict[str, str | None] = {
            "MerchantPass": "pass1234",
            "TenantId": "0001",
            "TransactionDate": self.clock.now().strftime("%Y%m%d"),
            "OperateId": operation,
            "MerchantFree1": "000000000042",
            "ProcNo": f"{self._last_number:07}",
            "RedirectUrl": RETURN_URL,
        }
        if operation in {"1Auth", "1Gathering", "3Secure"}:
            asked |= {"Amount": "3780", "PayType": "01"}
        return {name: text for name, text in (asked | fields).items() if text is not None}

    def form(self, fields: dict[str, str], merchant_id: str = "12345678") -> str:
        """The request as a form carries it."""
        value = encrypt_value(fields, KEYS.key, KEYS.vector)
        return urlencode({"MerchantId": merchant_id, "EncryptValue": value})

    def secure(self, operation: str = "3Secure", **fields: str | None) -> Seen:
        """Go to 本人認証."""
        return self.post(SECURE_PATH, self.form(self.request(operation, **fields)))

    def hosted(self, operation: str = "1Gathering", **fields: str | None) -> Seen:
        """Go to the hosted card page."""
        return self.get(f"{HOSTED_PATH}?{self.form(self.request(operation, **fields))}")

    def press(self, page: Seen, **fields: str) -> Seen:
        """Send a form of the page back to it."""
        return self.post(page.path, urlencode(fields))

    def enter_card(self, page: Seen, number: str, **fields: str) -> Seen:
        """Fill in an entry screen with a card."""
        card = {"CardNo": number, "ExpMonth": "12", "ExpYear": "28", "SecCd": "777"}
        return self.press(page, action="enter", **card | fields)

    def get(self, path: str) -> Seen:
        return self._follow("GET", path, None, {})

    def post(self, path: str, body: str, **headers: str) -> Seen:
        return self._follow("POST", path, body, headers)

    def _follow(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Seen:
        seen = self.once(method, path, body, headers)
        while seen.status == http.client.SEE_OTHER and seen.headers["location"].startswith("/"):
            seen = self.once("GET", urljoin(path, seen.headers["location"]), None, {})
        return seen

    def once(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> Seen:
        """One request, without following where it leads."""
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Seen(answer.status, path, found, answer.read().decode())
        finally:
            connection.close()
