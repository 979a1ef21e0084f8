"""What JIS X 0208 holds, found another way than the rule does: row and cell by their bytes."""

from __future__ import annotations

from typing import Final

#: Characters of JIS X 0208 that readers of telegrams write with different code points.
OF_TWO_CODE_POINTS: Final = frozenset("―—‖∥−－〜～¢￠£￡¬￢")


def cells() -> frozenset[str]:
    """Every character of rows 1 to 8 and 16 to 84, read from EUC-JP."""
    found = set()
    for row in (*range(1, 9), *range(16, 85)):
        for cell in range(1, 95):
            try:
                found.add(bytes((row + 0xA0, cell + 0xA0)).decode("euc_jp"))
            except UnicodeDecodeError:
                continue
    return frozenset(found) - OF_TWO_CODE_POINTS
