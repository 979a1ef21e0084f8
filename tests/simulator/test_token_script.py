"""The token script, by itself and in a real browser on another origin."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

CODE = "escottDemoTokenCode0000000000001"
SCRIPT_PATH = "/euser/stn/CdGetJavaScript.do"


def make(merchant, **fields):
    card = {"k_TokenNinsyoCode": CODE, "CardNo": "4000000000001000", "CardExp": "2812"}
    answer = merchant.request("POST", "/simulator/tokens", urlencode(card | fields))
    return answer, json.loads(answer.body)


def test_the_script_defines_the_library(merchant):
    answer = merchant.request("GET", f"{SCRIPT_PATH}?k_TokenNinsyoCode={CODE}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["connection"] == "close"
    assert b"SpsvApi" in answer.body


def test_a_token_is_made_for_any_origin(merchant):
    answer, made = make(merchant, SecCd="777")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    assert made["card"] == "4000********1000"
    assert merchant.send("1TokenSearch", Token=made["token"]).codes == ["OK"]


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"k_TokenNinsyoCode": "wrong"}, ["KI1"]),
        ({"CardNo": "1", "CardExp": "99"}, ["K20", "K21"]),
        ({"not a name": "1"}, ["K01"]),
    ],
)
def test_a_token_that_is_not_made_has_a_reason(merchant, wrong, codes):
    answer, refused = make(merchant, **wrong)
    assert (answer.status, refused["codes"]) == (400, codes)
    assert refused["message"]


class Shop(BaseHTTPRequestHandler):
    """A payment page with a strict policy, on an origin of its own."""

    gateway = ""
    code = CODE

    def do_GET(self) -> None:
        script = f"{self.gateway}{SCRIPT_PATH}?k_TokenNinsyoCode={self.code}"
        html = (
            "<!DOCTYPE html><title>shop</title>"
            f'<script class="spsvToken" callBackFunc="setToken" src="{script}"></script>'
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(html)))
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {self.gateway}; connect-src {self.gateway}",
        )
        self.end_headers()
        self.wfile.write(html)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop(merchant) -> Iterator[type[Shop]]:
    handler = type("ThisShop", (Shop,), {"gateway": f"http://{merchant.host}"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser, shop) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


CALL = """(card) => new Promise((resolve) => {
    let returned = false;
    window.SpsvApi.spsvCreateToken(card, "28", "12", "777", "", "", "", "", "");
    window.setToken = (token, masked) => resolve({token, masked, later: returned});
    returned = true;
})"""


def test_a_page_gets_its_token_by_the_callback(page, shop, merchant):
    page.goto(shop.url)
    made = page.evaluate(CALL, "4000000000001000")
    assert (made["masked"], made["later"]) == ("4000********1000", True)
    assert merchant.charge(Token=made["token"]).codes == ["OK"]


@pytest.mark.parametrize(
    ("code", "card", "told"), [("wrong", "4000000000001000", "KI1"), (CODE, "4000", "K20")]
)
def test_a_failure_is_told_to_the_shopper_alone(page, shop, code, card, told):
    shop.code = code
    page.goto(shop.url)
    page.evaluate("() => { window.setToken = () => { document.title = 'called'; }; }")
    with page.expect_event("dialog") as dialog_shown:
        page.on("dialog", lambda dialog: dialog.accept())
        page.evaluate(
            "(card) => SpsvApi.spsvCreateToken(card, '28', '12', '777', '', '', '', '', '')", card
        )
    assert told in dialog_shown.value.message
    assert page.title() == "shop"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(page, merchant, width):
    merchant.charge(MerchantFree1="x" * 20)
    (transaction,) = merchant.gateway.transactions()
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/", "/merchant/", f"/merchant/transactions/{transaction.transaction_id}"):
        page.goto(f"http://{merchant.host}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_copy_button_copies(browser, merchant):
    origin = f"http://{merchant.host}"
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    page = context.new_page()
    page.goto(origin)
    page.get_by_role("button", name="コピー: 4000000000001000").first.click()
    page.get_by_role("status").get_by_text("コピーしました").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "4000000000001000"
    context.close()
