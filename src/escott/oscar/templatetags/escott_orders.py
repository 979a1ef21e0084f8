"""What an order's page in the dashboard says and offers beside its payments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import template

from escott.django.clock import the_clock
from escott.django.models import MerchantAccount, Payment
from escott.django.obstacle_texts import why_not_possible
from escott.django.permissions import (
    CHARGE_SAVED_CARD,
    RECORD_REFUND,
    REQUEST_PAYMENT,
    may_operate,
)
from escott.django.services import live_payment_of
from escott.django.services.charge_saved_card import chargeable_card_of
from escott.oscar.dashboard.orders import CHANGE_ORDER
from escott.oscar.difference_order import differences_of, original_number_of
from escott.oscar.order_closing import closing_is_offered, completion_is_offered
from escott.oscar.order_moves import status_of, word_for
from escott.oscar.order_reopening import status_after_reopening
from escott.oscar.order_totals import CLOSED, Difference, difference_of
from escott.oscar.payment_request import LastLink, last_link_of, why_not
from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation
from escott.rules.order_status import OrderStatus
from escott.rules.order_total import Mending
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen

register = template.Library()

_MENDED_BY: Final[Mapping[Mending, CardOperation | CollectionOperation]] = {
    Mending.CHANGE_AMOUNT: CardOperation.CHANGE_AMOUNT,
    Mending.CANCEL: CardOperation.CANCEL,
    Mending.CHANGE_SLIP: CollectionOperation.CHANGE,
    Mending.DELETE_SLIP: CollectionOperation.DELETE,
    Mending.REGISTER_ANEW: CollectionOperation.DELETE,
}


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above an order's payments, as this member of staff may use it.

    Attributes:
        payment: the live payment.
        difference: how the order's total differs from it.
        is_closed: the order is cancelled or refunded, so that nothing is to be paid.
        may_mend: the user may do the one operation that brings them together.
        why_unchangeable: why the payment itself can't be changed, in words.
        may_charge_card: the saved card of the customer may be charged, by this user.
        may_request: the payment's link may be sent, by this user.
        may_order_difference: a 差額注文 may be placed beside the payment, by this user.
        may_close: closing the order is offered to this user.
        waits_for_deposit: the live payment is a slip that nobody has paid yet.
        may_reopen: the order is cancelled and its payment stands: this user may carry it out.
        completed_word: what the order becomes by one press; empty where that is not offered.
        differences: the orders for a difference of this one.
        original: the number of the order that this one asks for a difference of.
        last_link: the last mail with the payment link, while the order is to be paid.
    """

    payment: Payment | None
    difference: Difference | None
    is_closed: bool
    may_mend: bool
    why_unchangeable: str
    may_charge_card: bool
    may_request: bool
    may_order_difference: bool
    may_close: bool
    waits_for_deposit: bool
    may_reopen: bool
    completed_word: str
    differences: list[Any]
    original: str
    last_link: LastLink | None


@register.simple_tag(takes_context=True)
def order_banner(context: Any, order: Any) -> Banner:
    """``{% order_banner order as banner %}``: from the shop's own rows, without the gateway."""
    user = context["request"].user
    payment = live_payment_of(order.number)
    difference = difference_of(order, the_clock().now())
    unpaid = why_not(order) is None
    completes = completion_is_offered(order, payment) and user.has_perm(CHANGE_ORDER)
    why = difference.obstacle if difference else None
    return Banner(
        payment=payment,
        difference=difference,
        is_closed=status_of(order) in CLOSED,
        may_mend=difference is not None and _may_mend(user, difference.mending),
        why_unchangeable=why_not_possible(why) if why else "",
        may_charge_card=unpaid and user.has_perm(CHARGE_SAVED_CARD) and _has_card(order),
        may_request=unpaid and user.has_perm(REQUEST_PAYMENT),
        may_order_difference=_stands(payment) and user.has_perm(REQUEST_PAYMENT),
        waits_for_deposit=payment is not None and payment.state == PaymentState.UNPAID,
        may_close=user.has_perm(CHANGE_ORDER) and closing_is_offered(order),
        may_reopen=user.has_perm(CHANGE_ORDER) and bool(status_after_reopening(order)),
        completed_word=word_for(OrderStatus.COMPLETED) if completes else "",
        differences=differences_of(order),
        original=original_number_of(order),
        last_link=last_link_of(order) if unpaid else None,
    )


def _stands(payment: Payment | None) -> bool:
    return payment is not None and payment.is_paid


def _may_mend(user: Any, mending: Mending | None) -> bool:
    match mending:
        case None:
            return False
        case Mending.ORDER_OF_ITS_OWN:
            return bool(user.has_perm(REQUEST_PAYMENT))
        case Mending.RECORD_REFUND:
            return bool(user.has_perm(RECORD_REFUND))
        case _:
            return may_operate(user, _MENDED_BY[mending])


def _has_card(order: Any) -> bool:
    account = MerchantAccount.current_or_none()
    return account is not None and chargeable_card_of(order.user, account) is not None


@register.filter
def whole_yen(total: Decimal) -> str:
    """``{{ order.total_incl_tax|whole_yen }}``: ¥1,220, of a total that is in whole yen."""
    return format_yen(int(total))


@register.filter
def without_sign(amount: int) -> int:
    """``{{ difference.amount|without_sign }}``: the size of a difference."""
    return abs(amount)
