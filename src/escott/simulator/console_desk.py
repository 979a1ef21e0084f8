"""What a person does on the merchant console (加盟店管理画面), behind the shop's back.

The law is that of the telegrams: the table in ``law``, the periods, the checks in
``follow_ups``. There is no line that could break, so nothing of a card's trouble happens here,
and no ProcessPass to know. Source: requirements.md A090.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from escott.clock import in_japan
from escott.gateway.operations import OperateId
from escott.simulator import periods
from escott.simulator.bookings import ACCEPTED, with_entry
from escott.simulator.books import Books, Transaction
from escott.simulator.follow_ups import follow_up
from escott.simulator.options import Options
from escott.simulator.telegrams import Refused, Telegram

#: What the console's buttons do, in their order.
ON_CONSOLE: Final = (
    OperateId.CAPTURE,
    OperateId.CHANGE,
    OperateId.REAUTH,
    OperateId.DELETE,
)

#: Those that ask for an amount.
WITH_AMOUNT: Final = frozenset({OperateId.CHANGE, OperateId.REAUTH})


class ChangedMeanwhile(Exception):
    """The transaction is not any more as the person saw it; nothing was done."""


class ConsoleDesk:
    """Operates on the transactions in the books. ``new_id`` makes 32 letters and digits."""

    def __init__(self, options: Options, books: Books, new_id: Callable[[], str]) -> None:
        self._options = options
        self._books = books
        self._new_id = new_id

    def possible(self, transaction: Transaction, now: datetime) -> tuple[OperateId, ...]:
        """What the console offers for a transaction, in the order of its buttons."""
        if self._is_over(transaction, now):
            return ()
        law = self._options.law[transaction.state]
        return tuple(operation for operation in ON_CONSOLE if operation in law)

    def operate(
        self,
        transaction: Transaction,
        operation: OperateId,
        now: datetime,
        *,
        amount: int | None = None,
        seen: str = "",
    ) -> Transaction:
        """The transaction after ``operation``; a refusal by law or issuer is in its history too.

        Args:
            amount: in yen, for 利用額変更 and 再オーソリ; the present one by default.
            seen: the TransactionId of the last line of the history that the person saw.

        Raises:
            ValueError: the console has no such operation.
            ChangedMeanwhile: the history has gone on since.
            Refused: the gateway or the issuer does not carry it out.
        """
        if operation not in ON_CONSOLE:
            raise ValueError(f"the console has no {operation.value}")
        if seen and seen != transaction.history[-1].transaction_id:
            raise ChangedMeanwhile
        if self._is_over(transaction, now):
            raise Refused("K12")
        wanted = transaction.amount if amount is None else amount
        telegram = self._telegram(transaction, wanted, now)
        try:
            if operation in WITH_AMOUNT:
                self._check_amount(wanted)
            changed = follow_up(telegram, operation, transaction, self._options, self._new_id)
        except Refused as refused:
            self._put(transaction, telegram, operation, refused.codes)
            raise
        return self._put(changed, telegram, operation, ACCEPTED)

    def _is_over(self, transaction: Transaction, now: datetime) -> bool:
        begun_at, options = transaction.begun_at, self._options
        return periods.is_over(begun_at, now, options) or periods.is_purged(begun_at, now, options)

    def _check_amount(self, amount: int) -> None:
        if not 0 < amount < 10**self._options.amount_digits:
            raise Refused("K23")

    def _telegram(self, transaction: Transaction, amount: int, now: datetime) -> Telegram:
        """What the shop would have sent for the same thing, on this day."""
        fields = {
            "MerchantFree1": transaction.merchant_free1,
            "Amount": str(amount),
            "SalesDate": in_japan(now).strftime("%Y%m%d"),
        }
        return Telegram(self._books.next_transaction_id(), "", fields, now)

    def _put(
        self,
        transaction: Transaction,
        telegram: Telegram,
        operation: OperateId,
        codes: tuple[str, ...],
    ) -> Transaction:
        written = with_entry(transaction, telegram, operation, codes, on_console=True)
        self._books.put(written)
        return written
