"""The form that a deposit notice posts, true or with a fault in it. Source: protocol.md H."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

from escott.clock import in_japan
from escott.gateway.codec import encode
from escott.simulator.merchants import Merchant
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.options import Options
from escott.simulator.slips import Slip, SlipDeposit

#: How NyukinDate is written, by its number of digits.
_NYUKIN_DATES: Final = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


def deposit_fields(deposit: SlipDeposit, options: Options) -> dict[str, str]:
    """What 2Ref and a notice tell of a deposit."""
    form = _NYUKIN_DATES[options.nyukin_date_digits]
    return {
        "Amount": str(deposit.amount),
        "CvsCd": deposit.cvs_cd,
        "TenantCd": deposit.tenant_cd,
        "NyukinDate": in_japan(deposit.paid_at).strftime(form),
        "StampFlag": "1" if deposit.stamped else "0",
        "RecvNum": deposit.recv_num,
    }


def notice_body(
    slip: Slip,
    deposit: SlipDeposit,
    merchant: Merchant,
    faults: Collection[NoticeFault],
    options: Options,
) -> str:
    """The notice of a deposit, url-encoded."""
    fields = {
        "MerchantId": slip.merchant_id,
        "TransactionId": slip.transaction_id,
        "TransactionDate": in_japan(slip.begun_at).strftime("%Y%m%d"),
        "OperateId": "2Add",
        "MerchantFree1": slip.merchant_free1,
        "MerchantFree2": slip.merchant_free2,
        "MerchantFree3": slip.merchant_free3,
        "ProcessId": slip.process_id,
        "ProcessPass": slip.process_pass,
        "ResponseCd": "OK",
        "Condition": "000",
        **deposit_fields(deposit, options),
        "HashCd": hash_cd(slip.process_pass, deposit.recv_num, merchant.merchant_pass),
    }
    fields |= {
        name: value for fault, (name, value) in _changes(slip, deposit).items() if fault in faults
    }
    body = encode(fields, keep_empty=True)
    return _garbled(body) if NoticeFault.GARBLED in faults else body


def hash_cd(process_pass: str, recv_num: str, merchant_pass: str) -> str:
    """HashCd: the MD5 of the three texts, in lower-case hexadecimal digits."""
    text = f"{process_pass}{recv_num}{merchant_pass}"
    return hashlib.md5(text.encode("ascii"), usedforsecurity=False).hexdigest()


def _changes(slip: Slip, deposit: SlipDeposit) -> dict[NoticeFault, tuple[str, str]]:
    """The field that each fault changes, and its wrong value."""
    return {
        NoticeFault.WRONG_AMOUNT: ("Amount", str(deposit.amount + 1)),
        NoticeFault.WRONG_HASH: ("HashCd", hash_cd("forged", deposit.recv_num, "forged")),
        NoticeFault.UNKNOWN_CONDITION: ("Condition", "999"),
        NoticeFault.OTHER_MERCHANT: ("MerchantId", f"9{slip.merchant_id[1:]}"),
        NoticeFault.UNKNOWN_FREE1: ("MerchantFree1", "999999999999"),
    }


def _garbled(body: str) -> str:
    """A form of which half is missing and the rest is no form."""
    return body[: len(body) // 2] + "&Amount=%E3%81&=%ZZ&HashCd"
