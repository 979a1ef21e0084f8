"""The words of the simulator's pages, in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Japanese comes first: it is what a visitor sees unless asked otherwise.
LANGUAGES: Final = ("ja", "en")

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
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
    "link_clock": ("時計（JSON）", "Clock (JSON)"),
    # the console
    "console_title": ("取引一覧", "Transactions"),
    "search_label": ("自由領域1（MerchantFree1）で検索", "Search by MerchantFree1"),
    "search": ("検索", "Search"),
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
