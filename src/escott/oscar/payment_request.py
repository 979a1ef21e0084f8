"""お支払いURL: ask the customer to pay an order, by a mail with the payment page's link.

For orders taken by telephone, orders whose 与信 ran out (期限切れ) and orders for a difference.
The order becomes payable again; its goods stay set aside and are not counted a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.mail_queue import queue_mail
from escott.django.models import AuditArea, Mail, Payment
from escott.django.models.mail import MailKind
from escott.django.services import current_payment_of, live_payment_of
from escott.django.services.payments import is_in_doubt
from escott.oscar.order_moves import move_order, status_of
from escott.oscar.order_notes import note_by
from escott.oscar.order_totals import CLOSED
from escott.oscar.payable import may_be_paid, payable
from escott.oscar.receivers import order_follows_payment
from escott.rules.order_status import OrderStatus
from escott.rules.payment_states import PAID, PaymentState
from escott.rules.yen import NotYen, format_yen

Order = get_model("order", "Order")

#: The order had been paid, and its payment does not stand any more.
_GONE: Final = frozenset({PaymentState.EXPIRED, PaymentState.CANCELLED})

#: From where an order comes back to 支払い待ち.
_COMES_BACK_FROM: Final = frozenset(
    {OrderStatus.PROCESSING, OrderStatus.ON_HOLD, OrderStatus.FAILED}
)


class Refusal(StrEnum):
    """Why the customer is not asked to pay."""

    PAID = "paid"
    AWAITS_DEPOSIT = "awaits_deposit"  # a slip is out, and its shopper may pay it
    CHECKING = "checking"  # a result is unknown or in doubt, or a payment is under way
    CLOSED = "closed"
    NOTHING_TO_PAY = "nothing_to_pay"  # the total is ¥0, too much, or not in whole yen
    NOT_UNPAID = "not_unpaid"  # it is in no status, and has no payment, that asks for one


#: What a live payment says; of any other, the result is not known.
_BY_STATE: Final = {
    **dict.fromkeys(PAID, Refusal.PAID),
    PaymentState.UNPAID: Refusal.AWAITS_DEPOSIT,
}


class NotAsked(Exception):
    """The customer was not asked; nothing was written.

    Attributes:
        refusal: why.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def why_not(order: Any) -> Refusal | None:
    """What keeps staff from asking for the order's payment, or from charging it; ``None`` if
    it may be paid.
    """
    payment = current_payment_of(order.number)
    if payment is not None and payment.live:
        return _BY_STATE.get(PaymentState(payment.state), Refusal.CHECKING)
    status = status_of(order)
    if status in CLOSED:
        return Refusal.CLOSED
    try:
        payable(order)
    except NotYen:
        return Refusal.NOTHING_TO_PAY
    if not (may_be_paid(order) or _was_paid(order, payment)):
        return Refusal.NOT_UNPAID
    return Refusal.CHECKING if is_in_doubt(order.number) else None


def _was_paid(order: Any, payment: Payment | None) -> bool:
    gone = payment is not None and payment.state in _GONE
    return gone and status_of(order) in _COMES_BACK_FROM


def ask_for_payment(order_id: int, *, key: str, actor: Any, clock: Clock | None = None) -> Any:
    """Make the order payable, and queue the mail with its link where there is an address.

    Args:
        key: names this press; a repeat sends nothing more.
        actor: the member of staff.

    Returns:
        The order.

    Raises:
        NotAsked: see :class:`Refusal`.
    """
    clock = clock or the_clock()
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if _is_repeat(order, key):
            return order
        refusal = why_not(order)
        if refusal is not None:
            raise NotAsked(refusal)
        before = order.status
        moved = move_order(order, OrderStatus.AWAITING_PAYMENT, only_from=_COMES_BACK_FROM)
        if order.email:
            queue_mail(
                MailKind.PAYMENT_REQUEST,
                None,
                order_reference=order.number,
                occasion=key,
                clock=clock,
            )
        if moved or order.email:
            _write_down(order, before, actor, clock)
    _follow_a_payment_made_meanwhile(order)
    return order


class Sending(StrEnum):
    """How far the mail with a payment link has come."""

    WAITING = "waiting"
    SENT = "sent"
    FAILING = "failing"  # the worker tries again
    GIVEN_UP = "given_up"
    NOT_NEEDED = "not_needed"  # there was nothing to pay any more when its turn came


@dataclass(frozen=True, slots=True)
class LastLink:
    """The last mail with the order's payment link, and when it was asked for."""

    asked_at: datetime
    sending: Sending


def last_link_of(order: Any) -> LastLink | None:
    """What the order's page says about the link that was sent; ``None`` if none was."""
    asked = Mail.objects.filter(order_reference=order.number, kind=MailKind.PAYMENT_REQUEST)
    mail = asked.order_by("-pk").first()
    return LastLink(mail.queued_at, _sending(mail, order)) if mail is not None else None


def _sending(mail: Mail, order: Any) -> Sending:
    if order.email in mail.delivered_to:
        return Sending.SENT
    if mail.sent_at is not None:
        return Sending.NOT_NEEDED
    if mail.due_at is None:
        return Sending.GIVEN_UP
    return Sending.FAILING if mail.last_error else Sending.WAITING


def _is_repeat(order: Any, key: str) -> bool:
    asked = Mail.objects.filter(order_reference=order.number, kind=MailKind.PAYMENT_REQUEST)
    return asked.filter(occasion=key).exists()


def _write_down(order: Any, before: str, actor: Any, clock: Clock) -> None:
    amount = format_yen(payable(order).amount)
    to = order.email or _("nobody: the order has no e-mail address")
    note_by(
        actor,
        order,
        _("Payment link for %(amount)s to %(to)s.") % {"amount": amount, "to": to},
    )
    changed = {} if before == order.status else {_("Status"): (before, order.status)}
    record_change(
        actor,
        _("Payment link sent"),
        order.number,
        {_("Amount"): ("", amount), _("E-mail"): ("", to), **changed},
        area=AuditArea.OPERATION,
        clock=clock,
    )


def _follow_a_payment_made_meanwhile(order: Any) -> None:
    """A 再オーソリ or a charge at this very moment has told an order that was not moved yet."""
    payment = live_payment_of(order.number)
    if payment is not None:
        order_follows_payment(payment)
