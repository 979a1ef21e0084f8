"""The order follows its payment: status, note for staff, mail to the shopper.

``payment_changed`` comes at least once and may come late, so each receiver looks at the
payment's present state, moves the order only from the statuses that its row names, and
queues each mail once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import override
from oscar.apps.order.signals import order_status_changed
from oscar.core.loading import get_model

from escott.django.clock import the_clock
from escott.django.mail_queue import queue_mail
from escott.django.models import CaseKind, Mail, Payment, Trip
from escott.django.models.mail import MailKind
from escott.django.services import live_payment_of
from escott.django.services.cases import open_case
from escott.django.signals import authentication_failed, payment_changed
from escott.oscar.order_moves import move_order, status_of
from escott.oscar.order_notes import note, note_operations
from escott.oscar.order_totals import compare_total_of
from escott.oscar.statuses import PAYABLE
from escott.rules.order_status import OrderStatus, status_after_card_payment
from escott.rules.payment_states import PaymentState

Order = get_model("order", "Order")

log = logging.getLogger("escott.oscar")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a payment's state means for its order.

    Attributes:
        to: the status to move to.
        only_from: the statuses that are moved; any other stays as it is.
        mail: what the shopper is told by mail; nothing if ``None``.
    """

    to: Callable[[Payment], OrderStatus]
    only_from: frozenset[OrderStatus]
    mail: MailKind | None


def _awaiting(_payment: Payment) -> OrderStatus:
    return OrderStatus.AWAITING_PAYMENT


def _failed(_payment: Payment) -> OrderStatus:
    return OrderStatus.FAILED


def _paid(payment: Payment) -> OrderStatus:
    state = PaymentState(payment.state).card_state
    assert state is not None, "a paid payment has a state at the gateway"  # noqa: S101
    return status_after_card_payment(
        state,
        all_virtual=payment.all_virtual,
        wanted=OrderStatus(payment.account.order_status),
    )


_FAILED_ONLY: Final = frozenset({OrderStatus.FAILED})
_AWAITING_ONLY: Final = frozenset({OrderStatus.AWAITING_PAYMENT})

#: requirements.md A054 and part 2 no. 3. A state without a row leaves the order alone.
EFFECTS: Final = {
    PaymentState.STARTED: Effect(_awaiting, _FAILED_ONLY, None),
    PaymentState.UNKNOWN: Effect(_awaiting, _FAILED_ONLY, MailKind.PAYMENT_UNKNOWN),
    PaymentState.REFUSED: Effect(_failed, _AWAITING_ONLY, MailKind.PAYMENT_REFUSED),
    PaymentState.NOT_CHARGED: Effect(_failed, _AWAITING_ONLY, MailKind.PAYMENT_NOT_CHARGED),
    PaymentState.AUTHORISED: Effect(_paid, PAYABLE, MailKind.ORDER_PAID),
    PaymentState.GATHERED: Effect(_paid, PAYABLE, MailKind.ORDER_PAID),
    PaymentState.CAPTURED: Effect(_paid, PAYABLE, MailKind.ORDER_PAID),
}

#: A payment for one of these came too late; staff must give the money back, or ship after all.
_CLOSED: Final = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})


@receiver(payment_changed, dispatch_uid="escott.oscar.order_follows_payment")
def order_follows_payment(payment: Payment, **_kwargs: Any) -> None:
    """Bring the order in line with its payment. Harmless when called again."""
    effect = EFFECTS.get(PaymentState(payment.state))
    if effect is None or payment.purpose != "order":
        return
    order = Order.objects.filter(number=payment.order_reference).first()
    if order is None:
        return
    with override(settings.LANGUAGE_CODE):
        if move_order(order, effect.to(payment), only_from=effect.only_from):
            note(order, _says(payment))
        elif payment.is_paid and status_of(order) in _CLOSED:
            _alert_late_payment(order, payment)
            return
        if effect.mail is not None and _is_news(effect.mail, payment, order):
            queue_mail(effect.mail, payment)


#: What is mailed only while it helps, and how often at most for one order.
_ASKS_TO_PAY_AGAIN: Final = frozenset({MailKind.PAYMENT_REFUSED, MailKind.PAYMENT_NOT_CHARGED})
_ONE_IN: Final = timedelta(hours=24)


def _is_news(kind: MailKind, payment: Payment, order: Any) -> bool:
    """Whether the shopper should get the mail: not a plea to pay what is paid, closed, or
    was asked for today already, which somebody who tries cards would turn into a flood.
    """
    if kind not in _ASKS_TO_PAY_AGAIN:
        return True
    if status_of(order) not in PAYABLE or live_payment_of(order.number) is not None:
        return False
    since = the_clock().now() - _ONE_IN
    earlier = Mail.objects.filter(order_reference=order.number, kind=kind, queued_at__gt=since)
    return not earlier.exclude(payment=payment).exists()


#: A shopper who tries again at once needs no mail about it.
_TIME_TO_TRY_AGAIN: Final = timedelta(minutes=10)


@receiver(authentication_failed, dispatch_uid="escott.oscar.way_back_to_the_order")
def way_back_to_the_order(trip: Trip, **_kwargs: Any) -> None:
    """A mail with the payment page's link, once an order; a guest has no other way back."""
    if Order.objects.filter(number=trip.order_reference).exists():
        queue_mail(
            MailKind.PAYMENT_UNFINISHED,
            None,
            order_reference=trip.order_reference,
            wait=_TIME_TO_TRY_AGAIN,
        )


def _says(payment: Payment) -> str:
    return _("Card payment %(code)s: %(state)s (¥%(amount)s)") % {
        "code": payment.transaction_code,
        "state": payment.get_state_display(),
        "amount": f"{payment.amount:,}",
    }


def _alert_late_payment(order: Any, payment: Payment) -> None:
    open_case(payment, CaseKind.ORDER_CLOSED, now=the_clock().now())
    text = _("The order is closed, but a payment came: %s") % _says(payment)
    if not order.notes.filter(message=text).exists():
        log.error("order %s is closed, but payment %s came", order.number, payment.transaction_code)
        note(order, text)


@receiver(payment_changed, dispatch_uid="escott.oscar.order_page_follows_payment")
def order_page_follows_payment(payment: Payment, **_kwargs: Any) -> None:
    """Note what was done to the payment, and look whether order and payment still agree."""
    if payment.purpose != "order":
        return
    order = Order.objects.filter(number=payment.order_reference).first()
    if order is None:
        return
    with override(settings.LANGUAGE_CODE):
        note_operations(order, payment)
    compare_total_of(order.number, the_clock().now())


#: What an order's payment is compared with.
_TELLING: Final = frozenset({"status", "total_incl_tax"})


@receiver(post_save, sender=Order, dispatch_uid="escott.oscar.order_was_saved")
def order_was_saved(
    instance: Any, created: bool, raw: bool, update_fields: Any = None, **_kwargs: Any
) -> None:
    """Staff have changed an order, or cancelled it: its payment is not touched by that."""
    if created or raw or (update_fields is not None and _TELLING.isdisjoint(update_fields)):
        return
    compare_total_of(instance.number, the_clock().now())


@receiver(order_status_changed, dispatch_uid="escott.oscar.order_has_moved")
def order_has_moved(order: Any, **_kwargs: Any) -> None:
    """The same for a status that was written by an UPDATE."""
    compare_total_of(order.number, the_clock().now())
