"""The telegrams of オンライン収納代行 (protocol.md H)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from escott.clock import JST
from escott.gateway import (
    InvalidTelegram,
    Member,
    OperateId,
    Secret,
    SlipAdd,
    SlipChange,
    SlipDelete,
    SlipReference,
    SlipTexts,
    Telegram,
    Token,
    Transaction,
)
from escott.gateway.codec import decode, encode
from escott.gateway.operations import COLLECTION, COLLECTION_PATH, PATHS
from tests.gateway.telegram_strategies import PAYER_MARK, SLIP_ADDS, SLIP_TELEGRAMS

TRANSACTION = Transaction("0123456789abcdef", Secret("processpass"))
OF_MEMBER = Transaction("0123", Secret("LEAK"), Member("member01", Secret("LEAK1234")))


def slip(**changed: Any) -> SlipAdd:
    return SlipAdd(
        **{
            "transaction_code": "000000000042",
            "amount": 3_780,
            "pay_limit": date(2026, 1, 12),
            "name": "山田　花子",
            "kana": "ヤマダ　ハナコ",
            "telephone": "0312345678",
            "product": "風呂敷他",
            **changed,
        }
    )


def change(**changed: Any) -> SlipChange:
    return SlipChange(
        **{
            "transaction_code": "42",
            "transaction": TRANSACTION,
            "amount": 500,
            "pay_limit": date(2026, 2, 28),
            **changed,
        }
    )


def test_a_registration_is_sent_as_the_protocol_says() -> None:
    fields = {name: value for name, value in slip().fields().items() if value}

    assert fields == {
        "OperateId": "2Add",
        "MerchantFree1": "000000000042",
        "Amount": "3780",
        "PayLimit": "202601122359",
        "NameKanji": "山田　花子",
        "NameKana": "ヤマダ　ハナコ",
        "TelNo": "0312345678",
        "ShouhinName": "風呂敷他",
    }


def test_a_registration_may_lead_back_to_the_shop_and_carry_its_texts() -> None:
    texts = SlipTexts(
        title="つむぎ",
        comment="お早めにお支払いください",
        contact="つむぎ商店",
        contact_telephone="03-1234-5678",
        contact_hours="10:00-18:00",
    )
    fields = slip(return_url="https://shop.example/orders/1", texts=texts).fields()

    assert fields["ReturnURL"] == "https://shop.example/orders/1"
    assert {name: fields[name] for name in ("Title", "Comment", "Free17", "Free18", "Free19")} == {
        "Title": "つむぎ",
        "Comment": "お早めにお支払いください",
        "Free17": "つむぎ商店",
        "Free18": "03-1234-5678",
        "Free19": "10:00-18:00",
    }


def test_a_change_is_sent_as_the_protocol_says() -> None:
    assert encode(change().fields()) == (
        "OperateId=2Chg&MerchantFree1=42&ProcessId=0123456789abcdef&ProcessPass=processpass"
        "&PayLimit=202602282359&Amount=500"
    )


@pytest.mark.parametrize(("kind", "name"), [(SlipDelete, "2Del"), (SlipReference, "2Ref")])
def test_a_deletion_and_an_inquiry_name_the_slip_alone(kind: type[Any], name: str) -> None:
    assert encode(kind(transaction_code="42", transaction=TRANSACTION).fields()) == (
        f"OperateId={name}&MerchantFree1=42&ProcessId=0123456789abcdef&ProcessPass=processpass"
    )


@given(SLIP_TELEGRAMS)
def test_a_telegram_about_a_slip_has_its_own_address(telegram: Telegram) -> None:
    assert telegram.operate_id in COLLECTION
    assert PATHS[telegram.operate_id] == COLLECTION_PATH == "/online/cnv/OCNV005.do"


@given(SLIP_ADDS)
def test_what_the_shopper_sees_arrives_unchanged(telegram: SlipAdd) -> None:
    sent = decode(encode(telegram.fields()))

    assert sent["NameKanji"] == telegram.name
    assert sent["NameKana"] == telegram.kana
    assert sent["ShouhinName"] == telegram.product
    assert sent.get("Comment", "") == telegram.texts.comment


@given(SLIP_ADDS)
def test_no_registration_shows_its_payer(telegram: SlipAdd) -> None:
    assert PAYER_MARK not in f"{telegram} {telegram!r}"


@pytest.mark.parametrize("amount", [1, 299_999])
def test_the_smallest_and_the_largest_amount_of_a_slip_are_sent(amount: int) -> None:
    assert slip(amount=amount).fields()["Amount"] == str(amount)
    assert change(amount=amount).fields()["Amount"] == str(amount)


@pytest.mark.parametrize(
    "amount", [0, -1, 300_000, 9_999_999, True, 1.0, Decimal(1000), "1000", None]
)
def test_a_slip_asks_for_whole_yen_from_1_to_299999(amount: Any) -> None:
    for make in (slip, change):
        with pytest.raises(InvalidTelegram) as refused:
            make(amount=amount)
        assert refused.value.field == "Amount"


@pytest.mark.parametrize(
    "day", [datetime(2026, 1, 6, tzinfo=JST), "20260106", "202601062359", None]
)
def test_the_last_day_is_a_date_and_not_a_moment(day: Any) -> None:
    for make in (slip, change):
        with pytest.raises(InvalidTelegram, match="PayLimit must be a date"):
            make(pay_limit=day)


#: What each field takes at most, and what breaks its rule.
LONGEST = {
    "name": ("NameKanji", "一" * 20),
    "kana": ("NameKana", "ア" * 20),
    "telephone": ("TelNo", "0" * 11),
    "product": ("ShouhinName", "一" * 16),
}
BENT = {
    "name": [
        "",
        "山田 花子",
        "Yamada",
        "髙田",
        "山田①",
        "山田😀",
        "山田\n",
        "　山田",
        "山田　",
        "ﾔﾏﾀﾞ",
    ],
    "kana": ["", "やまだ", "ﾔﾏﾀﾞ", "山田", "ヤマダ1", "ヤマダ　", "ヤマヽ", "ヷ", "゛"],
    "telephone": [
        "",
        "12345678",
        "03-1234-5678",
        "０３１２３４５６７８",
        "+81312345678",
        "03 123456",
    ],
    "product": ["", "T-shirt", "①", "風呂敷～", "風呂敷−", "風呂敷—", "風呂敷―", "　", "\ud800"],
}


@pytest.mark.parametrize(("field", "longest"), LONGEST.items())
def test_a_value_may_be_as_long_as_the_gateway_takes_it(
    field: str, longest: tuple[str, str]
) -> None:
    name, text = longest

    assert slip(**{field: text}).fields()[name] == text
    with pytest.raises(InvalidTelegram) as refused:
        slip(**{field: text + text[0]})
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("field", "text"), [(field, text) for field, texts in BENT.items() for text in texts]
)
def test_a_value_that_the_gateway_would_refuse_is_not_sent(field: str, text: str) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        slip(**{field: text})

    assert refused.value.field == LONGEST[field][0]
    assert not text.strip() or text not in str(refused.value)


@pytest.mark.parametrize("field", LONGEST)
@pytest.mark.parametrize("value", [None, 42, b"x", ["x"]])
def test_a_value_is_text(field: str, value: Any) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        slip(**{field: value})

    assert refused.value.field == LONGEST[field][0]


@pytest.mark.parametrize(
    "url",
    [
        "shop.example",
        "/orders/1",
        "ftp://shop.example",
        "javascript:alert(1)",
        "https://shop.example/a b",
        "https://shop.example/注文",
        "https://shop.example/" + "a" * 108,
        None,
        0,
    ],
)
def test_a_return_address_is_a_web_address_of_at_most_128_characters(url: Any) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        slip(return_url=url)

    assert refused.value.field == "ReturnURL"
    assert len("https://shop.example/" + "a" * 107) == 128
    slip(return_url="https://shop.example/" + "a" * 107)


#: Parts that no telegram about a slip may have, and the field that the error must name.
WRONG_PARTS: dict[str, tuple[Callable[[], object], str]] = {
    "a token for a transaction": (
        lambda: SlipDelete(transaction_code="42", transaction=Token(Secret("LEAK"))),  # type: ignore[arg-type]
        "ProcessId",
    ),
    "a transaction of a member": (
        lambda: SlipReference(transaction_code="42", transaction=OF_MEMBER),
        "ProcessId",
    ),
    "no transaction": (lambda: change(transaction=None), "ProcessId"),
    "bare texts": (lambda: slip(texts={"Title": "LEAK"}), "Title"),
    "no texts": (lambda: slip(texts=None), "Title"),
    "no code": (lambda: slip(transaction_code=""), "MerchantFree1"),
}


@pytest.mark.parametrize(("make", "name"), WRONG_PARTS.values(), ids=WRONG_PARTS.keys())
def test_a_wrong_part_is_refused_by_its_name_and_never_shown(
    make: Callable[[], object], name: str
) -> None:
    with pytest.raises(InvalidTelegram) as refused:
        make()

    assert refused.value.field == name
    assert "LEAK" not in f"{refused.value} {refused.value!r} {refused.value.__dict__}"


def test_the_operations_of_collection_are_the_four_of_the_protocol() -> None:
    assert {operation.value for operation in COLLECTION} == {"2Add", "2Chg", "2Del", "2Ref"}
    assert OperateId.SLIP_ADD in COLLECTION
