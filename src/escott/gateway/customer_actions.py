"""What to tell a shopper whose payment was refused, could not be sent, or is unclear.

Each text says what happened, whether anything was charged, and what to do next. The texts
of :data:`ADVICE` hold for a refusal only, for they say that nothing was charged; an unknown
result has :data:`BEING_CHECKED`, whatever its codes. The English text is the gettext msgid,
the Japanese its translation; this floor has no gettext and carries both.
Source: protocol.md I, customer message classes; requirements.md, part 3, last row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CustomerAction(StrEnum):
    """What the shopper can do about a response code (column customer_action of the table)."""

    NONE = "none"
    FIX_CARD_NUMBER = "fix_card_number"
    FIX_CARD_EXPIRY = "fix_card_expiry"
    FIX_SECURITY_CODE = "fix_security_code"
    FIX_CARD_INFO = "fix_card_info"
    CARD_UNUSABLE = "card_unusable"
    USAGE_COUNT_EXCEEDED = "usage_count_exceeded"
    LIMIT_EXCEEDED = "limit_exceeded"
    FIX_AMOUNT = "fix_amount"
    CHANGE_PAYMENT_TYPE = "change_payment_type"
    FIX_PHONE = "fix_phone"
    FIX_NAME = "fix_name"
    FIX_KANA = "fix_kana"
    THREE_DS_FAILED = "3ds_failed"
    THREE_DS_TIMEOUT_RETRY = "3ds_timeout_retry"
    CHANGE_PAYMENT_METHOD = "change_payment_method"
    TRY_LATER = "try_later"
    REENTER_CARD = "reenter_card"
    WAIT_LOCKOUT = "wait_lockout"
    RETRY = "retry"
    CANCELLED_BY_CUSTOMER = "cancelled_by_customer"
    RETRIES_EXCEEDED = "retries_exceeded"
    CONTACT_MERCHANT = "contact_merchant"


@dataclass(frozen=True, slots=True)
class Advice:
    """One text in two languages; ``english`` is the msgid."""

    english: str
    japanese: str


#: For each class the shopper's text after a refusal.
ADVICE: Final[Mapping[CustomerAction, Advice]] = {
    CustomerAction.NONE: Advice(
        "Your payment has been completed.",
        "お支払いが完了しました。",
    ),
    CustomerAction.FIX_CARD_NUMBER: Advice(
        "The card number is not correct. Nothing has been charged. "
        "Please check the number and enter it again.",
        "カード番号が正しくありません。ご請求は発生していません。"
        "カード番号をご確認のうえ、もう一度ご入力ください。",
    ),
    CustomerAction.FIX_CARD_EXPIRY: Advice(
        "The expiry date is not correct, or the card has expired. Nothing has been charged. "
        "Please check the expiry date on the card, or use another card.",
        "有効期限が正しくないか、カードの有効期限が切れています。ご請求は発生していません。"
        "カードの有効期限をご確認のうえもう一度ご入力いただくか、別のカードをご利用ください。",
    ),
    CustomerAction.FIX_SECURITY_CODE: Advice(
        "The security code is not correct. Nothing has been charged. "
        "Please check the 3 or 4 digits printed on the card and enter them again.",
        "セキュリティコードが正しくありません。ご請求は発生していません。"
        "カードに印字された3桁または4桁の数字をご確認のうえ、もう一度ご入力ください。",
    ),
    CustomerAction.FIX_CARD_INFO: Advice(
        "The details do not match those of the card. Nothing has been charged. "
        "Please check the card details and enter them again.",
        "ご入力いただいた内容がカードの情報と一致しませんでした。ご請求は発生していません。"
        "カードの情報をご確認のうえ、もう一度ご入力ください。",
    ),
    CustomerAction.CARD_UNUSABLE: Advice(
        "This card cannot be used for this payment. Nothing has been charged. "
        "Please use another card, or ask the company that issued it.",
        "このカードはご利用いただけません。ご請求は発生していません。"
        "別のカードをご利用いただくか、カード会社にお問い合わせください。",
    ),
    CustomerAction.USAGE_COUNT_EXCEEDED: Advice(
        "The number of uses or the amount allowed for one day has been exceeded. "
        "Nothing has been charged. Please use another card, or try again tomorrow or later.",
        "カードの1日のご利用回数または金額の上限を超えています。ご請求は発生していません。"
        "別のカードをご利用いただくか、明日以降にもう一度お試しください。",
    ),
    CustomerAction.LIMIT_EXCEEDED: Advice(
        "The card's limit would be exceeded. Nothing has been charged. "
        "Please use another card, or ask the company that issued it.",
        "カードのご利用限度額を超えています。ご請求は発生していません。"
        "別のカードをご利用いただくか、カード会社にお問い合わせください。",
    ),
    CustomerAction.FIX_AMOUNT: Advice(
        "The card company does not accept this amount. Nothing has been charged. "
        "Please choose another way to pay, or contact the shop.",
        "お支払い金額がカード会社で受け付けられませんでした。ご請求は発生していません。"
        "別のお支払い方法をお選びいただくか、当店までお問い合わせください。",
    ),
    CustomerAction.CHANGE_PAYMENT_TYPE: Advice(
        "This card cannot be paid with the chosen number of instalments. "
        "Nothing has been charged. Please choose another, such as a single payment.",
        "お選びいただいた支払回数は、このカードではご利用いただけません。ご請求は発生していません。"
        "一括払いなど、別の支払回数をお選びください。",
    ),
    CustomerAction.FIX_PHONE: Advice(
        "The telephone number could not be accepted. Nothing has been charged. "
        "Please check it and enter it again.",
        "電話番号を受け付けられませんでした。ご請求は発生していません。"
        "電話番号をご確認のうえ、もう一度ご入力ください。",
    ),
    CustomerAction.FIX_NAME: Advice(
        "The name could not be accepted. Nothing has been charged. "
        "Please check it, write unusual characters in another way, and try again.",
        "お名前を受け付けられませんでした。ご請求は発生していません。"
        "お名前をご確認のうえ、特殊な文字は別の文字に置き換えて、もう一度ご入力ください。",
    ),
    CustomerAction.FIX_KANA: Advice(
        "The name in kana could not be accepted. Nothing has been charged. "
        "Please enter it again in full-width katakana.",
        "お名前のフリガナを受け付けられませんでした。ご請求は発生していません。"
        "全角カタカナで、もう一度ご入力ください。",
    ),
    CustomerAction.THREE_DS_FAILED: Advice(
        "Your identity could not be verified (3-D Secure). Nothing has been charged. "
        "Please try again, or use another card.",
        "本人認証（3Dセキュア）を完了できませんでした。ご請求は発生していません。"
        "もう一度お試しいただくか、別のカードをご利用ください。",
    ),
    CustomerAction.THREE_DS_TIMEOUT_RETRY: Advice(
        "The time to verify your identity (3-D Secure) has run out. Nothing has been charged. "
        "Please start the payment again.",
        "本人認証（3Dセキュア）の有効時間が過ぎました。ご請求は発生していません。"
        "お手数ですが、もう一度はじめからお支払い手続きをお願いいたします。",
    ),
    CustomerAction.CHANGE_PAYMENT_METHOD: Advice(
        "The identity check (3-D Secure) did not succeed, or the card has none. "
        "Nothing has been charged. Please use another card or another way to pay; "
        "if you left the check yourself, you can try again.",
        "本人認証（3Dセキュア）を行えませんでした。ご請求は発生していません。"
        "別のカード、または別のお支払い方法をご利用ください。"
        "途中で取りやめた場合は、もう一度お試しいただけます。",
    ),
    CustomerAction.TRY_LATER: Advice(
        "Card payments are not available at the moment. Nothing has been charged. "
        "Please try again after a while.",
        "ただいまお支払いを受け付けることができません。ご請求は発生していません。"
        "しばらく時間をおいてから、もう一度お試しください。",
    ),
    CustomerAction.REENTER_CARD: Advice(
        "The card details you entered are no longer valid. Nothing has been charged. "
        "Please enter the card again.",
        "ご入力いただいたカード情報の有効時間が過ぎたか、すでに使用されています。"
        "ご請求は発生していません。お手数ですが、カード情報をもう一度ご入力ください。",
    ),
    CustomerAction.WAIT_LOCKOUT: Advice(
        "The card was entered too many times and is locked for a while. "
        "Nothing has been charged. Please wait before you try again, or use another card.",
        "短い間に何度もご入力があったため、一時的に受付を停止しています。ご請求は発生していません。"
        "しばらく時間をおいてからお試しいただくか、別のカードをご利用ください。",
    ),
    CustomerAction.RETRY: Advice(
        "The payment did not go through. Nothing has been charged. Please try again.",
        "お支払い手続きが完了しませんでした。ご請求は発生していません。"
        "お手数ですが、もう一度お支払い手続きをお願いいたします。",
    ),
    CustomerAction.CANCELLED_BY_CUSTOMER: Advice(
        "You left the payment before it was completed. Nothing has been charged. "
        "You can choose how to pay again.",
        "お支払い手続きは中止されました。ご請求は発生していません。"
        "お支払い方法をもう一度お選びいただけます。",
    ),
    CustomerAction.RETRIES_EXCEEDED: Advice(
        "The number of attempts has been used up. Nothing has been charged. "
        "Please start the payment again, or use another card.",
        "入力できる回数を超えました。ご請求は発生していません。"
        "もう一度はじめからお支払い手続きをしていただくか、別のカードをご利用ください。",
    ),
    CustomerAction.CONTACT_MERCHANT: Advice(
        "The payment could not be made. Nothing has been charged. "
        "Please try another card or another way to pay, or contact the shop.",
        "お支払いを完了できませんでした。ご請求は発生していません。"
        "別のカードまたは別のお支払い方法をお試しいただくか、当店までお問い合わせください。",
    ),
}

#: For a result that is unknown: whether anything was charged is not said, for nobody knows.
BEING_CHECKED: Final = Advice(
    "We are checking the result of your payment. Please do not pay again: "
    "we will let you know by e-mail as soon as the result is certain.",
    "お支払い状況を確認しています。二重のお支払いを防ぐため、再度のお支払い手続きはお控えください。"
    "結果が確認でき次第、メールでお知らせいたします。",
)

#: For a request that never left: the gateway cannot be reached.
NOT_REACHED: Final = Advice(
    "The payment service cannot be reached at the moment. Nothing has been charged. "
    "Please try again after a while.",
    "ただいま決済サービスに接続できません。ご請求は発生していません。"
    "しばらく時間をおいてから、もう一度お試しください。",
)


def advice_after_refusal(actions: Iterable[CustomerAction]) -> Advice:
    """The one text to show for a refusal's codes, in the order the gateway gave them.

    The first code that the shopper can do something about decides; where there is none,
    the neutral text.
    """
    helpless = {CustomerAction.NONE, CustomerAction.CONTACT_MERCHANT}
    helpful = (action for action in actions if action not in helpless)
    return ADVICE[next(helpful, CustomerAction.CONTACT_MERCHANT)]
