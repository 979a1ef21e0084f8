"""Mails about payments are written down with the change they tell of; the worker sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.insert_once import insert_once
from escott.django.mail_facts import occasion_of_operation
from escott.django.models import Operation
from escott.django.models.mail import Mail, MailKind
from escott.django.models.payment import Payment
from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation

#: What the shopper is told of: a change of a slip always, the others where staff want it.
OF_OPERATIONS: Final[Mapping[str, MailKind]] = {
    CardOperation.CANCEL: MailKind.PAYMENT_CANCELLED,
    CardOperation.CHANGE_AMOUNT: MailKind.AMOUNT_CHANGED,
    CollectionOperation.CHANGE: MailKind.SLIP_CHANGED,
    CollectionOperation.DELETE: MailKind.SLIP_DELETED,
}


def queue_mail(
    kind: MailKind | str,
    payment: Payment | None,
    *,
    order_reference: str | None = None,
    occasion: str = "",
    wait: timedelta = timedelta(0),
    clock: Clock | None = None,
) -> bool:
    """Write a mail down for the worker; ``False`` if it had been queued before.

    Args:
        kind: what the mail tells.
        payment: the payment it is about; ``None`` where the order has none.
        order_reference: the order, where there is no payment; ``NO_ORDER`` for a mail to the
            shop that is about none, or about many.
        occasion: tells this mail from earlier ones of its kind about the same payment.
        wait: how long it stays here before it is sent.
        clock: the present; the site's clock by default.
    """
    now = (clock or the_clock()).now()
    reference = order_reference or (payment.order_reference if payment else "")
    if not reference:
        raise ValueError("a mail is about an order; give its payment or its reference")
    return insert_once(
        Mail(
            kind=MailKind(kind),
            order_reference=reference,
            payment=payment,
            occasion=occasion,
            queued_at=now,
            due_at=now + wait,
        )
    )


def queue_mail_of(operation: Operation, *, now: datetime) -> None:
    """The shopper's mail about an operation that is done, in the caller's transaction."""
    kind = OF_OPERATIONS.get(operation.kind)
    if kind is None or not operation.tells_customer:
        return
    payment = operation.payment
    insert_once(
        Mail(
            kind=kind,
            order_reference=payment.order_reference,
            payment=payment,
            occasion=occasion_of_operation(operation),
            queued_at=now,
            due_at=now,
        )
    )
