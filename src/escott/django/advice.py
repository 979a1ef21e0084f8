"""What to tell the shopper about a payment: what happened, to the money, and what to do."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language

from escott.django.models import Mail, Operation, Payment
from escott.django.models.mail import MailKind
from escott.gateway import NotSentReason, advice_after_refusal
from escott.gateway.customer_actions import (
    ADVICE,
    BEING_CHECKED,
    NOT_REACHED,
    Advice,
    CustomerAction,
)
from escott.rules.payment_states import PAID, PaymentState

#: Too many payments wait for the gateway; this one was not begun.
BUSY: Final = Advice(
    "Many payments are being processed at the moment. Nothing has been charged. "
    "Please wait a little and pay again.",
    "ただいまお支払いが混み合っています。ご請求は発生していません。"
    "少し時間をおいてから、もう一度お支払い手続きをお願いいたします。",
)

#: A result that was unknown, and is known now: nothing was taken.
NOT_CHARGED: Final = Advice(
    "We have checked your payment: nothing has been charged. Please pay again.",
    "お支払い状況を確認しました。ご請求は発生していません。"
    "お手数ですが、もう一度お支払い手続きをお願いいたします。",
)


#: The order was tried so often that somebody may be trying cards.
TOO_MANY_ATTEMPTS: Final = Advice(
    "This order has been tried many times. Nothing has been charged. "
    "Please wait an hour and pay again, or contact the shop.",
    "短い間に何度もお支払いが試みられたため、受付を一時停止しています。ご請求は発生していません。"
    "1時間ほど時間をおいてから、もう一度お支払い手続きをお願いいたします。",
)

#: The order's total is no longer what the page had shown.
TOTAL_CHANGED: Final = Advice(
    "The total has changed since this page was shown. Nothing has been charged. "
    "Please check the amount and pay again.",
    "このページを表示した後に、お支払い金額が変わりました。ご請求は発生していません。"
    "金額をご確認のうえ、もう一度お支払い手続きをお願いいたします。",
)

#: Given back, or never taken in the end.
CANCELLED: Final = Advice(
    "This payment has been cancelled.",
    "このお支払いは取り消されました。",
)


def advice_for(payment: Payment) -> str:
    """The shopper's text for a payment's state, in the language of the page."""
    return in_language_of_page(_advice(payment))


def advice_in(mail: Mail) -> str:
    """The text of a mail. It says what the mail was queued for, whatever has happened since."""
    if mail.payment is None:
        return ""
    fixed = _BY_MAIL.get(MailKind(mail.kind))
    return in_language_of_page(fixed or _advice(mail.payment))


_BY_MAIL: Final = {
    MailKind.ORDER_PAID: ADVICE[CustomerAction.NONE],
    MailKind.PAYMENT_UNKNOWN: BEING_CHECKED,
    MailKind.PAYMENT_NOT_CHARGED: NOT_CHARGED,
}


def in_language_of_page(advice: Advice) -> str:
    """The advice in Japanese on a Japanese page, else in English."""
    return advice.japanese if (get_language() or "ja").startswith("ja") else advice.english


def _advice(payment: Payment) -> Advice:
    state = PaymentState(payment.state)
    if state in PAID:
        return ADVICE[CustomerAction.NONE]
    if payment.live:
        return BEING_CHECKED
    match state:
        case PaymentState.REFUSED:
            actions = (CustomerAction(code.customer_action) for code in _charge(payment).codes)
            return advice_after_refusal(actions)
        case PaymentState.NOT_SENT:
            busy = _charge(payment).reason == NotSentReason.BUSY
            return BUSY if busy else NOT_REACHED
        case PaymentState.NOT_CHARGED:
            return NOT_CHARGED
        case _:
            return CANCELLED


def _charge(payment: Payment) -> Operation:
    return payment.operations.get(number=1)
