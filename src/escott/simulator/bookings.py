"""How a telegram is written into the books: a new transaction, a line in its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from escott.clock import in_japan
from escott.gateway.operations import OperateId
from escott.simulator.books import Entry, Transaction
from escott.simulator.card_sources import CardFound
from escott.simulator.law import FIRST_STATE, State
from escott.simulator.merchants import Merchant
from escott.simulator.telegrams import Telegram

#: The single entry of ``codes`` for a telegram that was carried out.
ACCEPTED = ("OK",)

#: The operations that name an amount and a way to pay at once.
PAID: Final = frozenset({OperateId.AUTH, OperateId.GATHERING})


def approved(
    telegram: Telegram,
    operation: OperateId,
    merchant: Merchant,
    found: CardFound,
    new_id: Callable[[], str],
) -> Transaction:
    """The transaction that an approved master telegram begins."""
    gathered = operation is OperateId.GATHERING
    begun = replace(
        _bare(telegram, operation, merchant, found),
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
    found: CardFound,
    codes: tuple[str, ...],
) -> Transaction:
    """What is kept of a telegram that the issuer refused: it has no ProcessId.

    Also of 4MemAdd and 4MemChg, by which somebody may try out stolen cards.
    """
    return with_entry(_bare(telegram, operation, merchant, found), telegram, operation, codes)


def with_entry(
    transaction: Transaction,
    telegram: Telegram,
    operation: OperateId,
    codes: tuple[str, ...],
    *,
    on_console: bool = False,
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
        on_console=on_console,
    )
    return replace(transaction, history=(*transaction.history, entry))


def _bare(
    telegram: Telegram, operation: OperateId, merchant: Merchant, found: CardFound
) -> Transaction:
    paid = operation in PAID
    return Transaction(
        transaction_id=telegram.transaction_id,
        merchant_id=merchant.merchant_id,
        tenant_id=telegram.get("TenantId"),
        first=operation,
        state=State.DECLINED,
        amount=int(telegram.get("Amount")) if paid else 0,
        pay_type=telegram.get("PayType") if paid else "",
        sales_date="",
        card=found.card,
        begun_at=telegram.now,
        merchant_free1=telegram.get("MerchantFree1"),
        merchant_free2=telegram.get("MerchantFree2"),
        merchant_free3=telegram.get("MerchantFree3"),
        approve_no="",
        process_id="",
        process_pass="",
        kaiin_id=found.member.kaiin_id if found.member else "",
        secure_result_code=telegram.get("SecureResultCode"),
    )
