"""収納機関コード (CvsCd): where a slip was paid. Source: protocol.md H."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Institution:
    """A convenience store, a bank, Pay-easy or a kind of e-money.

    Attributes:
        code: CvsCd.
        japanese, english: its name.
    """

    code: str
    japanese: str
    english: str


INSTITUTIONS: Final[Mapping[str, Institution]] = {
    institution.code: institution
    for institution in (
        Institution("LSN", "ローソン", "Lawson"),
        Institution("FAM", "ファミリーマート", "FamilyMart"),
        Institution("SAK", "サンクス", "Sunkus"),
        Institution("CCK", "サークルK", "Circle K"),
        Institution("SEV", "セブン-イレブン", "7-Eleven"),
        Institution("MNS", "ミニストップ", "Ministop"),
        Institution("DAY", "デイリーヤマザキ", "Daily Yamazaki"),
        Institution("FFF", "スリーエフ", "Three F"),
        Institution("SCM", "セイコーマート", "Seicomart"),
        Institution("ATM", "ペイジー（ATM）", "Pay-easy (ATM)"),
        Institution("ONL", "ペイジー（オンライン）", "Pay-easy (online)"),
        Institution("LNK", "ペイジー（情報リンク）", "Pay-easy (link)"),
        Institution("EBK", "楽天銀行", "Rakuten Bank"),
        Institution("JNB", "PayPay銀行", "PayPay Bank"),
        Institution("JIB", "じぶん銀行", "Jibun Bank"),
        Institution("SNB", "住信SBIネット銀行", "SBI Sumishin Net Bank"),
        Institution("EDY", "楽天Edy", "Rakuten Edy"),
        Institution("SUI", "モバイルSuica", "Mobile Suica"),
        Institution("JPM", "JCB PREMO", "JCB PREMO"),
        Institution("VWA", "支払秘書", "Shiharai Hisho"),
    )
}


def institution(code: str) -> Institution:
    """The institution of a CvsCd; one that is not known goes by its code."""
    return INSTITUTIONS.get(code) or Institution(code, code, code)
