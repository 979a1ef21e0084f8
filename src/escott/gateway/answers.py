"""What the gateway says back, read from the bytes of an answer.

Source: protocol.md B, C and H.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Self

from escott.gateway import received_values as received
from escott.gateway.codec import decode
from escott.gateway.deposits import Deposit, deposit_of
from escott.gateway.errors import MalformedTelegram
from escott.gateway.secret import Secret

#: Characters; the real length is not known (protocol.md H).
LONGEST_FREE_AREA: Final = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """The fields of an answer. A text field that did not come is empty.

    Attributes:
        process_pass: ProcessPass, or ``None`` where none came.
        amount: yen, or ``None`` where none came (only 1Search and 2Ref tell it).
        sales_date: 売上計上日, or ``None``.
        token_response_cd: the state of a token, from 1TokenSearch.
        card_no: a masked card number, from the references to a member or a token. How much
            of it is masked differs; only its last four digits are sure.
        card_exp: the card's expiry, ``YYMM``.
        kaiin_id: 会員ID, from member telegrams.
        kaiin_status: 0 valid, 1 card invalid, 2 log-in invalid, 3 invalid, 4 deleted.
        kessai_number: 決済番号 of a slip, from 2Add and 2Chg.
        free_area: 暗号化決済番号, which the slip's page is opened with.
        deposit: what 2Ref tells of the deposit; ``None`` while there is none.
    """

    operate_id: str
    merchant_free1: str
    response_cd: str
    transaction_id: str = ""
    transaction_date: str = field(default="", repr=False)
    merchant_free2: str = field(default="", repr=False)
    merchant_free3: str = field(default="", repr=False)
    process_id: str = field(default="", repr=False)
    process_pass: Secret | None = field(default=None, repr=False)
    company_cd: str = field(default="", repr=False)
    approve_no: str = field(default="", repr=False)
    amount: int | None = field(default=None, repr=False)
    sales_date: date | None = field(default=None, repr=False)
    token_response_cd: str = field(default="", repr=False)
    card_no: str = field(default="", repr=False)
    card_exp: str = field(default="", repr=False)
    kaiin_id: str = field(default="", repr=False)
    kaiin_status: str = field(default="", repr=False)
    kessai_number: str = field(default="", repr=False)
    free_area: str = field(default="", repr=False)
    deposit: Deposit | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """The answer in ``body``.

        Raises:
            MalformedTelegram: the body is empty, or is not a telegram, or a value in it
                is not of its kind.
        """
        try:
            fields = decode(body.decode("utf-8"))
        except UnicodeDecodeError:
            raise MalformedTelegram("the body is not UTF-8 text") from None
        if not fields:
            raise MalformedTelegram("the body is empty")
        return cls.of(fields)

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        """The answer with these fields, decoded already.

        Raises:
            MalformedTelegram: a value is not of its kind.
        """
        process_pass = received.opaque(fields, "ProcessPass")
        return cls(
            operate_id=fields.get("OperateId", ""),
            merchant_free1=fields.get("MerchantFree1", ""),
            response_cd=fields.get("ResponseCd", ""),
            transaction_id=received.opaque(fields, "TransactionId"),
            transaction_date=fields.get("TransactionDate", ""),
            merchant_free2=fields.get("MerchantFree2", ""),
            merchant_free3=fields.get("MerchantFree3", ""),
            process_id=received.opaque(fields, "ProcessId"),
            process_pass=Secret(process_pass) if process_pass else None,
            company_cd=fields.get("CompanyCd", ""),
            approve_no=fields.get("ApproveNo", ""),
            amount=received.yen(fields, "Amount"),
            sales_date=received.day(fields, "SalesDate"),
            token_response_cd=fields.get("TokenResponseCd", ""),
            card_no=received.opaque(fields, "CardNo"),
            card_exp=received.opaque(fields, "CardExp"),
            kaiin_id=received.opaque(fields, "KaiinId"),
            kaiin_status=received.opaque(fields, "KaiinStatus"),
            kessai_number=received.opaque(fields, "KessaiNumber"),
            free_area=received.opaque(fields, "FreeArea", LONGEST_FREE_AREA),
            deposit=deposit_of(fields),
        )
