"""What to tell the shopper about a slip (オンライン収納代行): to the money, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from escott.django.models import Payment
from escott.gateway import NotSentReason
from escott.gateway.customer_actions import ADVICE, NOT_REACHED, Advice, CustomerAction
from escott.rules.payment_states import PaymentState

#: The shopper can mend what the gateway did not take.
_MENDABLE: Final = (CustomerAction.FIX_NAME, CustomerAction.FIX_KANA, CustomerAction.FIX_PHONE)

#: A refusal about which the shopper can do nothing.
_REFUSED: Final = Advice(
    "The payment number could not be issued. Nothing has been charged. Please try again, choose "
    "another way to pay, or contact the shop.",
    "払込番号を発行できませんでした。ご請求は発生していません。もう一度お試しいただくか、"
    "別のお支払い方法をお選びください。",
)

#: Too many payments wait for the gateway; this one was not begun.
_BUSY: Final = Advice(
    "Many payments are being processed at the moment. Nothing has been charged. "
    "Please wait a little and try again.",
    "ただいまお手続きが混み合っています。ご請求は発生していません。"
    "少し時間をおいてから、もう一度お試しください。",
)

_BY_STATE: Final[Mapping[PaymentState, Advice]] = {
    PaymentState.STARTED: Advice(
        "Your payment number is being issued. Please wait a moment.",
        "払込番号を発行しています。少々お待ちください。",
    ),
    PaymentState.UNPAID: Advice(
        "We are waiting for your payment.",
        "お支払いをお待ちしています。",
    ),
    PaymentState.LOST: Advice(
        "The connection broke off before your payment number arrived. Nothing has been charged. "
        "Please choose again how to pay.",
        "通信が途中で切れたため、払込番号をお受け取りできませんでした。ご請求は発生していません。"
        "お手数ですが、もう一度お支払い方法をお選びください。",
    ),
    PaymentState.DEPOSITED: ADVICE[CustomerAction.NONE],
    PaymentState.DELETED: Advice(
        "Your payment number was cancelled, and nothing has been charged. It can't be paid any "
        "more; please choose again how to pay.",
        "以前の払込番号は取り消されました。ご請求は発生していません。その番号ではお支払いいただけませんので、"
        "あらためてお支払い方法をお選びください。",
    ),
    PaymentState.LAPSED: Advice(
        "We have seen no payment by the last day. Nothing has been charged.",
        "お支払い期限までにご入金を確認できませんでした。ご請求は発生していません。",
    ),
}


def slip_advice(payment: Payment) -> Advice:
    """The shopper's text for the state of a payment by slip."""
    state = PaymentState(payment.state)
    match state:
        case PaymentState.REFUSED:
            return _after_refusal(payment)
        case PaymentState.NOT_SENT:
            reason = payment.operations.get(number=1).reason
            return _BUSY if reason == NotSentReason.BUSY else NOT_REACHED
        case _:
            return _BY_STATE[state]


def asks_for_other_details(payment: Payment) -> bool:
    """The gateway did not take the payer's name, kana or telephone number."""
    return payment.state == PaymentState.REFUSED and _mendable(payment) is not None


def _after_refusal(payment: Payment) -> Advice:
    action = _mendable(payment)
    return _REFUSED if action is None else ADVICE[action]


def _mendable(payment: Payment) -> CustomerAction | None:
    codes = payment.operations.get(number=1).codes
    actions = [CustomerAction(code.customer_action) for code in codes]
    return next((action for action in actions if action in _MENDABLE), None)
