"""What a payment's state means for its order: status, mail, fee and goods.

One table for each method. Source: requirements.md A006, A054, A066, A097, A119 and part 2 no. 3,
8 and 15; issue "オンライン収納代行".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from escott.django.models import Payment
from escott.django.models.mail import MailKind
from escott.oscar.statuses import PAYABLE
from escott.rules.order_status import (
    OrderStatus,
    status_after_card_payment,
    status_after_deposit,
)
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a payment's state means for its order.

    Attributes:
        to: the status to move to; ``None`` leaves the order where it is.
        only_from: the statuses that are moved; any other stays as it is. 保留中 is moved too
            where a slip is why the order waits.
        mail: what the shopper is told by mail; nothing if ``None``.
        mail_waits: how long the mail stays here, for a shopper who tries again at once.
        takes_fee_off: the order's total has no fee of a slip any more.
        has_fee: the slip stands, so its fee is in the order's total; one that came to nothing,
            whose fee was taken off, may stand after all.
        returns_goods: where the order is moved, its goods go back on the shelf.
        has_ended: nothing comes of the payment any more, so that it means nothing once another
            payment has been begun.
    """

    to: Callable[[Payment], OrderStatus] | None = None
    only_from: frozenset[OrderStatus] = frozenset()
    mail: MailKind | None = None
    mail_waits: timedelta = timedelta(0)
    takes_fee_off: bool = False
    has_fee: bool = False
    returns_goods: bool = False
    has_ended: bool = False


def effect_of(payment: Payment) -> Effect | None:
    """What the payment's present state means; ``None`` if it leaves the order alone."""
    return EFFECTS[PaymentMethod(payment.method)].get(PaymentState(payment.state))


def _always(status: OrderStatus) -> Callable[[Payment], OrderStatus]:
    return lambda _payment: status


def _paid_by_card(payment: Payment) -> OrderStatus:
    state = PaymentState(payment.state).card_state
    assert state is not None, "a paid payment has a state at the gateway"  # noqa: S101
    return status_after_card_payment(
        state,
        all_virtual=payment.all_virtual,
        wanted=OrderStatus(payment.account.order_status),
    )


def _paid_by_slip(payment: Payment) -> OrderStatus:
    return status_after_deposit(
        all_virtual=payment.all_virtual,
        wanted=OrderStatus(payment.account.collection.order_status),
    )


_awaiting: Final = _always(OrderStatus.AWAITING_PAYMENT)
_on_hold: Final = _always(OrderStatus.ON_HOLD)
_failed: Final = _always(OrderStatus.FAILED)
_cancelled: Final = _always(OrderStatus.CANCELLED)

_FAILED_ONLY: Final = frozenset({OrderStatus.FAILED})
_AWAITING_ONLY: Final = frozenset({OrderStatus.AWAITING_PAYMENT})

_PAID_BY_CARD: Final = Effect(to=_paid_by_card, only_from=PAYABLE, mail=MailKind.ORDER_PAID)

#: A shopper who tries again at once needs no mail about it.
TIME_TO_TRY_AGAIN: Final = timedelta(minutes=10)

#: Nobody has a slip: the order waits for another try, by slip or by card.
_NO_SLIP: Final = Effect(
    mail=MailKind.PAYMENT_NOT_CHARGED,
    mail_waits=TIME_TO_TRY_AGAIN,
    takes_fee_off=True,
    has_ended=True,
)

#: A state without a row leaves the order alone.
EFFECTS: Final[Mapping[PaymentMethod, Mapping[PaymentState, Effect]]] = {
    PaymentMethod.CARD: {
        PaymentState.STARTED: Effect(to=_awaiting, only_from=_FAILED_ONLY),
        PaymentState.UNKNOWN: Effect(
            to=_awaiting, only_from=_FAILED_ONLY, mail=MailKind.PAYMENT_UNKNOWN
        ),
        PaymentState.REFUSED: Effect(
            to=_failed, only_from=_AWAITING_ONLY, mail=MailKind.PAYMENT_REFUSED
        ),
        PaymentState.NOT_CHARGED: Effect(
            to=_failed, only_from=_AWAITING_ONLY, mail=MailKind.PAYMENT_NOT_CHARGED
        ),
        PaymentState.AUTHORISED: _PAID_BY_CARD,
        PaymentState.GATHERED: _PAID_BY_CARD,
        PaymentState.CAPTURED: _PAID_BY_CARD,
    },
    PaymentMethod.COLLECTION: {
        PaymentState.UNPAID: Effect(
            to=_on_hold, only_from=PAYABLE, mail=MailKind.SLIP_REGISTERED, has_fee=True
        ),
        PaymentState.REFUSED: replace(_NO_SLIP, to=_failed, only_from=_AWAITING_ONLY),
        PaymentState.NOT_SENT: _NO_SLIP,
        PaymentState.LOST: _NO_SLIP,
        PaymentState.DEPOSITED: Effect(
            to=_paid_by_slip, only_from=PAYABLE, mail=MailKind.SLIP_PAID, has_fee=True
        ),
        PaymentState.DELETED: Effect(takes_fee_off=True, has_ended=True),
        PaymentState.LAPSED: Effect(
            to=_cancelled,
            only_from=PAYABLE,
            mail=MailKind.SLIP_LAPSED,
            returns_goods=True,
            has_ended=True,
        ),
    },
}
