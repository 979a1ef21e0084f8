"""JIS X 0208: the full-width characters that a slip can carry.

What stands outside of it (①, 髙, 﨑, emoji) is the usual cause of K51 to K53 (protocol.md H).
A handful of characters inside it (～ － ∥ ― ￠ ￡ ￢) has two code points in Unicode, and who
reads the telegram may know the one or the other; they count as outside too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_TO_JIS_X_0208: Final = b"\x1b$B"

#: JIS 0x213D: U+2015 to Windows, U+2014 to Java's Shift_JIS, which reads the other one as "?".
_DASH_OF_TWO_CODE_POINTS: Final = "\u2015"


@lru_cache(maxsize=8192)
def stands_in_jis_x_0208(character: str) -> bool:
    """Whether the character is in JIS X 0208, and under one code point only."""
    try:
        by_standard = character.encode("iso2022_jp")
        by_windows = character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return (
        by_standard.startswith(_TO_JIS_X_0208)
        and len(by_windows) == 2
        and by_windows.decode("cp932") == character
        and character != _DASH_OF_TWO_CODE_POINTS
    )
