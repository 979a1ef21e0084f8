"""What somebody looks for among the slips on the merchant console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from escott.clock import in_japan
from escott.simulator.slips import Slip
from escott.simulator.typed_values import read_amount, read_day

#: The fields of the search, as they stand in an address. The days are both included.
FREE1, NUMBER, SINCE, UNTIL, AMOUNT = "free1", "number", "from", "to", "amount"
_MERCHANT: Final = "jigysyaCode"


@dataclass(frozen=True, slots=True)
class SlipSearch:
    """A search; what was left empty does not restrict it.

    Attributes:
        given: the fields that were filled in, as they were typed.
        wrong: the names of those that cannot be read.
        merchant_free1: a part of it.
        number: a part of a 払込番号, present or former, or of a 受付番号.
        since: the first day in Japan on which the slip may have been registered.
        until: the last.
        amount: the present amount, in yen.
        merchant_id: the only merchant to show.
    """

    given: Mapping[str, str]
    wrong: frozenset[str]
    merchant_free1: str
    number: str
    since: date | None
    until: date | None
    amount: int | None
    merchant_id: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the fields of an address."""
        names = (FREE1, NUMBER, SINCE, UNTIL, AMOUNT)
        typed = {name: query.get(name, "").strip() for name in names}
        since, until = read_day(typed[SINCE]), read_day(typed[UNTIL])
        amount = read_amount(typed[AMOUNT])
        read = {SINCE: since, UNTIL: until, AMOUNT: amount}
        return cls(
            given={name: value for name, value in typed.items() if value},
            wrong=frozenset(name for name, value in read.items() if typed[name] and value is None),
            merchant_free1=typed[FREE1],
            number=typed[NUMBER],
            since=since,
            until=until,
            amount=amount,
            merchant_id=query.get(_MERCHANT, ""),
        )

    def finds(self, slip: Slip) -> bool:
        """Whether the slip is one of those looked for."""
        day = in_japan(slip.begun_at).date()
        return (
            self.merchant_free1 in slip.merchant_free1
            and any(self.number in number for number in _numbers(slip))
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
            and self.amount in {None, slip.amount}
            and self.merchant_id in {"", slip.merchant_id}
        )


def _numbers(slip: Slip) -> set[str]:
    received = {deposit.recv_num for deposit in slip.deposits}
    return {entry.kessai_number for entry in slip.history} | received
