"""The running gateway's slips, for tests, pages and the API: what a telegram cannot do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol, TypeVar
from urllib.parse import urlsplit

from escott.gateway.operations import COLLECTION, OperateId
from escott.simulator.core import Gateway
from escott.simulator.deposit_notices import DepositNotice, NoticeAttempt
from escott.simulator.institutions import INSTITUTIONS
from escott.simulator.magic_payers import OUTCOMES
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.slip_console_desk import SlipWish
from escott.simulator.slips import PlannedPayment, PlannedTrouble, Slip, SlipPayment

Found = TypeVar("Found")

_LONGEST_ADDRESS: Final = 255


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

    def pay(self, which: str, payment: SlipPayment | None = None) -> Slip:
        """Pay a slip now, as at a till; the slip afterwards.

        Raises:
            NotTaken: a real till would refuse, and ``payment`` does not insist.
            ValueError: there is no such institution, or the amount is no amount.
        """
        wanted = _checked(payment or SlipPayment())
        return self._with_core(lambda core, now: core.till.pay(_named(core, which), wanted, now))

    def plan(self, which: str, due: datetime, payment: SlipPayment | None = None) -> PlannedPayment:
        """Let a slip be paid when the gateway's clock shows ``due``."""
        wanted = _checked(payment or SlipPayment())
        return self._with_core(lambda core, _now: core.till.plan(_named(core, which), wanted, due))

    def cancel_plan(self, which: str) -> None:
        """Let a slip be paid never, unless somebody comes."""
        self._with_core(lambda core, _now: core.till.cancel_plan(_named(core, which)))

    def planned(self, slip: Slip) -> PlannedPayment | None:
        """The payment that is planned for a slip."""
        return self._with_core(
            lambda core, _now: core.books.collection.planned_payments.get(slip.transaction_id)
        )

    def choose(self, slip: Slip, cvs_cd: str) -> None:
        """Keep where the shopper wants to pay a slip."""

        def choose(core: Gateway, _now: datetime) -> None:
            current = core.books.collection.slips[slip.transaction_id]
            core.books.put(replace(current, cvs_cd=cvs_cd))

        self._with_core(choose)

    def console_operations(self, slip: Slip) -> tuple[OperateId, ...]:
        """What the merchant console offers for a slip now."""
        return self._with_core(lambda core, now: core.slip_console_desk.possible(slip, now))

    def console_operate(
        self, which: str, operation: str, wish: SlipWish | None = None, *, seen: str = ""
    ) -> Slip:
        """Operate as a person on the merchant console does, unknown to the shop.

        Args:
            operation: ``2Chg`` or ``2Del``.
            wish: amount and last day for ``2Chg``.
            seen: the TransactionId of the last line of the history that the person saw.

        Raises:
            ValueError: the console has no such operation.
            ChangedMeanwhile: the history has gone on since ``seen``.
            Refused: the gateway does not carry it out.
        """

        def operate(core: Gateway, now: datetime) -> Slip:
            return core.slip_console_desk.operate(
                _named(core, which), OperateId(operation), now, wish or SlipWish(), seen
            )

        return self._with_core(operate)

    def notices(self, slip: Slip | None = None) -> list[DepositNotice]:
        """The deposit notices, oldest first, of all slips or of one."""

        def find(core: Gateway, _now: datetime) -> list[DepositNotice]:
            return [
                notice
                for notice in core.books.collection.notices.values()
                if slip is None or notice.slip == slip.transaction_id
            ]

        return self._with_core(find)

    def send_notice(self, which: str, faults: tuple[NoticeFault, ...] = ()) -> list[DepositNotice]:
        """Let the merchant be told again of a deposit, or of one that there never was."""
        return self._with_core(
            lambda core, now: core.till.notice_without_money(_named(core, which), faults, now)
        )

    def next_notice(self) -> DepositNotice | None:
        """The notice that is to be sent now, if any; say what came of it by ``note_reply``."""
        return self._with_core(lambda core, now: core.notice_desk.next_due(now))

    def note_reply(
        self, number: str, url: str, status: int | None, reply: str = "", error: str = ""
    ) -> DepositNotice | None:
        """Keep what a merchant answered to a notice; see :meth:`NoticeDesk.note`."""

        def note(core: Gateway, now: datetime) -> DepositNotice | None:
            return core.notice_desk.note(number, NoticeAttempt(now, url, status, reply, error))

        return self._with_core(note)

    def notice_url(self, merchant_id: str) -> str:
        """Where the notices of a merchant go; empty where nowhere."""
        return self._with_core(lambda core, _now: core.notice_desk.url_of(merchant_id))

    def register_notice_url(self, url: str, merchant_id: str = "") -> None:
        """Let the notices of one merchant, or of all, go to ``url``; nowhere if it is empty.

        Raises:
            ValueError: it is no http or https address.
            LookupError: there is no such merchant.
        """
        if url and not is_address(url):
            raise ValueError("a notice address begins with http:// or https://")

        def register(core: Gateway, _now: datetime) -> None:
            known = [merchant.merchant_id for merchant in core.merchants]
            if merchant_id and merchant_id not in known:
                raise LookupError(f"there is no merchant {merchant_id!r}")
            for item in [merchant_id] if merchant_id else known:
                core.notice_desk.register(item, url)

        self._with_core(register)

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


def is_address(url: str) -> bool:
    """Whether notices can be posted to ``url``."""
    if len(url) > _LONGEST_ADDRESS or not all("!" <= character <= "~" for character in url):
        return False
    parts = urlsplit(url)
    try:
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _checked(payment: SlipPayment) -> SlipPayment:
    if payment.cvs_cd and payment.cvs_cd not in INSTITUTIONS:
        raise ValueError(f"no institution is called {payment.cvs_cd!r}")
    if payment.amount is not None and payment.amount < 1:
        raise ValueError("an amount is at least one yen")
    if not 1 <= payment.times <= 9:
        raise ValueError("a slip is paid once to nine times")
    return payment
