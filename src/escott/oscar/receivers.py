"""The order follows its payment: status, note for staff, mail to the shopper.

``payment_changed`` comes at least once and may come late, so each receiver looks at the
payment's present state, moves the order only from the statuses that its row names, and
queues each mail once.
"""

from __future__ import annotations

import logging
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
from escott.oscar.effects import TIME_TO_TRY_AGAIN, Effect, effect_of
from escott.oscar.order_closing import give_stock_back
from escott.oscar.order_fee import fee_in, put_fee
from escott.oscar.order_moves import move_order, status_of
from escott.oscar.order_notes import name_of_payment, note, note_operations
from escott.oscar.order_totals import CLOSED, compare_total_of
from escott.oscar.payable import may_be_paid, waited_for_a_slip
from escott.rules.order_status import OrderStatus
from escott.rules.yen import format_yen

Order = get_model("order", "Order")

log = logging.getLogger("escott.oscar")


@receiver(payment_changed, dispatch_uid="escott.oscar.payment_has_changed")
def payment_has_changed(payment: Payment, **_kwargs: Any) -> None:
    """The order follows, its page tells what was done to the payment, and the two are compared.

    Harmless when called again.
    """
    order = _order_of(payment)
    if order is None:
        return
    with override(settings.LANGUAGE_CODE):
        compared = _follow(order, payment)
        note_operations(order, payment)
    if not compared:
        compare_total_of(order.number, the_clock().now())


def order_follows_payment(payment: Payment) -> None:
    """Bring the order in line with its payment. Harmless when called again."""
    order = _order_of(payment)
    if order is not None:
        with override(settings.LANGUAGE_CODE):
            _follow(order, payment)


def _order_of(payment: Payment) -> Any:
    if payment.purpose != "order":
        return None
    return Order.objects.filter(number=payment.order_reference).first()


def _follow(order: Any, payment: Payment) -> bool:
    """Whether the order was moved and nothing else about it changed: a move compares by itself."""
    effect = effect_of(payment)
    if effect is None or (effect.has_ended and _has_another_payment(order)):
        return False
    if effect.has_fee:
        _put_fee_back(order, payment)
    moved = _move(order, payment, effect)
    if not moved and payment.is_paid and status_of(order) in CLOSED:
        _alert_late_payment(order, payment)
        return False
    if effect.takes_fee_off:
        _take_fee_off(order)
    if effect.mail is not None and _is_news(effect.mail, payment, order, moved=moved):
        queue_mail(effect.mail, payment, wait=effect.mail_waits)
    return moved and not effect.takes_fee_off


def _has_another_payment(order: Any) -> bool:
    """Whether a payment of the order is live. Its row is held, so that none is begun meanwhile."""
    Order.objects.select_for_update().get(pk=order.pk)
    order.refresh_from_db(fields=["status"])
    return live_payment_of(order.number) is not None


def _move(order: Any, payment: Payment, effect: Effect) -> bool:
    if effect.to is None:
        return False
    only_from = effect.only_from
    if status_of(order) is OrderStatus.ON_HOLD and waited_for_a_slip(order):
        only_from |= {OrderStatus.ON_HOLD}
    if not move_order(order, effect.to(payment), only_from=only_from):
        return False
    note(order, _says(payment))
    if effect.returns_goods:
        give_stock_back(order)
    return True


def _put_fee_back(order: Any, payment: Payment) -> None:
    """It was taken off while nothing seemed to come of the slip. A closed order stays as it was."""
    fee = payment.slip.fee
    if status_of(order) in CLOSED or fee_in(order) == fee:
        return
    if put_fee(order, fee):
        note(order, _("The payment fee is in the order's total again: its slip stands."))


def _take_fee_off(order: Any) -> None:
    """What a closed order cost stays as it was."""
    if status_of(order) not in CLOSED and put_fee(order, 0):
        note(order, _("The payment fee was taken off the order's total."))


#: What is mailed only while it helps, and how often at most for one order.
_ASKS_TO_PAY_AGAIN: Final = frozenset({MailKind.PAYMENT_REFUSED, MailKind.PAYMENT_NOT_CHARGED})
_ONE_IN: Final = timedelta(hours=24)

#: What tells that the order was moved, and nothing else.
_TELLS_OF_THE_MOVE: Final = frozenset({MailKind.SLIP_LAPSED})


def _is_news(kind: MailKind, payment: Payment, order: Any, *, moved: bool) -> bool:
    """Whether the shopper should get the mail: not a plea to pay what is paid, closed, or
    was asked for today already, which somebody who tries cards would turn into a flood.
    """
    if kind in _TELLS_OF_THE_MOVE:
        return moved
    if kind is MailKind.SLIP_REGISTERED:
        return status_of(order) not in CLOSED
    if kind not in _ASKS_TO_PAY_AGAIN:
        return True
    if not may_be_paid(order) or live_payment_of(order.number) is not None:
        return False
    since = the_clock().now() - _ONE_IN
    earlier = Mail.objects.filter(order_reference=order.number, kind=kind, queued_at__gt=since)
    return not earlier.exclude(payment=payment).exists()


@receiver(authentication_failed, dispatch_uid="escott.oscar.way_back_to_the_order")
def way_back_to_the_order(trip: Trip, **_kwargs: Any) -> None:
    """A mail with the payment page's link, once an order; a guest has no other way back."""
    if Order.objects.filter(number=trip.order_reference).exists():
        queue_mail(
            MailKind.PAYMENT_UNFINISHED,
            None,
            order_reference=trip.order_reference,
            wait=TIME_TO_TRY_AGAIN,
        )


def _says(payment: Payment) -> str:
    return _("%(payment)s: %(state)s (%(amount)s)") % {
        "payment": name_of_payment(payment),
        "state": payment.get_state_display(),
        "amount": format_yen(payment.amount),
    }


def _alert_late_payment(order: Any, payment: Payment) -> None:
    open_case(payment, CaseKind.ORDER_CLOSED, now=the_clock().now())
    text = _("The order is closed, but a payment came: %s") % _says(payment)
    if not order.notes.filter(message=text).exists():
        log.error("order %s is closed, but payment %s came", order.number, payment.transaction_code)
        note(order, text)


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
