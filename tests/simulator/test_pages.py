"""The pages for people: cards, merchant console, transaction."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

from escott.simulator.brands import Brand
from escott.simulator.magic_cards import APPROVED, DECLINED, MAGIC_CARDS
from escott.simulator.magic_payers import DECLINED as PAYERS_DECLINED
from escott.simulator.magic_payers import OPERATIONS as PAYER_OPERATIONS
from escott.simulator.magic_payers import TROUBLED as PAYERS_TROUBLED
from escott.simulator.pages import grouped
from escott.simulator.texts import TEXTS
from tests.simulator.slips import Slips


class Reader(HTMLParser):
    """The text of a page, its links, and the tags that were not closed."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def page(merchant, path):
    answer = merchant.request("GET", path)
    return answer, Reader(answer.body.decode())


@pytest.fixture
def paths(merchant):
    merchant.charge()
    (transaction,) = merchant.gateway.transactions()
    merchant.member_in("valid")
    detail = f"/merchant/transactions/{transaction.transaction_id}"
    slips = Slips(merchant)
    slips.new()
    slip = f"/merchant/slips/{slips.only.transaction_id}"
    slips.pay()
    return [
        *("/", "/merchant/", "/merchant/members", detail),
        *("/merchant/slips", slip, "/merchant/deposits"),
    ]


def test_the_first_page_lists_every_card(merchant):
    _, reader = page(merchant, "/")
    assert [number for number in MAGIC_CARDS if grouped(number) not in reader.text] == []


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_the_first_page_lists_every_payer(merchant, language):
    _, reader = page(merchant, f"/{language}")
    rows = [*PAYERS_TROUBLED, *PAYERS_DECLINED]
    assert [row.kana for row in rows if row.kana not in reader.text] == []
    assert [word for word in PAYER_OPERATIONS if word not in reader.text] == []


def test_the_first_page_tells_how_to_connect(merchant):
    _, reader = page(merchant, "/")
    for value in ("12345678", "pass1234", "87654321", "pass4321", "escottDemoKey001"):
        assert value in reader.text


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_every_page_is_well_formed_and_never_kept(merchant, paths, language):
    for path in paths:
        answer, reader = page(merchant, path + language)
        assert answer.status == 200
        assert reader.open == []
        assert len(reader.ids) == len(set(reader.ids))
        assert answer.headers["cache-control"] == "no-store"
        assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_every_page_says_that_it_is_a_simulator(merchant, paths):
    for path in paths:
        assert "開発用のシミュレーター" in page(merchant, path)[1].text
        assert "simulator for development" in page(merchant, f"{path}?lang=en")[1].text


def test_every_link_leads_somewhere(merchant, paths):
    for path in paths:
        for link in page(merchant, f"{path}?lang=en")[1].links:
            if link.startswith("/"):
                assert merchant.request("GET", link).status == 200


def test_english_stays_english(merchant):
    merchant.charge()
    links = page(merchant, "/merchant/?lang=en")[1].links
    inside = [link for link in links if link.startswith("/")]
    assert all(link.endswith("?lang=en") for link in inside)


def test_every_text_has_two_languages():
    assert [name for name, texts in TEXTS.items() if not all(texts)] == []


def test_no_page_shows_the_full_number_of_a_used_card(merchant):
    cards = [*APPROVED[:5], *DECLINED[:3]]
    for card in cards:
        merchant.charge("1Auth", card=card)
    found = merchant.gateway.console()
    assert len(found) == len(cards)
    paths = [f"/merchant/transactions/{item.transaction_id}" for item in found]
    for path in ["/merchant/", "/simulator/transactions", *paths]:
        html = merchant.request("GET", path).body.decode()
        assert [card.number for card in cards if card.number in html] == []
        assert re.findall(r"(?<!\w)\d{14,16}(?!\w)", html) == []
        assert all(item.process_pass not in html for item in found if item.process_pass)


def test_the_console_lists_the_newest_first(merchant):
    for free1 in ("first", "second", "third"):
        merchant.charge(MerchantFree1=free1)
    text = page(merchant, "/merchant/")[1].text
    assert text.index("third") < text.index("second") < text.index("first")


def test_the_console_finds_by_a_part_of_merchant_free1(merchant):
    for free1 in ("000000000042", "000000000077"):
        merchant.charge(MerchantFree1=free1)
    text = page(merchant, "/merchant/?free1=77")[1].text
    assert "000000000077" in text
    assert "000000000042" not in text


def test_the_console_says_when_it_finds_nothing(merchant):
    assert "取引はまだありません" in page(merchant, "/merchant/")[1].text
    merchant.charge()
    assert "該当する取引はありません" in page(merchant, "/merchant/?free1=99")[1].text


def test_the_console_can_be_asked_for_one_merchant(merchant):
    merchant.charge()
    assert "1 件" in page(merchant, "/merchant/?jigysyaCode=12345678")[1].text
    assert "0000042" not in page(merchant, "/merchant/?jigysyaCode=87654321")[1].text


def test_the_console_shows_declined_cards_too(merchant):
    merchant.charge(card=DECLINED[0])
    assert "不成立" in page(merchant, "/merchant/")[1].text


def test_the_console_has_pages(merchant):
    for number in range(51):
        merchant.charge(MerchantFree1=f"order{number:03}")
    first = page(merchant, "/merchant/?free1=order")[1]
    assert ("order050" in first.text, "order000" in first.text) == (True, False)
    (older,) = [link for link in first.links if "page=2" in link]
    assert "order000" in page(merchant, older)[1].text


@pytest.mark.parametrize("number", ["0", "-1", "999", "abc", "９"])
def test_an_odd_page_number_does_no_harm(merchant, number):
    merchant.charge()
    answer = merchant.request("GET", f"/merchant/?{urlencode({'page': number})}")
    assert answer.status == 200


def test_a_transaction_page_tells_its_history(merchant):
    pair = merchant.transaction("captured")
    merchant.follow("1Capture", pair)
    (transaction,) = merchant.gateway.transactions()
    text = page(merchant, f"/merchant/transactions/{transaction.transaction_id}?lang=en")[1].text
    assert "K14 OperateId not allowed in the current transaction state" in text
    assert pair["ProcessId"] in text
    assert Brand.VISA.value.label in text


def test_what_a_merchant_sent_is_shown_as_text(merchant):
    merchant.charge(MerchantFree1="<b>bold</b>")
    (transaction,) = merchant.gateway.transactions()
    for path in ("/merchant/", f"/merchant/transactions/{transaction.transaction_id}"):
        html = merchant.request("GET", path).body.decode()
        assert "<b>bold" not in html
        assert "&lt;b&gt;bold" in html


@pytest.mark.parametrize("path", ["/nowhere", "/merchant/transactions/1", "/online/"])
def test_an_address_that_leads_nowhere_says_so(merchant, path):
    answer, reader = page(merchant, path)
    assert answer.status == 404
    assert "見つかりません" in reader.text


def test_the_console_keeps_its_query_without_the_slash(merchant):
    answer = merchant.request("GET", "/merchant?free1=42")
    assert (answer.status, answer.headers["location"]) == (308, "/merchant/?free1=42")


def test_the_members_are_listed_without_full_number_and_password(merchant):
    merchant.member_in("invalid")
    answer, reader = page(merchant, "/merchant/members")
    assert answer.status == 200
    for value in ("customer0001", "会員無効", "4000********1000", "12 / 28", "20260105"):
        assert value in reader.text
    assert "4000000000001000" not in answer.body.decode()
    assert "kaiinpass01" not in answer.body.decode()


def test_the_members_page_says_when_there_are_none(merchant):
    assert "会員はまだありません" in page(merchant, "/merchant/members")[1].text


@pytest.mark.parametrize("state", ["valid", "invalid", "locked", "deleted"])
def test_every_state_of_a_member_has_its_words(merchant, state):
    merchant.member_in(state)
    assert state in page(merchant, "/merchant/members?lang=en")[1].text


def test_a_transaction_page_tells_the_member_and_the_authentication(merchant):
    merchant.member_in("valid")
    merchant.member("1Auth", Amount="3780", PayType="01")
    (transaction,) = merchant.gateway.transactions()
    path = f"/merchant/transactions/{transaction.transaction_id}"
    assert "customer0001" in page(merchant, path)[1].text


def test_a_declined_registration_shows_in_the_console(merchant):
    merchant.member("4MemAdd", DECLINED[0])
    assert "会員新規" in page(merchant, "/merchant/")[1].text
