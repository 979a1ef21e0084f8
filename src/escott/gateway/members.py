"""The telegrams about a customer's card that the gateway keeps (会員). No I/O.

=========================  ==============  ========================================
class                      operation       its own fields
=========================  ==============  ========================================
:class:`MemberAdd`         4MemAdd         member, and the card it is to keep
:class:`MemberChange`      4MemChg         member, and its new card
:class:`MemberInvalidate`  4MemInval       member
:class:`MemberRevalidate`  4MemUnInval     member
:class:`MemberDelete`      4MemDel         member; only after 4MemInval
:class:`MemberReference`   4MemRefM        member; the card comes back masked
:class:`TokenReference`    4MemRefToken    token; does not use it up
=========================  ==============  ========================================

Source: protocol.md D.
"""

from __future__ import annotations

from dataclasses import dataclass

from escott.gateway.cards import Member, PlainCard, Token, Transaction
from escott.gateway.errors import InvalidTelegram
from escott.gateway.operations import OperateId
from escott.gateway.secure import Authentication
from escott.gateway.telegrams import Telegram, authenticated


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfMember(Telegram):
    member: Member

    def _own_fields(self) -> dict[str, str]:
        if not isinstance(self.member, Member):
            raise InvalidTelegram("KaiinId", "must come in a Member")
        return self.member.fields()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAdd(_OfMember):
    """会員新規: keep a card under a new member's id.

    ``card`` is a token, a card, or a transaction that was made with the card; the last uses no
    token up and stores no card that was declined (requirements.md part 2 no. 9).
    """

    operate_id = OperateId.MEMBER_ADD
    card: Token | PlainCard | Transaction
    authentication: Authentication | None = None

    def _own_fields(self) -> dict[str, str]:
        if not isinstance(self.card, Token | PlainCard | Transaction):
            raise InvalidTelegram("card", "must be a Token, a PlainCard or a Transaction")
        if isinstance(self.card, Transaction) and self.card.member is not None:
            raise InvalidTelegram("ProcessId", "must be of a transaction without a member")
        # Named, for a dataclass with slots is made anew and loses the cell of super().
        return _OfMember._own_fields(self) | self.card.fields() | authenticated(self.authentication)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange(_OfMember):
    """会員更新: another card for the member."""

    operate_id = OperateId.MEMBER_CHANGE
    card: Token | PlainCard
    authentication: Authentication | None = None

    def _own_fields(self) -> dict[str, str]:
        if not isinstance(self.card, Token | PlainCard):
            raise InvalidTelegram("card", "must be a Token or a PlainCard")
        return _OfMember._own_fields(self) | self.card.fields() | authenticated(self.authentication)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvalidate(_OfMember):
    """会員無効: nothing can be charged with it any more."""

    operate_id = OperateId.MEMBER_INVALIDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRevalidate(_OfMember):
    """会員無効解除."""

    operate_id = OperateId.MEMBER_REVALIDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDelete(_OfMember):
    """会員削除: gone for good; its id is never used again."""

    operate_id = OperateId.MEMBER_DELETE


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReference(_OfMember):
    """会員参照（マスク）: state, masked number and expiry; changes nothing."""

    operate_id = OperateId.MEMBER_REFERENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReference(Telegram):
    """トークン会員参照: the masked card behind a token. Does not use it up."""

    operate_id = OperateId.TOKEN_REFERENCE
    token: Token

    def _own_fields(self) -> dict[str, str]:
        if not isinstance(self.token, Token):
            raise InvalidTelegram("Token", "must be a Token")
        return self.token.fields()
