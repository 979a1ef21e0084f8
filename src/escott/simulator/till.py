"""The till (レジ), the bank or the electronic money at which a slip is paid.

A real one takes the money of an unpaid slip whose last minute has not passed, and nothing
else. Here a tester may choose otherwise: too late, twice, of a deleted slip, another amount.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from escott.simulator.books import Books
from escott.simulator.institutions import INSTITUTIONS, USUAL, Kind
from escott.simulator.options import Options
from escott.simulator.slip_changes import ACCEPTED, with_slip_entry
from escott.simulator.slip_law import PAYABLE, SlipState
from escott.simulator.slips import Hand, Payment, PlannedPayment, Slip, SlipAct, SlipDeposit

#: From this amount on a store puts a revenue stamp (収入印紙) on its receipt.
_STAMPED_FROM: Final = 50_000


class NotTaken(Exception):
    """The till does not take the money: the slip is in ``state``."""

    def __init__(self, state: SlipState) -> None:
        super().__init__(f"the slip is {state.value}")
        self.state = state


class Till:
    """Takes money for the slips in the books."""

    def __init__(self, options: Options, books: Books) -> None:
        self._options = options
        self._books = books

    def pay(self, slip: Slip, payment: Payment, now: datetime) -> Slip:
        """The slip afterwards.

        Raises:
            NotTaken: a real till would refuse, and ``payment`` does not insist.
        """
        for _ in range(payment.times):
            slip = self._take(slip, payment, now)
        return slip

    def plan(self, slip: Slip, payment: Payment, due: datetime) -> PlannedPayment:
        """Let the slip be paid at ``due``, instead of what was planned before."""
        planned = PlannedPayment(slip.transaction_id, due, payment)
        self._books.put(planned)
        return planned

    def pay_what_is_due(self, planned: PlannedPayment) -> None:
        """Carry out what was planned; a slip that cannot be paid any more stays as it is."""
        slip = self._books.collection.slips[planned.transaction_id]
        try:
            self.pay(slip, planned.payment, planned.due)
        except NotTaken:
            return

    def _take(self, slip: Slip, payment: Payment, now: datetime) -> Slip:
        state = slip.state_at(now)
        number = self._books.next_transaction_id()
        if state not in PAYABLE and not payment.anyway and not self._is_repeated(slip, payment):
            self._put(slip, (state.value,), number, now)
            raise NotTaken(state)
        deposit = _deposit(slip, payment, number, now)
        paid = replace(slip, deposits=(*slip.deposits, deposit), cvs_cd=deposit.cvs_cd)
        return self._put(paid, ACCEPTED, number, now)

    def _put(self, slip: Slip, codes: tuple[str, ...], number: str, now: datetime) -> Slip:
        written = with_slip_entry(slip, SlipAct.PAY, codes, number=number, now=now, by=Hand.TILL)
        self._books.put(written)
        return written

    def _is_repeated(self, slip: Slip, payment: Payment) -> bool:
        """Whether this is the second time of a payment that was wanted twice."""
        return payment.times > 1 and slip.is_paid


def _deposit(slip: Slip, payment: Payment, number: str, now: datetime) -> SlipDeposit:
    where = INSTITUTIONS[payment.cvs_cd or slip.cvs_cd or USUAL.cvs_cd]
    amount = slip.amount if payment.amount is None else payment.amount
    return SlipDeposit(
        paid_at=now,
        amount=amount,
        cvs_cd=where.cvs_cd,
        tenant_cd=number[-5:],
        recv_num=number[-9:],
        stamped=where.kind is Kind.STORE and amount >= _STAMPED_FROM,
    )
