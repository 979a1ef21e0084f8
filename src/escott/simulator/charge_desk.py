"""Carries out the telegrams about payments, once merchant and fields are in order.

Master telegrams begin a transaction, process telegrams act on one. Source: protocol.md C.
"""

from __future__ import annotations

from escott.gateway.operations import MASTER, OperateId
from escott.simulator import issuer
from escott.simulator.answering import Answering, is_put_off, trouble_of
from escott.simulator.bookings import ACCEPTED, PAID, approved, declined, with_entry
from escott.simulator.books import Transaction
from escott.simulator.deliveries import Reply
from escott.simulator.follow_ups import follow_up
from escott.simulator.law import State
from escott.simulator.merchants import Merchant
from escott.simulator.office import Office
from escott.simulator.telegrams import Refused, Telegram
from escott.simulator.transactions import Transactions
from escott.simulator.troubles import NO_TROUBLE


class ChargeDesk:
    """The telegrams at OAUT002.do."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._transactions = Transactions(office.options, office.books)
        self._answering = Answering(office.options, office.books)

    def answer(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        """Carry out a telegram.

        Raises:
            Refused: the gateway or the issuer does not.
        """
        if operation in MASTER:
            return self._begin(telegram, operation, merchant)
        return self._proceed(telegram, operation, merchant)

    def _begin(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        found = self._office.sources.find(telegram, operation, merchant)
        amount = int(telegram.get("Amount")) if operation in PAID else None
        issued = self._office.authentications.judge(telegram, merchant, found, amount)
        pay_type = telegram.get("PayType") if operation in PAID else ""
        codes = issuer.refusal(
            found.card, amount or 0, pay_type, telegram.now, self._office.options
        )
        trouble = NO_TROUBLE if codes else trouble_of(found.card, on_follow_up=False)
        if is_put_off(telegram, trouble):
            return self._answering.undone(telegram, trouble)
        self._office.sources.use_up(found, telegram.now, approved=not codes)
        self._office.authentications.use_up(issued, telegram.now)
        if codes:
            self._office.books.put(declined(telegram, operation, merchant, found, codes))
            raise Refused(*codes)
        begun = approved(telegram, operation, merchant, found, self._office.new_id)
        self._office.books.put(begun)
        told = {
            "CompanyCd": found.card.brand.value.company,
            "ApproveNo": begun.approve_no,
            **found.card.assist_fields(),
        }
        return self._answering.done(telegram, trouble, told, begun)

    def _proceed(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        transaction = self._transactions.find(telegram, operation, merchant)
        try:
            self._check_member(telegram, operation, transaction)
            changed = follow_up(
                telegram, operation, transaction, self._office.options, self._office.new_id
            )
        except Refused as refused:
            if operation is not OperateId.SEARCH:
                self._office.books.put(with_entry(transaction, telegram, operation, refused.codes))
            raise
        told = {"CompanyCd": transaction.card.brand.value.company}
        if operation is OperateId.SEARCH:
            told |= _found(transaction)
            return Reply(telegram.answer("OK", pair_of=transaction, **told))
        trouble = trouble_of(transaction.card, on_follow_up=True)
        if is_put_off(telegram, trouble):
            return self._answering.undone(telegram, trouble)
        self._office.books.put(with_entry(changed, telegram, operation, ACCEPTED))
        return self._answering.done(telegram, trouble, told, changed)

    def _check_member(
        self, telegram: Telegram, operation: OperateId, transaction: Transaction
    ) -> None:
        """A member stands in the telegram if and only if it did in the first one."""
        names = [name for name in ("KaiinId", "KaiinPass") if telegram.get(name)]
        if not transaction.kaiin_id:
            if names:
                raise Refused("K81")
            return
        if len(names) < 2:
            raise Refused("K80")
        member = self._office.register.admit(telegram, operation, transaction.merchant_id)
        if member.kaiin_id != transaction.kaiin_id:
            raise Refused("K80")


def _found(transaction: Transaction) -> dict[str, str]:
    """What 1Search tells beside the common fields."""
    taken = transaction.state in {State.CAPTURED, State.GATHERED}
    return {
        "Amount": str(transaction.amount) if transaction.amount else "",
        "SalesDate": transaction.sales_date if taken else "",
    }
