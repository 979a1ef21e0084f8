"""What a person does to a slip on the merchant console, behind the shop's back.

The law is that of the telegrams: ``slip_law``, the one change, the periods, the checks of
``slip_fields``. Source: requirements.md A090.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from escott.gateway.operations import OperateId
from escott.simulator import periods
from escott.simulator.books import Books
from escott.simulator.console_desk import ChangedMeanwhile
from escott.simulator.options import Options
from escott.simulator.slip_changes import (
    ACCEPTED,
    new_kessai_number,
    slip_changed,
    with_slip_entry,
)
from escott.simulator.slip_fields import read_pay_limit, slip_codes
from escott.simulator.slip_law import SlipStep
from escott.simulator.slips import Hand, Slip, SlipAct
from escott.simulator.telegrams import Refused

#: What the console's buttons do, in their order.
ON_SLIP_CONSOLE: Final = (OperateId.SLIP_CHANGE, OperateId.SLIP_DELETE)


@dataclass(frozen=True, slots=True)
class SlipWish:
    """What 変更 makes of a slip: yen, and the last day. None leaves it as it is."""

    amount: int | None = None
    last_day: date | None = None


class SlipConsoleDesk:
    """Operates on the slips in the books. ``new_id`` makes 32 letters and digits."""

    def __init__(self, options: Options, books: Books, new_id: Callable[[], str]) -> None:
        self._options = options
        self._books = books
        self._new_id = new_id

    def possible(self, slip: Slip, now: datetime) -> tuple[OperateId, ...]:
        """What the console offers for a slip, in the order of its buttons."""
        if self._is_over(slip, now):
            return ()
        law = self._options.slip_law[slip.state_at(now)]
        used_up = slip.changes >= self._options.slip_changes
        return tuple(
            operation
            for operation in ON_SLIP_CONSOLE
            if isinstance(law[operation], SlipStep)
            and not (operation is OperateId.SLIP_CHANGE and used_up)
        )

    def operate(
        self, slip: Slip, operation: OperateId, now: datetime, wish: SlipWish, seen: str = ""
    ) -> Slip:
        """The slip after ``operation``; a refusal is in its history too.

        Args:
            seen: the TransactionId of the last line of the history that the person saw.

        Raises:
            ValueError: the console has no such operation.
            ChangedMeanwhile: the history has gone on since.
            Refused: the gateway does not carry it out.
        """
        if operation not in ON_SLIP_CONSOLE:
            raise ValueError(f"the console has no {operation.value}")
        if seen and seen != slip.history[-1].transaction_id:
            raise ChangedMeanwhile
        if self._is_over(slip, now):
            raise Refused("K12")
        number = self._books.next_transaction_id()
        try:
            changed = self._changed(slip, operation, now, wish, number)
        except Refused as refused:
            self._put(slip, operation, refused.codes, now, number)
            raise
        return self._put(changed, operation, ACCEPTED, now, number)

    def _changed(
        self, slip: Slip, operation: OperateId, now: datetime, wish: SlipWish, number: str
    ) -> Slip:
        amount = slip.amount if wish.amount is None else wish.amount
        limit = slip.pay_limit.strftime("%Y%m%d%H%M")
        if wish.last_day is not None:
            limit = wish.last_day.strftime("%Y%m%d2359")
        fields = {"Amount": str(amount), "PayLimit": limit}
        changed = slip_changed(
            slip,
            operation,
            now,
            self._options,
            amount=amount,
            pay_limit=read_pay_limit(limit) or slip.pay_limit,
            kessai_number=new_kessai_number(number),
            new_id=self._new_id,
        )
        if codes := slip_codes(operation, fields, self._options, now):
            raise Refused(*codes)
        return changed

    def _is_over(self, slip: Slip, now: datetime) -> bool:
        begun_at, options = slip.begun_at, self._options
        return periods.is_over(begun_at, now, options) or periods.is_purged(begun_at, now, options)

    def _put(
        self,
        slip: Slip,
        operation: OperateId,
        codes: tuple[str, ...],
        now: datetime,
        number: str,
    ) -> Slip:
        act = SlipAct(operation.value)
        written = with_slip_entry(slip, act, codes, number=number, now=now, by=Hand.CONSOLE)
        self._books.put(written)
        return written
