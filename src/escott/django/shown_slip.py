"""払込票 as its shopper sees it: on the order's pages and in mails, from the shop's own rows.

A link stands only while the slip can be paid by it: not after its last day, not once it is paid,
cancelled or expired, and not after a 変更 whose answer was lost, for then the number that the
shopper has noted may be worth nothing (requirements.md A119; design.md, invariant 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.utils.translation import get_language

from escott.django.clock import the_clock
from escott.django.conf import escott_settings
from escott.django.days import day_in_words, moment_in_words
from escott.django.models import Mode, Payment
from escott.django.models.operation import UNFINISHED
from escott.django.services.collection import slip_page_url
from escott.gateway.institutions import institution
from escott.rules.collection_states import CollectionOperation
from escott.rules.due_dates import is_over
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen


class SlipStage(StrEnum):
    """How far a slip has come, for its shopper."""

    PAYABLE = "payable"
    OVERDUE = "overdue"  # its last day is over; a deposit may still be told of
    BEING_DELETED = "being_deleted"  # 削除 is under way, or its result is not known yet
    DEPOSIT_DIFFERS = "deposit_differs"  # another amount was paid in: staff look at it
    NUMBER_LOST = "number_lost"  # 変更 was not answered: the number may have changed
    PAID = "paid"
    DELETED = "deleted"
    LAPSED = "lapsed"
    NONE = "none"  # nothing was registered, or nobody knows


_BY_STATE = {
    PaymentState.DEPOSITED: SlipStage.PAID,
    PaymentState.DELETED: SlipStage.DELETED,
    PaymentState.LAPSED: SlipStage.LAPSED,
}


@dataclass(frozen=True, slots=True)
class ShownSlip:
    """A slip in words.

    Attributes:
        link: the gateway's page on which the shopper chooses how to pay; empty where nothing
            can be paid.
        number: 払込番号 (決済番号).
        amount, fee: ``¥4,110``; the fee is within the amount, and empty where there is none.
        due_date: the last day, with its day of the week.
        paid_at, institution: when and where it was paid; empty before.
        shop_mail: whom to ask; empty where the site does not say.
        test_mode: nothing is really charged.
    """

    stage: SlipStage
    link: str
    number: str
    amount: str
    fee: str
    due_date: str
    paid_at: str
    institution: str
    shop_mail: str
    test_mode: bool

    @classmethod
    def of(cls, payment: Payment, *, now: datetime | None = None) -> Self:
        """The slip of a payment by slip."""
        slip = payment.slip
        stage = stage_of(payment, now or the_clock().now())
        is_payable = stage is SlipStage.PAYABLE
        return cls(
            stage=stage,
            link=slip_page_url(payment, from_checkout=False) if is_payable else "",
            number=slip.kessai_number if is_payable or stage is SlipStage.OVERDUE else "",
            amount=format_yen(payment.amount),
            fee=format_yen(slip.fee) if slip.fee else "",
            due_date=day_in_words(slip.due_on),
            paid_at=moment_in_words(slip.deposited_at) if slip.deposited_at else "",
            institution=name_of_institution(slip.institution),
            shop_mail=escott_settings().shop_mail,
            test_mode=payment.mode == Mode.TEST,
        )

    @property
    def is_to_be_paid(self) -> bool:
        """It is not paid yet, and its last day has not passed."""
        return self.stage in {SlipStage.PAYABLE, SlipStage.NUMBER_LOST}


def shown_slip_of(payment: Payment | None) -> ShownSlip | None:
    """The slip of a payment; ``None`` where it is made otherwise, or there is none."""
    if payment is None or payment.method != PaymentMethod.COLLECTION:
        return None
    return ShownSlip.of(payment)


def stage_of(payment: Payment, now: datetime) -> SlipStage:
    """How far the slip of a payment has come.

    Args:
        now: the present (aware).
    """
    state = PaymentState(payment.state)
    if state is not PaymentState.UNPAID:
        return _BY_STATE.get(state, SlipStage.NONE)
    if payment.slip.deposited_at is not None:
        return SlipStage.DEPOSIT_DIFFERS
    deletions = payment.operations.filter(kind=CollectionOperation.DELETE)
    if deletions.filter(state__in=UNFINISHED).exists():
        return SlipStage.BEING_DELETED
    if is_over(payment.slip.due_on, now):
        return SlipStage.OVERDUE
    return SlipStage.PAYABLE if payment.slip.link_code else SlipStage.NUMBER_LOST


def name_of_institution(code: str) -> str:
    """ローソン, or Lawson: in the language of the page; empty where none is known."""
    if not code:
        return ""
    found = institution(code)
    return found.japanese if (get_language() or "ja").startswith("ja") else found.english
