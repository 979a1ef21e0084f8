"""What to tell the shopper about a payment: what happened, to the money, and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import get_language

from escott.django.models import Mail, Operation, Payment, Trip, TripState
from escott.django.models.mail import MailKind
from escott.django.services.payments import current_payment_of, latest_authentication_of
from escott.django.slip_advice import slip_advice
from escott.gateway import NotSentReason, advice_after_refusal
from escott.gateway.customer_actions import (
    ADVICE,
    BEING_CHECKED,
    NOT_REACHED,
    Advice,
    CustomerAction,
)
from escott.rules.card_testing import CountedBy, Stop
from escott.rules.payment_methods import PaymentMethod
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


#: The 本人認証 of an order came to nothing, and the shopper has gone.
NOT_FINISHED: Final = Advice(
    "The identity check by your card company (3-D Secure) was not finished. Nothing has been "
    "charged. You can pay on the page of your order.",
    "カード会社の本人認証（3Dセキュア）が完了していません。ご請求は発生していません。"
    "ご注文のページから、あらためてお支払いいただけます。",
)

#: Cards were refused so often from one side that somebody may be trying stolen ones.
_STOPPED: Final = Advice(
    "Card payments have been tried too often. Nothing has been charged this time. "
    "Please wait {wait} and pay again, or contact the shop.",
    "短い間に何度もカード決済が試みられたため、受付を一時停止しています。今回のご請求は発生していません。"
    "{wait}ほど時間をおいてから、もう一度お支払い手続きをお願いいたします。"
    "お急ぎの場合はショップまでお問い合わせください。",
)

#: The whole shop takes no cards from guests, or from anybody, for some minutes.
_SHOP_STOPPED: Final = Advice(
    "Card payments are paused for a short while, for everybody's safety. Nothing has been charged. "
    "Please wait {wait} and pay again, or contact the shop.",
    "安全のため、カード決済の受付を一時停止しています。ご請求は発生していません。"
    "{wait}ほど時間をおいてから、もう一度お支払い手続きをお願いいたします。"
    "お急ぎの場合はショップまでお問い合わせください。",
)

#: The same for guests alone: who has an account may sign in and pay.
_GUESTS_STOPPED: Final = Advice(
    "Card payments without an account are paused for a short while, for everybody's safety. "
    "Nothing has been charged. Please sign in and pay, or wait {wait}, or contact the shop.",
    "安全のため、会員登録のない方のカード決済の受付を一時停止しています。ご請求は発生していません。"
    "ログインしてお支払いいただくか、{wait}ほど時間をおいてから、もう一度お手続きをお願いいたします。"
    "お急ぎの場合はショップまでお問い合わせください。",
)

#: The order's total is no longer what the page had shown.
TOTAL_CHANGED: Final = Advice(
    "The total has changed since this page was shown. Nothing has been charged. "
    "Please check the amount and pay again.",
    "このページを表示した後に、お支払い金額が変わりました。ご請求は発生していません。"
    "金額をご確認のうえ、もう一度お支払い手続きをお願いいたします。",
)

#: Why nothing was sent, where it was not for the gateway.
_NOT_SENT: Final[dict[str, Advice]] = {
    NotSentReason.BUSY: BUSY,
    NotSentReason.NOT_LEFT: NOT_CHARGED,
}

#: Given back, or never taken in the end.
CANCELLED: Final = Advice(
    "This payment has been cancelled.",
    "このお支払いは取り消されました。",
)


#: A slip waits for its shopper.
UNPAID: Final = Advice(
    "Your order waits for your payment. Please pay at a convenience store, by Pay-easy or with "
    "e-money until the last day.",
    "お支払いをお待ちしています。お支払い期限までに、コンビニエンスストア・Pay-easy・電子マネーの"
    "いずれかでお支払いください。",
)

#: The gateway did not answer when a slip was to be registered.
SLIP_LOST: Final = Advice(
    "The payment number could not be issued. Nothing has been charged. Please choose how to pay "
    "once more.",
    "お支払い番号を発行できませんでした。ご請求は発生していません。"
    "お手数ですが、もう一度お支払い方法をお選びください。",
)

SLIP_DELETED: Final = Advice(
    "The payment number of this order has been cancelled. Please do not pay with it any more.",
    "お支払い番号は取り消されました。この番号ではお支払いいただけません。",
)

SLIP_LAPSED: Final = Advice(
    "The time to pay is over. Please do not pay with the number that you were given.",
    "お支払い期限が過ぎました。ご案内した番号ではお支払いいただけません。",
)

DEPOSIT_CONFIRMED: Final = Advice(
    "We have received your payment. Thank you.",
    "ご入金を確認しました。ありがとうございます。",
)

_OF_SLIPS: Final = {
    PaymentState.UNPAID: UNPAID,
    PaymentState.LOST: SLIP_LOST,
    PaymentState.DELETED: SLIP_DELETED,
    PaymentState.LAPSED: SLIP_LAPSED,
}


def advice_for(payment: Payment) -> str:
    """The shopper's text for a payment's state, in the language of the page."""
    return in_language_of_page(_advice(payment))


def advice_on_stop(stop: Stop, now: datetime) -> str:
    """What a shopper reads whose card is not taken at this moment, and how long that lasts."""
    if stop.limit.by is not CountedBy.SHOP:
        advice = _STOPPED
    else:
        advice = _GUESTS_STOPPED if stop.limit.guests_only else _SHOP_STOPPED
    return in_language_of_page(advice).format(wait=in_language_of_page(_wait(stop.until - now)))


def notice_for(order_reference: str) -> str:
    """What the page says above the card form: how the last attempt ended; empty if there is
    nothing to say, or the shopper left the gateway's page of their own will.
    """
    payment = current_payment_of(order_reference)
    trip = latest_authentication_of(order_reference)
    if trip is not None and (payment is None or trip.opened_at > payment.created_at):
        return in_language_of_page(advice_after_trip(trip)) if trip.state in _ENDED_BADLY else ""
    if payment is None or payment.live:
        return ""
    if payment.state == PaymentState.WITHDRAWN and not _timed_out(payment):
        return ""
    return advice_for(payment)


def advice_after_trip(trip: Trip) -> Advice:
    """What to tell a shopper whose trip brought nothing, so that nothing was charged."""
    if trip.state == TripState.EXPIRED:
        return ADVICE[CustomerAction.THREE_DS_TIMEOUT_RETRY]
    if not trip.codes:
        return TOTAL_CHANGED
    return advice_after_refusal(CustomerAction(code.customer_action) for code in trip.codes)


_ENDED_BADLY: Final = frozenset({TripState.REFUSED, TripState.EXPIRED})


def _timed_out(payment: Payment) -> bool:
    actions = {code.customer_action for code in _charge(payment).codes}
    return CustomerAction.CANCELLED_BY_CUSTOMER not in actions


def _wait(left: timedelta) -> Advice:
    """Minutes, or from two hours on hours, rounded up."""
    minutes = max(1, -(-left // timedelta(minutes=1)))
    if minutes < 120:
        return Advice(f"{minutes} minute{'s' * (minutes > 1)}", f"{minutes}分")
    hours = -(-minutes // 60)
    return Advice(f"{hours} hours", f"{hours}時間")


def advice_in(mail: Mail) -> str:
    """The text of a mail. It says what the mail was queued for, whatever has happened since."""
    fixed = _BY_MAIL.get(MailKind(mail.kind))
    of_slip = mail.payment is not None and mail.payment.method == PaymentMethod.COLLECTION
    if fixed is not None and not of_slip:
        return in_language_of_page(fixed)
    return in_language_of_page(_advice(mail.payment)) if mail.payment is not None else ""


_BY_MAIL: Final = {
    MailKind.ORDER_PAID: ADVICE[CustomerAction.NONE],
    MailKind.PAYMENT_UNKNOWN: BEING_CHECKED,
    MailKind.PAYMENT_NOT_CHARGED: NOT_CHARGED,
    MailKind.PAYMENT_UNFINISHED: NOT_FINISHED,
    MailKind.SLIP_PAID: DEPOSIT_CONFIRMED,
    MailKind.SLIP_DELETED: SLIP_DELETED,
    MailKind.SLIP_LAPSED: SLIP_LAPSED,
}


def in_language_of_page(advice: Advice) -> str:
    """The advice in Japanese on a Japanese page, else in English."""
    return advice.japanese if (get_language() or "ja").startswith("ja") else advice.english


def _advice(payment: Payment) -> Advice:
    if payment.method == PaymentMethod.COLLECTION:
        return slip_advice(payment)
    state = PaymentState(payment.state)
    if state in PAID:
        return ADVICE[CustomerAction.NONE]
    if state in _OF_SLIPS:
        return _OF_SLIPS[state]
    if payment.live:
        return BEING_CHECKED
    match state:
        case PaymentState.REFUSED | PaymentState.WITHDRAWN:
            actions = (CustomerAction(code.customer_action) for code in _charge(payment).codes)
            return advice_after_refusal(actions)
        case PaymentState.NOT_SENT:
            return _NOT_SENT.get(_charge(payment).reason, NOT_REACHED)
        case PaymentState.NOT_CHARGED:
            return NOT_CHARGED
        case _:
            return CANCELLED


def _charge(payment: Payment) -> Operation:
    return payment.operations.get(number=1)
