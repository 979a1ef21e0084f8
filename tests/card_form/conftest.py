"""The card form on a shop's page over the real wire: a shop that keeps every byte it is sent,
a gateway at an origin of its own, and Chromium between them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation
from playwright.sync_api import Browser, Page

from escott.django.card_page import CardForm
from tests.chromium import chromium, launched
from tests.patience import PATIENCE

STUB_SCRIPT = Path(__file__).with_name("stub_gateway.js").read_text(encoding="utf-8")
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="icon" href="data:,"></head><body>{body}</body></html>'
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@cache
def static_text(path: str) -> str:
    return Path(str(finders.find(path))).read_text(encoding="utf-8")


@dataclass
class Gateway:
    """The gateway's side, with its faults to be chosen.

    ``script``: ``served``, ``missing`` (404) or ``held`` until :attr:`release` is set.
    ``token``: ``served``, ``none`` (no callback at all), ``empty``, or ``held``.
    """

    url: str = ""
    script: str = "served"
    token: str = "served"
    asked: list[list[str]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def script_url(self) -> str:
        return f"{self.url}/euser/stn/CdGetJavaScript.do?k_TokenNinsyoCode=code"

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        if path == "/token":
            given = json.loads(query["given"][0])
            how, text = self.token, f"{query['callback'][0]}('token-of-{given[0][-4:]}', '')"
            self.asked.append(given)
            text = {"none": "", "empty": f"{query['callback'][0]}('', '')"}.get(how, text)
        else:
            how, text = self.script, STUB_SCRIPT
        if how == "held":
            self.release.wait()
        return (404, "") if how == "missing" else (200, text)


@dataclass
class Shop:
    """The shop's side: a page with the form, and everything that a browser sent to it."""

    form: CardForm
    gateway: Gateway
    url: str = ""
    received: list[str] = field(default_factory=list)
    posts: list[dict[str, list[str]]] = field(default_factory=list)
    answers_posts: bool = True

    def shows(self, **changes: object) -> None:
        """Have the page show the form with ``changes`` to :class:`CardForm`."""
        self.form = replace(self.form, **changes)  # type: ignore[arg-type]

    def policy(self) -> str:
        return (
            f"default-src 'none'; script-src 'self' {self.gateway.url}; style-src 'self'; "
            "img-src 'self' data:; form-action 'self'; base-uri 'none'"
        )

    def page(self) -> str:
        plain_static = "django.contrib.staticfiles.storage.StaticFilesStorage"
        storages = {**settings.STORAGES, "staticfiles": {"BACKEND": plain_static}}
        with override_settings(STORAGES=storages), translation.override("en"):
            body = render_to_string("escott/card_form.html", {"card_form": self.form})
        return PAGE.format(title="Pay", body=body)

    def answer(self, path: str, body: str | None) -> tuple[int, str]:
        if path.startswith(settings.STATIC_URL):
            return 200, static_text(path.removeprefix(settings.STATIC_URL))
        if body is None:
            return 200, self.page()
        self.posts.append(parse_qs(body))
        if not self.answers_posts:
            return 204, ""  # the browser stays where it is
        return 200, PAGE.format(title="Paid", body="<h1>Paid</h1>")


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def reply(self, status: int, text: str, content_type: str, policy: str = "") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway()

    class GatewayHandler(Quiet):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, text = gateway.answer(parts.path, parse_qs(parts.query))
            try:
                self.reply(status, text, "text/javascript")
            except ConnectionError:
                self.close_connection = True

    with served(GatewayHandler) as url:
        gateway.url = url
        yield gateway
        gateway.release.set()


@pytest.fixture
def shop(gateway: Gateway) -> Iterator[Shop]:
    form = CardForm(
        token_script_url=gateway.script_url,
        action="/pay",
        amount=3780,
        needs_security_code=True,
        test_mode=True,
        today=date(2026, 11, 23),
    )
    shop = Shop(form, gateway)

    class ShopHandler(Quiet):
        def do_GET(self) -> None:
            self.serve(None)

        def do_POST(self) -> None:
            self.serve(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def serve(self, body: str | None) -> None:
            shop.received.append(f"{self.requestline}\n{self.headers}\n{body}")
            status, text = shop.answer(self.path, body)
            kind = TYPES.get(Path(self.path).suffix, "text/html")
            try:
                self.reply(status, text, kind, shop.policy())
            except ConnectionError:
                self.close_connection = True

    with served(ShopHandler) as url:
        shop.url = url
        yield shop


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that keeps the pages one goes back to, as people's browsers do."""
    with chromium(ignore_default_args=["--disable-back-forward-cache"]) as running:
        yield running


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Page]:
    """A browser in which JavaScript is switched off; only the keyboard can be used here."""
    switched_off = "--blink-settings=scriptEnabled=false"
    with launched(browser.browser_type, switched_off) as without:
        yield without.new_page()


@dataclass
class CardPage:
    """The page as a shopper handles it."""

    page: Page
    shop: Shop
    complaints: list[str]

    def open(self, **changes: object) -> CardPage:
        self.shop.shows(**changes)
        self.page.goto(self.shop.url)
        return self

    @property
    def number(self) -> str:
        return self.page.get_by_label("Card number").input_value()

    def error(self, name: str) -> str:
        """The error beside a field; empty if none is shown."""
        error = self.page.locator(f"#escott-{name}-error")
        return error.inner_text() if error.is_visible() else ""

    def error_on_leaving(self, name: str, text: str) -> str:
        """The error beside a field after ``text`` was typed and the field was left."""
        field = self.page.locator(f"#escott-{name}")
        field.fill(text)
        field.blur()
        return self.error(name)

    def brand(self) -> str | None:
        return self.page.locator("[data-brand]:visible").get_attribute("data-brand")

    def fill(
        self,
        number: str = "4000000000001000",
        expiry: str = "12/28",
        code: str = "777",
        holder: str = "TARO YAMADA",
    ) -> CardPage:
        self.page.get_by_label("Card number").fill(number)
        self.page.get_by_label("Expiry").fill(expiry)
        if self.shop.form.needs_security_code:
            self.page.get_by_label("Security code").fill(code)
        self.page.get_by_label("Name on the card").fill(holder)
        return self

    def choose(self, name: str) -> CardPage:
        """Tick a radio button or a box."""
        self.page.get_by_label(name, exact=True).check()
        return self

    def press(self) -> CardPage:
        self.page.locator("button[type=submit]").click()
        return self

    def asked_for_tokens(self, count: int) -> None:
        """Wait until the gateway has received so many requests for a token."""
        for _ in range(PATIENCE // 20):
            if len(self.shop.gateway.asked) >= count:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{len(self.shop.gateway.asked)} of {count} requests arrived")

    def arrives(self) -> None:
        """Wait for the page after the payment."""
        self.page.wait_for_selector("h1:has-text('Paid')")


@pytest.fixture
def card_page(browser: Browser, shop: Shop) -> Iterator[CardPage]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield CardPage(page, shop, complaints)
    context.close()
