"""What the press of the button may ask for: judged on the server, by the shop's settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from escott.django.card_terms import CardTerms
from escott.django.forms import CardPaymentForm
from escott.django.models import Connection, Member, MemberState, MerchantAccount, SecureUse
from escott.django.models.consent import mark_of
from escott.django.models.member import MemberOperation
from escott.rules.card_brands import CardBrand
from escott.rules.consent import CONSENT_TEXT
from escott.rules.instalments import InstalmentOffer, pay_types

EVERY_PAY_TYPE = [f"{number:02}" for number in range(100)]


def account(**settings: Any) -> MerchantAccount:
    """A shop of the token type without 3-D Secure, as far as ``settings`` don't say otherwise."""
    return MerchantAccount(**{"secure_use": SecureUse.DONT_USE} | settings)


def member(**facts: Any) -> Member:
    """A saved VISA that can be paid with."""
    return Member(
        **{
            "state": MemberState.VALID,
            "last_four": "1000",
            "brand": CardBrand.VISA.value,
            "expiry": "2812",
        }
        | facts
    )


def form(shop: MerchantAccount, terms: dict[str, Any] | None = None, **said: str) -> Any:
    """The form of one post; a token is posted unless the saved card is chosen."""
    posted = QueryDict(mutable=True)
    posted.update({"token": "" if said.get("card") == "saved" else "aB3-_9"} | said)
    return CardPaymentForm(posted, account=shop, **terms or {})


def instruction(shop: MerchantAccount, terms: dict[str, Any] | None = None, **said: str) -> Any:
    """What the server understands of a post that it accepts."""
    filled = form(shop, terms, **said)
    assert filled.is_valid(), filled.errors
    return filled.instruction()


def wrong(shop: MerchantAccount, terms: dict[str, Any] | None = None, **said: str) -> list[str]:
    """The fields that the server refuses, after it told the shopper so."""
    filled = form(shop, terms, **said)
    assert not filled.is_valid()
    assert filled.what_is_wrong()
    return list(filled.errors)


# ---- The card ----


def test_a_token_alone_is_one_payment_with_a_new_card() -> None:
    asked = instruction(account())
    assert asked.token.reveal() == "aB3-_9"
    assert (asked.member, asked.pay_type, asked.saves_card) == (None, "01", False)
    assert (asked.consent_text, asked.holder_name) == ("", "")


def test_the_token_is_shown_in_no_representation() -> None:
    filled = form(account())
    assert filled.is_valid()
    assert "aB3" not in repr(filled.cleaned_data) + repr(filled.instruction())


@pytest.mark.parametrize(
    "token",
    [
        "",
        " ",
        "a b",
        "あ",
        "１２",
        "a\nb",
        "<b>",
        "a" * 201,
        "4000000000001000",
        "4000-000000001000",
    ],
)
def test_a_new_card_needs_a_token(token: str) -> None:
    assert wrong(account(), token=token) == ["token"]


def test_a_saved_card_needs_no_token_and_uses_none() -> None:
    saved = member()
    terms = {"member": saved, "signed_in": True}
    for said in ({}, {"token": "aB3-_9"}):
        asked = instruction(account(), terms, card="saved", **said)
        assert (asked.member, asked.token) == (saved, None)


def test_the_new_card_is_charged_although_there_is_a_saved_one() -> None:
    asked = instruction(account(), {"member": member(), "signed_in": True}, card="new")
    assert (asked.member, asked.token.reveal()) == (None, "aB3-_9")


@pytest.mark.parametrize(
    ("settings", "terms"),
    [
        ({}, {"signed_in": True}),
        ({}, {"member": member()}),
        ({"saves_cards": False}, {"member": member(), "signed_in": True}),
        ({}, {"member": member(state=MemberState.INVALID), "signed_in": True}),
        ({}, {"member": member(current=False), "signed_in": True}),
        ({}, {"member": member(under_way=MemberOperation.CHANGE), "signed_in": True}),
    ],
    ids=["none", "guest", "switched off", "not valid", "replaced", "being changed"],
)
def test_a_saved_card_that_is_not_offered_is_refused(
    settings: dict[str, Any], terms: dict[str, Any]
) -> None:
    assert wrong(account(**settings), terms, card="saved") == ["card"]


def test_an_expired_saved_card_may_be_tried_for_banks_renew_cards() -> None:
    terms = {"member": member(expiry="2001"), "signed_in": True}
    assert instruction(account(), terms, card="saved").member


def test_a_choice_of_neither_card_is_refused() -> None:
    assert wrong(account(), card="other") == ["card"]


def test_the_link_type_needs_no_token_and_uses_none() -> None:
    shop = account(connection=Connection.LINK)
    assert instruction(shop, token="", consent="on").token is None
    assert instruction(shop, consent="on").token is None


# ---- 支払回数 ----


@pytest.mark.parametrize("offer", InstalmentOffer)
def test_a_new_card_may_ask_for_what_some_brand_takes(offer: InstalmentOffer) -> None:
    shop = account(instalments=offer.value)
    accepted = {it for it in EVERY_PAY_TYPE if form(shop, pay_type=it).is_valid()}
    assert accepted == {it for brand in CardBrand for it in pay_types(brand, offer)}


@pytest.mark.parametrize("brand", ["", *CardBrand])
@pytest.mark.parametrize("offer", InstalmentOffer)
def test_a_saved_card_may_ask_for_what_its_brand_takes(offer: InstalmentOffer, brand: str) -> None:
    shop = account(instalments=offer.value)
    terms = {"member": member(brand=brand), "signed_in": True}
    accepted = {
        it for it in EVERY_PAY_TYPE if form(shop, terms, card="saved", pay_type=it).is_valid()
    }
    assert accepted == {*pay_types(CardBrand(brand or "other"), offer)}


@pytest.mark.parametrize("pay_type", ["1", "003", "０３", "XX", "03\n03"])
def test_what_is_no_pay_type_is_refused(pay_type: str) -> None:
    shop = account(instalments=InstalmentOffer.BONUS.value)
    assert wrong(shop, pay_type=pay_type) == ["pay_type"]


def test_the_link_type_and_what_cannot_be_split_are_paid_at_once() -> None:
    offer = InstalmentOffer.BONUS.value
    link = account(connection=Connection.LINK, instalments=offer)
    assert wrong(link, consent="on", pay_type="03") == ["pay_type"]
    assert wrong(account(instalments=offer), {"lump_sum_only": True}, pay_type="03") == ["pay_type"]
    assert instruction(account(instalments=offer), {"lump_sum_only": True}).pay_type == "01"


# ---- 登録 ----


def test_a_new_card_is_saved_only_if_the_customer_asks_for_it() -> None:
    assert instruction(account(), {"signed_in": True}, save_card="on").saves_card
    assert not instruction(account(), {"signed_in": True}).saves_card


def test_a_shop_that_always_saves_does_so_unasked_but_never_for_guests() -> None:
    shop = account(always_saves_card=True)
    assert instruction(shop, {"signed_in": True}).saves_card
    assert not instruction(shop).saves_card


def test_the_saved_card_is_not_saved_again() -> None:
    terms = {"member": member(), "signed_in": True}
    for shop in (account(), account(always_saves_card=True)):
        assert not instruction(shop, terms, card="saved", save_card="on").saves_card


@pytest.mark.parametrize(
    ("settings", "terms"),
    [
        ({}, {}),
        ({"saves_cards": False}, {"signed_in": True}),
        ({"saves_cards": False, "always_saves_card": True}, {"signed_in": True}),
    ],
    ids=["guest", "switched off", "always, but switched off"],
)
def test_saving_that_is_not_offered_is_refused(
    settings: dict[str, Any], terms: dict[str, Any]
) -> None:
    assert wrong(account(**settings), terms, save_card="on") == ["save_card"]


# ---- 同意 ----


@pytest.mark.parametrize(
    "settings", [{"secure_use": SecureUse.USE}, {"connection": Connection.LINK}]
)
def test_without_consent_nothing_goes_to_the_card_company(settings: dict[str, Any]) -> None:
    shop = account(**settings, consent_text="Ours.")
    said = {"holder_name": "TARO YAMADA"}
    assert wrong(shop, **said) == ["consent"]
    with translation.override("en"):
        assert "“I agree to the handling of my personal data”" in form(shop, **said).what_is_wrong()
    assert instruction(shop, consent="on", **said).consent_text == "Ours."


def test_consent_that_nobody_asked_for_is_not_recorded() -> None:
    assert instruction(account(), consent="on").consent_text == ""


def test_an_empty_text_in_the_settings_never_stands_for_consent_to_nothing() -> None:
    shop = account(connection=Connection.LINK, consent_text=" \n")
    assert instruction(shop, consent="on").consent_text == CONSENT_TEXT


# ---- カード名義 ----


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("TARO YAMADA", "TARO YAMADA"),
        ("  taro   yamada ", "TARO YAMADA"),
        ("Ｔａｒｏ　Ｙａｍａｄａ", "TARO YAMADA"),
        ("René Müller", "RENE MULLER"),
        ("A" * 45, "A" * 45),
    ],
)
def test_the_name_on_the_card_is_tidied_for_the_authentication(typed: str, name: str) -> None:
    shop = account(secure_use=SecureUse.USE)
    assert instruction(shop, consent="on", holder_name=typed).holder_name == name


@pytest.mark.parametrize("typed", ["", "山田 太郎", "ガガ", "TARO-YAMADA", "TARO 1", "A" * 46])
def test_a_name_that_no_card_bears_is_refused(typed: str) -> None:
    shop = account(secure_use=SecureUse.USE)
    assert wrong(shop, consent="on", holder_name=typed) == ["holder_name"]


def test_the_name_is_asked_for_the_saved_card_too_for_nobody_keeps_it() -> None:
    shop = account(secure_use=SecureUse.USE)
    terms = {"member": member(), "signed_in": True}
    assert wrong(shop, terms, card="saved", consent="on") == ["holder_name"]


def test_without_authentication_a_posted_name_is_forgotten() -> None:
    assert instruction(account(), holder_name="山田").holder_name == ""


# ---- The press, and the amount ----


def test_the_press_is_named_by_what_the_page_posted() -> None:
    assert instruction(account(), press="Zk3_-9").press == "Zk3_-9"
    assert instruction(account()).press == ""


@pytest.mark.parametrize("press", ["a b", "<b>", "é", "a" * 65])
def test_a_strange_press_is_refused(press: str) -> None:
    assert wrong(account(), press=press) == ["press"]


@pytest.mark.parametrize(("posted", "amount"), [({"amount": "3780"}, 3780), ({}, None)])
def test_the_amount_is_what_the_page_showed_if_it_showed_one(
    posted: dict[str, str], amount: int | None
) -> None:
    filled = form(account(), **posted)
    assert filled.is_valid()
    assert filled.cleaned_data["amount"] == amount


def test_no_words_have_a_mark_that_passes_for_a_card_number() -> None:
    marks = [mark_of(f"同意文 {number}") for number in range(500)]
    assert not any(character.isdigit() for mark in marks for character in mark)
    assert len(set(marks)) == 500


def test_who_agreed_to_words_that_have_changed_meanwhile_is_asked_again() -> None:
    shop = account(secure_use=SecureUse.USE)
    shown = CardTerms.of(shop).consent_digest
    said = {"consent": shown, "holder_name": "HANAKO YAMADA"}
    assert instruction(shop, **said).consent_text
    shop.consent_text = "新しい文面"
    assert wrong(shop, **said) == ["consent"]
