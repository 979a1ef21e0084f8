"""The gateway's books: transactions, tokens, members, visits, and what else it remembers.

Records are frozen; a change replaces one. The books remember which records changed since
they were last asked, so that whoever keeps them on disk writes just those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from escott.gateway.operations import OperateId
from escott.simulator.collection_books import CollectionBooks, CollectionRecord
from escott.simulator.deposit_notices import DepositNotice, NoticeAddress
from escott.simulator.law import CHARGED, State
from escott.simulator.member_law import MemberStatus
from escott.simulator.presented_cards import PresentedCard
from escott.simulator.slips import PlannedPayment, PlannedTrouble, Slip
from escott.simulator.visits import Visit

#: TransactionIds have thirteen digits and rise from here.
FIRST_TRANSACTION_NUMBER: Final = 1_000_000_000_001


@dataclass(frozen=True, slots=True)
class Entry:
    """One line in the history of a transaction. ``codes`` is ``("OK",)`` or refusals.

    ``on_console`` marks what a person did on the merchant console, without a telegram.
    """

    transaction_id: str
    at: datetime
    operation: OperateId
    codes: tuple[str, ...]
    state: State
    amount: int
    sales_date: str
    merchant_free1: str
    on_console: bool = False


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a master telegram began. Amounts are in yen, dates ``YYYYMMDD`` in Japan.

    ``transaction_id`` is the number of that first telegram. A declined one has no
    ProcessId. ``kaiin_id`` is the member that the telegram named, and
    ``secure_result_code`` what it told of a 本人認証; both are empty otherwise.
    """

    transaction_id: str
    merchant_id: str
    tenant_id: str
    first: OperateId
    state: State
    amount: int
    pay_type: str
    sales_date: str
    card: PresentedCard
    begun_at: datetime
    merchant_free1: str
    merchant_free2: str
    merchant_free3: str
    approve_no: str
    process_id: str
    process_pass: str = field(repr=False)
    history: tuple[Entry, ...] = ()
    kaiin_id: str = ""
    secure_result_code: str = ""

    @property
    def is_charged(self) -> bool:
        """Whether money of the card holder is held or taken right now."""
        return self.state in CHARGED


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A card behind a token. ``used_at`` is None until a telegram used it up."""

    token: str = field(repr=False)
    merchant_id: str
    card: PresentedCard
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A card that is kept for a customer (会員).

    ``enabled_on`` is KaiinEnableDate, the day since which it is valid; ``card_updater`` is
    EnableCheckUseKbn (洗替); ``wrong_passes`` counts wrong passwords in a row.
    """

    merchant_id: str
    kaiin_id: str
    kaiin_pass: str = field(repr=False)
    status: MemberStatus
    card: PresentedCard
    card_updater: str
    added_at: datetime
    enabled_on: str
    wrong_passes: int = 0


@dataclass(frozen=True, slots=True)
class IssuedAuthentication:
    """The result of a 本人認証, as it was told to the merchant.

    ``card_key`` names the token, member or card (``card_sources``); ``amount`` is in yen,
    or None where a card is only to be kept; ``values`` are the 3-D fields of the return.
    """

    number: str
    merchant_id: str
    card_key: str = field(repr=False)
    amount: int | None
    values: dict[str, str] = field(repr=False)
    response_code: str
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LateRequest:
    """A telegram that the caller has given up and that will be carried out at ``due``.

    ``card`` is one that was typed on a page of the gateway and stands in no field.
    """

    transaction_id: str
    path: str
    fields: dict[str, str] = field(repr=False)
    due: datetime
    card: PresentedCard | None = None


@dataclass(frozen=True, slots=True)
class LogInFailures:
    """Wrong passwords of a merchant, in a row, and until when it is locked out."""

    merchant_id: str
    count: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class LastNumber:
    """The TransactionId that was given out last."""

    number: int


Record = (
    Transaction
    | IssuedToken
    | Member
    | IssuedAuthentication
    | LateRequest
    | LogInFailures
    | LastNumber
    | Visit
    | CollectionRecord
)


def key_of(record: Record) -> str:
    """The key of a record among its kind."""
    match record:
        case Transaction() | LateRequest() | Slip() | PlannedPayment():
            return record.transaction_id
        case IssuedToken():
            return record.token
        case Member():
            return _member_key(record.merchant_id, record.kaiin_id)
        case IssuedAuthentication():
            return record.number
        case LogInFailures():
            return record.merchant_id
        case LastNumber():
            return "last"
        case Visit():
            return record.visit_id
        case PlannedTrouble():
            return record.operation
        case DepositNotice():
            return record.number
        case NoticeAddress():
            return record.merchant_id


def _member_key(merchant_id: str, kaiin_id: str) -> str:
    return f"{merchant_id}/{kaiin_id}"


#: A record by its kind and key, or None where it was taken away.
Changes = dict[tuple[type[Record], str], Record | None]


class Books:
    """Every record of the gateway, in memory. ``collection`` holds what is about slips."""

    def __init__(self, records: Iterator[Record] | tuple[Record, ...] = ()) -> None:
        self.transactions: dict[str, Transaction] = {}
        self.tokens: dict[str, IssuedToken] = {}
        self.members: dict[str, Member] = {}
        self.authentications: dict[str, IssuedAuthentication] = {}
        self.late_requests: dict[str, LateRequest] = {}
        self.log_in_failures: dict[str, LogInFailures] = {}
        self.visits: dict[str, Visit] = {}
        self.collection = CollectionBooks()
        self._by_process_id: dict[str, str] = {}
        self._open_visits: dict[str, Visit] = {}
        self._visits_by_proc_no: dict[tuple[str, str], str] = {}
        self._last_number = FIRST_TRANSACTION_NUMBER - 1
        self._changes: Changes = {}
        for record in records:
            self.put(record)
        self._changes.clear()

    def put(self, record: Record) -> None:
        """Add a record, or replace the one with its key."""
        match record:
            case Transaction():
                self.transactions[record.transaction_id] = record
                if record.process_id:
                    self._by_process_id[record.process_id] = record.transaction_id
            case IssuedToken():
                self.tokens[record.token] = record
            case Member():
                self.members[key_of(record)] = record
            case IssuedAuthentication():
                self.authentications[record.number] = record
            case LateRequest():
                self.late_requests[record.transaction_id] = record
            case LogInFailures():
                self.log_in_failures[record.merchant_id] = record
            case LastNumber():
                self._last_number = record.number
            case Visit():
                self._put_visit(record)
            case _:
                self.collection.put(record)
        self._changes[type(record), key_of(record)] = record

    def _put_visit(self, visit: Visit) -> None:
        self.visits[visit.visit_id] = visit
        if visit.is_open:
            self._open_visits[visit.visit_id] = visit
        else:
            self._open_visits.pop(visit.visit_id, None)
        if visit.uses_up_its_number:
            self._visits_by_proc_no[visit.merchant_id, visit.proc_no] = visit.visit_id

    def next_transaction_id(self) -> str:
        """A number higher than every one before it."""
        self.put(LastNumber(self._last_number + 1))
        return str(self._last_number)

    def find_by_process_id(self, process_id: str) -> Transaction | None:
        """The transaction that a process telegram names."""
        transaction = self.transactions.get(self._by_process_id.get(process_id, ""))
        return transaction if transaction and transaction.process_id == process_id else None

    def find_member(self, merchant_id: str, kaiin_id: str) -> Member | None:
        """The member of a merchant that has this id, in whatever state."""
        return self.members.get(_member_key(merchant_id, kaiin_id))

    def open_visits(self) -> list[Visit]:
        """The visits that have not ended, as they began."""
        return list(self._open_visits.values())

    def visit_that_used(self, merchant_id: str, proc_no: str) -> str | None:
        """The visit that used a 処理番号 of the merchant up."""
        return self._visits_by_proc_no.get((merchant_id, proc_no))

    def take_late_requests(self, now: datetime) -> list[LateRequest]:
        """Take out the late requests that are due, oldest first."""
        if not self.late_requests:
            return []
        due = sorted(
            (late for late in self.late_requests.values() if late.due <= now),
            key=lambda late: late.due,
        )
        for late in due:
            del self.late_requests[late.transaction_id]
            self._changes[LateRequest, late.transaction_id] = None
        return due

    def take_away(self, record: PlannedPayment | PlannedTrouble) -> None:
        """Remove a record that has served."""
        self.collection.remove(record)
        self._changes[type(record), key_of(record)] = None

    def take_changes(self) -> Changes:
        """The records changed since the last call."""
        changes, self._changes = self._changes, {}
        return changes
