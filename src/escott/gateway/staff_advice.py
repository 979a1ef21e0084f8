"""What staff should do about a response code: the cause, and the remedy.

A text for each code that has a remedy of its own, and one for each category otherwise.
The English text is the gettext msgid, as in :mod:`escott.gateway.customer_actions`.
Source: the manual's FAQ; requirements.md A150, A158, part 2 no. 1, 10, 11 and 16.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from escott.gateway.customer_actions import Advice
from escott.gateway.response_codes import Category, Money, ResponseCode

_WRONG_PASSWORD: Final = Advice(
    "The gateway does not accept the merchant id or password. Check both in the settings, "
    "and that they belong to the mode in use: the password differs between test and "
    "production. Do not try again and again, or the account will be locked (KG8).",
    "マーチャントIDまたはマーチャントパスワードが受け付けられませんでした。設定をご確認ください。"
    "パスワードはテスト環境と本番環境で異なります。"
    "誤ったまま繰り返すとアカウントがロックされます（KG8）のでご注意ください。",
)
_WRONG_TENANT: Final = Advice(
    "The gateway does not know this shop code. Check 店舗コード in the settings "
    "(0001 where there is one shop).",
    "店舗コードが登録されていません。設定の店舗コードをご確認ください（1店舗の場合は 0001 です）。",
)
_WRONG_CARD_NUMBER: Final = Advice(
    "The card number is not accepted. The test card numbers work in test mode only; "
    "in production the gateway refuses them. Otherwise ask the customer for another card.",
    "カード番号が受け付けられませんでした。テスト用のカード番号はテストモードでのみ使用でき、"
    "本番環境では決済代行会社に拒否されます。"
    "それ以外の場合は、お客様に別のカードをご案内ください。",
)
_WRONG_STATE: Final = Advice(
    "The payment's state at the gateway does not allow this operation; it may already have "
    "been done, here or on the gateway's console. Inquire (取引参照), compare, and do not "
    "operate payments on the console.",
    "決済の現在の状態では、この操作は行えません。すでに同じ操作が行われているか、"
    "加盟店管理画面で操作された可能性があります。取引参照で状態をご確認ください。"
    "加盟店管理画面では決済を操作しないでください。",
)
_WRONG_TOKEN: Final = Advice(
    "The card's token serves once and for 30 minutes. The customer only has to enter the "
    "card again.",
    "トークンの有効期間は30分で、1回のみ使用できます。お客様にカード情報の再入力をご案内ください。",
)
_SYSTEM_MAYBE: Final = Advice(
    "The gateway had a fault, and the payment may have been made all the same. "
    "Do not charge again. The result is being inquired; if it stays unknown, look the "
    "transaction up on the gateway's console.",
    "決済代行会社側で障害が発生しましたが、決済が成立している可能性があります。"
    "再度の決済は行わないでください。結果を照会しています。"
    "不明のままの場合は、加盟店管理画面で取引をご確認ください。",
)

#: For each code that has a remedy of its own, the staff's text.
BY_CODE: Final[Mapping[str, Advice]] = {
    "K02": _WRONG_PASSWORD,
    "K03": _WRONG_PASSWORD,
    "KG8": Advice(
        "The merchant account is locked after repeated wrong passwords. Correct the password "
        "in the settings, then ask the payment company to unlock the account.",
        "誤ったパスワードが続いたため、アカウントがロックされています。"
        "設定のパスワードを修正したうえで、決済代行会社にロックの解除をご依頼ください。",
    ),
    "K04": _WRONG_TENANT,
    "K13": _WRONG_TENANT,
    "K06": Advice(
        "The gateway does not accept this operation. Most often 3-D Secure is switched on in "
        "the settings but not contracted, or its opening day has not come. Ask the payment "
        "company whether 3-D Secure can be used; until then choose 'not contracted yet'.",
        "この処理区分は受け付けられませんでした。3Dセキュアを申し込んでいない、"
        "または開通日に達していないのに「利用する」に設定している場合に多く発生します。"
        "3Dセキュアが利用できる状態か決済代行会社にご確認のうえ、"
        "開通までは「未契約」に設定してください。",
    ),
    "K12": Advice(
        "The gateway does not know this transaction (any more): its handling period is over, "
        "or its ids are not from this contract and mode, or it is a convenience-store payment "
        "that was cancelled.",
        "決済代行会社に該当する取引が見つかりません。取扱期間が過ぎている、契約や環境"
        "（テスト・本番）が異なる、または取消済みのコンビニ等決済であることが考えられます。",
    ),
    "K14": _WRONG_STATE,
    "C14": _WRONG_STATE,
    "KIN": _WRONG_STATE,
    "K23": Advice(
        "The gateway does not accept the amount: it must be a whole number of yen of at least "
        "1, and a change must differ from the present amount.",
        "金額が受け付けられませんでした。金額は1円以上の整数とし、"
        "利用額変更の場合は現在の金額と異なる金額を指定してください。",
    ),
    "K39": Advice(
        "The gateway does not accept the sales date. It must be given for capture and "
        "re-authorisation and must not lie in the future; check the server's clock.",
        "売上計上日が受け付けられませんでした。売上計上と再オーソリでは必須で、"
        "未来の日付は指定できません。サーバーの時刻をご確認ください。",
    ),
    "K71": Advice(
        "The customer's card registration at the gateway and here do not agree, or it was "
        "purged (test registrations expire after 2 months and never work in production). "
        "Delete the customer's registered card and have it registered again. Payments made "
        "with the deleted registration can no longer be cancelled or changed.",
        "カード会員データの不整合が起こっている可能性があります。"
        "テスト環境の会員は2か月で削除され、本番環境では使用できません。"
        "お客様のカード会員情報を削除し、登録しなおしてください。"
        "削除した会員での決済は、以後、取消や利用額変更ができなくなります。",
    ),
    "K80": Advice(
        "The payment was made with a registered card, so the registration must be named in "
        "every later operation. Check that the customer's registered card still exists.",
        "この決済は登録済みカードで行われたため、以後の操作にも会員情報が必要です。"
        "お客様のカード会員情報が残っているかご確認ください。",
    ),
    "K81": Advice(
        "The payment was not made with a registered card, so none may be named in later "
        "operations. The payment's record here does not agree with the gateway; please "
        "inform the shop's developers.",
        "この決済は登録済みカードで行われていないため、操作に会員情報を指定できません。"
        "ショップの記録と決済代行会社の記録が一致していませんので、開発担当者にご連絡ください。",
    ),
    "K99": Advice(
        "Most often the service has not been opened yet, or the IP address restriction on the "
        "gateway's console does not list this server. Check both with the payment company. "
        "The payment may have been made all the same: do not charge again before the result "
        "is known.",
        "サービス開始日に達していないか、加盟店管理画面のIPアドレス制限に"
        "このサーバーが登録されていないことが考えられます。"
        "決済が成立している可能性もあるため、結果が確認できるまで再度の決済は行わないでください。",
    ),
    "K97": Advice(
        "The gateway is stopped. The test environment is closed on Wednesdays and may be "
        "closed outside 09:15 to 17:45. Try again later.",
        "決済代行会社のシステムが停止しています。テスト環境は毎週水曜日は終日、"
        "その他の日も9:15～17:45以外は停止している場合があります。"
        "時間をおいてからお試しください。",
    ),
    "K20": _WRONG_CARD_NUMBER,
    "K82": _WRONG_CARD_NUMBER,
    "C16": _WRONG_CARD_NUMBER,
    "C17": _WRONG_CARD_NUMBER,
    "G65": _WRONG_CARD_NUMBER,
    "KHX": _WRONG_TOKEN,
    "KHZ": _WRONG_TOKEN,
    "KI2": _WRONG_TOKEN,
    "KI3": _WRONG_TOKEN,
    "KI1": Advice(
        "The gateway does not know the token code. Check トークン決済認証コード in the "
        "settings, and that it belongs to the mode in use.",
        "トークン決済認証コードが受け付けられませんでした。"
        "設定の値が、ご利用の環境（テスト・本番）のものかご確認ください。",
    ),
}

#: For the other codes, by what they are about.
BY_CATEGORY: Final[Mapping[Category, Advice]] = {
    Category.STATE: _WRONG_STATE,
    Category.CONFIG: Advice(
        "The settings and the contract do not agree. Check the settings of the payment "
        "method; if they are right, ask the payment company, naming the code.",
        "設定と契約内容が一致していない可能性があります。決済方法の設定をご確認いただき、"
        "問題がない場合は、コードを添えて決済代行会社にお問い合わせください。",
    ),
    Category.INPUT_CARD: Advice(
        "The customer entered card details that are not right. The customer can correct them "
        "and pay again.",
        "お客様が入力したカード情報に誤りがあります。お客様は修正のうえ、再度お支払いいただけます。",
    ),
    Category.INPUT_OTHER: Advice(
        "The gateway does not accept a value of the request. The meaning of the code names "
        "it; correct it and try again.",
        "送信した項目の値が受け付けられませんでした。コードの内容をご確認のうえ、"
        "該当する値を修正して再度お試しください。",
    ),
    Category.MEMBER: Advice(
        "The customer's registered card at the gateway is not in the state that is needed. "
        "Look at its state on the customer's page, and register the card again if need be.",
        "お客様のカード会員の状態に問題があります。顧客ページで会員の状態をご確認いただき、"
        "必要に応じてカードを登録しなおしてください。",
    ),
    Category.THREE_DS: Advice(
        "The customer's identity check (3-D Secure) did not succeed. The customer can try "
        "again or use another card. If it happens to many, ask the payment company.",
        "お客様の本人認証（3Dセキュア）が完了しませんでした。"
        "お客様は再度お試しいただくか、別のカードをご利用いただけます。"
        "多発する場合は決済代行会社にお問い合わせください。",
    ),
    Category.DECLINED: Advice(
        "The card company refused the payment. It does not tell the shop more than the code; "
        "the customer can ask the card company, or use another card.",
        "カード会社により承認されませんでした。詳しい理由はショップには開示されません。"
        "お客様からカード会社へお問い合わせいただくか、別のカードをご案内ください。",
    ),
    Category.COLLECTION: Advice(
        "The convenience-store payment could not be registered or changed. Check the values "
        "that the code names, and the settings of the method.",
        "コンビニ等決済の登録または変更ができませんでした。"
        "コードの内容が示す項目と、決済方法の設定をご確認ください。",
    ),
    Category.LINK_CANCEL: Advice(
        "The customer left the gateway's page, or could not finish there. "
        "The customer can pay again.",
        "お客様が決済画面で手続きを中止したか、完了できませんでした。再度お支払いいただけます。",
    ),
    Category.SYSTEM: Advice(
        "The gateway or the card company had a fault and did not take the payment. Try again "
        "later; if it persists, ask the payment company, naming the code.",
        "決済代行会社またはカード会社の障害により、受け付けられませんでした。"
        "時間をおいて再度お試しください。続く場合は、コードを添えて決済代行会社にお問い合わせください。",
    ),
}


class NoTransaction(StrEnum):
    """Why the gateway answers K12, where the shop's own record tells it."""

    PAST_PERIOD = "past_period"
    UNKNOWN_PAIR = "unknown_pair"
    CANCELLED_COLLECTION = "cancelled_collection"


#: K12 by case; where the case is not known, ``BY_CODE["K12"]`` names all three.
K12: Final[Mapping[NoTransaction, Advice]] = {
    NoTransaction.PAST_PERIOD: Advice(
        "The handling period of this payment is over, so the gateway no longer operates it. "
        "Refund in another way (bank transfer) and record it.",
        "この決済は取扱期間が過ぎているため、操作できません。"
        "返金は銀行振込など別の方法で行い、記録してください。",
    ),
    NoTransaction.UNKNOWN_PAIR: Advice(
        "The gateway does not know the transaction's ids under this contract and mode. Check "
        "whether the merchant id or the mode was changed since the payment.",
        "現在の契約・環境では該当する取引が見つかりません。"
        "決済後にマーチャントIDやテストモードの設定が変更されていないかご確認ください。",
    ),
    NoTransaction.CANCELLED_COLLECTION: Advice(
        "This convenience-store payment was cancelled; the gateway then forgets it. "
        "Nothing more can or need be done with it.",
        "このコンビニ等決済は取消済みのため、決済代行会社に取引が残っていません。"
        "以後の操作はできず、必要もありません。",
    ),
}


def staff_advice(code: ResponseCode) -> Advice:
    """What staff should do about ``code``; of a code after which money may have moved, that
    nobody may charge again.
    """
    own = BY_CODE.get(code.code)
    if own is not None:
        return own
    return _SYSTEM_MAYBE if code.money is Money.MAYBE else BY_CATEGORY[code.category]
