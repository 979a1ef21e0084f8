"""商品名: how the goods of an order are named on its slip.

One product is named; of several the first, with 他. At most 16 full-width characters: what is
longer ends in …, and 他 always remains. Source: requirements.md A068; protocol.md H.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from escott.rules.full_width import to_full_width

LONGEST: Final = 16

#: The name of goods whose own name has nothing that a slip can carry.
NAMELESS: Final = "お買い上げ商品"

_AND_OTHERS: Final = "他"
_CUT: Final = "…"


def product_name(names: Sequence[str]) -> str:
    """商品名 of an order: full-width text of JIS X 0208, 1 to 16 characters.

    Args:
        names: the names of its products, the one to be named first.
    """
    name = to_full_width(names[0]).text if names else ""
    others = _AND_OTHERS if len(names) > 1 else ""
    return shortened(name or NAMELESS, LONGEST - len(others)) + others


def shortened(text: str, longest: int) -> str:
    """``text``, cut and ended with … where it has more than ``longest`` characters."""
    if len(text) <= longest:
        return text
    return text[: longest - len(_CUT)].rstrip() + _CUT
