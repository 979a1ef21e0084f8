"""入金結果通知: what the gateway posts to the shop when a slip was paid. No I/O.

A notice is a hint and never a proof: whoever knows the shop's address can post one. HashCd shows
that its sender knows the merchant's password; what was paid, only 2Ref tells.
Source: protocol.md H, Payment notification.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final, Self

from escott.gateway import received_values as received
from escott.gateway.codec import decode
from escott.gateway.deposits import Deposit, deposit_of
from escott.gateway.errors import MalformedTelegram
from escott.gateway.secret import Secret
from escott.gateway.wire_values import FREE_LENGTH

#: Characters of a whole notice; a real one has less than a thousand.
LONGEST_NOTICE: Final = 8_192

_REQUIRED: Final = ("MerchantId", "MerchantFree1")

#: The fields that are read. What else stands there, such as a shop's name in another encoding or
#: what the registered address itself carries, keeps no notice from being understood.
_READ: Final = frozenset(
    {
        *_REQUIRED,
        "ProcessId",
        "ProcessPass",
        "TransactionId",
        "ResponseCd",
        "Condition",
        "Amount",
        "RecvNum",
        "CvsCd",
        "TenantCd",
        "NyukinDate",
        "StampFlag",
        "HashCd",
    }
)


@dataclass(frozen=True, slots=True)
class DepositNotice:
    """The fields of a notice. A text field that did not come is empty.

    Attributes:
        merchant_id: whose notice it is.
        merchant_free1: the transaction code of the 2Add.
        process_id: ProcessId of the slip.
        process_pass: ProcessPass of the slip; empty where none came.
        recv_num: 受付番号, which HashCd is made from.
        hash_cd: see :func:`hash_matches`; empty where none came.
        amount: yen, or ``None`` where none came.
        condition: 状態; ``000`` is a deposit, what others mean is not known.
        response_cd: ``OK`` for a deposit.
        transaction_id: TransactionId of the 2Add.
        deposit: when and where it was paid; ``None`` where the notice does not say.
    """

    merchant_id: str
    merchant_free1: str
    process_id: str = field(repr=False)
    process_pass: Secret = field(repr=False)
    recv_num: str = field(repr=False)
    hash_cd: Secret = field(repr=False)
    amount: int | None
    condition: str
    response_cd: str
    transaction_id: str
    deposit: Deposit | None

    @classmethod
    def parse(cls, raw: str) -> Self:
        """The notice in a form's body, a query string, or both joined by ``&``.

        Fields that are not known are not even decoded.

        Raises:
            MalformedTelegram: it is too long, a field stands twice, MerchantId or MerchantFree1
                is missing, or a value is not of its kind. Never shows a value.
        """
        if len(raw) > LONGEST_NOTICE:
            raise MalformedTelegram("the notice is too long")
        pieces = (piece for piece in raw.split("&") if piece.partition("=")[0].strip() in _READ)
        fields = decode("&".join(pieces), plus_is_space=True)
        for name in _REQUIRED:
            if not fields.get(name):
                raise MalformedTelegram(f"{name} is missing")
        return cls(
            merchant_id=received.opaque(fields, "MerchantId"),
            merchant_free1=received.opaque(fields, "MerchantFree1", FREE_LENGTH),
            process_id=received.opaque(fields, "ProcessId"),
            process_pass=Secret(received.opaque(fields, "ProcessPass")),
            recv_num=received.opaque(fields, "RecvNum"),
            hash_cd=Secret(received.opaque(fields, "HashCd")),
            amount=received.yen(fields, "Amount"),
            condition=received.opaque(fields, "Condition"),
            response_cd=received.opaque(fields, "ResponseCd"),
            transaction_id=received.opaque(fields, "TransactionId"),
            deposit=deposit_of(fields),
        )


def hash_of(*, process_pass: Secret, recv_num: str, merchant_pass: Secret) -> str:
    """HashCd: MD5 of ProcessPass, RecvNum and MerchantPass, in lower-case hexadecimal."""
    text = process_pass.reveal() + recv_num + merchant_pass.reveal()
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def hash_matches(notice: DepositNotice, *, process_pass: Secret, merchant_pass: Secret) -> bool:
    """Whether the sender of the notice knows both passwords. In constant time.

    Args:
        process_pass: what the 2Add of the payment has brought, not what the notice says.
        merchant_pass: the merchant's password in the payment's own mode.
    """
    if not (process_pass and merchant_pass):
        return False  # without passwords anybody could make the hash
    expected = hash_of(
        process_pass=process_pass, recv_num=notice.recv_num, merchant_pass=merchant_pass
    )
    return hmac.compare_digest(notice.hash_cd.reveal().encode(), expected.encode())
