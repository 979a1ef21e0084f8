"""フリガナ: what counts as the reading of a name, and how it is written down."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import jaconv

#: Full-width katakana with its prolonged sound mark, middle dot and spaces.
_KATAKANA: Final = re.compile(r"[ァ-ヶーヽヾ・　 ]+")


class NotKana(ValueError):
    """The text has something other than kana in it."""


def katakana(text: str) -> str:
    """``text`` in full-width katakana, however the shopper typed it.

    Hiragana and half-width katakana are taken over; a hyphen typed for the long vowel
    becomes one.

    Raises:
        NotKana: a letter is not kana (kanji, Latin letters, digits, symbols).
    """
    typed = unicodedata.normalize("NFC", text.strip())
    full = jaconv.hira2kata(jaconv.h2z(typed, kana=True, ascii=False, digit=False))
    full = re.sub(r"[-‐－−―–—ｰ]", "ー", full)
    if not _KATAKANA.fullmatch(full):
        raise NotKana("only kana")
    return full
