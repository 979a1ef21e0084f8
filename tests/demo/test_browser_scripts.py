"""What a browser loads on payment pages: the inventory of docs/reference/scripts.tsv, no more."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Response, expect

from shop.seed.accounts import STAFF
from tests.demo.checkout import DECLINED, fill_card, go_to_confirmation, order
from tests.demo.conftest import problems
from tests.demo.konbini import (
    TITLE,
    back_to_shop,
    choose_card,
    choose_konbini,
    press_order,
    to_choice,
)
from tests.demo.payment_pages import (
    sign_in_customer,
    to_checking_page,
    to_payment_page,
    to_thank_you_page,
    to_trip,
)
from tests.demo.running_shop import ROOT, RunningShop
from tests.demo.signing_in import sign_in

INVENTORY: Final = ROOT / "docs" / "reference" / "scripts.tsv"


def rows() -> list[dict[str, str]]:
    with INVENTORY.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def listed(page: str) -> set[tuple[str, str]]:
    """Origin and path of the scripts that the inventory has for a page."""
    return {(row["origin"], row["script"]) for row in rows() if row["page"] == page}


@dataclass
class Watched:
    """What the browser loads on each address, from the moment it goes there."""

    page: Page
    shop: RunningShop
    gateway: str
    scripts: dict[str, set[str]] = field(default_factory=dict)
    answers: dict[str, Response] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _asked(self, request: Request) -> None:
        if request.resource_type == "script":
            self.scripts.setdefault(request.frame.url, set()).add(request.url)

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.answers[response.url] = response

    def loaded(self) -> set[tuple[str, str]]:
        """Origin and path of every script of the page that is shown, loaded by whomever."""
        self.page.wait_for_load_state("load")
        stand_there = self.page.evaluate(
            "[...document.scripts].filter((tag) => tag.src).map((tag) => tag.src)"
        )
        return {
            self._named(url) for url in self.scripts.get(self.page.url, set()) | set(stand_there)
        }

    def _named(self, url: str) -> tuple[str, str]:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        names = {self.shop.base_url: "shop", self.gateway: "gateway"}
        return names.get(origin, origin), parts.path.removeprefix("/static/")

    def policy(self) -> dict[str, str]:
        """The Content-Security-Policy of the page that is shown."""
        answer = self.answers[self.page.url.split("#")[0]]
        assert "no-store" in answer.headers["cache-control"]
        rules = answer.headers["content-security-policy"].split(";")
        return dict(rule.strip().split(" ", 1) for rule in rules)

    def is_as_listed(self, name: str) -> None:
        """The page loads what is listed for it, and allows no more hosts than that needs."""
        assert self.loaded() == listed(name)
        assert self.page.evaluate(INLINE) == []
        policy = self.policy()
        assert "unsafe" not in str(policy)
        with_gateway = any(origin == "gateway" for origin, _ in listed(name))
        allowed = f"'self' {self.gateway}" if with_gateway else "'self'"
        assert (policy["script-src"], policy["connect-src"]) == (allowed, allowed)


#: Scripts and handlers that stand in the page itself. Data is no script.
INLINE: Final = """[
  ...[...document.scripts].filter((tag) => !tag.src && tag.type !== "application/json"),
  ...[...document.querySelectorAll("*")].filter((tag) =>
    tag.getAttributeNames().some((name) => name.startsWith("on") || name === "style")),
].map((tag) => tag.outerHTML.slice(0, 200))"""


@pytest.fixture
def watched(page: Page, shop: RunningShop, configure: Callable[..., None]) -> Watched:
    """The visitor's browser, everything it loads written down."""
    configure(secure_use="dont_use")
    return Watched(page, shop, shop.gateway_url)


def test_the_confirmation_page_also_while_a_card_is_typed_and_sent(watched: Watched) -> None:
    complaints = problems(watched.page)
    go_to_confirmation(watched.page)
    fill_card(watched.page)
    watched.is_as_listed("confirmation")
    assert complaints == []


def test_the_payment_page(watched: Watched) -> None:
    to_payment_page(watched.page)
    watched.is_as_listed("payment page")


def test_the_payment_page_while_the_result_is_checked(watched: Watched) -> None:
    to_checking_page(watched.page)
    watched.is_as_listed("payment page, result being checked")


def test_the_thank_you_page_at_the_first_look_and_later(watched: Watched) -> None:
    to_thank_you_page(watched.page)
    watched.is_as_listed("thank-you, first look")
    watched.scripts.clear()
    watched.page.reload()
    watched.is_as_listed("thank-you, later")


def test_the_page_from_which_the_browser_leaves_for_the_gateway(
    watched: Watched, configure: Callable[..., None]
) -> None:
    to_trip(watched.page, configure)
    assert watched.policy()["form-action"] == "*"
    watched.is_as_listed("trip to the gateway")


def test_the_account_page_on_which_a_card_is_saved(
    watched: Watched, configure: Callable[..., None]
) -> None:
    configure(saves_cards=True)
    sign_in_customer(watched.page)
    watched.page.goto("/accounts/saved-card/")
    expect(watched.page.get_by_label("カード番号")).to_be_visible()
    watched.is_as_listed("saved card")


@pytest.fixture
def _slips(shop: RunningShop) -> Iterator[None]:
    """Checkout offers online collection."""
    shop.rows("CollectionAccount.objects.update(enabled=True)")
    yield
    shop.rows("CollectionAccount.objects.update(enabled=False)")


@pytest.mark.usefixtures("_slips")
def test_the_pages_of_an_order_by_slip(watched: Watched) -> None:
    page = watched.page
    to_choice(page)
    choose_konbini(page)
    watched.is_as_listed("confirmation of an order by slip")
    press_order(page)
    back_to_shop(page)
    watched.is_as_listed("payment page of a slip")
    page.get_by_role("link", name="別のお支払い方法に変更する").click()
    button = page.get_by_role("button", name="払込番号を取り消して、お支払い方法を選び直す")
    expect(button).to_be_visible()
    watched.is_as_listed("another way to pay instead of a slip")


@pytest.mark.usefixtures("_slips")
def test_the_payment_page_on_which_a_slip_is_chosen_instead_of_a_card(watched: Watched) -> None:
    page = watched.page
    to_choice(page)
    choose_card(page)
    order(page, DECLINED)
    page.get_by_role("link", name=re.compile(TITLE)).click()
    expect(page.get_by_text("決済手数料").first).to_be_visible()
    watched.is_as_listed("payment page on which the slip is chosen")


def test_the_settings_of_online_collection(watched: Watched, shop: RunningShop) -> None:
    """Oscar's own dashboard brings scripts of its own."""
    sign_in(watched.page, shop, STAFF[0])
    watched.page.goto("/dashboard/payments/collection/")
    ours = {
        (origin, script)
        for origin, script in watched.loaded()
        if origin != "shop" or script.startswith("escott")
    }
    assert ours == listed("settings of online collection")


def test_the_whole_way_of_a_payment_loads_nothing_that_is_not_listed(watched: Watched) -> None:
    """From the press of the button on, too: what the gateway's script may load by itself."""
    go_to_confirmation(watched.page)
    order(watched.page)
    watched.page.wait_for_url("**/thank-you/**")
    watched.page.wait_for_load_state("networkidle")
    seen = {watched._named(url) for urls in watched.scripts.values() for url in urls}
    assert seen <= _all()


def test_every_script_of_the_package_is_listed() -> None:
    package = ROOT / "src" / "escott"
    ours = {
        file.relative_to(folder).as_posix()
        for folder in (package / "django" / "static", package / "oscar" / "static")
        for file in folder.rglob("*.js")
    }
    assert {script for origin, script in _all() if origin == "shop"} == ours


def test_every_row_says_what_the_script_is_for_and_who_authorised_it() -> None:
    for row in rows():
        assert row["purpose"], row
        assert row["authorised"], row
        assert row["origin"] in {"shop", "gateway"}, row


def _all() -> set[tuple[str, str]]:
    return {(row["origin"], row["script"]) for row in rows()}
