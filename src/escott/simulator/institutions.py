"""収納機関: where a slip can be paid, by CvsCd (protocol.md H)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How it is paid there."""

    STORE = "store"
    ATM = "atm"
    BANK = "bank"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Institution:
    """A chain of stores, a bank or an electronic money.

    ``is_gone`` marks those that no longer exist under this name; the protocol still has them.
    """

    cvs_cd: str
    kind: Kind
    japanese: str
    english: str
    is_gone: bool = False


_ALL: Final = (
    Institution("LSN", Kind.STORE, "ローソン", "Lawson"),
    Institution("FAM", Kind.STORE, "ファミリーマート", "FamilyMart"),
    Institution("SEV", Kind.STORE, "セブン-イレブン", "7-Eleven"),
    Institution("MNS", Kind.STORE, "ミニストップ", "Ministop"),
    Institution("DAY", Kind.STORE, "デイリーヤマザキ", "Daily Yamazaki"),
    Institution("SCM", Kind.STORE, "セイコーマート", "Seicomart"),
    Institution("FFF", Kind.STORE, "スリーエフ", "Three F"),
    Institution("CCK", Kind.STORE, "サークルK", "Circle K", is_gone=True),
    Institution("SAK", Kind.STORE, "サンクス", "Sunkus", is_gone=True),
    Institution("ATM", Kind.ATM, "ペイジー（ATM）", "Pay-easy at an ATM"),
    Institution("ONL", Kind.BANK, "ペイジー（ネットバンキング）", "Pay-easy, online banking"),
    Institution("LNK", Kind.BANK, "ペイジー（情報リンク）", "Pay-easy, link to your bank"),
    Institution("EBK", Kind.BANK, "楽天銀行", "Rakuten Bank"),
    Institution("JNB", Kind.BANK, "PayPay銀行", "PayPay Bank"),
    Institution("JIB", Kind.BANK, "auじぶん銀行", "au Jibun Bank"),
    Institution("SNB", Kind.BANK, "住信SBIネット銀行", "SBI Sumishin Net Bank"),
    Institution("EDY", Kind.MONEY, "楽天Edy", "Rakuten Edy"),
    Institution("SUI", Kind.MONEY, "モバイルSuica", "Mobile Suica"),
    Institution("JPM", Kind.MONEY, "JCB PREMO", "JCB PREMO"),
    Institution("VWA", Kind.MONEY, "支払秘書", "Shiharai Hisho"),
)

INSTITUTIONS: Final[Mapping[str, Institution]] = {item.cvs_cd: item for item in _ALL}

#: As a shopper is shown them: by kind, then those that are gone.
BY_KIND: Final[Mapping[Kind, tuple[Institution, ...]]] = {
    kind: tuple(item for item in _ALL if item.kind is kind and not item.is_gone) for kind in Kind
}
GONE: Final = tuple(item for item in _ALL if item.is_gone)

#: Where a slip is paid if nobody says otherwise.
USUAL: Final = _ALL[0]
