"""The running gateway's slips, for tests, pages and the API: what a telegram cannot do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from escott.gateway.operations import COLLECTION
from escott.simulator.core import Gateway
from escott.simulator.institutions import INSTITUTIONS
from escott.simulator.magic_payers import OUTCOMES
from escott.simulator.slips import Payment, PlannedPayment, PlannedTrouble, Slip

Found = TypeVar("Found")


class WithCore(Protocol):
    """Lets somebody act on the gateway's core, one at a time; what is due has been done before."""

    def __call__(self, act: Callable[[Gateway, datetime], Found]) -> Found: ...


class LiveCollection:
    """オンライン収納代行 of a running gateway. Safe to use from several threads.

    Wherever a slip is named by ``which``, that is its TransactionId, its 決済番号, or a
    MerchantFree1 that exactly one slip has; a ``LookupError`` says that it names none.
    """

    def __init__(self, with_core: WithCore) -> None:
        self._with_core = with_core

    def slips(self, merchant_free1: str | None = None) -> list[Slip]:
        """The slips, oldest first; with an exact MerchantFree1, only those."""

        def find(core: Gateway, _now: datetime) -> list[Slip]:
            return [
                slip
                for slip in core.books.collection.slips.values()
                if merchant_free1 is None or slip.merchant_free1 == merchant_free1
            ]

        return self._with_core(find)

    def slip(self, which: str) -> Slip:
        """One slip."""
        return self._with_core(lambda core, _now: _named(core, which))

    def slip_of_link(self, code: str) -> Slip | None:
        """The slip whose page a FreeArea opens, or opened before a change."""
        return self._with_core(lambda core, _now: core.books.collection.find_by_link_code(code))

    def pay(self, which: str, payment: Payment | None = None) -> Slip:
        """Pay a slip now, as at a till; the slip afterwards.

        Raises:
            NotTaken: a real till would refuse, and ``payment`` does not insist.
            ValueError: there is no such institution, or the amount is no amount.
        """
        wanted = _checked(payment or Payment())
        return self._with_core(lambda core, now: core.till.pay(_named(core, which), wanted, now))

    def plan(self, which: str, due: datetime, payment: Payment | None = None) -> PlannedPayment:
        """Let a slip be paid when the gateway's clock shows ``due``."""
        wanted = _checked(payment or Payment())
        return self._with_core(lambda core, _now: core.till.plan(_named(core, which), wanted, due))

    def trouble(self, operation: str, outcome: str, times: int = 1) -> None:
        """Let something happen to the next telegrams of one operation, whoever the payer is.

        Args:
            operation: ``2Add``, ``2Chg``, ``2Del`` or ``2Ref``.
            outcome: the name of a row of ``magic_payers``: a response code, ``lost_after``, ...

        Raises:
            ValueError: there is no such operation or outcome.
        """
        if operation not in COLLECTION or outcome not in OUTCOMES or times < 1:
            raise ValueError(f"no trouble called {outcome!r} for {operation!r}")
        planned = PlannedTrouble(operation, outcome, times)
        self._with_core(lambda core, _now: core.books.put(planned))


def _named(core: Gateway, which: str) -> Slip:
    slips = core.books.collection.slips
    if which in slips:
        return slips[which]
    named = [slip for slip in slips.values() if which in {slip.merchant_free1, slip.kessai_number}]
    if len(named) != 1:
        raise LookupError(f"{len(named)} slips are named {which!r}")
    return named[0]


def _checked(payment: Payment) -> Payment:
    if payment.cvs_cd and payment.cvs_cd not in INSTITUTIONS:
        raise ValueError(f"no institution is called {payment.cvs_cd!r}")
    if payment.amount is not None and payment.amount < 1:
        raise ValueError("an amount is at least one yen")
    if not 1 <= payment.times <= 9:
        raise ValueError("a slip is paid once to nine times")
    return payment
