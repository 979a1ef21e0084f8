"""入金結果通知: reading a notice, and whether its sender knows the passwords."""

from __future__ import annotations

import hashlib
import random
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escott.clock import JST
from escott.gateway import Deposit, DepositNotice, MalformedTelegram, Secret, hash_matches
from escott.gateway.deposit_notices import LONGEST_NOTICE, hash_of
from tests.soak import figure

PROCESS_PASS = Secret("processPassOfTheSlip")
MERCHANT_PASS = Secret("pass1234")
HASH = hashlib.md5(b"processPassOfTheSlip12345678901pass1234").hexdigest()

FIELDS = {
    "MerchantId": "12345678",
    "TransactionId": "1000000000123",
    "TransactionDate": "20260105",
    "OperateId": "2Add",
    "MerchantFree1": "000000000042",
    "MerchantFree2": "",
    "MerchantFree3": "ご注文 1",
    "ProcessId": "0123456789abcdef",
    "ProcessPass": "processPassOfTheSlip",
    "ResponseCd": "OK",
    "Condition": "000",
    "Amount": "3780",
    "RecvNum": "12345678901",
    "CvsCd": "LSN",
    "TenantCd": "01234",
    "NyukinDate": "202601061530",
    "StampFlag": "0",
    "HashCd": HASH,
}
RAW = urlencode(FIELDS)


def notice(**changed: str) -> DepositNotice:
    return DepositNotice.parse(urlencode({**FIELDS, **changed}))


def genuine(told: DepositNotice) -> bool:
    return hash_matches(told, process_pass=PROCESS_PASS, merchant_pass=MERCHANT_PASS)


def test_a_notice_is_read_as_a_form() -> None:
    assert notice() == DepositNotice(
        merchant_id="12345678",
        merchant_free1="000000000042",
        process_id="0123456789abcdef",
        process_pass=PROCESS_PASS,
        recv_num="12345678901",
        hash_cd=Secret(HASH),
        amount=3780,
        condition="000",
        response_cd="OK",
        transaction_id="1000000000123",
        deposit=Deposit(
            datetime(2026, 1, 6, 15, 30, tzinfo=JST), "12345678901", "LSN", "01234", False
        ),
    )
    assert genuine(notice())


def test_in_a_form_a_plus_is_a_space() -> None:
    assert "MerchantFree3=%E3%81%94%E6%B3%A8%E6%96%87+1" in RAW
    with pytest.raises(MalformedTelegram, match="RecvNum"):
        DepositNotice.parse(RAW.replace("RecvNum=1234", "RecvNum=12+34"))


def test_the_address_of_the_former_plug_in_may_stand_before_it() -> None:
    for raw in (f"wc-api=wc_sonypayment&{RAW}", f"{RAW}&wc-api=wc_sonypayment"):
        assert DepositNotice.parse(raw) == notice()


def test_query_and_body_may_share_the_fields_between_them_but_not_say_one_twice() -> None:
    half = RAW.index("&RecvNum")

    assert DepositNotice.parse(f"{RAW[half + 1 :]}&{RAW[:half]}") == notice()
    with pytest.raises(MalformedTelegram, match="MerchantId stands twice"):
        DepositNotice.parse(f"MerchantId=12345678&{RAW}")


def test_fields_that_nobody_knows_are_left_out() -> None:
    assert (
        notice(MerchantName="つむぎ", payment_mail="a@example.com", is_payment_mail="1") == notice()
    )


@pytest.mark.parametrize(
    "piece",
    ["MerchantName=%82%C2%82%DE%82%AC", "MerchantName=%", "x=1&x=2", "x", "<x>=1", "\\x82=1"],
)
def test_what_nobody_reads_keeps_no_notice_from_being_understood(piece: str) -> None:
    assert DepositNotice.parse(f"{RAW}&{piece}") == notice()
    assert DepositNotice.parse(f"{piece}&{RAW}") == notice()


def test_a_notice_that_is_not_about_a_deposit_is_read_as_well() -> None:
    told = DepositNotice.parse("MerchantId=12345678&MerchantFree1=42&Condition=901")

    assert told.condition == "901"
    assert told.amount is None
    assert told.deposit is None
    assert not genuine(told)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "&",
        "hello",
        "<html></html>",
        '{"MerchantId": "12345678"}',
        "MerchantId=12345678",
        "MerchantFree1=000000000042",
        "MerchantId=&MerchantFree1=000000000042",
        f"{RAW}&Amount=1",
        f"{RAW}&Amount",
        RAW.replace("CvsCd=LSN", "CvsCd=%ff"),
        RAW.replace("CvsCd=LSN", "CvsCd=%zz"),
        RAW + "&x=" + "a" * LONGEST_NOTICE,
    ],
)
def test_what_is_no_notice_is_refused(raw: str) -> None:
    with pytest.raises(MalformedTelegram):
        DepositNotice.parse(raw)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Amount", "-1"),
        ("Amount", "3,780"),
        ("Amount", "３７８０"),
        ("Amount", "1e3"),
        ("Amount", "1" * 10),
        ("MerchantId", "1 2"),
        ("MerchantFree1", "注文"),
        ("MerchantFree1", "1" * 21),
        ("RecvNum", "1\x002"),
        ("RecvNum", "1" * 65),
        ("HashCd", "é"),
        ("ProcessPass", "a b"),
        ("ProcessId", "a\nb"),
        ("Condition", "正常"),
        ("ResponseCd", "O K"),
        ("TransactionId", "1" * 65),
        ("NyukinDate", "00010101"),
        ("CvsCd", "ローソン"),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused_by_its_name_and_never_shown(
    name: str, value: str
) -> None:
    with pytest.raises(MalformedTelegram, match=name) as refused:
        notice(**{name: value})
    assert value not in str(refused.value)


def test_a_notice_shows_neither_password_nor_hash() -> None:
    shown = f"{notice()} {notice()!r}"

    for hidden in (PROCESS_PASS.reveal(), HASH, FIELDS["RecvNum"], FIELDS["ProcessId"]):
        assert hidden not in shown


def test_the_hash_is_made_of_process_pass_number_and_merchant_pass() -> None:
    made = hash_of(process_pass=PROCESS_PASS, recv_num="12345678901", merchant_pass=MERCHANT_PASS)

    assert made == HASH


@pytest.mark.parametrize(
    "changed",
    [
        {"HashCd": ""},
        {"HashCd": HASH[:-1]},
        {"HashCd": HASH + "0"},
        {"HashCd": HASH.upper()},
        {"HashCd": "0" * 32},
        {"RecvNum": "12345678902"},
        {"RecvNum": ""},
        {"HashCd": hashlib.md5(b"").hexdigest()},
        {"RecvNum": "", "HashCd": hashlib.md5(b"pass1234").hexdigest()},
        {"HashCd": hashlib.md5(b"12345678901").hexdigest()},
    ],
)
def test_a_hash_of_anything_else_is_not_believed(changed: dict[str, str]) -> None:
    assert not genuine(notice(**changed))


def test_the_password_that_the_notice_names_is_not_what_the_hash_is_checked_with() -> None:
    forged = hash_of(
        process_pass=Secret("mine"), recv_num="12345678901", merchant_pass=MERCHANT_PASS
    )

    assert not genuine(notice(ProcessPass="mine", HashCd=forged))


def test_the_password_of_the_other_mode_does_not_make_it_genuine() -> None:
    assert not hash_matches(notice(), process_pass=PROCESS_PASS, merchant_pass=Secret("test1234"))


@pytest.mark.parametrize(
    ("process_pass", "merchant_pass"), [("", "pass1234"), ("processPassOfTheSlip", ""), ("", "")]
)
def test_without_a_password_no_notice_is_genuine(process_pass: str, merchant_pass: str) -> None:
    """Else whoever knows the other one, or nothing at all, could make the hash."""
    made = hashlib.md5(f"{process_pass}12345678901{merchant_pass}".encode()).hexdigest()

    assert not hash_matches(
        notice(HashCd=made), process_pass=Secret(process_pass), merchant_pass=Secret(merchant_pass)
    )


def mutated(chance: random.Random) -> str:
    """The genuine notice, bent in one to three places."""
    raw = RAW
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(raw))
        match chance.randrange(5):
            case 0:
                raw = raw[:at] + raw[at + 1 :]
            case 1:
                raw = raw[:at] + chance.choice("0123456789abcdef&=%+ \x00é") + raw[at:]
            case 2:
                raw = raw[:at] + chance.choice("0123456789abcdef&=%+ \x00é") + raw[at + 1 :]
            case 3:
                raw = raw[:at]
            case _:
                pieces = raw.split("&")
                pieces.insert(chance.randrange(len(pieces)), chance.choice(pieces))
                raw = "&".join(pieces)
        if not raw:
            break
    return raw


@settings(max_examples=figure(500, 10_000), deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_mutated_notice_is_refused_or_what_its_hash_is_made_of_is_unchanged(chance: Any) -> None:
    """A hash that still matches says that RecvNum is the gateway's; 2Ref tells all the rest."""
    try:
        told = DepositNotice.parse(mutated(chance))
    except MalformedTelegram:
        return
    if genuine(told):
        assert told.recv_num == FIELDS["RecvNum"]
        assert told.hash_cd == Secret(HASH)


@settings(max_examples=figure(200, 10_000), deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_whatever_is_posted_is_a_notice_or_refused(raw: str) -> None:
    for posted in (
        raw,
        f"{RAW}&{raw}",
        f"MerchantId=1&MerchantFree1=2&RecvNum={quote_plus(raw, errors='replace')}",
    ):
        try:
            told = DepositNotice.parse(posted)
        except MalformedTelegram:
            continue
        assert told.merchant_id.isascii()
        assert len(told.merchant_free1) <= 20
