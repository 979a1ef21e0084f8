"""The telegrams of the card service, one class for each operation. No I/O.

A telegram checks itself when it is made, so one that exists can be sent: what breaks the
protocol raises :class:`~escott.gateway.errors.InvalidTelegram`, naming the field and never
its value. The merchant's own fields and TransactionDate are added by the client.
Source: protocol.md B, C and E.

======================  ======================  ====================================
class                   operation               its own fields
======================  ======================  ====================================
:class:`Check`          1Check                  card
:class:`Auth`           1Auth                   card, amount, pay_type
:class:`Gathering`      1Gathering              card, amount, pay_type
:class:`Capture`        1Capture                transaction, sales_date
:class:`Change`         1Change                 transaction, amount
:class:`Delete`         1Delete                 transaction
:class:`Search`         1Search                 transaction
:class:`ReAuth`         1ReAuth                 transaction, amount, sales_date
:class:`TokenSearch`    1TokenSearch            token
======================  ======================  ====================================
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from escott.gateway import wire_values as wire
from escott.gateway.cards import CardSource, Member, PlainCard, Token, Transaction
from escott.gateway.errors import InvalidTelegram
from escott.gateway.operations import OperateId
from escott.gateway.secure import Authentication

__all__ = [
    "Auth",
    "Capture",
    "CardSource",
    "Change",
    "Check",
    "Delete",
    "Gathering",
    "Member",
    "PlainCard",
    "ReAuth",
    "Search",
    "Telegram",
    "Token",
    "TokenSearch",
    "Transaction",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram(ABC):
    """What every telegram has.

    Attributes:
        transaction_code: goes out as MerchantFree1, comes back in the answer, and is what
            staff search for in the gateway's console: half-width, 1 to 20 characters.
        free2: MerchantFree2, half-width, up to 20 characters.
        free3: MerchantFree3, half or full width, up to 20 characters.
    """

    operate_id: ClassVar[OperateId]

    transaction_code: str
    free2: str = ""
    free3: str = ""

    def __post_init__(self) -> None:
        self.fields()

    def fields(self) -> dict[str, str]:
        """The telegram's fields by their names on the wire; an empty one is not sent.

        Raises:
            InvalidTelegram: one of them breaks the protocol.
        """
        code = wire.required("MerchantFree1", self.transaction_code)
        return {
            "OperateId": self.operate_id.value,
            "MerchantFree1": wire.half_width("MerchantFree1", code),
            "MerchantFree2": wire.half_width("MerchantFree2", self.free2),
            "MerchantFree3": wire.echoed("MerchantFree3", self.free3),
        } | self._own_fields()

    @abstractmethod
    def _own_fields(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Telegram):
    """カードチェック: is the card valid? Moves no money, but uses a token up."""

    operate_id = OperateId.CHECK
    card: CardSource

    def _own_fields(self) -> dict[str, str]:
        return _card_fields(self.card)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Charge(Telegram):
    """A card charged with an amount of yen, to be paid as ``pay_type`` says (01 一括払い).

    ``authentication`` is what a 本人認証 of the same card and amount has brought.
    """

    card: CardSource
    amount: int
    pay_type: str = "01"
    authentication: Authentication | None = None

    def _own_fields(self) -> dict[str, str]:
        charged = {
            "PayType": wire.digits("PayType", self.pay_type, 2, 2),
            "Amount": wire.yen("Amount", self.amount),
        }
        return charged | _card_fields(self.card) | authenticated(self.authentication)


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth(_Charge):
    """与信: hold the amount; 売上計上 bills it later."""

    operate_id = OperateId.AUTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering(_Charge):
    """与信売上計上: authorise and bill at once."""

    operate_id = OperateId.GATHERING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Process(Telegram):
    """Acts on a transaction that a master telegram has started."""

    transaction: Transaction

    def _own_fields(self) -> dict[str, str]:
        if not isinstance(self.transaction, Transaction):
            raise InvalidTelegram("ProcessId", "must come in a Transaction")
        return self.transaction.fields() | self._what_is_asked()

    def _what_is_asked(self) -> dict[str, str]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(_Process):
    """売上計上: bill what was authorised, on ``sales_date``, a date in Japan not in the future."""

    operate_id = OperateId.CAPTURE
    sales_date: date

    def _what_is_asked(self) -> dict[str, str]:
        return {"SalesDate": wire.day("SalesDate", self.sales_date)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(_Process):
    """利用額変更: ``amount`` is the new total in yen."""

    operate_id = OperateId.CHANGE
    amount: int

    def _what_is_asked(self) -> dict[str, str]:
        return {"Amount": wire.yen("Amount", self.amount)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(_Process):
    """取消: void, or refund once the sale is closed."""

    operate_id = OperateId.DELETE


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(_Process):
    """取引参照: ask what the gateway has recorded; changes nothing."""

    operate_id = OperateId.SEARCH


@dataclass(frozen=True, slots=True, kw_only=True)
class ReAuth(_Process):
    """再オーソリ: authorise again with the card of the transaction.

    ``sales_date`` is needed when the original was 与信売上計上 and accepted always, so it is
    always sent.
    """

    operate_id = OperateId.REAUTH
    amount: int
    sales_date: date

    def _what_is_asked(self) -> dict[str, str]:
        return {
            "Amount": wire.yen("Amount", self.amount),
            "SalesDate": wire.day("SalesDate", self.sales_date),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSearch(Telegram):
    """トークンステータス参照: was the token used? Does not use it up."""

    operate_id = OperateId.TOKEN_SEARCH
    token: Token

    def _own_fields(self) -> dict[str, str]:
        if not isinstance(self.token, Token):
            raise InvalidTelegram("Token", "must be a Token")
        return self.token.fields()


def authenticated(authentication: Authentication | None) -> dict[str, str]:
    """The fields of a 本人認証, where there was one."""
    if authentication is None:
        return {}
    if not isinstance(authentication, Authentication):
        raise InvalidTelegram("SecureResultCode", "must come in an Authentication")
    return authentication.fields()


def _card_fields(card: CardSource) -> dict[str, str]:
    if not isinstance(card, Token | Member | PlainCard):
        raise InvalidTelegram("card", "must be a Token, a Member or a PlainCard")
    return card.fields()
