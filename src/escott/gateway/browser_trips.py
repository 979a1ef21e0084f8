"""Trips of the shopper's browser to the gateway: what goes out, and what comes back.

Two kinds: ``3Secure`` (本人認証, a form that the browser posts) and the hosted card page
(リンク型, a redirect). Both carry an EncryptValue; the answer comes back as one. Nothing signs
it, so :func:`read_return` takes it apart as strictly as it can, and the caller compares it with
the attempt that the server remembers (design.md, invariant 4). Source: protocol.md F and G.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import urlencode

from escott.gateway import wire_values as wire
from escott.gateway.answers import Answer
from escott.gateway.cards import Member, Token
from escott.gateway.codec import decode
from escott.gateway.crypto import decrypt_value, encrypt_value
from escott.gateway.endpoints import Endpoints
from escott.gateway.errors import InvalidTelegram, MalformedTelegram, UndecryptableValue
from escott.gateway.merchant import Merchant
from escott.gateway.operations import HOSTED_PATH, SECURE_PATH, OperateId
from escott.gateway.secret import Secret
from escott.gateway.secure import FIELDS as SECURE_FIELDS
from escott.gateway.secure import Authentication

#: The longest RedirectUrl that the gateway takes.
LONGEST_RETURN_URL: Final = 64

#: Longer than any return, and short enough to decrypt without a thought.
_LONGEST_VALUE: Final = 8192

_HOLDER: Final = re.compile(r"[A-Z][A-Z ]{0,44}")


@dataclass(frozen=True, slots=True)
class EncryptionKeys:
    """暗号化キー and 初期化ベクトル of a merchant, 16 characters each."""

    key: Secret
    vector: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What every trip names.

    Attributes:
        transaction_code: MerchantFree1, which comes back.
        proc_no: 処理番号, seven digits, never twice (K89).
        return_url: where the browser comes back, at most 64 characters.
        post_url: where the gateway's server sends a copy; none if empty.
    """

    transaction_code: str
    proc_no: str
    return_url: str
    post_url: str = ""

    def _fields(self, merchant: Merchant, today: date, operation: OperateId) -> dict[str, str]:
        common = merchant.fields()
        del common["MerchantId"]
        if len(self.return_url) > LONGEST_RETURN_URL:
            raise InvalidTelegram("RedirectUrl", f"must have at most {LONGEST_RETURN_URL}")
        return common | {
            "TransactionDate": wire.day("TransactionDate", today),
            "OperateId": operation.value,
            "MerchantFree1": wire.half_width("MerchantFree1", self.transaction_code),
            "ProcNo": wire.digits("ProcNo", self.proc_no, 7, 7),
            "RedirectUrl": self.return_url,
            "PostUrl": self.post_url,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureTrip(Trip):
    """本人認証 of the holder of a card, before it is charged or kept.

    Attributes:
        card: the token, which is not used up, or the member.
        amount: yen that will be charged; ``None`` where a card is only to be kept.
        holder_name: BillingFullName, letters A to Z and spaces.
        email: BillingEmail.
    """

    card: Token | Member
    amount: int | None = None
    pay_type: str = "01"
    holder_name: str = ""
    email: str = ""

    def form(
        self, endpoints: Endpoints, merchant: Merchant, keys: EncryptionKeys, today: date
    ) -> tuple[str, dict[str, str]]:
        """The address that the browser posts to, and the two fields of the form."""
        fields = self._fields(merchant, today, OperateId.SECURE) | self.card.fields()
        if self.amount is not None:
            fields |= {
                "PayType": wire.digits("PayType", self.pay_type, 2, 2),
                "Amount": wire.yen("Amount", self.amount),
            }
        if self.holder_name and not _HOLDER.fullmatch(self.holder_name):
            raise InvalidTelegram("BillingFullName", "must be letters A to Z and spaces")
        fields |= {"BillingFullName": self.holder_name, "BillingEmail": self.email}
        value = encrypt_value(fields, keys.key, keys.vector)
        form = {"MerchantId": merchant.merchant_id, "EncryptValue": value}
        return endpoints.base_url + SECURE_PATH, form


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedTrip(Trip):
    """The gateway's own card page (リンク型): it charges, or keeps a card, by itself.

    Attributes:
        operation: 1Auth or 1Gathering with an ``amount``; 4MemAdd or 4MemChg with a member.
        amount: yen, for the two charges; paid at once (一括払い, PayType 01).
        member: whose card is charged, kept or changed; a guest has none.
    """

    operation: OperateId
    amount: int | None = None
    member: Member | None = None

    def form(
        self, endpoints: Endpoints, merchant: Merchant, keys: EncryptionKeys, today: date
    ) -> tuple[str, dict[str, str]]:
        """The address that the browser gets, and the two fields of its query."""
        fields = self._fields(merchant, today, self.operation)
        if self.amount is not None:
            fields |= {"PayType": "01", "Amount": wire.yen("Amount", self.amount)}
        if self.member is not None:
            fields |= self.member.fields()
        value = encrypt_value(fields, keys.key, keys.vector)
        form = {"MerchantId": merchant.merchant_id, "EncryptValue": value}
        return endpoints.base_url + HOSTED_PATH, form

    def url(
        self, endpoints: Endpoints, merchant: Merchant, keys: EncryptionKeys, today: date
    ) -> str:
        """The same as one address to redirect the browser to."""
        address, form = self.form(endpoints, merchant, keys, today)
        return f"{address}?{urlencode(form)}"


@dataclass(frozen=True, slots=True)
class Return:
    """What came back through the browser, or as the copy from the gateway's server.

    Attributes:
        answer: the fields that telegrams have, too.
        proc_no: 処理番号.
        authentication: the result of a 本人認証, where there is one.
        merchant_id: whose return it is, where it says so.
    """

    answer: Answer
    proc_no: str
    authentication: Authentication | None = field(default=None, repr=False)
    merchant_id: str = ""


#: What a field of a return may hold; one that is not listed is refused. A value that somebody
#: altered without the key turns into noise somewhere, and noise fits no pattern here.
_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    **SECURE_FIELDS,
    "MerchantId": re.compile(r"[0-9]{1,20}"),
    "TransactionId": re.compile(r"[0-9]{0,27}"),
    "TransactionDate": re.compile(r"([0-9]{8})?"),
    "OperateId": re.compile(r"[0-9A-Za-z]{1,16}"),
    "MerchantFree1": re.compile(r"[0-9]{12}"),
    "MerchantFree2": re.compile(r""),
    "MerchantFree3": re.compile(r""),
    "TenantId": re.compile(r"([0-9]{4})?"),
    "ProcNo": re.compile(r"[0-9]{7}"),
    "ResponseCd": re.compile(r"[0-9A-Z]{1,8}(\|[0-9A-Z]{1,8}){0,9}"),
    "ProcessId": re.compile(r"[0-9A-Za-z]{0,64}"),
    "ProcessPass": re.compile(r"[0-9A-Za-z]{0,64}"),
    "CompanyCd": re.compile(r"[0-9A-Za-z]{0,4}"),
    "ApproveNo": re.compile(r"[0-9A-Za-z]{0,7}"),
    "Amount": re.compile(r"[0-9]{0,8}"),
    "PayType": re.compile(r"([0-9]{2})?"),
    "SalesDate": re.compile(r"([0-9]{8})?"),
    "KaiinId": re.compile(r"[0-9A-Za-z]{0,20}"),
    "KaiinPass": re.compile(r"[0-9A-Za-z]{0,12}"),
    "EnableCheckUseKbn": re.compile(r"[01]?"),
    "TransactionId3D": re.compile(r"[0-9A-Za-z+/=_-]{0,64}"),
    "PANCardNo3D": re.compile(r"[0-9*]{0,19}"),
}
_ASSIST_RESULT: Final = re.compile(r"Mc[A-Z][0-9A-Za-z]{1,9}"), re.compile(r"[0-9]?")

_REQUIRED: Final = ("OperateId", "MerchantFree1", "ProcNo", "ResponseCd")


def read_return(value: str, keys: EncryptionKeys) -> Return:
    """What an ``EncryptValue`` that came back says.

    It tells what somebody who has the merchant's key, or who holds a genuine value, has sent;
    whether it answers an attempt of ours is the caller's to find out.

    Raises:
        UndecryptableValue: it was not made with these keys, or what it holds is no return.
            Always the same error, whichever it was.
    """
    try:
        if len(value) > _LONGEST_VALUE:
            raise UndecryptableValue
        fields = decode(decrypt_value(value, keys.key, keys.vector))
        for name, text in fields.items():
            if not _fits(name, text):
                raise MalformedTelegram(f"{name} is not of its kind")
        if not all(fields.get(name) for name in _REQUIRED):
            raise MalformedTelegram("a field is missing")
        authentication = Authentication.of(fields) if "SecureResultCode" in fields else None
        merchant_id = fields.get("MerchantId", "")
        return Return(Answer.of(fields), fields["ProcNo"], authentication, merchant_id)
    except MalformedTelegram:
        raise UndecryptableValue from None


def _fits(name: str, text: str) -> bool:
    pattern = _PATTERNS.get(name)
    if pattern is None:
        assist_name, pattern = _ASSIST_RESULT
        if not assist_name.fullmatch(name):
            return False
    return pattern.fullmatch(text) is not None
