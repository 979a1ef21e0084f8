"""How a telegram is written into the books: a new transaction, a line in its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from escott.clock import in_japan
from escott.gateway.operations import OperateId
from escott.simulator.books import Entry, Transaction
from escott.simulator.law import FIRST_STATE, State
from escott.simulator.merchants import Merchant
from escott.simulator.presented_cards import PresentedCard
from escott.simulator.telegrams import Telegram

#: The single entry of ``codes`` for a telegram that was carried out.
ACCEPTED = ("OK",)


def approved(
    telegram: Telegram,
    operation: OperateId,
    merchant: Merchant,
    card: PresentedCard,
    new_id: Callable[[], str],
) -> Transaction:
    """The transaction that an approved master telegram begins."""
    gathered = operation is OperateId.GATHERING
    begun = replace(
        _bare(telegram, operation, merchant, card),
        state=FIRST_STATE[operation],
        sales_date=in_japan(telegram.now).strftime("%Y%m%d") if gathered else "",
        approve_no=telegram.approve_no,
        process_id=new_id(),
        process_pass=new_id(),
    )
    return with_entry(begun, telegram, operation, ACCEPTED)


def declined(
    telegram: Telegram,
    operation: OperateId,
    merchant: Merchant,
    card: PresentedCard,
    codes: tuple[str, ...],
) -> Transaction:
    """What is kept of a master telegram that the issuer refused: it has no ProcessId."""
    return with_entry(_bare(telegram, operation, merchant, card), telegram, operation, codes)


def with_entry(
    transaction: Transaction,
    telegram: Telegram,
    operation: OperateId,
    codes: tuple[str, ...],
) -> Transaction:
    """``transaction`` with one more line in its history."""
    entry = Entry(
        transaction_id=telegram.transaction_id,
        at=telegram.now,
        operation=operation,
        codes=codes,
        state=transaction.state,
        amount=transaction.amount,
        sales_date=transaction.sales_date,
        merchant_free1=telegram.get("MerchantFree1"),
    )
    return replace(transaction, history=(*transaction.history, entry))


def _bare(
    telegram: Telegram, operation: OperateId, merchant: Merchant, card: PresentedCard
) -> Transaction:
    paid = operation is not OperateId.CHECK
    return Transaction(
        transaction_id=telegram.transaction_id,
        merchant_id=merchant.merchant_id,
        tenant_id=telegram.get("TenantId"),
        first=operation,
        state=State.DECLINED,
        amount=int(telegram.get("Amount")) if paid else 0,
        pay_type=telegram.get("PayType") if paid else "",
        sales_date="",
        card=card,
        begun_at=telegram.now,
        merchant_free1=telegram.get("MerchantFree1"),
        merchant_free2=telegram.get("MerchantFree2"),
        merchant_free3=telegram.get("MerchantFree3"),
        approve_no="",
        process_id="",
        process_pass="",
    )
