"""同意文: what a shopper agrees to before personal data goes to the card company (A115)."""

from __future__ import annotations

from typing import Final

#: What a new shop begins with; staff may write their own.
CONSENT_TEXT: Final = """\
クレジットカードの不正利用を防ぐため、お客様がお使いのカードの発行会社が行う本人認証\
（3Dセキュア）を利用しています。
本人認証のために、次の情報をカード発行会社および決済代行会社に提供します。
・氏名（カード名義）、メールアドレス
・ご注文の金額、お支払い方法
・ご利用の端末に関する情報（IPアドレス、ブラウザの種類など）
提供した情報は、カード発行会社による不正利用の検知と防止、および決済のために利用されます。
カード発行会社が外国にある場合、これらの情報はその会社が属する国に移転されることがあります。
同意いただけない場合は、カードでのお支払いをお受けできません。
"""
