"""The words of the simulator's pages, in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from escott.simulator.collection_texts import COLLECTION_TEXTS

#: Japanese comes first: it is what a visitor sees unless asked otherwise.
LANGUAGES: Final = ("ja", "en")

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    **COLLECTION_TEXTS,
    "skip": ("本文へ移動", "Skip to content"),
    "product": ("e-SCOTT Smart シミュレーター", "e-SCOTT Smart simulator"),
    "banner": (
        "これは開発用のシミュレーターです。実際の決済は行われません。実在のカード番号は入力しないでください。",
        "This is a simulator for development. No payment is real. Never enter a real card number.",
    ),
    "nav": ("ページ", "Pages"),
    "nav_cards": ("テストカード", "Test cards"),
    "nav_console": ("加盟店管理画面", "Merchant console"),
    "clock": ("現在のゲートウェイ時刻", "Gateway time now"),
    "copy": ("コピー", "Copy"),
    "copied": ("コピーしました", "Copied"),
    # the page of cards
    "cards_title": ("テストカード", "Test cards"),
    "cards_lead": (
        "ここにあるカード番号は、このシミュレーターだけで使えます。有効期限はすべて 12 / 28、"
        "セキュリティコードは 777（American Express は 7777）です。",
        "These card numbers work in this simulator only. Every card expires in 12 / 28; the "
        "security code is 777 (7777 for American Express).",
    ),
    "first_card": ("まずはこのカードで", "Start with this card"),
    "number": ("カード番号", "Card number"),
    "expiry": ("有効期限", "Expiry"),
    "security_code": ("セキュリティコード", "Security code"),
    "brand": ("ブランド", "Brand"),
    "result": ("結果", "Result"),
    "code": ("コード", "Code"),
    "approved": ("承認されるカード", "Cards that are approved"),
    "declined": ("断られるカード", "Cards that are declined"),
    "declined_lead": (
        "3組目の4桁がコードを表します。0712 は G12（G は7番目の文字）です。",
        "The third group of digits tells the code: 0712 is G12 (G is the seventh letter).",
    ),
    "troubled": ("通信や応答に問題が起きるカード", "Cards with trouble on the line"),
    "troubled_lead": (
        "結果不明の扱いを確かめるためのカードです。「後続処理」は売上計上・利用額変更・取消・再オーソリです。",
        "For results that nobody knows. Later operations are capture, change of amount, "
        "cancellation and re-authorisation.",
    ),
    "secured": ("3Dセキュアの結果を試すカード", "Cards for the results of 3-D Secure"),
    "secured_lead": (
        "決済そのものはすべて承認されます。ほかの表のカードは、最初のカードを除き、"
        "チャレンジなしで認証に成功します。",
        "Every charge on them is approved. The cards of the other tables authenticate without "
        "a challenge, except the first card.",
    ),
    "merchants": ("デモ加盟店", "Demo merchants"),
    "merchants_lead": (
        "接続に使う値です。公開されている固定値で、実在の契約ではありません。",
        "The values to connect with. They are fixed, public and belong to no contract.",
    ),
    "for_cards": ("クレジットカード決済", "Card payments"),
    "for_collection": ("オンライン収納代行", "Online collection"),
    "token_code": ("トークン決済認証コード", "Token authentication code"),
    "key": ("暗号化キー", "Encryption key"),
    "vector": ("初期化ベクトル", "Initialisation vector"),
    "holder": ("カード会員（認証アシスト）", "Card holder (authentication assist)"),
    "links": ("リンク", "Links"),
    "link_script": ("トークン用スクリプト", "Token script"),
    "link_transactions": ("取引一覧（JSON）", "Transactions (JSON)"),
    "link_members": ("会員一覧（JSON）", "Members (JSON)"),
    "link_visits": (
        "本人認証・カード入力画面の利用状況（JSON）",
        "Visits to the shopper's pages (JSON)",
    ),
    "link_clock": ("時計（JSON）", "Clock (JSON)"),
    # the console
    "console_title": ("取引一覧", "Transactions"),
    "search_label": ("自由領域1（MerchantFree1）で検索", "Search by MerchantFree1"),
    "search_from": ("処理日（から）", "From (day)"),
    "search_to": ("処理日（まで）", "To (day)"),
    "search_amount": ("金額（円）", "Amount (yen)"),
    "wrong_search": (
        "検索条件を確認してください。日付は 2026-01-05 の形、金額は数字で入力します。",
        "Check what you are looking for: days are written as 2026-01-05, amounts in digits.",
    ),
    "search": ("検索", "Search"),
    "csv_utf-8": ("CSV（UTF-8）", "CSV (UTF-8)"),
    "csv_sjis": ("CSV（Shift_JIS）", "CSV (Shift_JIS)"),
    "clear": ("条件をクリア", "Clear"),
    "found": ("{n} 件", "{n} found"),
    "none_found": ("該当する取引はありません。", "No transaction matches."),
    "none_yet": ("取引はまだありません。", "There are no transactions yet."),
    "newer": ("新しい取引", "Newer"),
    "older": ("古い取引", "Older"),
    "time": ("日時", "Time"),
    "operation": ("処理", "Operation"),
    "state": ("状態", "State"),
    "amount": ("金額", "Amount"),
    "card": ("カード", "Card"),
    "detail_title": ("取引詳細", "Transaction"),
    "back": ("取引一覧へ戻る", "Back to the list"),
    "history": ("処理履歴", "History"),
    "came_by": ("受付", "Came by"),
    "by_telegram": ("ショップの電文", "telegram"),
    "by_console": ("管理画面での操作", "this console"),
    "operate": ("取引の操作", "Operate"),
    "operate_lead": (
        "ここでの操作は、ショップには通知されません。ショップとの食い違いを試すときに使います。",
        "The shop is not told of what is done here. Try what happens when the two differ.",
    ),
    "no_operation": (
        "この取引に行える操作はありません（状態または処理可能期間のため）。",
        "Nothing can be done to this transaction, because of its state or its handling period.",
    ),
    "do_1Capture": ("売上計上する", "Capture"),
    "do_1Change": ("利用額を変更する", "Change the amount"),
    "do_1ReAuth": ("再オーソリする", "Re-authorise"),
    "new_amount_1Change": ("変更後の金額（円）", "New amount (yen)"),
    "new_amount_1ReAuth": ("再オーソリの金額（円）", "Amount to authorise (yen)"),
    "cancel_ask": ("取消の確認へ", "Cancel…"),
    "cancel_title": ("この取引を取り消しますか？", "Cancel this transaction?"),
    "cancel_lead": (
        "取り消すと、カード会員への請求はなくなります。取消を元に戻すことはできません。"
        "必要な場合は再オーソリを行います。",
        "The card holder will not be charged. This cannot be undone; a re-authorisation asks "
        "the card company anew.",
    ),
    "cancel_yes": ("{amount} を取り消す", "Cancel {amount}"),
    "cancel_no": ("取り消さずに戻る", "Go back without cancelling"),
    "done": ("{operation}を行いました。", "Done: {operation}."),
    "not_done": ("処理は行われませんでした。", "Nothing was done."),
    "wrong_amount": (
        "金額は 1 以上の数字で入力してください。",
        "Enter the amount in digits, 1 or more.",
    ),
    "changed_meanwhile": (
        "表示している間に、この取引の状態が変わりました。現在の内容を確認してから、もう一度操作してください。",
        "The transaction has changed since you opened this page. Check it as it stands now, then "
        "try again.",
    ),
    "unreadable_form": (
        "操作の内容を読み取れませんでした。",
        "What was asked for could not be read.",
    ),
    "pay_type": ("支払区分", "Pay type"),
    "sales_date": ("売上計上日", "Sales date"),
    "approve_no": ("承認番号", "Approval number"),
    "merchant": ("加盟店", "Merchant"),
    "no_value": ("なし", "none"),
    "not_found_title": ("ページが見つかりません", "Page not found"),
    "not_found": (
        "お探しのページまたは取引は見つかりませんでした。",
        "There is no such page or transaction.",
    ),
    # states and operations, in the words of the shop's manual
    "checked": ("カードチェック", "checked"),
    "authorised": ("与信", "authorised"),
    "captured": ("売上計上", "captured"),
    "gathered": ("与信売上計上", "authorised and captured"),
    "cancelled": ("取消", "cancelled"),
    "declined_state": ("不成立", "declined"),
    "1Check": ("カードチェック", "card check"),
    "1Auth": ("与信", "authorisation"),
    "1Gathering": ("与信売上計上", "authorisation and capture"),
    "1Capture": ("売上計上", "capture"),
    "1Change": ("利用額変更", "change of amount"),
    "1Delete": ("取消", "cancellation"),
    "1ReAuth": ("再オーソリ", "re-authorisation"),
    "4MemAdd": ("会員新規", "registration of a member"),
    "4MemChg": ("会員更新", "change of a member's card"),
    # the members
    "members_title": ("会員一覧", "Members"),
    "no_members": ("会員はまだありません。", "There are no members yet."),
    "member": ("会員", "Member"),
    "added": ("登録日時", "Registered"),
    "enabled_on": ("有効日", "Valid since"),
    "member_0": ("有効", "valid"),
    "member_2": ("Login回数無効", "locked"),
    "member_3": ("会員無効", "invalid"),
    "member_4": ("会員削除", "deleted"),
    "secure_result": ("本人認証の結果（SecureResultCode）", "3-D Secure (SecureResultCode)"),
    # the pages that a shopper visits
    "language": ("言語", "Language"),
    "no_amount": ("請求はありません", "nothing is charged"),
    "issuer_name": ("模擬カード会社", "Simulated card company"),
    "hosted_name": ("模擬決済代行会社", "Simulated payment gateway"),
    "secure_title": ("シミュレーターの本人認証画面", "Simulated cardholder authentication"),
    "secure_lead": (
        "カード会社の本人認証（3Dセキュア）の代わりに表示しています。",
        "Shown instead of your card company's 3-D Secure page.",
    ),
    "secure_code": ("認証コード", "Authentication code"),
    "secure_code_hint": (
        "このシミュレーターでは、いつも {code} です。",
        "In this simulator it is always {code}.",
    ),
    "secure_wrong_code": (
        "認証コードが違います。あと {n} 回入力できます。",
        "The code is wrong. Tries left: {n}.",
    ),
    "secure_send": ("認証する", "Authenticate"),
    "secure_cancel": ("キャンセル", "Cancel"),
    "by_hand": ("結果を選ぶ（テスト用）", "Choose the result (for tests)"),
    "by_hand_lead": (
        "認証コードを入力せずに、返す結果を選べます。",
        "Return one of these results without entering a code.",
    ),
    "secure_challenged": ("認証成功", "Authenticated"),
    "secure_failed": ("認証失敗", "Failed"),
    "secure_attempt": ("アテンプト", "Attempt"),
    "secure_attempt_refused": ("アテンプト（エラー）", "Attempt, as an error"),
    "secure_not_enrolled": ("カード会員が未登録", "Holder not enrolled"),
    "secure_not_enrolled_refused": (
        "カード会員が未登録（エラー）",
        "Holder not enrolled, as an error",
    ),
    "secure_not_supported": ("発行会社が未対応", "Issuer without 3-D Secure"),
    "secure_not_supported_refused": (
        "発行会社が未対応（エラー）",
        "Issuer without 3-D Secure, as an error",
    ),
    "secure_maintenance": ("メンテナンス中", "Maintenance"),
    "secure_system_error": ("システムエラー", "System error"),
    "secure_without_result": ("結果コードなし", "No result code"),
    "secure_leave": ("立ち去る", "Walk away"),
    "secure_leave_note": (
        "ショップには何も返しません（画面を閉じたときと同じ）",
        "Nothing is returned, as when the window is closed",
    ),
    "registration_title": ("カードの登録", "Register a card"),
    "change_title": ("カードの変更", "Change the card"),
    "member_payment_title": ("登録済みカードでのお支払い", "Pay with your card"),
    "guest_payment_title": ("クレジットカードでのお支払い", "Pay by card"),
    "confirm_title": ("内容の確認", "Please confirm"),
    "step_entry": ("手順 1/2：入力", "Step 1 of 2: entry"),
    "step_confirm": ("手順 2/2：確認", "Step 2 of 2: confirmation"),
    "month": ("月（2桁）", "Month, MM"),
    "year": ("年（下2桁）", "Year, YY"),
    "to_confirm": ("確認画面へ", "Continue"),
    "do_pay": ("支払う", "Pay"),
    "do_keep": ("登録する", "Register"),
    "mend": ("入力内容を修正する", "Change what you entered"),
    "hosted_cancel": ("キャンセルしてショップに戻る", "Cancel and go back to the shop"),
    "other_card": ("別のカードで支払う", "Pay with another card"),
    "own_card": ("登録済みのカードで支払う", "Pay with your registered card"),
    "kept_card": ("登録カード", "Registered card"),
    "new_card_lead": ("新しいカードを入力してください。", "Enter the new card."),
    "assist_lead": (
        "登録済みのカードのセキュリティコードを入力してください。",
        "Enter the security code of your registered card.",
    ),
    "try_again": (
        "お手続きできませんでした。あと {n} 回入力できます。",
        "That did not work. Tries left: {n}.",
    ),
    "entry_K20": ("カード番号を確認してください。", "Check the card number."),
    "entry_K82": ("カード番号を確認してください。", "Check the card number."),
    "entry_K21": ("有効期限を確認してください。", "Check the expiry."),
    "entry_K24": ("セキュリティコードを確認してください。", "Check the security code."),
    "hints": ("テストカード", "Test cards"),
    "hints_lead": (
        "有効期限 12 / 28、セキュリティコード 777。",
        "Expiry 12 / 28, security code 777.",
    ),
    "all_cards": ("すべてのテストカード", "All test cards"),
    "declined_with": ("断られる（{code}）", "declined with {code}"),
    "returning_title": ("ショップに戻ります", "Going back to the shop"),
    "returning": (
        "自動的に切り替わらないときは、ボタンを押してください。",
        "If nothing happens, press the button.",
    ),
    "return": ("ショップに戻る", "Back to the shop"),
    "ended_title": ("この画面は終了しています", "This page has ended"),
    "ended": (
        "手続きは終わっていて、やり直すことはできません。",
        "The procedure is over and cannot be repeated.",
    ),
    "return_again": (
        "同じ結果を持ってもう一度ショップに戻る",
        "Go back to the shop again with the same result",
    ),
    "left_title": ("ショップには何も返していません", "Nothing was returned to the shop"),
    "left": (
        "買い物客が画面を閉じた状態です。",
        "This is what happens when a shopper closes the window.",
    ),
    "lost": (
        "このテストカードでは、処理の結果がショップに届きません。",
        "With this test card the result of the operation never reaches the shop.",
    ),
    "left_note": ("このタブは閉じてかまいません。", "You may close this tab."),
    "visit_missing_title": ("手続きが見つかりません", "Nothing to do here"),
    "visit_missing": (
        "この手続きは存在しないか、まだ終わっていません。ショップからやり直してください。",
        "There is no such procedure, or it has not ended. Please begin again at the shop.",
    ),
    "unreadable_title": ("リクエストを受け付けられません", "The request cannot be accepted"),
    "unreadable_K01": (
        "EncryptValue を復号できないか、RedirectUrl が正しくありません。"
        "暗号化キーと初期化ベクトル、戻り先URL（64文字まで）を確認してください。",
        "EncryptValue cannot be decrypted, or RedirectUrl is wrong. Check the encryption key, "
        "the initialisation vector and the return URL (at most 64 characters).",
    ),
    "unreadable_K02": (
        "MerchantId に該当する加盟店がないか、暗号化キーが設定されていません。",
        "There is no merchant with this MerchantId, or it has no encryption key.",
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The texts in one language; ``other`` is the language to offer instead."""

    language: str

    @property
    def other(self) -> str:
        return LANGUAGES[1 - LANGUAGES.index(self.language)]

    def __call__(self, name: str, **values: object) -> str:
        text = TEXTS[name][LANGUAGES.index(self.language)]
        return text.format(**values) if values else text

    def pick(self, japanese: str, english: str) -> str:
        """One of two texts that come from a table elsewhere."""
        return (japanese, english)[LANGUAGES.index(self.language)]


def words_for(language: str | None) -> Words:
    """The texts for what a visitor asked for; Japanese for anything unknown."""
    return Words(language if language in LANGUAGES else LANGUAGES[0])
