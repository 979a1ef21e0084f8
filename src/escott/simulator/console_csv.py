"""The console's list as a file, for settling many transactions at once.

One line for each transaction, with its present state; the words are Japanese whoever asks,
for a program reads them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from escott.clock import in_japan
from escott.simulator.books import Transaction
from escott.simulator.law import State
from escott.simulator.texts import words_for

HEADER: Final = (
    "処理日時",
    "処理連番",
    "加盟店自由領域1",
    "処理区分",
    "状態",
    "利用金額",
    "売上計上日",
    "会員ID",
    "処理結果",
)

#: ``encoding`` in the address, and what Python calls it. Shift_JIS is Microsoft's, as ever.
ENCODINGS: Final[Mapping[str, str]] = {"utf-8": "utf-8-sig", "sjis": "cp932"}

_STATES: Final[Mapping[State, str]] = {
    State.CHECKED: "カードチェック",
    State.AUTHORISED: "与信",
    State.CAPTURED: "売上計上",
    State.GATHERED: "与信売上計上",
    State.CANCELLED: "取消",
    State.DECLINED: "失敗",
}

_WORDS: Final = words_for("ja")


def as_csv(transactions: Iterable[Transaction], encoding: str) -> bytes:
    """The file, in one of ``ENCODINGS``."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writerow(HEADER)
    lines.writerows(_line(transaction) for transaction in transactions)
    return text.getvalue().encode(ENCODINGS[encoding], errors="replace")


def _line(transaction: Transaction) -> tuple[str, ...]:
    taken = transaction.state in {State.CAPTURED, State.GATHERED}
    return (
        in_japan(transaction.begun_at).strftime("%Y/%m/%d %H:%M:%S"),
        transaction.transaction_id,
        transaction.merchant_free1,
        _WORDS(transaction.first.value),
        _STATES[transaction.state],
        str(transaction.amount),
        _day(transaction.sales_date) if taken else "",
        transaction.kaiin_id,
        "|".join(transaction.history[0].codes),
    )


def _day(sales_date: str) -> str:
    return datetime.strptime(sales_date, "%Y%m%d").strftime("%Y/%m/%d")  # noqa: DTZ007
