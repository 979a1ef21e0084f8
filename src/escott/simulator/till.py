"""The till (レジ), the bank or the electronic money at which a slip is paid.

A real one takes the money of an unpaid slip whose last minute has not passed, and nothing
else. Here a tester may choose otherwise: too late, twice, of a deleted slip, another amount.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from escott.simulator.books import Books
from escott.simulator.deposit_notices import DepositNotice
from escott.simulator.institutions import INSTITUTIONS, USUAL, Kind
from escott.simulator.notice_desk import NoticeDesk
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.slip_changes import ACCEPTED, with_slip_entry
from escott.simulator.slip_law import PAYABLE, SlipState
from escott.simulator.slips import Hand, PlannedPayment, Slip, SlipAct, SlipDeposit, SlipPayment

#: From this amount on a store puts a revenue stamp (収入印紙) on its receipt.
_STAMPED_FROM: Final = 50_000


class NotTaken(Exception):
    """The till does not take the money: the slip is in ``state``."""

    def __init__(self, state: SlipState) -> None:
        super().__init__(f"the slip is {state.value}")
        self.state = state


class Till:
    """Takes money for the slips in the books, and lets their merchants be told."""

    def __init__(self, books: Books, notices: NoticeDesk) -> None:
        self._books = books
        self._notices = notices

    def pay(self, slip: Slip, payment: SlipPayment, now: datetime) -> Slip:
        """The slip afterwards.

        Raises:
            NotTaken: a real till would refuse, and ``payment`` does not insist.
        """
        slip = self._take(slip, payment, now)
        for _ in range(payment.times - 1):
            slip = self._take(slip, _repeated(payment), now)
        return slip

    def plan(self, slip: Slip, payment: SlipPayment, due: datetime) -> PlannedPayment:
        """Let the slip be paid at ``due``, instead of what was planned before."""
        planned = PlannedPayment(slip.transaction_id, due, payment)
        self._books.put(planned)
        return planned

    def cancel_plan(self, slip: Slip) -> None:
        """Let the slip be paid never, unless somebody comes."""
        planned = self._books.collection.planned_payments.get(slip.transaction_id)
        if planned is not None:
            self._books.take_away(planned)

    def notice_without_money(
        self, slip: Slip, faults: tuple[NoticeFault, ...], now: datetime
    ) -> list[DepositNotice]:
        """A notice of the slip's first deposit again, or of one that there never was."""
        if slip.is_paid:
            deposit = slip.deposits[0]
        else:
            deposit = _deposit(slip, SlipPayment(), self._books.next_transaction_id(), now)
        return self._notices.tell(slip, deposit, faults, now)

    def pay_what_is_due(self, planned: PlannedPayment) -> None:
        """Carry out what was planned; a slip that cannot be paid any more stays as it is."""
        slip = self._books.collection.slips[planned.transaction_id]
        try:
            self.pay(slip, planned.payment, planned.due)
        except NotTaken:
            return

    def _take(self, slip: Slip, payment: SlipPayment, now: datetime) -> Slip:
        state = slip.state_at(now)
        number = self._books.next_transaction_id()
        if state not in PAYABLE and not payment.anyway:
            self._put(slip, (state.value,), number, now)
            raise NotTaken(state)
        deposit = _deposit(slip, payment, number, now)
        paid = replace(slip, deposits=(*slip.deposits, deposit), cvs_cd=deposit.cvs_cd)
        written = self._put(paid, ACCEPTED, number, now)
        self._notices.tell(written, deposit, payment.faults, now)
        return written

    def _put(self, slip: Slip, codes: tuple[str, ...], number: str, now: datetime) -> Slip:
        written = with_slip_entry(slip, SlipAct.PAY, codes, number=number, now=now, by=Hand.TILL)
        self._books.put(written)
        return written


def _repeated(payment: SlipPayment) -> SlipPayment:
    """The same once more, which a tester has insisted on; its notice overtakes the first."""
    faults = tuple(fault for fault in payment.faults if fault is not NoticeFault.REORDERED)
    return replace(payment, anyway=True, faults=faults)


def _deposit(slip: Slip, payment: SlipPayment, number: str, now: datetime) -> SlipDeposit:
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
