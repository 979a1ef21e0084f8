"""The telegrams of オンライン収納代行: convenience stores, Pay-easy and e-money. No I/O.

========================  ==========  ===============================================
class                     operation   its own fields
========================  ==========  ===============================================
:class:`SlipAdd`          2Add        amount, pay_limit, payer, product, texts
:class:`SlipChange`       2Chg        transaction, amount, pay_limit; once only
:class:`SlipDelete`       2Del        transaction; only while unpaid
:class:`SlipReference`    2Ref        transaction; tells of the deposit
========================  ==========  ===============================================

Source: protocol.md H.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from escott.gateway import wire_values as wire
from escott.gateway.cards import Transaction
from escott.gateway.errors import InvalidTelegram
from escott.gateway.operations import OperateId
from escott.gateway.slip_texts import SlipTexts
from escott.gateway.telegrams import Telegram


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipAdd(Telegram):
    """決済申込: register a slip. Moves no money by itself.

    Attributes:
        amount: yen, the fee included, 1 to 299,999.
        pay_limit: the last day (Japan) on which it can be paid, until 23:59.
        name, kana: the payer, full width, at most 20 characters; the kana without kanji.
        telephone: 9 to 11 digits.
        product: 商品名, full width, at most 16 characters.
        return_url: where the slip's page leads back to, at most 128 characters.
        texts: what else stands on the slip.
    """

    operate_id = OperateId.SLIP_ADD
    amount: int
    pay_limit: date
    name: str = field(repr=False)
    kana: str = field(repr=False)
    telephone: str = field(repr=False)
    product: str
    return_url: str = field(default="", repr=False)
    texts: SlipTexts = field(default_factory=SlipTexts)

    def _own_fields(self) -> dict[str, str]:
        if not isinstance(self.texts, SlipTexts):
            raise InvalidTelegram("Title", "must come in SlipTexts")
        return {
            "Amount": wire.slip_yen("Amount", self.amount),
            "PayLimit": wire.end_of_day("PayLimit", self.pay_limit),
            "NameKanji": wire.required("NameKanji", wire.full_width("NameKanji", self.name, 20)),
            "NameKana": wire.required("NameKana", wire.full_width_kana("NameKana", self.kana, 20)),
            "TelNo": wire.digits("TelNo", self.telephone, 9, 11),
            "ShouhinName": wire.required(
                "ShouhinName", wire.full_width("ShouhinName", self.product, 16)
            ),
            "ReturnURL": wire.address("ReturnURL", self.return_url, 128),
        } | self.texts.fields()


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfSlip(Telegram):
    """Acts on a slip that a 2Add has registered."""

    transaction: Transaction

    def _own_fields(self) -> dict[str, str]:
        if not isinstance(self.transaction, Transaction):
            raise InvalidTelegram("ProcessId", "must come in a Transaction")
        if self.transaction.member is not None:
            raise InvalidTelegram("ProcessId", "must come in a Transaction without a member")
        return self.transaction.fields() | self._what_is_asked()

    def _what_is_asked(self) -> dict[str, str]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipChange(_OfSlip):
    """変更: another amount (yen, the whole of it) or last day; once only, and only while unpaid.

    The slip gets another number and another link; those before are worth nothing any more.
    """

    operate_id = OperateId.SLIP_CHANGE
    amount: int
    pay_limit: date

    def _what_is_asked(self) -> dict[str, str]:
        return {
            "PayLimit": wire.end_of_day("PayLimit", self.pay_limit),
            "Amount": wire.slip_yen("Amount", self.amount),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipDelete(_OfSlip):
    """取消: nobody can pay it any more; 2Ref then answers K12."""

    operate_id = OperateId.SLIP_DELETE


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipReference(_OfSlip):
    """参照: ask whether it was paid, when and where; changes nothing."""

    operate_id = OperateId.SLIP_REFERENCE
