"""A telegram on its way through the gateway, and the fields of its answer.

Source: protocol.md, sections B and C (what every answer carries), M 2 (echo).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from escott.simulator.books import Transaction
from escott.simulator.presented_cards import PresentedCard
from escott.simulator.slips import Slip

_ECHOED: Final = (
    "TransactionDate",
    "OperateId",
    "MerchantFree1",
    "MerchantFree2",
    "MerchantFree3",
)


class Refused(Exception):
    """Ends the way of a telegram through the checks, with the codes of its answer."""

    def __init__(self, *codes: str) -> None:
        super().__init__("|".join(codes))
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Telegram:
    """A request: its TransactionId, its path, its fields without empty ones, its moment.

    ``was_late`` marks one that its caller had given up before it was carried out; ``card``
    is one that was typed on a page of the gateway itself and takes the place of its fields.
    """

    transaction_id: str
    path: str
    fields: Mapping[str, str] = field(repr=False)
    now: datetime
    was_late: bool = False
    card: PresentedCard | None = None

    def get(self, name: str) -> str:
        """The value of a field, or an empty text."""
        return self.fields.get(name, "")

    @property
    def approve_no(self) -> str:
        """The 承認番号 that an approval of this telegram gets: seven digits."""
        return self.transaction_id[-7:]

    def answer(
        self,
        *codes: str,
        pair_of: Transaction | Slip | None = None,
        **extras: str,
    ) -> dict[str, str]:
        """The fields of the answer, in the order of the wire.

        ``pair_of`` is the transaction or slip whose ProcessId and ProcessPass are told. Without
        any code the answer has no ResponseCd.
        """
        fields = {"TransactionId": self.transaction_id}
        fields |= {name: self.get(name) for name in _ECHOED}
        if pair_of is not None:
            fields |= {"ProcessId": pair_of.process_id, "ProcessPass": pair_of.process_pass}
        if codes:
            fields["ResponseCd"] = "|".join(codes)
        return fields | extras
