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
TELEGRAMS = st.one_of(
    CHARGES,
    MEMBER_TELEGRAMS,
    st.builds(TokenReference, **_COMMON, token=TOKENS),
    st.builds(Check, **_COMMON, card=SOURCES),
    st.builds(Capture, **_COMMON, transaction=TRANSACTIONS, sales_date=DATES),
    st.builds(Change, **_COMMON, transaction=TRANSACTIONS, amount=YEN),
    st.builds(Delete, **_COMMON, transaction=TRANSACTIONS),
    st.builds(Search, **_COMMON, transaction=TRANSACTIONS),
    st.builds(ReAuth, **_COMMON, transaction=TRANSACTIONS, amount=YEN, sales_date=DATES),
    st.builds(TokenSearch, **_COMMON, token=TOKENS),
)
