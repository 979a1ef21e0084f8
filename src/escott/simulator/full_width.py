"""Full-width text of JIS X 0208, as the gateway's fields of slips take it (protocol.md H)."""

from __future__ import annotations

from typing import Final

_KATAKANA: Final = frozenset(chr(code) for code in range(ord("ァ"), ord("ヶ") + 1)) | frozenset(
    "ー・　"
)


def is_full_width(text: str) -> bool:
    """Whether every character stands in JIS X 0208.

    EUC-JP writes those with two bytes, half-width katakana with a shift before them, and those
    of JIS X 0212 (髙 and others) with three.
    """
    try:
        written = [character.encode("euc_jp") for character in text]
    except UnicodeEncodeError:
        return False
    return all(len(code) == 2 and code[0] != 0x8E for code in written)


def is_katakana(text: str) -> bool:
    """Whether it is full-width katakana, with the marks and spaces that stand between."""
    return _KATAKANA.issuperset(text)
