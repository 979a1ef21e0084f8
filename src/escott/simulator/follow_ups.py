"""What a process telegram makes of the transaction that it names.

The last checks stand here, those that need the transaction: K14 by the table in ``law``,
K23, K39 and the issuer's. Source: protocol.md, section C.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from escott.gateway.operations import OperateId
from escott.simulator import issuer
from escott.simulator.books import Transaction
from escott.simulator.law import State, state_after
from escott.simulator.options import Options
from escott.simulator.telegrams import Refused, Telegram


def follow_up(
    telegram: Telegram,
    operation: OperateId,
    transaction: Transaction,
    options: Options,
    new_id: Callable[[], str],
) -> Transaction:
    """``transaction`` as ``telegram`` leaves it.

    Raises:
        Refused: the gateway or the issuer does not carry it out.
    """
    step = options.law[transaction.state].get(operation)
    if step is None:
        raise Refused("K14")
    state = state_after(step, transaction.state, transaction.first)
    match operation:
        case OperateId.CAPTURE:
            return replace(transaction, state=state, sales_date=telegram.get("SalesDate"))
        case OperateId.CHANGE:
            return replace(transaction, amount=_new_amount(telegram, transaction, options))
        case OperateId.REAUTH:
            again = _authorised_again(telegram, transaction, state, options)
            if not options.reauth_issues_new_pair:
                return again
            return replace(again, process_id=new_id(), process_pass=new_id())
        case _:
            return replace(transaction, state=state)


def _new_amount(telegram: Telegram, transaction: Transaction, options: Options) -> int:
    amount = int(telegram.get("Amount"))
    if amount == transaction.amount:
        raise Refused("K23")
    if amount > transaction.amount:
        _ask_issuer(telegram, transaction, amount, options)
    return amount


def _authorised_again(
    telegram: Telegram, transaction: Transaction, state: State, options: Options
) -> Transaction:
    gathered = state is State.GATHERED
    sales_date = telegram.get("SalesDate") if gathered else ""
    if gathered and not sales_date and options.reauth_needs_sales_date:
        raise Refused("K39")
    amount = int(telegram.get("Amount"))
    _ask_issuer(telegram, transaction, amount, options)
    return replace(
        transaction,
        state=state,
        amount=amount,
        sales_date=sales_date,
        approve_no=telegram.approve_no,
    )


def _ask_issuer(
    telegram: Telegram, transaction: Transaction, amount: int, options: Options
) -> None:
    codes = issuer.refusal(transaction.card, amount, transaction.pay_type, telegram.now, options)
    if codes:
        raise Refused(*codes)
