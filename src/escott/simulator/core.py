"""The gateway without a wire: fields in, fields out, at a given time.

A telegram passes the checks in the order of protocol.md section M, each stage ending the
way if it finds something wrong::

    merchant   K02 K03 KG8          who is asking
    operation  K06                  is it known here, and in the contract
    fields     K04 to K46 K82 KIJ   collected and joined by |
    member     K71
    token      KHX KHZ KI2 KI3
    pair       K12                  ProcessId and ProcessPass, and the periods
    member     K80 K81              as the master telegram was
    state      K14                  the table in ``law``
    content    K23 K39              same amount again, missing date of sales
    issuer     G.. C.. K40 to K44

Nothing here sleeps, reads a clock or touches a socket or a file.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from escott.clock import in_japan
from escott.gateway.operations import MASTER, PATHS, OperateId
from escott.simulator import issuer, periods
from escott.simulator.bookings import ACCEPTED, approved, declined, with_entry
from escott.simulator.books import Books, IssuedToken, LateRequest, Transaction
from escott.simulator.deliveries import Reply
from escott.simulator.fields import field_codes
from escott.simulator.follow_ups import follow_up
from escott.simulator.law import State
from escott.simulator.log_in import LogIn
from escott.simulator.merchants import DEMO_MERCHANTS, Merchant
from escott.simulator.options import Options
from escott.simulator.presented_cards import PresentedCard, present
from escott.simulator.telegrams import Refused, Telegram
from escott.simulator.tokens import TokenMade, TokenOffice, TokenRefused
from escott.simulator.troubles import Booked, Trouble

_NO_TROUBLE: Final = Trouble()


class Gateway:
    """The gateway's law over its books.

    Args:
        merchants: who may talk to it.
        options: how it behaves where the protocol leaves it open.
        books: what happened before; new ones by default.
        new_id: makes 32 letters and digits, for ProcessIds, their passes and tokens.
    """

    def __init__(
        self,
        merchants: tuple[Merchant, ...] = DEMO_MERCHANTS,
        options: Options | None = None,
        books: Books | None = None,
        new_id: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self.merchants = merchants
        self.options = options or Options()
        self.books = books or Books()
        self._new_id = new_id
        self._log_in = LogIn(merchants, self.options, self.books)
        self._tokens = TokenOffice(merchants, self.options, self.books, new_id)

    def handle(self, path: str, fields: Mapping[str, str], now: datetime) -> Reply:
        """Answer one telegram posted to ``path``.

        ``fields`` are the decoded parameters; ``now`` is an aware datetime and never
        earlier than at the call before.
        """
        self.settle(now)
        return self._answer_telegram(path, fields, now)

    def malformed(self, now: datetime) -> Reply:
        """Answer a request that could not be read as fields at all."""
        self.settle(now)
        telegram = Telegram(self.books.next_transaction_id(), "", {}, now)
        return Reply(telegram.answer("K01"))

    def make_token(
        self, code: str, card: Mapping[str, str], now: datetime
    ) -> TokenMade | TokenRefused:
        """What the token page's script asks for; see :meth:`TokenOffice.make`."""
        self.settle(now)
        return self._tokens.make(code, card, now)

    def settle(self, now: datetime) -> None:
        """Carry out the late requests that have come due, each at its own moment."""
        for late in self.books.take_late_requests(now):
            self._answer_telegram(late.path, late.fields, late.due, was_late=True)

    def _answer_telegram(
        self, path: str, fields: Mapping[str, str], now: datetime, *, was_late: bool = False
    ) -> Reply:
        given = {name: value for name, value in fields.items() if value}
        telegram = Telegram(self.books.next_transaction_id(), path, given, now, was_late)
        try:
            merchant = self._merchant(telegram)
            operation = self._operation(telegram, merchant)
            self._check_fields(telegram, operation, merchant)
            if operation is OperateId.TOKEN_SEARCH:
                return self._search_token(telegram, merchant)
            if operation in MASTER:
                return self._begin(telegram, operation, merchant)
            return self._proceed(telegram, operation, merchant)
        except Refused as refused:
            return Reply(telegram.answer(*refused.codes))

    # -- the checks, in order ---------------------------------------------------------

    def _merchant(self, telegram: Telegram) -> Merchant:
        merchant = self._log_in.admit(
            telegram.get("MerchantId"), telegram.get("MerchantPass"), telegram.now
        )
        if isinstance(merchant, str):
            raise Refused(merchant)
        return merchant

    def _operation(self, telegram: Telegram, merchant: Merchant) -> OperateId:
        try:
            operation = OperateId(telegram.get("OperateId"))
        except ValueError:
            raise Refused("K06") from None
        if PATHS.get(operation) != telegram.path or operation not in merchant.operations:
            raise Refused("K06")
        return operation

    def _check_fields(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> None:
        today = in_japan(telegram.now).date()
        codes = field_codes(operation, telegram.fields, self.options, today)
        if codes:
            raise Refused(*codes)
        tenant = telegram.get("TenantId")
        if tenant and tenant not in merchant.tenants:
            raise Refused("K13")

    def _card(
        self, telegram: Telegram, merchant: Merchant
    ) -> tuple[PresentedCard, IssuedToken | None]:
        """The card that a master telegram names, and the token it came by."""
        if telegram.get("KaiinId"):
            raise Refused("K71")
        if telegram.get("CardNo"):
            return present(telegram.fields), None
        token = self._tokens.judge(telegram.get("Token"), merchant, telegram.now)
        if isinstance(token, str):
            raise Refused(token)
        return token.card, token

    def _transaction(
        self, telegram: Telegram, operation: OperateId, merchant: Merchant
    ) -> Transaction:
        """The transaction that a process telegram names, while it may be operated."""
        found = self.books.find_by_process_id(telegram.get("ProcessId"))
        if (
            found is None
            or found.merchant_id != merchant.merchant_id
            or not hmac.compare_digest(found.process_pass, telegram.get("ProcessPass"))
            or periods.is_purged(found.begun_at, telegram.now, self.options)
        ):
            raise Refused("K12")
        may_still_be_asked = operation is OperateId.SEARCH and self.options.search_after_handling
        if not may_still_be_asked and periods.is_over(found.begun_at, telegram.now, self.options):
            raise Refused("K12")
        return found

    # -- what the telegrams do --------------------------------------------------------

    def _search_token(self, telegram: Telegram, merchant: Merchant) -> Reply:
        token = self._tokens.judge(telegram.get("Token"), merchant, telegram.now)
        if token == "KHX" or not telegram.get("Token"):  # noqa: S105
            raise Refused(str(token))
        state = token if isinstance(token, str) else "OK"
        code = "OK" if self.options.token_search_says_ok else state
        return Reply(telegram.answer(code, TokenResponseCd=state))

    def _begin(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        card, token = self._card(telegram, merchant)
        paid = operation is not OperateId.CHECK
        codes = issuer.refusal(
            card,
            int(telegram.get("Amount")) if paid else 0,
            telegram.get("PayType") if paid else "",
            telegram.now,
            self.options,
        )
        trouble = _NO_TROUBLE if codes else _trouble(card, on_follow_up=False)
        if _is_put_off(telegram, trouble):
            return self._undone(telegram, trouble)
        if token and (not codes or self.options.declined_consumes_token):
            self.books.put(replace(token, used_at=telegram.now))
        if codes:
            self.books.put(declined(telegram, operation, merchant, card, codes))
            raise Refused(*codes)
        transaction = approved(telegram, operation, merchant, card, self._new_id)
        self.books.put(transaction)
        approval = {"ApproveNo": transaction.approve_no, **card.assist_fields()}
        return self._done(telegram, trouble, transaction, approval)

    def _proceed(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        transaction = self._transaction(telegram, operation, merchant)
        try:
            changed = follow_up(telegram, operation, transaction, self.options, self._new_id)
        except Refused as refused:
            if operation is not OperateId.SEARCH:
                self.books.put(with_entry(transaction, telegram, operation, refused.codes))
            raise
        if operation is OperateId.SEARCH:
            return Reply(telegram.answer("OK", pair_of=transaction, **_found(transaction)))
        trouble = _trouble(transaction.card, on_follow_up=True)
        if _is_put_off(telegram, trouble):
            return self._undone(telegram, trouble)
        self.books.put(with_entry(changed, telegram, operation, ACCEPTED))
        return self._done(telegram, trouble, changed, {})

    # -- how it is answered -----------------------------------------------------------

    def _undone(self, telegram: Telegram, trouble: Trouble) -> Reply:
        """Leave the books alone, for now or for good, and let the caller wonder."""
        if trouble.booked is Booked.LATE:
            due = telegram.now + self.options.late_by
            number, fields = telegram.transaction_id, dict(telegram.fields)
            self.books.put(LateRequest(number, telegram.path, fields, due))
        return Reply({}, trouble.delivery)

    def _done(
        self,
        telegram: Telegram,
        trouble: Trouble,
        transaction: Transaction,
        approval: Mapping[str, str],
    ) -> Reply:
        """The answer to a telegram that was carried out, as its card lets it arrive."""
        if trouble.code:
            return Reply(telegram.answer(trouble.code), trouble.delivery)
        codes = () if trouble.without_code else ("OK",)
        company = transaction.card.brand.value.company
        fields = telegram.answer(*codes, pair_of=transaction, CompanyCd=company, **approval)
        delay = self.options.slow_seconds if trouble.slow else 0.0
        return Reply(fields, trouble.delivery, delay)


def _found(transaction: Transaction) -> dict[str, str]:
    """What 1Search tells beside the common fields."""
    taken = transaction.state in {State.CAPTURED, State.GATHERED}
    return {
        "CompanyCd": transaction.card.brand.value.company,
        "Amount": str(transaction.amount) if transaction.amount else "",
        "SalesDate": transaction.sales_date if taken else "",
    }


def _trouble(card: PresentedCard, *, on_follow_up: bool) -> Trouble:
    row = card.row
    if row is None or row.trouble is None or row.on_follow_up is not on_follow_up:
        return _NO_TROUBLE
    return row.trouble


def _is_put_off(telegram: Telegram, trouble: Trouble) -> bool:
    return trouble.booked is Booked.NEVER or (
        trouble.booked is Booked.LATE and not telegram.was_late
    )
