"""The gateway without a wire: fields in, fields out, at a given time.

A telegram passes the checks in the order of protocol.md section M, each stage ending the
way if it finds something wrong::

    merchant   K02 K03 KG8          who is asking
    operation  K06                  is it known here, and in the contract
    fields     K04 to K60 K82 KIJ   collected and joined by |
    member     K69 to K79           by the table in ``member_law``
    token      KHX KHZ KI2 KI3
    pair       K12 KIL              ProcessId and ProcessPass, and the periods
    member     K80 K81              as the master telegram was
    本人認証    K32 K35 U..          by ``authentications``
    state      K14                  the table in ``law``, for slips that in ``slip_law``
    content    K23 K39              same amount again, missing date of sales
    issuer     G.. C.. K40 to K44

Nothing here sleeps, reads a clock or touches a socket or a file.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from escott.clock import in_japan
from escott.gateway.operations import COLLECTION, MEMBER, PATHS, OperateId
from escott.simulator.authentications import Authentications
from escott.simulator.books import Books, Member
from escott.simulator.card_sources import CardFound, CardSources
from escott.simulator.charge_desk import ChargeDesk
from escott.simulator.collection_desk import CollectionDesk
from escott.simulator.console_desk import ConsoleDesk
from escott.simulator.deliveries import Reply
from escott.simulator.fields import field_codes
from escott.simulator.log_in import LogIn
from escott.simulator.member_desk import MemberDesk
from escott.simulator.members import Register
from escott.simulator.merchants import DEMO_MERCHANTS, Merchant
from escott.simulator.notice_desk import NoticeDesk
from escott.simulator.office import Office
from escott.simulator.options import Options
from escott.simulator.presented_cards import PresentedCard
from escott.simulator.slip_console_desk import SlipConsoleDesk
from escott.simulator.slip_fields import slip_codes
from escott.simulator.telegrams import Refused, Telegram
from escott.simulator.till import Till
from escott.simulator.token_desk import TokenDesk
from escott.simulator.tokens import TokenMade, TokenOffice, TokenRefused


class Gateway:
    """The gateway's law over its books.

    Args:
        merchants: who may talk to it.
        options: how it behaves where the protocol leaves it open.
        books: what happened before; new ones by default.
        new_id: makes 32 letters and digits, for ProcessIds, their passes and tokens.

    Attributes:
        authentications: the results of 本人認証, for the page that makes them.
        console_desk: what a person does on the merchant console.
        slip_console_desk: what a person does there to slips.
        till: where slips are paid.
        notice_desk: what merchants are told of deposits.
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
        self.new_id = new_id
        self.authentications = Authentications(self.options, self.books, new_id)
        self._log_in = LogIn(merchants, self.options, self.books)
        self._tokens = TokenOffice(merchants, self.options, self.books, new_id)
        self._register = Register(self.options, self.books)
        self._sources = CardSources(self.options, self.books, self._tokens, self._register)
        office = Office(
            options=self.options,
            books=self.books,
            register=self._register,
            sources=self._sources,
            authentications=self.authentications,
            new_id=new_id,
        )
        self._charge_desk = ChargeDesk(office)
        self._member_desk = MemberDesk(office)
        self._token_desk = TokenDesk(self.options, self._tokens)
        self.console_desk = ConsoleDesk(self.options, self.books, new_id)
        self.slip_console_desk = SlipConsoleDesk(self.options, self.books, new_id)
        self.notice_desk = NoticeDesk(merchants, self.options, self.books)
        self.till = Till(self.books, self.notice_desk)
        self._collection_desk = CollectionDesk(self.options, self.books, self.till, new_id)

    def handle(self, path: str, fields: Mapping[str, str], now: datetime) -> Reply:
        """Answer one telegram posted to ``path``.

        ``fields`` are the decoded parameters; ``now`` is an aware datetime and never
        earlier than at the call before.
        """
        self.settle(now)
        return self._answer_telegram(self._telegram(path, fields, now))

    def carry_out(
        self,
        merchant: Merchant,
        fields: Mapping[str, str],
        now: datetime,
        card: PresentedCard | None = None,
    ) -> Reply:
        """Answer what a page of the gateway asks for in the name of a merchant.

        The page has admitted the merchant. A ``card`` that was typed there takes the place
        of the fields that name one; a member beside it is charged with that card.
        """
        self.settle(now)
        path = PATHS[OperateId(fields["OperateId"])]
        admitted = {"MerchantId": merchant.merchant_id, "MerchantPass": merchant.merchant_pass}
        return self._answer_telegram(self._telegram(path, {**fields, **admitted}, now, card))

    def malformed(self, now: datetime) -> Reply:
        """Answer a request that could not be read as fields at all."""
        self.settle(now)
        return Reply(self._telegram("", {}, now).answer("K01"))

    def admit(self, merchant_id: str, merchant_pass: str, now: datetime) -> Merchant | str:
        """The merchant, or the code that turns it away; see :meth:`LogIn.admit`."""
        return self._log_in.admit(merchant_id, merchant_pass, now)

    def look_up_card(
        self, merchant: Merchant, fields: Mapping[str, str], now: datetime
    ) -> CardFound | tuple[str, ...]:
        """The card that a request to a page names, or the codes that refuse it.

        No token is used up. In 4MemAdd and 4MemChg the member is not the card.
        """
        self.settle(now)
        telegram = Telegram("", "", fields, now)
        member_only = telegram.get("OperateId") in MEMBER
        operation = OperateId.MEMBER_ADD if member_only else OperateId.AUTH
        try:
            return self._sources.find(telegram, operation, merchant)
        except Refused as refused:
            return refused.codes

    def make_token(
        self, code: str, card: Mapping[str, str], now: datetime
    ) -> TokenMade | TokenRefused:
        """What the token page's script asks for; see :meth:`TokenOffice.make`."""
        self.settle(now)
        return self._tokens.make(code, card, now)

    def members(self, now: datetime) -> list[Member]:
        """The members that the gateway remembers, as they were registered."""
        self.settle(now)
        return self._register.all(now)

    def settle(self, now: datetime) -> None:
        """Carry out what has come due, each at its own moment: requests, payments of slips."""
        for late in self.books.take_late_requests(now):
            self._pay_what_is_due(late.due)
            number = self.books.next_transaction_id()
            telegram = Telegram(number, late.path, late.fields, late.due, True, late.card)
            self._answer_telegram(telegram)
        self._pay_what_is_due(now)

    def _pay_what_is_due(self, now: datetime) -> None:
        while planned := self.books.collection.next_planned_payment(now):
            self.books.take_away(planned)
            self.till.pay_what_is_due(planned)

    def _telegram(
        self,
        path: str,
        fields: Mapping[str, str],
        now: datetime,
        card: PresentedCard | None = None,
    ) -> Telegram:
        given = {name: value for name, value in fields.items() if value}
        return Telegram(self.books.next_transaction_id(), path, given, now, card=card)

    def _answer_telegram(self, telegram: Telegram) -> Reply:
        try:
            merchant = self._merchant(telegram)
            operation = self._operation(telegram, merchant)
            self._check_fields(telegram, operation, merchant)
            if operation in {OperateId.TOKEN_SEARCH, OperateId.TOKEN_REFERENCE}:
                return self._token_desk.answer(telegram, operation, merchant)
            if operation in MEMBER:
                return self._member_desk.answer(telegram, operation, merchant)
            if operation in COLLECTION:
                return self._collection_desk.answer(telegram, operation, merchant)
            return self._charge_desk.answer(telegram, operation, merchant)
        except Refused as refused:
            return Reply(telegram.answer(*refused.codes))

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
        codes = (
            *field_codes(operation, telegram.fields, self.options, today),
            *slip_codes(operation, telegram.fields, self.options, telegram.now),
        )
        if codes:
            raise Refused(*codes)
        tenant = telegram.get("TenantId")
        if tenant and tenant not in merchant.tenants:
            raise Refused("K13")
