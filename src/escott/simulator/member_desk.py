"""Carries out the telegrams about members (会員), once merchant and fields are in order.

Adding and changing ask the issuer, so what is declined is kept out, and can be seen in the
books like a declined charge. Source: protocol.md D.
"""

from __future__ import annotations

from dataclasses import replace

from escott.clock import in_japan
from escott.gateway.operations import OperateId
from escott.simulator import issuer
from escott.simulator.answering import Answering, is_put_off, trouble_of
from escott.simulator.bookings import declined
from escott.simulator.books import Member
from escott.simulator.card_sources import CardFound
from escott.simulator.deliveries import Reply
from escott.simulator.member_law import MemberStatus
from escott.simulator.merchants import Merchant
from escott.simulator.office import Office
from escott.simulator.presented_cards import PresentedCard, present_again, shown
from escott.simulator.telegrams import Refused, Telegram
from escott.simulator.transactions import Transactions
from escott.simulator.troubles import NO_TROUBLE


class MemberDesk:
    """The telegrams at OCRP005.do that name a member."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._transactions = Transactions(office.options, office.books)
        self._answering = Answering(office.options, office.books)

    def answer(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        """Carry out a telegram.

        Raises:
            Refused: the gateway or the issuer does not.
        """
        member = self._member(telegram, operation, merchant)
        status = self._office.register.status_after(member, operation)
        if member is None or operation is OperateId.MEMBER_CHANGE:
            return self._keep(telegram, operation, merchant, member)
        if operation is OperateId.MEMBER_REFERENCE:
            return Reply(telegram.answer("OK", pair_of=None, **self._told(member)))
        return self._move(telegram, operation, member, status)

    def _member(
        self, telegram: Telegram, operation: OperateId, merchant: Merchant
    ) -> Member | None:
        if operation is OperateId.MEMBER_ADD:
            return self._office.register.find(
                merchant.merchant_id, telegram.get("KaiinId"), telegram.now
            )
        return self._office.register.admit(telegram, operation, merchant.merchant_id)

    def _keep(
        self,
        telegram: Telegram,
        operation: OperateId,
        merchant: Merchant,
        member: Member | None,
    ) -> Reply:
        """Keep the card that ``telegram`` names, for a new member or an old one."""
        of_transaction = bool(telegram.get("ProcessId"))
        found = (
            self._card_of_transaction(telegram, operation, merchant)
            if of_transaction
            else self._office.sources.find(telegram, operation, merchant)
        )
        issued = self._office.authentications.judge(telegram, merchant, found, None)
        codes = self._refusal(telegram, found.card)
        trouble = NO_TROUBLE if codes else trouble_of(found.card, on_follow_up=of_transaction)
        if is_put_off(telegram, trouble):
            return self._answering.undone(telegram, trouble)
        self._office.sources.use_up(found, telegram.now, approved=not codes)
        self._office.authentications.use_up(issued, telegram.now)
        if codes:
            self._office.books.put(declined(telegram, operation, merchant, found, codes))
            raise Refused(*codes)
        kept = _with_card(member or _new(telegram, merchant, found.card), telegram, found.card)
        self._office.books.put(kept)
        told = {
            "KaiinId": kept.kaiin_id,
            "CompanyCd": found.card.brand.value.company,
            "EnableCheckUseKbn": kept.card_updater,
            **found.card.assist_fields(),
        }
        return self._answering.done(telegram, trouble, told)

    def _card_of_transaction(
        self, telegram: Telegram, operation: OperateId, merchant: Merchant
    ) -> CardFound:
        """The card of a transaction that was made without a member (KIL)."""
        transaction = self._transactions.find(telegram, operation, merchant)
        if transaction.kaiin_id:
            raise Refused("KIL")
        card = present_again(transaction.card, telegram.fields)
        return CardFound(card, f"transaction:{transaction.transaction_id}")

    def _move(
        self, telegram: Telegram, operation: OperateId, member: Member, status: MemberStatus
    ) -> Reply:
        """Bring the member into ``status``; one whose card is good no longer stays invalid."""
        told = {}
        if operation is OperateId.MEMBER_REVALIDATE:
            codes = self._refusal(telegram, member.card)
            if codes:
                raise Refused(*codes)
            told = {"CompanyCd": member.card.brand.value.company}
        trouble = trouble_of(member.card, on_follow_up=True)
        if is_put_off(telegram, trouble):
            return self._answering.undone(telegram, trouble)
        since = _today(telegram) if told else member.enabled_on
        self._office.books.put(replace(member, status=status, enabled_on=since, wrong_passes=0))
        return self._answering.done(telegram, trouble, told)

    def _refusal(self, telegram: Telegram, card: PresentedCard) -> tuple[str, ...]:
        return issuer.refusal(card, 0, "", telegram.now, self._office.options)

    def _told(self, member: Member) -> dict[str, str]:
        """What a reference tells."""
        return {
            "KaiinId": member.kaiin_id,
            "CardNo": shown(member.card, self._office.options),
            "CardExp": member.card.expiry,
            "CompanyCd": member.card.brand.value.company,
            "KaiinStatus": member.status.value,
            "KaiinEnableDate": member.enabled_on,
        }


def _new(telegram: Telegram, merchant: Merchant, card: PresentedCard) -> Member:
    return Member(
        merchant_id=merchant.merchant_id,
        kaiin_id=telegram.get("KaiinId"),
        kaiin_pass=telegram.get("KaiinPass"),
        status=MemberStatus.VALID,
        card=card,
        card_updater="0",
        added_at=telegram.now,
        enabled_on=_today(telegram),
    )


def _with_card(member: Member, telegram: Telegram, card: PresentedCard) -> Member:
    return replace(
        member,
        card=present_again(card, {}),
        kaiin_pass=telegram.get("NewKaiinPass") or member.kaiin_pass,
        card_updater=telegram.get("EnableCheckUseKbn") or member.card_updater,
    )


def _today(telegram: Telegram) -> str:
    return in_japan(telegram.now).strftime("%Y%m%d")
