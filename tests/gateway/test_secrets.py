"""Nothing shows a secret: not by printing, formatting, pickling or copying."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime
from traceback import format_exception

import pytest

from escott.clock import JST, SettableClock
from escott.gateway import (
    TEST,
    Answer,
    Authentication,
    Client,
    Delete,
    Deposit,
    DepositNotice,
    EncryptionKeys,
    Gathering,
    HostedTrip,
    HttpAnswer,
    Member,
    MemberAdd,
    MemberReference,
    Merchant,
    Ok,
    OperateId,
    PlainCard,
    Refused,
    Return,
    Secret,
    SecureTrip,
    SlipAdd,
    SlipChange,
    Token,
    TokenReference,
    TokenSearch,
    Transaction,
    Unknown,
    UnknownReason,
    UrllibTransport,
    lookup,
)

HIDDEN = "7777333311119999"  # digits, so that it may stand for a card number as well
EXPIRY = "9912"
SECRET = Secret(HIDDEN)
PASS = Secret(HIDDEN[:12])
BODY = f"OperateId=1Auth&MerchantFree1=42&ResponseCd=OK&ProcessId=1&ProcessPass={HIDDEN}".encode()
ANSWER = Answer.parse(BODY)
MEMBER = Member("member01", PASS)
TRANSACTION = Transaction("0123", SECRET, MEMBER)
AUTHENTICATION = Authentication({"SecureResultCode": "0", "CAVV3D": HIDDEN})
TRIP = {
    "transaction_code": "000000000042",
    "proc_no": "0000001",
    "return_url": "https://shop.example/back",
}

HOLDERS: list[object] = [
    SECRET,
    Token(SECRET),
    Member("member01", PASS),
    PlainCard(SECRET, EXPIRY, Secret(HIDDEN[:4])),
    TRANSACTION,
    Gathering(transaction_code="42", card=Token(SECRET), amount=1),
    Gathering(transaction_code="42", card=PlainCard(SECRET, "2812"), amount=1),
    Delete(transaction_code="42", transaction=TRANSACTION),
    TokenSearch(transaction_code="42", token=Token(SECRET)),
    TokenReference(transaction_code="42", token=Token(SECRET)),
    MemberAdd(
        transaction_code="42",
        member=MEMBER,
        card=PlainCard(SECRET, EXPIRY),
        authentication=AUTHENTICATION,
    ),
    MemberReference(transaction_code="42", member=MEMBER),
    SlipChange(
        transaction_code="42",
        transaction=Transaction("0123", SECRET),
        amount=1,
        pay_limit=date(2026, 1, 5),
    ),
    DepositNotice.parse(
        f"MerchantId=1&MerchantFree1=42&ProcessPass={HIDDEN}&HashCd={HIDDEN}&RecvNum={HIDDEN}"
        f"&ProcessId={HIDDEN}&NyukinDate=20260105"
    ),
    AUTHENTICATION,
    EncryptionKeys(SECRET, SECRET),
    SecureTrip(**TRIP, card=Token(SECRET), amount=1),
    HostedTrip(**TRIP, operation=OperateId.MEMBER_ADD, member=MEMBER),
    Return(ANSWER, "0000001", AUTHENTICATION),
    Merchant("12345678", PASS),
    Client(
        TEST,
        Merchant("12345678", PASS),
        UrllibTransport(),
        SettableClock(datetime(2026, 1, 5, tzinfo=JST)),
    ),
    HttpAnswer(200, BODY),
    ANSWER,
    Ok(ANSWER),
    Refused(ANSWER, (lookup("G12"),)),
    Unknown(UnknownReason.MALFORMED, "unreadable", ANSWER),
]


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_printing_shows_no_secret(holder: object) -> None:
    shown = f"{holder} {holder!r} {holder!s} {[holder]} {holder:}"

    assert HIDDEN[:4] not in shown
    assert EXPIRY not in shown


@pytest.mark.parametrize(
    "holder",
    [holder for holder in HOLDERS if not isinstance(holder, HttpAnswer | Authentication)],
    ids=lambda holder: type(holder).__name__,
)
def test_what_holds_a_secret_cannot_be_pickled(holder: object) -> None:
    with pytest.raises((TypeError, AttributeError)) as refused:
        pickle.dumps(holder)

    assert HIDDEN[:4] not in "".join(format_exception(refused.value))


def test_neither_a_slip_nor_its_deposit_shows_who_pays() -> None:
    slip = SlipAdd(
        transaction_code="42",
        amount=1,
        pay_limit=date(2026, 1, 5),
        name="極秘",
        kana="ゴクヒ",
        telephone=HIDDEN[:11],
        product="風呂敷",
        return_url=f"https://shop.example/{HIDDEN}",
    )
    deposit = Deposit(datetime(2026, 1, 5, tzinfo=JST), recv_num=HIDDEN)
    shown = f"{slip} {slip!r} {deposit} {deposit!r}"

    assert not any(hidden in shown for hidden in ("極秘", "ゴクヒ", HIDDEN[:4]))


def test_what_an_answer_tells_of_a_slip_is_not_shown() -> None:
    answer = Answer.parse(
        f"OperateId=2Add&MerchantFree1=42&ResponseCd=OK&KessaiNumber={HIDDEN}"
        f"&FreeArea={HIDDEN}&RecvNum={HIDDEN}&NyukinDate=20260105".encode()
    )

    assert HIDDEN[:4] not in f"{answer} {answer!r}"


def test_a_secret_cannot_be_copied_out_of_sight() -> None:
    with pytest.raises(TypeError):
        copy.deepcopy(SECRET)


def test_a_secret_is_made_of_text_only() -> None:
    with pytest.raises(TypeError) as refused:
        Secret(HIDDEN.encode())  # type: ignore[arg-type]

    assert HIDDEN not in str(refused.value)


def test_a_secret_pads_like_any_text_without_showing_itself() -> None:
    assert f"{SECRET:>20}" == f"{'Secret(●●●●)':>20}"


def test_secrets_are_compared_by_their_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


def test_an_empty_secret_is_false() -> None:
    assert not Secret("")
    assert Secret("a")


def test_only_reveal_gives_the_text() -> None:
    assert SECRET.reveal() == HIDDEN
