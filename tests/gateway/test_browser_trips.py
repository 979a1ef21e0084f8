"""What the shopper's browser carries to the gateway and back: nothing signs it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from escott.gateway import (
    TEST,
    EncryptionKeys,
    HostedTrip,
    InvalidKey,
    InvalidTelegram,
    Member,
    Merchant,
    OperateId,
    Secret,
    SecureTrip,
    Token,
    UndecryptableValue,
    read_return,
)
from escott.gateway.codec import decode, encode
from escott.gateway.crypto import decrypt_value, encrypt_value
from tests.gateway.telegram_strategies import (
    ALPHANUMERIC,
    AUTHENTICATION_VALUES,
    DATES,
    MEMBERS,
    TOKENS,
    YEN,
)
from tests.soak import figure

KEYS = EncryptionKeys(Secret("escottTestKey001"), Secret("escottTestVec001"))
OTHER_KEYS = EncryptionKeys(Secret("escottTestKey002"), KEYS.vector)
MERCHANT = Merchant("12345678", Secret("pass1234"), "0001")
TODAY = date(2026, 1, 5)
TRIP: dict[str, Any] = {
    "transaction_code": "000000000042",
    "proc_no": "0000001",
    "return_url": "https://shop.example/payment/return/",
}
TOKEN = Token(Secret("abc123"))
MEMBER = Member("customer0001", Secret("kaiinpass01"))

many = settings(max_examples=figure(100, 5000), deadline=None)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def alphanumerics(longest: int) -> st.SearchStrategy[str]:
    return st.text(ALPHANUMERIC, min_size=1, max_size=longest)


#: Everything that a return may say besides a 本人認証.
_SAID = st.fixed_dictionaries(
    {
        "OperateId": st.sampled_from([operation.value for operation in OperateId]),
        "MerchantFree1": digits(12),
        "ProcNo": digits(7),
        "ResponseCd": st.sampled_from(["OK", "G12", "K20|K21", "U04", "P51", "P74"]),
    },
    optional={
        "TransactionId": digits(13),
        "TransactionDate": DATES.map(lambda day: f"{day:%Y%m%d}"),
        "TenantId": digits(4),
        "ProcessId": alphanumerics(32),
        "ProcessPass": alphanumerics(32),
        "CompanyCd": alphanumerics(2),
        "ApproveNo": alphanumerics(7),
        "McSecCd": digits(1),
        "Amount": YEN.map(str),
        "PayType": digits(2),
        "KaiinId": alphanumerics(20),
        "KaiinPass": alphanumerics(12),
        "EnableCheckUseKbn": st.sampled_from("01"),
        "PANCardNo3D": st.just("************1000"),
    },
)
RETURNS = st.builds(
    lambda said, secure: {**said, **secure}, _SAID, st.just({}) | AUTHENTICATION_VALUES
)
GENUINE = {
    "TransactionId": "1000000000123",
    "TransactionDate": "20260105",
    "OperateId": "3Secure",
    "MerchantFree1": "000000000042",
    "ProcNo": "0000001",
    "ResponseCd": "OK",
    "SecureResultCode": "0",
    "CAVV3D": "AAABBEg0VhI0VniQEjRWAAAAAAA=",
}


def encrypted(content: Mapping[str, str] | str) -> str:
    return encrypt_value(content, KEYS.key, KEYS.vector)


def outgoing(value: str) -> dict[str, str]:
    return decode(decrypt_value(value, KEYS.key, KEYS.vector))


def refuses(value: str) -> bool:
    with pytest.raises(UndecryptableValue) as refused:
        read_return(value, KEYS)
    return str(refused.value) == str(UndecryptableValue())


# -- what comes back ------------------------------------------------------------------


@many
@given(RETURNS)
def test_a_return_says_what_was_encrypted(fields: dict[str, str]) -> None:
    returned = read_return(encrypted(fields), KEYS)

    assert returned.proc_no == fields["ProcNo"]
    assert returned.answer.response_cd == fields["ResponseCd"]
    assert returned.answer.merchant_free1 == fields["MerchantFree1"]
    assert returned.answer.operate_id == fields["OperateId"]
    assert returned.answer.process_id == fields.get("ProcessId", "")
    secure = returned.authentication
    assert (secure.result_code if secure else None) == fields.get("SecureResultCode")
    assert secure is None or secure.values.items() <= fields.items()


@given(RETURNS)
def test_empty_fields_say_nothing(fields: dict[str, str]) -> None:
    empty = {"MerchantFree2": "", "MerchantFree3": "", "McKanaSei": "", "CAVVAlgorithm3D": ""}
    written = encode({**empty, **fields}, keep_empty=True)

    assert read_return(encrypted(written), KEYS) == read_return(encrypted(fields), KEYS)


def test_a_plus_that_a_form_turned_into_a_space_is_read_all_the_same() -> None:
    value = next(
        value
        for value in (encrypted(GENUINE | {"ProcNo": f"{number:07}"}) for number in range(1000))
        if "+" in value
    )

    assert read_return(value.replace("+", " "), KEYS) == read_return(value, KEYS)


def test_without_a_result_code_there_is_no_authentication() -> None:
    fields = {name: text for name, text in GENUINE.items() if name != "SecureResultCode"}

    assert read_return(encrypted(fields), KEYS).authentication is None


# -- what is not believed -------------------------------------------------------------


@many
@given(RETURNS, st.data())
def test_a_truncated_value_is_refused(fields: dict[str, str], data: st.DataObject) -> None:
    value = encrypted(fields)
    kept = data.draw(st.integers(0, len(value) - 1))

    assert refuses(value[:kept])
    assert refuses(value[len(value) - kept :])


@many
@given(RETURNS, st.data())
def test_a_value_with_a_flipped_bit_is_refused(fields: dict[str, str], data: st.DataObject) -> None:
    sealed = bytearray(base64.b64decode(encrypted(fields)))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8

    assert refuses(base64.b64encode(sealed).decode())


@many
@given(RETURNS, st.data())
def test_a_value_with_its_blocks_in_another_order_is_refused(
    fields: dict[str, str], data: st.DataObject
) -> None:
    sealed = base64.b64decode(encrypted(fields))
    blocks = [sealed[start : start + 16] for start in range(0, len(sealed), 16)]
    shuffled = data.draw(st.permutations(blocks))
    assume(shuffled != blocks)

    assert refuses(base64.b64encode(b"".join(shuffled)).decode())


@many
@given(RETURNS, RETURNS, st.data())
def test_of_two_values_no_third_is_made(
    fields: dict[str, str], others: dict[str, str], data: st.DataObject
) -> None:
    first, second = (base64.b64decode(encrypted(said)) for said in (fields, others))
    cut = 16 * data.draw(st.integers(1, len(first) // 16))
    sewn = first[:cut] + second[16 * data.draw(st.integers(0, len(second) // 16)) :]
    assume(sewn not in {first, second})

    assert refuses(base64.b64encode(sewn).decode())


@given(st.text(max_size=200) | st.binary(max_size=256).map(lambda b: base64.b64encode(b).decode()))
def test_what_anybody_can_invent_is_refused(value: str) -> None:
    assert refuses(value)


@given(RETURNS)
def test_a_value_of_another_merchant_is_refused(fields: dict[str, str]) -> None:
    assert refuses(encrypt_value(fields, OTHER_KEYS.key, OTHER_KEYS.vector))


@given(RETURNS, st.from_regex(r"[a-z][0-9A-Za-z_]{0,20}", fullmatch=True))
def test_an_unknown_field_is_refused(fields: dict[str, str], name: str) -> None:
    assert refuses(encrypted({**fields, name: "1"}))


@pytest.mark.parametrize("name", ["CardNo", "CardExp", "KaiinStatus", "FreeArea", "Mc", "McsecCd"])
def test_a_field_that_belongs_elsewhere_is_refused(name: str) -> None:
    assert refuses(encrypted({**GENUINE, name: "1"}))


@given(RETURNS, st.data())
def test_a_field_that_stands_twice_is_refused(fields: dict[str, str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(fields)))
    twice = encode(fields) + "&" + encode({name: fields[name]})

    assert refuses(encrypted(twice))


@pytest.mark.parametrize("name", ["OperateId", "MerchantFree1", "ProcNo", "ResponseCd"])
def test_a_return_without_one_of_its_keys_is_refused(name: str) -> None:
    assert refuses(encrypted({key: text for key, text in GENUINE.items() if key != name}))
    assert refuses(encrypted(encode({**GENUINE, name: ""}, keep_empty=True)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MerchantFree1", "42"),
        ("MerchantFree2", "x"),
        ("MerchantFree3", "x"),
        ("ProcNo", "1"),
        ("ResponseCd", "ok"),
        ("ResponseCd", "OK|"),
        ("SecureResultCode", "00"),
        ("SecureResultCode", "\uff10"),
        ("TransactionStatus3D", "YY"),
        ("CAVV3D", "?"),
        ("McSecCd", "x"),
        ("Mcx", "0"),
        ("Amount", "-1"),
        ("ProcessId", "0 1"),
        ("PANCardNo3D", "4000-****"),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused(name: str, text: str) -> None:
    assert refuses(encrypted({**GENUINE, name: text}))


def test_an_empty_result_code_is_refused() -> None:
    assert refuses(encrypted(encode({**GENUINE, "SecureResultCode": ""}, keep_empty=True)))


def test_an_endless_value_is_refused_unread() -> None:
    value = encrypted({**GENUINE, "ProcessId": "0" * 64})
    assert refuses(value + "A" * 8192)
    assert refuses(encrypted(encode(GENUINE) + "&" * 8192))


@pytest.mark.parametrize("text", ["", "hello", "ResponseCd", "<html>", "\x00" * 32])
def test_what_is_no_telegram_is_refused(text: str) -> None:
    assert refuses(encrypted(text))


def test_keys_that_are_none_are_a_mistake_of_the_settings() -> None:
    with pytest.raises(InvalidKey):
        read_return(encrypted(GENUINE), EncryptionKeys(Secret("short"), KEYS.vector))


# -- what goes out --------------------------------------------------------------------


@given(TOKENS | MEMBERS, st.none() | YEN)
def test_a_trip_to_3_d_secure_carries_the_card_and_the_amount(
    card: Token | Member, amount: int | None
) -> None:
    trip = SecureTrip(**TRIP, card=card, amount=amount, holder_name="HANAKO YAMADA")
    address, form = trip.form(TEST, MERCHANT, KEYS, TODAY)
    sent = outgoing(form["EncryptValue"])

    assert address == TEST.base_url + "/online/tds/OTDS010.do"
    assert form.keys() == {"MerchantId", "EncryptValue"}
    assert sent["OperateId"] == "3Secure"
    assert card.fields().items() <= sent.items()
    assert (sent.get("Amount"), sent.get("PayType")) == (
        (str(amount), "01") if amount else (None, None)
    )
    assert sent["BillingFullName"] == "HANAKO YAMADA"
    assert all(sent.values())


def test_what_every_trip_carries() -> None:
    trip = SecureTrip(**TRIP, card=TOKEN, amount=1, post_url="https://shop.example/copy/")
    sent = outgoing(trip.form(TEST, MERCHANT, KEYS, TODAY)[1]["EncryptValue"])

    assert {
        "MerchantPass": "pass1234",
        "TenantId": "0001",
        "TransactionDate": "20260105",
        "MerchantFree1": "000000000042",
        "ProcNo": "0000001",
        "RedirectUrl": "https://shop.example/payment/return/",
        "PostUrl": "https://shop.example/copy/",
    }.items() <= sent.items()
    assert "MerchantId" not in sent


@pytest.mark.parametrize(
    ("trip", "expected"),
    [
        (
            HostedTrip(**TRIP, operation=OperateId.AUTH, amount=3780),
            {"OperateId": "1Auth", "PayType": "01", "Amount": "3780"},
        ),
        (
            HostedTrip(**TRIP, operation=OperateId.GATHERING, amount=3780, member=MEMBER),
            {"OperateId": "1Gathering", "Amount": "3780", "KaiinId": "customer0001"},
        ),
        (
            HostedTrip(**TRIP, operation=OperateId.MEMBER_ADD, member=MEMBER),
            {"OperateId": "4MemAdd", "KaiinId": "customer0001", "KaiinPass": "kaiinpass01"},
        ),
    ],
)
def test_a_trip_to_the_hosted_page_is_one_address(
    trip: HostedTrip, expected: dict[str, str]
) -> None:
    url = urlsplit(trip.url(TEST, MERCHANT, KEYS, TODAY))
    query = dict(parse_qsl(url.query, strict_parsing=True))

    assert f"{url.scheme}://{url.netloc}" == TEST.base_url
    assert url.path == "/euser/snp/SSNP005ReferStart.do"
    assert query["MerchantId"] == "12345678"
    assert expected.items() <= outgoing(query["EncryptValue"]).items()
    assert trip.form(TEST, MERCHANT, KEYS, TODAY)[1] == query


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"return_url": "https://shop.example/" + "x" * 44}, "RedirectUrl"),
        ({"proc_no": "1"}, "ProcNo"),
        ({"proc_no": "00000001"}, "ProcNo"),
        ({"transaction_code": "注文"}, "MerchantFree1"),
        ({"amount": 0}, "Amount"),
        ({"amount": 10_000_000}, "Amount"),
        ({"pay_type": "1"}, "PayType"),
        ({"holder_name": "Hanako Yamada"}, "BillingFullName"),
        ({"holder_name": " HANAKO"}, "BillingFullName"),
    ],
)
def test_a_trip_that_would_not_arrive_does_not_begin(wrong: dict[str, Any], name: str) -> None:
    trip = SecureTrip(**{**TRIP, "card": TOKEN, "amount": 1, **wrong})
    with pytest.raises(InvalidTelegram) as refused:
        trip.form(TEST, MERCHANT, KEYS, TODAY)

    assert refused.value.field == name


def test_a_return_address_of_64_characters_is_short_enough() -> None:
    longest = "https://shop.example/" + "x" * 43
    trip = SecureTrip(**{**TRIP, "return_url": longest}, card=TOKEN, amount=1)

    assert outgoing(trip.form(TEST, MERCHANT, KEYS, TODAY)[1]["EncryptValue"])["RedirectUrl"] == (
        longest
    )
