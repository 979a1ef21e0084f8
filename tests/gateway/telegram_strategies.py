"""Every telegram that can be written down, for hypothesis."""

from __future__ import annotations

import string
from datetime import date

from hypothesis import strategies as st

from escott.gateway import (
    Auth,
    Authentication,
    Capture,
    Change,
    Check,
    Delete,
    Gathering,
    Member,
    MemberAdd,
    MemberChange,
    MemberDelete,
    MemberInvalidate,
    MemberReference,
    MemberRevalidate,
    PlainCard,
    ReAuth,
    Search,
    Secret,
    SlipAdd,
    SlipChange,
    SlipDelete,
    SlipReference,
    SlipTexts,
    Token,
    TokenReference,
    TokenSearch,
    Transaction,
)

ALPHANUMERIC = string.ascii_letters + string.digits
SECRET_MARK = "SECRETzz"  # stands in every secret, so that a leak can be found


def secrets(alphabet: str, shortest: int, longest: int) -> st.SearchStrategy[Secret]:
    free = st.text(alphabet, min_size=max(0, shortest - 8), max_size=longest - 8)
    return free.map(lambda text: Secret(SECRET_MARK + text))


FREE = st.text(ALPHANUMERIC + "|-_.:", max_size=20)
FULL_WIDTH = st.text("注文番号カナ12-ab", max_size=20)
CODES = st.text(ALPHANUMERIC, min_size=1, max_size=20)
YEN = st.integers(1, 9_999_999)
DATES = st.dates(date(2000, 1, 1), date(2099, 12, 31))

TOKENS = st.builds(Token, secrets(ALPHANUMERIC, 1, 64))
MEMBERS = st.builds(
    Member, st.text(ALPHANUMERIC, min_size=4, max_size=20), secrets(ALPHANUMERIC, 4, 12)
)
CARDS = st.builds(
    PlainCard,
    st.text(string.digits, min_size=14, max_size=16).map(Secret),
    st.dates(date(2026, 1, 1), date(2040, 1, 1)).map(lambda day: f"{day:%y%m}"),
    st.none() | st.text(string.digits, min_size=3, max_size=4).map(Secret),
)
SOURCES = TOKENS | MEMBERS | CARDS
TRANSACTIONS = st.builds(
    Transaction,
    st.text(ALPHANUMERIC, min_size=1, max_size=32),
    secrets(ALPHANUMERIC, 1, 32),
    st.none() | MEMBERS,
)

BASE64 = st.text(ALPHANUMERIC + "+/=", min_size=1, max_size=40)
UUIDS = st.uuids().map(str)
#: What may come back of a 本人認証: the code always, the details perhaps.
AUTHENTICATION_VALUES = st.fixed_dictionaries(
    {"SecureResultCode": st.sampled_from("0123489")},
    optional={
        "EncodeXId3D": BASE64,
        "MessageVersionNo3D": st.sampled_from(["2.1.0", "2.2.0"]),
        "TransactionStatus3D": st.sampled_from("YANUCR"),
        "CAVVAlgorithm3D": st.sampled_from("0123"),
        "ECI3D": st.sampled_from(["00", "01", "02", "05", "06", "07"]),
        "CAVV3D": BASE64,
        "DSTransactionId": UUIDS,
        "ThreeDSServerTransactionId": UUIDS,
    },
)
AUTHENTICATIONS = st.builds(Authentication, AUTHENTICATION_VALUES)

_COMMON = {"transaction_code": CODES, "free2": FREE, "free3": FULL_WIDTH}
_PAY_TYPES = st.sampled_from(["01", "02", "03", "10", "24", "80", "88"])

CHARGES = st.sampled_from([Auth, Gathering]).flatmap(
    lambda kind: st.builds(
        kind,
        **_COMMON,
        card=SOURCES,
        amount=YEN,
        pay_type=_PAY_TYPES,
        authentication=st.none() | AUTHENTICATIONS,
    )
)
_GUESTS = TRANSACTIONS.filter(lambda transaction: transaction.member is None)
_KEPT = {**_COMMON, "member": MEMBERS, "authentication": st.none() | AUTHENTICATIONS}
MEMBER_TELEGRAMS = st.one_of(
    st.builds(MemberAdd, **_KEPT, card=TOKENS | CARDS | _GUESTS),
    st.builds(MemberChange, **_KEPT, card=TOKENS | CARDS),
    st.sampled_from([MemberInvalidate, MemberRevalidate, MemberDelete, MemberReference]).flatmap(
        lambda kind: st.builds(kind, **_COMMON, member=MEMBERS)
    ),
)

SLIP_YEN = st.integers(1, 299_999)


def full_width(longest: int, shortest: int = 0) -> st.SearchStrategy[str]:
    return st.text("注文商品カナ１２‐ａｂ（）…他", min_size=shortest, max_size=longest)


SLIP_TEXTS = st.builds(
    SlipTexts,
    title=full_width(20),
    comment=full_width(30),
    contact=full_width(21),
    contact_telephone=st.sampled_from(["", "03-1234-5678", "0120123456"]),
    contact_hours=st.sampled_from(["", "10:00-18:00", "9 - 17"]),
)
#: What a shopper is asked for; stands in no ``repr``.
PAYER_MARK = "極秘"
SLIP_ADDS = st.builds(
    SlipAdd,
    **_COMMON,
    amount=SLIP_YEN,
    pay_limit=DATES,
    name=full_width(18).map(lambda text: PAYER_MARK + text),
    kana=st.text("アイヴヶー・", min_size=1, max_size=20),
    telephone=st.text(string.digits, min_size=9, max_size=11),
    product=full_width(16, 1),
    return_url=st.sampled_from(["", "https://shop.example/back"]),
    texts=SLIP_TEXTS,
)
SLIP_TELEGRAMS = st.one_of(
    SLIP_ADDS,
    st.builds(SlipChange, **_COMMON, transaction=_GUESTS, amount=SLIP_YEN, pay_limit=DATES),
    st.sampled_from([SlipDelete, SlipReference]).flatmap(
        lambda kind: st.builds(kind, **_COMMON, transaction=_GUESTS)
    ),
)
TELEGRAMS = st.one_of(
    CHARGES,
    MEMBER_TELEGRAMS,
    SLIP_TELEGRAMS,
    st.builds(TokenReference, **_COMMON, token=TOKENS),
    st.builds(Check, **_COMMON, card=SOURCES),
    st.builds(Capture, **_COMMON, transaction=TRANSACTIONS, sales_date=DATES),
    st.builds(Change, **_COMMON, transaction=TRANSACTIONS, amount=YEN),
    st.builds(Delete, **_COMMON, transaction=TRANSACTIONS),
    st.builds(Search, **_COMMON, transaction=TRANSACTIONS),
    st.builds(ReAuth, **_COMMON, transaction=TRANSACTIONS, amount=YEN, sales_date=DATES),
    st.builds(TokenSearch, **_COMMON, token=TOKENS),
)
