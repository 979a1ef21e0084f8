"""A slip (収納代行の申込) in the gateway's books, its deposits, and what is planned for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from escott.simulator.notice_faults import NoticeFault
from escott.simulator.slip_law import SlipState


class SlipAct(StrEnum):
    """What was done to a slip."""

    REGISTER = "2Add"
    CHANGE = "2Chg"
    DELETE = "2Del"
    PAY = "pay"


class Hand(StrEnum):
    """Who did it: the shop by a telegram, a person on the merchant console, or a till."""

    SHOP = "shop"
    CONSOLE = "console"
    TILL = "till"


@dataclass(frozen=True, slots=True)
class SlipEntry:
    """One line in the history of a slip, as the slip stood after it.

    ``codes`` is ``("OK",)``, or the codes of a refusal; a till that does not take the money
    names the state of the slip instead.
    """

    transaction_id: str
    at: datetime
    act: SlipAct
    codes: tuple[str, ...]
    state: SlipState
    amount: int
    pay_limit: datetime
    kessai_number: str
    by: Hand


@dataclass(frozen=True, slots=True)
class SlipDeposit:
    """One deposit (入金).

    Attributes:
        amount: yen; another than the slip's only where a tester wanted it so.
        cvs_cd: 収納機関コード.
        tenant_cd: the shop or branch of it.
        recv_num: 受付番号.
        stamped: a revenue stamp stands on the receipt.
    """

    paid_at: datetime
    amount: int
    cvs_cd: str
    tenant_cd: str
    recv_num: str
    stamped: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """What a 2Add registered. Amounts are in yen.

    Attributes:
        transaction_id: the number of the 2Add; a deposit notice names it.
        pay_limit: the last minute in which it can be paid, in Japan time.
        texts: Title, Comment and Free1 to Free19, as far as they were given.
        kessai_number: 決済番号, by which a till finds it.
        link_code: 暗号化決済番号 without the spaces around it; opens its page.
        former_link_codes: those before a change; their page says so.
        changes: how often it was changed.
        cvs_cd: the store or bank that the shopper has chosen; empty before.
    """

    transaction_id: str
    merchant_id: str
    tenant_id: str
    begun_at: datetime
    merchant_free1: str
    merchant_free2: str
    merchant_free3: str
    process_id: str
    process_pass: str = field(repr=False)
    amount: int
    pay_limit: datetime
    name: str = field(repr=False)
    kana: str = field(repr=False)
    telephone: str = field(repr=False)
    product: str
    return_url: str
    texts: dict[str, str]
    kessai_number: str
    link_code: str = field(repr=False)
    former_link_codes: tuple[str, ...] = field(default=(), repr=False)
    changes: int = 0
    is_deleted: bool = False
    cvs_cd: str = ""
    deposits: tuple[SlipDeposit, ...] = ()
    history: tuple[SlipEntry, ...] = ()

    @property
    def is_paid(self) -> bool:
        """Whether money has come in for it."""
        return bool(self.deposits)

    def state_at(self, now: datetime) -> SlipState:
        """Where the slip stands."""
        if self.is_deleted:
            return SlipState.DELETED
        if self.is_paid:
            return SlipState.PAID
        is_over = now >= self.pay_limit + timedelta(minutes=1)
        return SlipState.EXPIRED if is_over else SlipState.UNPAID


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPayment:
    """How somebody pays a slip at a till, or will.

    Attributes:
        cvs_cd: where; the shopper's choice, or the first store, by default.
        amount: yen; the slip's own by default. A real till asks for nothing else.
        times: how often the same slip is paid.
        anyway: also where a real till would refuse: too late, a second time, deleted.
        faults: what goes wrong with the notice.
    """

    cvs_cd: str = ""
    amount: int | None = None
    times: int = 1
    anyway: bool = False
    faults: tuple[NoticeFault, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedPayment:
    """A payment at a moment to come. A slip has one at most; ``transaction_id`` is the slip's."""

    transaction_id: str
    due: datetime
    payment: SlipPayment


@dataclass(frozen=True, slots=True)
class PlannedTrouble:
    """What happens to the next ``times`` telegrams of one operation, whoever the payer is.

    ``outcome`` is the name of a row of ``magic_payers``.
    """

    operation: str
    outcome: str
    times: int
