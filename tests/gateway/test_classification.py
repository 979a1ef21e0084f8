from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.gateway import (
    Delete,
    HttpAnswer,
    NotSent,
    NotSentReason,
    Ok,
    Outcome,
    Refused,
    Search,
    Secret,
    SlipAdd,
    SlipChange,
    SlipDelete,
    SlipReference,
    Telegram,
    Token,
    TokenSearch,
    TokenStatus,
    Transaction,
    Unknown,
    UnknownReason,
    token_status,
)
from escott.gateway.classification import classify
from tests.gateway.stub_gateway import ACCEPTED, CHARGE, PROCESS_PASS

TRANSACTION = Transaction("0123456789abcdef", Secret("processpass"))
CANCEL = Delete(transaction_code="42", transaction=TRANSACTION)
TOKEN_SEARCH = TokenSearch(transaction_code="42", token=Token(Secret("abc123")))
SLIP = SlipAdd(
    transaction_code="42",
    amount=3780,
    pay_limit=date(2026, 1, 12),
    name="山田",
    kana="ヤマダ",
    telephone="0312345678",
    product="風呂敷",
)
SLIP_CHANGE = SlipChange(
    transaction_code="42", transaction=TRANSACTION, amount=3780, pay_limit=date(2026, 1, 12)
)
OURS = "OperateId=1Gathering&MerchantFree1=000000000042"


def answered(body: str, telegram: Telegram = CHARGE, status: int = 200) -> Outcome:
    return classify(telegram, HttpAnswer(status, body.encode()))


def test_an_accepted_charge_is_ok_and_gives_its_keys() -> None:
    outcome = classify(CHARGE, HttpAnswer(200, ACCEPTED))

    assert isinstance(outcome, Ok)
    assert outcome.answer.process_id == "0123456789abcdef0123456789abcdef"
    assert outcome.answer.process_pass == Secret(PROCESS_PASS)
    assert outcome.answer.transaction_id == "1000000000123"
    assert outcome.answer.company_cd == "Y2"
    assert outcome.answer.approve_no == "1234567"


def test_an_inquiry_tells_amount_and_sales_date() -> None:
    search = Search(transaction_code="42", transaction=TRANSACTION)
    body = "OperateId=1Search&MerchantFree1=42&ResponseCd=OK&Amount=3780&SalesDate=20260106"

    outcome = answered(body, search)

    assert isinstance(outcome, Ok)
    assert outcome.answer.amount == 3780
    assert str(outcome.answer.sales_date) == "2026-01-06"


def test_a_process_telegram_is_ok_without_a_process_id() -> None:
    assert isinstance(answered("OperateId=1Delete&MerchantFree1=42&ResponseCd=OK", CANCEL), Ok)


@pytest.mark.parametrize("code", ["G12", "K03", "K20|K21", "K20%7CK21", "KI2", "KHV"])
def test_codes_that_cannot_have_moved_money_are_a_refusal(code: str) -> None:
    outcome = answered(f"{OURS}&ResponseCd={code}")

    assert isinstance(outcome, Refused)
    assert "|".join(map(str, outcome.codes)) == code.replace("%7C", "|")


@pytest.mark.parametrize(
    "code", ["K96", "C03", "K99", "Z99", "K20|K96", "G12|Z99", "OK|K20", "OK|OK", "NG"]
)
def test_one_code_after_which_money_may_have_moved_makes_it_unknown(code: str) -> None:
    outcome = answered(f"{OURS}&ResponseCd={code}")

    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.MONEY_MAY_HAVE_MOVED
    assert "|".join(map(str, outcome.codes)) == code


#: Answers that prove nothing, and the reason why (requirements.md, part 3).
PROVE_NOTHING = {
    "empty": ("", 200, UnknownReason.MALFORMED),
    "a line break": ("\r\n", 200, UnknownReason.MALFORMED),
    "HTML": ("<html><body>Maintenance</body></html>", 200, UnknownReason.MALFORMED),
    "HTML with a code": (f"<p>{OURS}&ResponseCd=OK</p>", 200, UnknownReason.MALFORMED),
    "JSON": ('{"ResponseCd": "OK"}', 200, UnknownReason.MALFORMED),
    "two codes": (f"{OURS}&ResponseCd=G12&ResponseCd=OK", 200, UnknownReason.MALFORMED),
    "the same code twice": (f"{OURS}&ResponseCd=G12&ResponseCd=G12", 200, UnknownReason.MALFORMED),
    "an odd code": (f"{OURS}&ResponseCd=OK!", 200, UnknownReason.MALFORMED),
    "a small ok": (f"{OURS}&ResponseCd=ok", 200, UnknownReason.MALFORMED),
    "no code": (OURS, 200, UnknownReason.NO_RESPONSE_CODE),
    "an empty code": (f"{OURS}&ResponseCd=", 200, UnknownReason.NO_RESPONSE_CODE),
    "OK without keys": (f"{OURS}&ResponseCd=OK", 200, UnknownReason.NO_PROCESS_ID),
    "OK with half a key": (f"{OURS}&ResponseCd=OK&ProcessId=1", 200, UnknownReason.NO_PROCESS_ID),
    "a refusal without echoes": ("ResponseCd=K01", 200, UnknownReason.NOT_OUR_ANSWER),
    "another operation": (
        "OperateId=1Auth&MerchantFree1=000000000042&ResponseCd=G12",
        200,
        UnknownReason.NOT_OUR_ANSWER,
    ),
    "another transaction": (
        "OperateId=1Gathering&MerchantFree1=000000000043&ResponseCd=G12",
        200,
        UnknownReason.NOT_OUR_ANSWER,
    ),
    "no transaction": ("OperateId=1Gathering&ResponseCd=G12", 200, UnknownReason.NOT_OUR_ANSWER),
    "500 with OK": (ACCEPTED.decode(), 500, UnknownReason.HTTP_STATUS),
    "503 with a refusal": (f"{OURS}&ResponseCd=G12", 503, UnknownReason.HTTP_STATUS),
    "a redirect": ("", 302, UnknownReason.HTTP_STATUS),
    "201": (ACCEPTED.decode(), 201, UnknownReason.HTTP_STATUS),
    "an odd amount": (f"{OURS}&ResponseCd=OK&Amount=3,780", 200, UnknownReason.MALFORMED),
    "an odd date": (f"{OURS}&ResponseCd=OK&SalesDate=20261301", 200, UnknownReason.MALFORMED),
    "the year 0": (f"{OURS}&ResponseCd=OK&SalesDate=00000101", 200, UnknownReason.MALFORMED),
}


@pytest.mark.parametrize(("body", "status", "reason"), PROVE_NOTHING.values(), ids=PROVE_NOTHING)
def test_an_answer_that_proves_nothing_is_unknown(
    body: str, status: int, reason: UnknownReason
) -> None:
    outcome = answered(body, status=status)

    assert isinstance(outcome, Unknown)
    assert outcome.reason is reason


def test_bytes_that_are_not_utf_8_are_unknown() -> None:
    outcome = classify(CHARGE, HttpAnswer(200, "エラー".encode("cp932")))

    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.MALFORMED


def test_nothing_of_somebody_elses_answer_is_handed_on() -> None:
    outcome = answered("OperateId=1Gathering&MerchantFree1=43&ResponseCd=OK&ProcessId=9")

    assert isinstance(outcome, Unknown)
    assert outcome.answer is None


SLIP_KEYS = "ProcessId=1&ProcessPass=2"
ADDED = "OperateId=2Add&MerchantFree1=42&ResponseCd=OK"
CHANGED = "OperateId=2Chg&MerchantFree1=42&ResponseCd=OK"


def test_a_registered_slip_is_ok_and_gives_its_keys_number_and_link() -> None:
    outcome = answered(f"{ADDED}&{SLIP_KEYS}&KessaiNumber=123&FreeArea=abc", SLIP)

    assert isinstance(outcome, Ok)
    assert outcome.answer.kessai_number == "123"
    assert outcome.answer.free_area == "abc"


def test_a_changed_slip_is_ok_with_another_link() -> None:
    assert isinstance(answered(f"{CHANGED}&KessaiNumber=124&FreeArea=abd", SLIP_CHANGE), Ok)


@pytest.mark.parametrize(
    ("telegram", "body", "reason"),
    [
        (SLIP, f"{ADDED}&{SLIP_KEYS}", UnknownReason.NO_SLIP_LINK),
        (SLIP, f"{ADDED}&{SLIP_KEYS}&FreeArea=+", UnknownReason.NO_SLIP_LINK),
        (SLIP, f"{ADDED}&FreeArea=abc", UnknownReason.NO_PROCESS_ID),
        (SLIP, f"{ADDED}&ProcessId=1&FreeArea=abc", UnknownReason.NO_PROCESS_ID),
        (SLIP_CHANGE, CHANGED, UnknownReason.NO_SLIP_LINK),
        (SLIP_CHANGE, f"{CHANGED}&FreeArea=", UnknownReason.NO_SLIP_LINK),
    ],
)
def test_a_slip_that_nobody_can_pay_or_name_is_not_taken_for_registered(
    telegram: Telegram, body: str, reason: UnknownReason
) -> None:
    outcome = answered(body.replace("=+", "=%20"), telegram)

    assert isinstance(outcome, Unknown)
    assert outcome.reason is reason


@pytest.mark.parametrize("kind", [SlipDelete, SlipReference])
def test_a_deletion_and_an_inquiry_need_no_link(kind: type[Any]) -> None:
    telegram = kind(transaction_code="42", transaction=TRANSACTION)
    body = f"OperateId={telegram.operate_id.value}&MerchantFree1=42&ResponseCd=OK"

    assert isinstance(answered(body, telegram), Ok)


@pytest.mark.parametrize("code", ["K12", "K14", "K50", "K51", "K52", "K53", "K28"])
def test_codes_of_collection_that_cannot_have_changed_anything_are_a_refusal(code: str) -> None:
    body = f"OperateId=2Add&MerchantFree1=42&ResponseCd={code}"

    assert isinstance(answered(body, SLIP), Refused)


def test_a_deposit_with_a_date_that_is_none_proves_nothing() -> None:
    telegram = SlipReference(transaction_code="42", transaction=TRANSACTION)
    body = "OperateId=2Ref&MerchantFree1=42&ResponseCd=OK&Amount=1&NyukinDate=20261301"
    outcome = answered(body, telegram)

    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.MALFORMED


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_that_came_by_chance_are_believed(body: bytes, status: int) -> None:
    assert isinstance(classify(CHARGE, HttpAnswer(status, body)), Unknown)


@given(st.integers(0, len(ACCEPTED) - 1))
def test_no_beginning_of_an_accepted_answer_is_a_refusal(length: int) -> None:
    assert not isinstance(classify(CHARGE, HttpAnswer(200, ACCEPTED[:length])), Refused)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("ResponseCd=OK&TokenResponseCd=OK", TokenStatus.UNUSED),
        ("ResponseCd=OK&TokenResponseCd=KI2", TokenStatus.USED),
        ("ResponseCd=OK&TokenResponseCd=KI3", TokenStatus.EXPIRED),
        ("ResponseCd=OK&TokenResponseCd=KHZ", TokenStatus.NOT_FOUND),
        ("ResponseCd=KI2", TokenStatus.USED),
        ("ResponseCd=KI3&TokenResponseCd=", TokenStatus.EXPIRED),
        ("ResponseCd=KI3&TokenResponseCd=KI3", TokenStatus.EXPIRED),
        ("ResponseCd=OK", TokenStatus.UNTOLD),
        ("ResponseCd=OK&TokenResponseCd=K99", TokenStatus.UNTOLD),
        ("ResponseCd=OK&TokenResponseCd=KI2|KI3", TokenStatus.UNTOLD),
        ("ResponseCd=KI2&TokenResponseCd=KI3", TokenStatus.UNTOLD),
        ("ResponseCd=KI2|KI3", TokenStatus.UNTOLD),
        ("ResponseCd=K03&TokenResponseCd=OK", TokenStatus.UNTOLD),
        ("ResponseCd=K03", TokenStatus.UNTOLD),
        ("ResponseCd=KHX", TokenStatus.UNTOLD),
        ("ResponseCd=K99", TokenStatus.UNTOLD),
    ],
)
def test_what_a_token_search_says_of_the_token(said: str, status: TokenStatus) -> None:
    outcome = answered(f"OperateId=1TokenSearch&MerchantFree1=42&{said}", TOKEN_SEARCH)

    assert token_status(outcome) is status


def test_a_token_search_that_was_not_answered_says_nothing() -> None:
    not_sent = NotSent(NotSentReason.CONNECTION_REFUSED, "")
    unknown = Unknown(UnknownReason.READ_TIMEOUT, "")

    assert token_status(not_sent) is token_status(unknown) is TokenStatus.UNTOLD
