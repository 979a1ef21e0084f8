"""The context of the card form, and that every text of it can be read in Japanese."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polib
import pytest
from django.template.loader import render_to_string

import escott.django.card_page as card_page_module
from escott.clock import JST
from escott.django.card_page import CardForm
from escott.django.models import Connection, Member, MemberState, MerchantAccount, SecureUse
from escott.rules.yen import NotYen

PACKAGE = Path(card_page_module.__file__).parent
FORM = CardForm(
    token_script_url="https://gateway.example/script",
    action="/pay",
    amount=3780,
    needs_security_code=True,
    test_mode=True,
    today=date(2026, 1, 5),
)


def test_the_amount_and_the_day_are_given_as_the_page_reads_them():
    assert (FORM.amount_text, FORM.today_iso) == ("¥3,780", "2026-01-05")


@pytest.mark.parametrize("amount", [3780.0, True, -1, "3780"])
def test_an_amount_that_is_not_yen_is_refused(amount):
    with pytest.raises(NotYen):
        replace(FORM, amount=amount)


def test_a_moment_is_not_taken_for_a_day():
    with pytest.raises(TypeError, match="the day in Japan"):
        replace(FORM, today=datetime(2026, 1, 5, tzinfo=JST))


def templates() -> str:
    """The source of the form and its parts."""
    folder = PACKAGE / "templates/escott"
    parts = [folder / "card_form.html", *sorted((folder / "card_form").glob("*.html"))]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def test_every_text_of_the_form_stands_in_the_japanese_catalogue():
    source = templates()
    texts = set(re.findall(r"""{% translate ["'](.+?)["'] (?:as \w+ )?%}""", source))
    texts |= {
        text.replace("{{ ", "%(").replace(" }}", ")s")
        for text in re.findall(r"{% blocktranslate.*?%}(.+?){% endblocktranslate %}", source)
    }
    catalogue = polib.pofile(str(PACKAGE / "locale/ja/LC_MESSAGES/django.po"))
    assert len(texts) > 50
    assert texts - {entry.msgid for entry in catalogue.translated_entries()} == set()


def test_the_scripts_hold_no_text_for_shoppers_and_the_page_no_inline_code():
    scripts = "".join(
        path.read_text(encoding="utf-8") for path in (PACKAGE / "static/escott").glob("card-*.js")
    )
    assert not re.search(r"[ぁ-んァ-ヶ一-龠]", scripts)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|<style", templates())


def test_the_button_says_the_amount_or_what_the_law_asks_for():
    assert "¥3,780" in pay_button(FORM)
    assert pay_button(replace(FORM, button="注文する")) == "注文する"


def test_a_form_that_only_keeps_a_card_names_no_amount_and_offers_no_choice():
    account = MerchantAccount(
        secure_use=SecureUse.USE, always_saves_card=True, instalments="bonus", token_code="code"
    )
    form = CardForm.to_keep(account, action="/card", today=date(2026, 1, 5), button="Save")
    page = render_to_string("escott/card_form.html", {"card_form": form})
    names = set(re.findall(r' name="(\w+)"', page))
    assert names == {"token", "holder_name", "consent"}
    assert "¥" not in page
    assert pay_button(form) == "Save"


def test_a_form_without_an_amount_says_on_its_button_what_it_does():
    with pytest.raises(ValueError, match="button"):
        replace(FORM, amount=None)


def test_a_press_is_named_where_no_token_names_it():
    page = {"action": "/pay", "amount": 3780, "today": date(2026, 1, 5)}
    account = MerchantAccount(secure_use=SecureUse.DONT_USE, token_code="code")
    saved = {"member": Member(state=MemberState.VALID, expiry="2812"), "signed_in": True}
    assert CardForm.of(account, **page).press == ""
    presses = {CardForm.of(account, **page, **saved).press for _ in range(3)}
    assert len(presses) == 3
    assert all(press.isalpha() for press in presses)  # never taken for a card number
    account.connection = Connection.LINK
    hosted = CardForm.of(account, **page)
    assert (bool(hosted.press), hosted.token_script_url) == (True, "")


def pay_button(form: CardForm) -> str:
    page = render_to_string("escott/card_form.html", {"card_form": form})
    [text] = re.findall(r'data-escott="pay-text">(.*?)<', page)
    return text
