"""入金結果通知, as staff may see one: what it says, without what makes it genuine.

Of the raw content only the fields that are listed here are ever shown: ProcessPass and HashCd are
not, and neither is anything that a stranger has made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from django.db import models
from django.utils.translation import get_language, gettext, gettext_lazy

from escott.django.models import Mode, Notice, NoticeEnd
from escott.gateway.institutions import institution
from escott.rules.yen import format_yen

#: What is shown of a notice, in this order, and what it is called. Source: protocol.md H.
SHOWN: Final[Mapping[str, Any]] = {
    "NyukinDate": gettext_lazy("Paid at (NyukinDate)"),
    "Amount": gettext_lazy("Amount (Amount)"),
    "CvsCd": gettext_lazy("Paid where (CvsCd)"),
    "TenantCd": gettext_lazy("Branch (TenantCd)"),
    "RecvNum": gettext_lazy("Receipt number (RecvNum)"),
    "Condition": gettext_lazy("Condition (Condition)"),
    "ResponseCd": gettext_lazy("Response code (ResponseCd)"),
    "MerchantFree1": gettext_lazy("Transaction code (MerchantFree1)"),
    "TransactionId": gettext_lazy("Transaction number (TransactionId)"),
    "TransactionDate": gettext_lazy("Date of the transaction (TransactionDate)"),
    "OperateId": gettext_lazy("Operation (OperateId)"),
    "MerchantId": gettext_lazy("Merchant ID (MerchantId)"),
    "StampFlag": gettext_lazy("Revenue stamp (StampFlag)"),
}

_LONGEST: Final = 64
_MOST_FIELDS: Final = 100
_MOST_DIGITS: Final = 9


class Genuine(models.TextChoices):
    """What HashCd says of a notice."""

    YES = "yes", gettext_lazy("Genuine")
    NO = "no", gettext_lazy("HashCd is wrong")
    UNKNOWN = "unknown", gettext_lazy("Not checked")

    @classmethod
    def of(cls, notice: Notice) -> Genuine:
        """As it was found; nothing is found before it was processed."""
        if notice.genuine is None:
            return cls.UNKNOWN
        return cls.YES if notice.genuine else cls.NO


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """One notice in words.

    Attributes:
        facts: what it says, by what that is called.
    """

    notice: Notice
    facts: tuple[tuple[Any, str], ...]
    genuine: Genuine
    amount: str

    @classmethod
    def of(cls, notice: Notice) -> ShownNotice:
        """From the row; its raw content is opened for this and goes nowhere else."""
        said = _said(notice)
        facts = tuple((SHOWN[name], _in_words(name, said[name])) for name in SHOWN if name in said)
        return cls(notice, facts, Genuine.of(notice), _yen(said.get("Amount", "")))

    @property
    def end(self) -> str:
        """What became of it."""
        return str(NoticeEnd(self.notice.end).label)

    @property
    def needs_a_look(self) -> bool:
        """It is not what a notice should be, or its result was left to staff."""
        return self.genuine is Genuine.NO or self.notice.end in _ODD

    @property
    def is_test(self) -> bool:
        """It is about a payment in test mode."""
        return self.notice.payment is not None and self.notice.payment.mode == Mode.TEST

    @property
    def order_reference(self) -> str:
        """The order of its payment; empty where it names none."""
        return self.notice.payment.order_reference if self.notice.payment else ""


_ODD: Final = frozenset(
    {
        NoticeEnd.FOR_STAFF,
        NoticeEnd.NOT_PAID,
        NoticeEnd.UNKNOWN_PAYMENT,
        NoticeEnd.OTHER_MERCHANT,
    }
)


def _said(notice: Notice) -> dict[str, str]:
    return dict(_fields(notice.raw.reveal()))


def _fields(raw: str) -> Iterator[tuple[str, str]]:
    try:
        pairs = parse_qsl(raw, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return
    yield from ((name, value[:_LONGEST]) for name, value in pairs)


def _in_words(name: str, value: str) -> str:
    if name == "Amount":
        return _yen(value)
    if name == "CvsCd":
        found = institution(value)
        known = found.japanese if (get_language() or "").startswith("ja") else found.english
        return f"{known} ({value})" if known != value else value
    if name == "StampFlag":
        return gettext("yes") if value == "1" else gettext("no")
    return value


def _yen(text: str) -> str:
    """As yen, where it is some; else as it came."""
    is_yen = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return format_yen(int(text)) if is_yen else text
