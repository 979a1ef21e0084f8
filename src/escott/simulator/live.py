"""The gateway in operation: its law, a clock, and a file, used by one caller at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TypeVar

from escott.gateway.operations import OperateId
from escott.simulator.books import Books, IssuedAuthentication, Member, Transaction
from escott.simulator.card_sources import CardFound
from escott.simulator.clocks import MovableClock, RunningClock
from escott.simulator.core import Gateway
from escott.simulator.deliveries import Reply
from escott.simulator.law import State
from escott.simulator.live_collection import LiveCollection
from escott.simulator.magic_cards import DEMO_CARD, MagicCard
from escott.simulator.merchants import DEMO_CARDS, DEMO_MERCHANTS, Merchant
from escott.simulator.options import Options
from escott.simulator.presented_cards import PresentedCard
from escott.simulator.secure_outcomes import SecureOutcome
from escott.simulator.store import SqliteStore
from escott.simulator.tokens import TokenMade, TokenRefused

Found = TypeVar("Found")


class LiveGateway:
    """A running gateway. Safe to use from several threads.

    Attributes:
        collection: its slips: paying them, their notices.

    Args:
        options: how it behaves where the protocol leaves it open.
        clock: its present; one of its own by default.
        state: the file that keeps its books; None keeps them in memory.
        merchants: who may talk to it.
    """

    def __init__(
        self,
        *,
        options: Options | None = None,
        clock: MovableClock | None = None,
        state: Path | None = None,
        merchants: tuple[Merchant, ...] = DEMO_MERCHANTS,
    ) -> None:
        self.clock: MovableClock = clock or RunningClock()
        self.options = options or Options()
        self.merchants = merchants
        self._store = SqliteStore(state) if state else None
        books = Books(self._store.records()) if self._store else Books()
        self._core = Gateway(merchants, self.options, books)
        self._lock = Lock()
        self.collection = LiveCollection(self.with_core)

    def handle(self, path: str, fields: Mapping[str, str]) -> Reply:
        """Answer one telegram; what it changed is on disk when this returns."""
        with self._lock:
            reply = self._core.handle(path, fields, self.clock.now())
            self._save()
        return reply

    def malformed(self) -> Reply:
        """Answer a request that could not be read as fields (K01)."""
        with self._lock:
            reply = self._core.malformed(self.clock.now())
            self._save()
        return reply

    def make_token(self, code: str, card: Mapping[str, str]) -> TokenMade | TokenRefused:
        """What the token page's script asks for; see :meth:`TokenOffice.make`."""
        with self._lock:
            made = self._core.make_token(code, card, self.clock.now())
            self._save()
        return made

    def token_for(self, card: MagicCard = DEMO_CARD) -> str:
        """A fresh token of the demo merchant for a magic card, as its page would make it."""
        fields = {
            "CardNo": card.number,
            "CardExp": card.expiry,
            "SecCd": card.security_code,
        }
        made = self.make_token(DEMO_CARDS.token_code, fields)
        if isinstance(made, TokenRefused):
            raise ValueError(f"no token for this card: {', '.join(made.codes)}")
        return made.token

    def merchant(self, merchant_id: str) -> Merchant | None:
        """The merchant with this MerchantId."""
        known = (item for item in self.merchants if item.merchant_id == merchant_id)
        return next(known, None)

    def admit(self, merchant_id: str, merchant_pass: str) -> Merchant | str:
        """The merchant, or the code that turns it away: K02, K03, KG8."""
        with self._lock:
            admitted = self._core.admit(merchant_id, merchant_pass, self.clock.now())
            self._save()
        return admitted

    def look_up_card(
        self, merchant: Merchant, fields: Mapping[str, str]
    ) -> CardFound | tuple[str, ...]:
        """The card that a request to a page names; see :meth:`Gateway.look_up_card`."""
        with self._lock:
            found = self._core.look_up_card(merchant, fields, self.clock.now())
            self._save()
        return found

    def outcome_for(self, found: CardFound) -> SecureOutcome:
        """How the 本人認証 of a card ends, unless somebody chooses otherwise."""
        return self._core.authentications.outcome_for(found)

    def authenticate(
        self, merchant: Merchant, found: CardFound, amount: int | None, outcome: SecureOutcome
    ) -> IssuedAuthentication:
        """The result of a 本人認証, for ``amount`` yen, or None where a card is only kept."""
        with self._lock:
            now = self.clock.now()
            issued = self._core.authentications.issue(merchant, found, amount, outcome, now)
            self._save()
        return issued

    def carry_out(
        self, merchant: Merchant, fields: Mapping[str, str], card: PresentedCard | None = None
    ) -> Reply:
        """What a page asks for in the name of a merchant; see :meth:`Gateway.carry_out`."""
        with self._lock:
            reply = self._core.carry_out(merchant, fields, self.clock.now(), card)
            self._save()
        return reply

    def new_id(self) -> str:
        """32 letters and digits that nobody can guess."""
        return self._core.new_id()

    def members(self) -> list[Member]:
        """The members that the gateway remembers, as they were registered."""
        with self._lock:
            found = self._core.members(self.clock.now())
            self._save()
        return found

    def transactions(self, merchant_free1: str | None = None) -> list[Transaction]:
        """What got a ProcessId, oldest first; with an exact MerchantFree1, only those.

        A declined telegram is no transaction; :meth:`declined` lists those.
        """
        return [
            transaction
            for transaction in self.console(merchant_free1)
            if transaction.state is not State.DECLINED
        ]

    def charges(self, merchant_free1: str | None = None) -> list[Transaction]:
        """The transactions on which money of the card holder is held or taken now."""
        return [
            transaction
            for transaction in self.transactions(merchant_free1)
            if transaction.is_charged
        ]

    def declined(self, merchant_free1: str | None = None) -> list[Transaction]:
        """The master telegrams that the issuer refused, oldest first."""
        return [
            transaction
            for transaction in self.console(merchant_free1)
            if transaction.state is State.DECLINED
        ]

    def console(self, merchant_free1: str | None = None) -> list[Transaction]:
        """Transactions and declined telegrams, oldest first, as the console knows them."""
        with self._lock:
            self._core.settle(self.clock.now())
            self._save()
            return [
                transaction
                for transaction in self._core.books.transactions.values()
                if merchant_free1 is None or transaction.merchant_free1 == merchant_free1
            ]

    def find(self, transaction_id: str) -> Transaction | None:
        """The transaction or declined telegram with this TransactionId."""
        with self._lock:
            self._core.settle(self.clock.now())
            self._save()
            return self._core.books.transactions.get(transaction_id)

    def console_operations(self, transaction: Transaction) -> tuple[OperateId, ...]:
        """What the merchant console offers for a transaction now."""
        return self._core.console_desk.possible(transaction, self.clock.now())

    def console_operate(
        self,
        which: str,
        operation: OperateId | str,
        amount: int | None = None,
        *,
        seen: str = "",
    ) -> Transaction:
        """Operate as a person on the merchant console does, unknown to the shop.

        Args:
            which: a TransactionId, or a MerchantFree1 that exactly one transaction has.
            operation: ``1Capture``, ``1Change``, ``1ReAuth`` or ``1Delete``.
            amount: in yen, for ``1Change`` and ``1ReAuth``; the present one by default.
            seen: the TransactionId of the last line of the history that the person saw.

        Returns:
            The transaction afterwards.

        Raises:
            LookupError: ``which`` names no transaction, or several.
            ValueError: the console has no such operation.
            ChangedMeanwhile: the history has gone on since ``seen``.
            Refused: the gateway or the issuer does not carry it out.
        """
        with self._lock:
            now = self.clock.now()
            self._core.settle(now)
            try:
                return self._core.console_desk.operate(
                    self._named(which), OperateId(operation), now, amount=amount, seen=seen
                )
            finally:
                self._save()

    def _named(self, which: str) -> Transaction:
        transactions = self._core.books.transactions
        if which in transactions:
            return transactions[which]
        named = [
            transaction
            for transaction in transactions.values()
            if transaction.merchant_free1 == which and transaction.state is not State.DECLINED
        ]
        if len(named) != 1:
            raise LookupError(f"{len(named)} transactions are named {which!r}")
        return named[0]

    def reset(self) -> None:
        """Forget everything that ever happened; TransactionIds begin again."""
        with self._lock:
            if self._store:
                self._store.clear()
            self._core = Gateway(self.merchants, self.options, Books())

    def with_books(self, act: Callable[[Books], Found]) -> Found:
        """Let ``act`` read or change the books; what it changed is on disk afterwards."""
        with self._lock:
            found = act(self._core.books)
            self._save()
        return found

    def with_core(self, act: Callable[[Gateway, datetime], Found]) -> Found:
        """Let ``act`` work on the core, after what has come due; what it changed is on disk."""
        with self._lock:
            now = self.clock.now()
            self._core.settle(now)
            try:
                return act(self._core, now)
            finally:
                self._save()

    def close(self) -> None:
        """Close the file."""
        if self._store:
            self._store.close()

    def _save(self) -> None:
        changes = self._core.books.take_changes()
        if self._store:
            self._store.save(changes)
