"""全角: any text as full-width text of JIS X 0208, which is all that a slip can carry.

Half-width katakana is joined with its marks, ASCII widened, what merely looks different
(① ㈱ ㌔ é 髙) written out, white space one full-width space; the rest is dropped, and told.
Source: protocol.md H, "Conversion done by clients"; which characters may stand is the rule of
:mod:`escott.rules.jis_x_0208`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from escott.rules.jis_x_0208 import stands_in_jis_x_0208
from escott.rules.kanji_variants import VARIANTS

SPACE: Final = "　"

_HALF_WIDTH_KATAKANA: Final = re.compile("[｡-ﾟ]+")
_SPACES: Final = re.compile(r"\s+")
_ASCII: Final = range(ord("!"), ord("~") + 1)
_WIDENED: Final = ord("！") - ord("!")

_HYPHENS: Final = "-\u2010\u2011\u2012\u2212\ufe63\u02d7\u2043"
_DASHES: Final = "~\u2013\u2014\u2015\u2053\u223c\u223f\u301c\u3030\uff5e"

#: What has no place of its own in JIS X 0208, or two code points in Unicode, and what says the
#: same. A hyphen becomes the one hyphen that everybody reads alike; a dash or wave the ー.
_INSTEAD: Final[Mapping[str, str]] = {
    **dict.fromkeys(_HYPHENS, "‐"),
    **dict.fromkeys(_DASHES, "ー"),
    '"': "”",
    "'": "’",
    "\\": "￥",
    "¥": "￥",
    "`": "‘",
    "′": "’",
    "″": "”",
    "‚": "，",
    "„": "”",
    "‛": "‘",
    "‟": "“",
    "〝": "“",
    "〞": "”",
    "〟": "”",
    "«": "《",
    "»": "》",
    "‹": "〈",
    "›": "〉",
    "•": "・",
    "·": "・",
    "∙": "・",
    "⋅": "・",
    "‧": "・",
    "⋯": "…",
    "⁄": "／",
    "∕": "／",
    "∥": "｜",
    "‖": "｜",
    "∣": "｜",
    "¦": "｜",
    "©": "（Ｃ）",
    "®": "（Ｒ）",
    "\u3099": "゛",
    "\u309a": "゜",
    "ゔ": "ヴ",
    "ゕ": "ヵ",
    "ゖ": "ヶ",
    "ヷ": "ヴァ",
    "ヸ": "ヴィ",
    "ヹ": "ヴェ",
    "ヺ": "ヴォ",
    "゠": "＝",
    "\u00c5": "\u212b",  # Å, the letter and the unit
    "ß": "ｓｓ",
    "æ": "ａｅ",
    "Æ": "ＡＥ",
    "œ": "ｏｅ",
    "Œ": "ＯＥ",
    "ø": "ｏ",
    "Ø": "Ｏ",
    "ł": "ｌ",
    "Ł": "Ｌ",
    "ı": "ｉ",
}

#: Small katakana of Ainu words, which NFKC leaves as they are.
_AINU: Final = dict(
    zip("ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ", "クシストヌハヒフヘホムラリルレロ", strict=True)
)

_TABLE: Final[Mapping[str, str]] = {**_INSTEAD, **_AINU, **VARIANTS}

#: Kinds of characters whose loss nobody sees: controls, formats, marks on a letter.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zl", "Zp", "Zs"})
_LETTER_KINDS: Final = ("L", "N")
_PRIVATE: Final = "Co"
#: The planes of rare kanji, some of them newer than the interpreter's tables.
_RARE_KANJI: Final = range(0x20000, 0x40000)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text as it can be carried.

    Attributes:
        text: full-width text of JIS X 0208 without outer spaces; perhaps empty.
        lost: the characters that could not be carried over, in their order: letters, symbols
            and emoji. Controls and marks on letters are not counted.
    """

    text: str
    lost: str = ""

    @property
    def lost_letters(self) -> str:
        """The letters and figures among them: without these the text says something else."""
        return "".join(filter(_is_letter, self.lost))


def to_full_width(text: str) -> Prepared:
    """``text`` in full width, as much of it as can be carried."""
    spaced = _SPACES.sub(SPACE, _joined(text))
    pieces = [(character, _carried(character)) for character in spaced]
    return Prepared(
        text=_SPACES.sub(SPACE, "".join(piece for _character, piece in pieces)).strip(),
        lost="".join(
            character
            for character, piece in pieces
            if not piece and unicodedata.category(character) not in _UNSEEN
        ),
    )


def _joined(text: str) -> str:
    """Half-width katakana widened; marks, half-width or combining, joined with their letter."""
    widened = _HALF_WIDTH_KATAKANA.sub(
        lambda found: unicodedata.normalize("NFKC", found.group()), text
    )
    return unicodedata.normalize("NFC", widened)


@lru_cache(maxsize=8192)
def _carried(character: str) -> str:
    """What stands for the character; empty where nothing does."""
    if (own := _written(character)) or unicodedata.category(character) in _UNSEEN:
        return own
    parts = unicodedata.normalize("NFKD", character)
    kept = [part for part in parts if not unicodedata.category(part).startswith("M")]
    return _all_written(kept) or _all_written(_figures(character))


def _all_written(parts: Iterable[str]) -> str:
    pieces = [_written(part) for part in parts]
    return "".join(pieces) if all(pieces) else ""


def _figures(character: str) -> str:
    """The figures that another script's digit, or ❶, stands for."""
    number = unicodedata.numeric(character, -1)
    is_number = unicodedata.category(character) in {"Nd", "No"}
    return str(int(number)) if is_number and number >= 0 and number == int(number) else ""


def _written(character: str) -> str:
    """The character itself, widened, or what the table says; empty where there is nothing."""
    if character.isspace():
        return SPACE
    if stands_in_jis_x_0208(character):
        return character
    if instead := _TABLE.get(character):
        return instead
    if ord(character) in _ASCII:
        return chr(ord(character) + _WIDENED)
    return ""


def _is_letter(character: str) -> bool:
    category = unicodedata.category(character)
    return (
        category.startswith(_LETTER_KINDS) or category == _PRIVATE or ord(character) in _RARE_KANJI
    )
