from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from escott.clock import JST
from escott.gateway import (
    Auth,
    Authentication,
    Capture,
    Change,
    Delete,
    Gathering,
    InvalidTelegram,
    Member,
    MemberAdd,
    MemberChange,
    MemberDelete,
    Merchant,
    OperateId,
    PlainCard,
    ReAuth,
    Search,
    Secret,
    Telegram,
    Token,
    TokenReference,
    TokenSearch,
    Transaction,
)
from escott.gateway.codec import decode, encode
from escott.gateway.operations import MEMBER as MEMBER_OPERATIONS
from escott.gateway.operations import MEMBER_PATH, PATHS
from tests.gateway.telegram_strategies import (
    AUTHENTICATIONS,
    CHARGES,
    MEMBER_TELEGRAMS,
    SECRET_MARK,
    TELEGRAMS,
)

TOKEN = Token(Secret("abc123"))
MEMBER = Member("customer0001", Secret("kaiinpass01"))
TRANSACTION = Transaction("0123456789abcdef", Secret("processpass"))

_CHARGE = frozenset({"PayType", "Amount"})
_PROCESS = frozenset({"ProcessId", "ProcessPass"})
_MEMBER = frozenset({"KaiinId", "KaiinPass"})
_SLIP = frozenset({"Amount", "PayLimit", "NameKanji", "NameKana", "TelNo", "ShouhinName"})

#: What the protocol requires beyond OperateId and a card (protocol.md C, E and H).
REQUIRED = {
    OperateId.CHECK: frozenset[str](),
    OperateId.AUTH: _CHARGE,
    OperateId.GATHERING: _CHARGE,
    OperateId.CAPTURE: _PROCESS | {"SalesDate"},
    OperateId.CHANGE: _PROCESS | {"Amount"},
    OperateId.DELETE: _PROCESS,
    OperateId.SEARCH: _PROCESS,
    OperateId.REAUTH: _PROCESS | {"Amount", "SalesDate"},
    OperateId.TOKEN_SEARCH: frozenset({"Token"}),
    OperateId.TOKEN_REFERENCE: frozenset({"Token"}),
    **dict.fromkeys(MEMBER_OPERATIONS, _MEMBER),
    OperateId.SLIP_ADD: _SLIP,
    OperateId.SLIP_CHANGE: _PROCESS | {"Amount", "PayLimit"},
    OperateId.SLIP_DELETE: _PROCESS,
    OperateId.SLIP_REFERENCE: _PROCESS,
}
#: The three ways to name a card; a master telegram has exactly one.
CARD_FIELDS = ({"Token"}, {"KaiinId", "KaiinPass"}, {"CardNo", "CardExp"})
#: The ways to name the card that is to be kept for a member.
KEPT_FIELDS = ({"Token"}, {"CardNo", "CardExp"}, {"ProcessId", "ProcessPass"})
_KEEPING = frozenset({OperateId.MEMBER_ADD, OperateId.MEMBER_CHANGE})


@given(TELEGRAMS)
def test_no_request_carries_an_empty_field_or_lacks_a_required_one(telegram: Telegram) -> None:
    sent = decode(encode(telegram.fields()))

    assert all(sent.values())
    assert sent.keys() >= REQUIRED[telegram.operate_id] | {"OperateId", "MerchantFree1"}


@given(TELEGRAMS)
def test_what_a_telegram_carries_arrives_unchanged(telegram: Telegram) -> None:
    fields = {name: value for name, value in telegram.fields().items() if value}

    assert decode(encode(fields)) == fields


@given(CHARGES)
def test_a_charge_names_exactly_one_card(telegram: Telegram) -> None:
    sent = telegram.fields().keys()
    begun = [card for card in CARD_FIELDS if card & sent]

    assert len(begun) == 1
    assert begun[0] <= sent


@given(MEMBER_TELEGRAMS)
def test_a_member_is_given_one_card_when_it_is_added_or_changed_and_none_otherwise(
    telegram: Telegram,
) -> None:
    sent = telegram.fields().keys()
    begun = [card for card in KEPT_FIELDS if card & sent]

    assert len(begun) == (telegram.operate_id in _KEEPING)
    assert all(card <= sent for card in begun)


@given(MEMBER_TELEGRAMS)
def test_a_telegram_about_a_member_has_its_own_address(telegram: Telegram) -> None:
    assert PATHS[telegram.operate_id] == MEMBER_PATH


@given(AUTHENTICATIONS)
def test_the_result_of_an_authentication_is_carried_unchanged(
    authentication: Authentication,
) -> None:
    charge = Auth(transaction_code="42", card=TOKEN, amount=1, authentication=authentication)
    kept = MemberAdd(
        transaction_code="42", member=MEMBER, card=TOKEN, authentication=authentication
    )

    for telegram in (charge, kept):
        assert authentication.values.items() <= decode(encode(telegram.fields())).items()


@given(TELEGRAMS)
def test_no_telegram_shows_its_secrets(telegram: Telegram) -> None:
    assert SECRET_MARK not in f"{telegram} {telegram!r}"


def test_a_charge_by_token_is_sent_as_the_protocol_says() -> None:
    telegram = Gathering(transaction_code="000000000042", card=TOKEN, amount=1000)

    assert encode(telegram.fields()) == (
        "OperateId=1Gathering&MerchantFree1=000000000042&PayType=01&Amount=1000&Token=abc123"
    )


def test_a_capture_is_sent_as_the_protocol_says() -> None:
    telegram = Capture(transaction_code="42", transaction=TRANSACTION, sales_date=date(2026, 1, 6))

    assert encode(telegram.fields()) == (
        "OperateId=1Capture&MerchantFree1=42"
        "&ProcessId=0123456789abcdef&ProcessPass=processpass&SalesDate=20260106"
    )


def test_a_registration_from_a_transaction_is_sent_as_the_protocol_says() -> None:
    telegram = MemberAdd(transaction_code="42", member=MEMBER, card=TRANSACTION)

    assert encode(telegram.fields()) == (
        "OperateId=4MemAdd&MerchantFree1=42&KaiinId=customer0001&KaiinPass=kaiinpass01"
        "&ProcessId=0123456789abcdef&ProcessPass=processpass"
    )


def test_a_deletion_of_a_member_is_sent_as_the_protocol_says() -> None:
    telegram = MemberDelete(transaction_code="42", member=MEMBER)

    assert encode(telegram.fields()) == (
        "OperateId=4MemDel&MerchantFree1=42&KaiinId=customer0001&KaiinPass=kaiinpass01"
    )


def test_a_question_about_a_token_is_sent_as_the_protocol_says() -> None:
    telegram = TokenReference(transaction_code="42", token=TOKEN)

    assert encode(telegram.fields()) == "OperateId=4MemRefToken&MerchantFree1=42&Token=abc123"


def test_a_re_authorisation_always_says_its_sales_date() -> None:
    telegram = ReAuth(
        transaction_code="42", transaction=TRANSACTION, amount=500, sales_date=date(2026, 1, 6)
    )

    assert telegram.fields()["SalesDate"] == "20260106"


@pytest.mark.parametrize("kind", [Delete, Search])
def test_a_process_telegram_names_the_member_only_if_the_charge_did(kind: type[Any]) -> None:
    with_member = Transaction("0123", Secret("pass"), MEMBER)

    member = {"KaiinId", "KaiinPass"}
    assert member <= kind(transaction_code="42", transaction=with_member).fields().keys()
    assert not member & kind(transaction_code="42", transaction=TRANSACTION).fields().keys()


def test_a_plain_card_has_its_expiry_as_year_then_month() -> None:
    card = PlainCard(Secret("4000000000001000"), "2812", Secret("777"))

    assert card.fields() == {"CardNo": "4000000000001000", "CardExp": "2812", "SecCd": "777"}


@pytest.mark.parametrize(
    "amount", [0, -5, 10_000_000, True, 1.0, 1000.5, Decimal(1000), "1000", None]
)
def test_only_whole_yen_from_1_to_9999999_are_sent(amount: Any) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        Auth(transaction_code="42", card=TOKEN, amount=amount)
    with pytest.raises(InvalidTelegram):
        Change(transaction_code="42", transaction=TRANSACTION, amount=amount)

    assert refused.value.field == "Amount"


@pytest.mark.parametrize("amount", [1, 9_999_999])
def test_the_smallest_and_the_largest_amount_are_sent(amount: int) -> None:
    assert Auth(transaction_code="42", card=TOKEN, amount=amount).fields()["Amount"] == str(amount)


@pytest.mark.parametrize("day", [datetime(2026, 1, 6, tzinfo=JST), "20260106", None])
def test_a_sales_date_is_a_date_and_not_a_moment(day: Any) -> None:
    with pytest.raises(InvalidTelegram, match="SalesDate must be a date"):
        Capture(transaction_code="42", transaction=TRANSACTION, sales_date=day)


@pytest.mark.parametrize(
    "code", ["", " ", "a" * 21, "４２", "a b ", "a&b", "a=b", "a+b", "a%b", "a\nb", None, 42]
)
def test_a_transaction_code_that_might_not_come_back_as_it_went_is_refused(code: Any) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        TokenSearch(transaction_code=code, token=TOKEN)

    assert refused.value.field == "MerchantFree1"


def test_only_the_third_free_field_may_be_full_width() -> None:
    TokenSearch(transaction_code="42", token=TOKEN, free3="ご注文")

    with pytest.raises(InvalidTelegram, match="MerchantFree2"):
        TokenSearch(transaction_code="42", token=TOKEN, free2="ご注文")


@pytest.mark.parametrize("pay_type", ["", "1", "001", "一括", "AA"])
def test_a_pay_type_has_two_digits(pay_type: str) -> None:
    with pytest.raises(InvalidTelegram, match="PayType"):
        Auth(transaction_code="42", card=TOKEN, amount=1, pay_type=pay_type)


#: Values that no part of a telegram may have, and the field that the error must name.
WRONG_PARTS: dict[str, tuple[Callable[[], object], str]] = {
    "no token": (lambda: Token(Secret("")), "Token"),
    "a token with a space": (lambda: Token(Secret("LEAK LEAK")), "Token"),
    "an endless token": (lambda: Token(Secret("LEAK" * 100)), "Token"),
    "a bare token": (lambda: Token("LEAK"), "Token"),  # type: ignore[arg-type]
    "no member": (lambda: Member("", Secret("LEAK1234")), "KaiinId"),
    "a member with signs": (lambda: Member("a-b-c", Secret("LEAK1234")), "KaiinId"),
    "a member without password": (lambda: Member("member01", Secret("")), "KaiinPass"),
    "a long member password": (lambda: Member("member01", Secret("LEAK" * 4)), "KaiinPass"),
    "no card number": (lambda: PlainCard(Secret(""), "2812"), "CardNo"),
    "a short card number": (lambda: PlainCard(Secret("4000LEAK"), "2812"), "CardNo"),
    "a spaced card number": (lambda: PlainCard(Secret("4000 0000 0000 1000"), "2812"), "CardNo"),
    "month first": (lambda: PlainCard(Secret("4000000000001000"), "1228"), "CardExp"),
    "no month": (lambda: PlainCard(Secret("4000000000001000"), "2800"), "CardExp"),
    "a short code": (lambda: PlainCard(Secret("4" * 16), "2812", Secret("77")), "SecCd"),
    "no process id": (lambda: Transaction("", Secret("LEAK")), "ProcessId"),
    "no process password": (lambda: Transaction("0123", Secret("")), "ProcessPass"),
    "no merchant": (lambda: Merchant("", Secret("LEAK")), "MerchantId"),
    "a lettered merchant": (lambda: Merchant("shop1", Secret("LEAK")), "MerchantId"),
    "no merchant password": (lambda: Merchant("12345678", Secret("")), "MerchantPass"),
    "a signed password": (lambda: Merchant("12345678", Secret("LEAK!")), "MerchantPass"),
    "a short tenant": (lambda: Merchant("12345678", Secret("LEAK"), "1"), "TenantId"),
    "a token for a transaction": (
        lambda: Delete(transaction_code="42", transaction=TOKEN),  # type: ignore[arg-type]
        "ProcessId",
    ),
    "a bare card": (
        lambda: Auth(transaction_code="42", card=Secret("LEAK"), amount=1),  # type: ignore[arg-type]
        "card",
    ),
    "a transaction of a member, kept for another": (
        lambda: MemberAdd(
            transaction_code="42",
            member=MEMBER,
            card=Transaction("0123", Secret("LEAK"), MEMBER),
        ),
        "ProcessId",
    ),
    "a member for a card to keep": (
        lambda: MemberAdd(transaction_code="42", member=MEMBER, card=MEMBER),  # type: ignore[arg-type]
        "card",
    ),
    "a transaction for a changed card": (
        lambda: MemberChange(transaction_code="42", member=MEMBER, card=TRANSACTION),  # type: ignore[arg-type]
        "card",
    ),
    "a bare member": (
        lambda: MemberDelete(transaction_code="42", member="LEAK1234"),  # type: ignore[arg-type]
        "KaiinId",
    ),
    "a member for a token that is asked about": (
        lambda: TokenReference(transaction_code="42", token=MEMBER),  # type: ignore[arg-type]
        "Token",
    ),
    "a bare authentication": (
        lambda: Auth(
            transaction_code="42",
            card=TOKEN,
            amount=1,
            authentication={"SecureResultCode": "LEAK"},  # type: ignore[arg-type]
        ),
        "SecureResultCode",
    ),
    "an authentication without a result": (
        lambda: Authentication({"CAVV3D": "LEAK"}),
        "SecureResultCode",
    ),
    "an authentication with a value too many": (
        lambda: Authentication({"SecureResultCode": "0", "PANCardNo3D": "LEAK"}),
        "PANCardNo3D",
    ),
    "an authentication with a bent value": (
        lambda: Authentication({"SecureResultCode": "0", "CAVV3D": "LEAK?"}),
        "CAVV3D",
    ),
    "a member for a token": (
        lambda: TokenSearch(transaction_code="42", token=MEMBER),  # type: ignore[arg-type]
        "Token",
    ),
}


@pytest.mark.parametrize(("make", "name"), WRONG_PARTS.values(), ids=WRONG_PARTS.keys())
def test_a_wrong_value_is_refused_by_its_name_and_never_shown(
    make: Callable[[], object], name: str
) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        make()

    assert refused.value.field == name
    assert "LEAK" not in f"{refused.value} {refused.value!r} {refused.value.__dict__}"


def test_a_telegram_cannot_be_changed_after_it_was_checked() -> None:
    telegram = Gathering(transaction_code="42", card=TOKEN, amount=1)

    with pytest.raises(FrozenInstanceError):
        telegram.amount = 0  # type: ignore[misc]
