"""Operate: 売上計上, 取消, 利用額変更 and 再オーソリ on a payment. Claim, call, record."""

from __future__ import annotations

from typing import Any, Final

from escott.clock import Clock, in_japan
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import CaseKind, Operation, Payment
from escott.django.services.announce import announce
from escott.django.services.call import send
from escott.django.services.card_claims import claim_operation
from escott.django.services.cases import open_case
from escott.django.services.claim import Claim
from escott.django.services.record import record
from escott.gateway import Capture, Change, Delete, Outcome, ReAuth, Refused, Telegram
from escott.rules.card_states import CHARGES, NEEDS_AMOUNT, CardOperation
from escott.rules.handling_period import handling_period_is_over
from escott.rules.yen import NotYen, card_amount


def operate(
    payment_id: int,
    kind: CardOperation,
    *,
    key: str,
    amount: int | None = None,
    actor: Any = None,
    past_period: bool = False,
    tells_customer: bool = False,
    after: int | None = None,
    amount_seen: int | None = None,
    clock: Clock | None = None,
) -> Operation:
    """Run one operation on a payment at the gateway.

    Args:
        kind: any operation but the two charges.
        key: names this press of the button; a repeat returns the first result.
        amount: the new total in yen, for 利用額変更 and 再オーソリ and for no other.
        actor: the member of staff, or ``None`` for a job.
        past_period: try 取消 although the last day of operations has passed; the caller has
            checked the permission (requirements.md A089).
        tells_customer: a mail about it goes to the shopper once it is done.
        after: the number of the last operation that the caller has seen, where a person confirmed
            what would follow from it.
        amount_seen: the payment's amount in yen, where the operation was asked for some time ago.
        clock: the present; the site's clock by default.

    Raises:
        NotPossible, Overtaken, SameAmount, KeyReused: refused here; the gateway was not asked.
        NotYen: the amount is missing, superfluous, or not an ``int`` of 1 to 9,999,999.
    """
    if kind in CHARGES:
        raise ValueError("a charge starts a payment; use pay_by_token")
    if (amount is not None) is not (kind in NEEDS_AMOUNT):
        raise NotYen(f"{kind} {'needs' if amount is None else 'takes no'} amount")
    if amount is not None:
        card_amount(amount)
    refuse_inside_transaction()
    clock = clock or the_clock()
    claim = claim_operation(
        payment_id,
        kind,
        amount=amount,
        key=key,
        actor=actor,
        now=clock.now(),
        past_period=past_period,
        tells_customer=tells_customer,
        after=after,
        amount_seen=amount_seen,
    )
    if claim.won:
        outcome = send(claim, _telegram(claim), clock)
        record(claim.operation, outcome, now=clock.now())
        _suspect_drift(claim.payment, outcome, clock)
        announce(claim.payment)
    return claim.operation


#: The gateway's state is not the one that our record says, or it knows no such payment.
_STATE_CODES: Final = frozenset({"K12", "K14"})


def _suspect_drift(payment: Payment, outcome: Outcome, clock: Clock) -> None:
    """A refusal by state tells that somebody has operated on the payment elsewhere.

    After the last day K12 says no more than that the day has passed.
    """
    if not isinstance(outcome, Refused):
        return
    told = {code.code for code in outcome.codes}
    last_day = payment.operable_until
    if last_day is not None and handling_period_is_over(last_day, clock.now()):
        told.discard("K12")
    if told & _STATE_CODES:
        refused = ", ".join(code.code for code in outcome.codes)
        open_case(payment, CaseKind.STATE_DIFFERS, now=clock.now(), refused=refused)


def _telegram(claim: Claim) -> Telegram:
    """The sales date is the day of the claim, as our record will have it, also at midnight."""
    payment, operation = claim.payment, claim.operation
    today = in_japan(operation.started_at).date()
    transaction = payment.transaction
    assert transaction is not None, "the claim checks that there is a ProcessId"  # noqa: S101
    code = payment.transaction_code
    match operation.card_operation:
        case CardOperation.CAPTURE:
            return Capture(transaction_code=code, transaction=transaction, sales_date=today)
        case CardOperation.CHANGE_AMOUNT:
            return Change(transaction_code=code, transaction=transaction, amount=operation.amount)
        case CardOperation.CANCEL:
            return Delete(transaction_code=code, transaction=transaction)
        case CardOperation.REAUTHORISE:
            return ReAuth(
                transaction_code=code,
                transaction=transaction,
                amount=operation.amount,
                sales_date=today,
            )
        case CardOperation.AUTHORISE | CardOperation.GATHER as charge:
            raise ValueError(f"{charge} starts a payment")
