"""入金を確認: ask now whether a slip was paid, because somebody wants to know."""

from __future__ import annotations

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import GatewayBusy, call_slot, refuse_inside_transaction
from escott.django.models import Payment
from escott.django.models.operation import ResolvedBy
from escott.django.services.collection.conclude import Told, conclude
from escott.django.services.collection.inquiry import ask
from escott.rules.payment_methods import PaymentMethod


def ask_about_deposit(payment_id: int, *, clock: Clock | None = None) -> Told:
    """Ask the gateway (2Ref) how the slip of a payment stands, and write down what follows.

    Raises:
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    payment = Payment.objects.select_related("account__collection").get(pk=payment_id)
    if payment.method != PaymentMethod.COLLECTION or not payment.process_id:
        return Told.NOT_NOW
    try:
        with call_slot():
            asked = ask(payment, clock)
    except GatewayBusy:
        return Told.NO_ANSWER
    return conclude(payment, asked, by=ResolvedBy.SEARCH, now=clock.now()).told
