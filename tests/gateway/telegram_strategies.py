"""Every telegram that can be written down, for hypothesis."""

from __future__ import annotations

import string
from datetime import date

from hypothesis import strategies as st

from escott.gateway import (
    Auth,
    Capture,
    Change,
    Check,
    Delete,
    Gathering,
    Member,
    PlainCard,
    ReAuth,
    Search,
    Secret,
    Token,
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

_COMMON = {"transaction_code": CODES, "free2": FREE, "free3": FULL_WIDTH}
_PAY_TYPES = st.sampled_from(["01", "02", "03", "10", "24", "80", "88"])

CHARGES = st.sampled_from([Auth, Gathering]).flatmap(
    lambda kind: st.builds(kind, **_COMMON, card=SOURCES, amount=YEN, pay_type=_PAY_TYPES)
)
TELEGRAMS = st.one_of(
    CHARGES,
    st.builds(Check, **_COMMON, card=SOURCES),
    st.builds(Capture, **_COMMON, transaction=TRANSACTIONS, sales_date=DATES),
    st.builds(Change, **_COMMON, transaction=TRANSACTIONS, amount=YEN),
    st.builds(Delete, **_COMMON, transaction=TRANSACTIONS),
    st.builds(Search, **_COMMON, transaction=TRANSACTIONS),
    st.builds(ReAuth, **_COMMON, transaction=TRANSACTIONS, amount=YEN, sales_date=DATES),
    st.builds(TokenSearch, **_COMMON, token=TOKENS),
)
