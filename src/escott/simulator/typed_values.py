"""What a person typed into a field of the console, read kindly."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Final

#: Longer numbers are no amount of yen in any contract.
_MOST_DIGITS: Final = 12


def read_amount(text: str) -> int | None:
    """An amount of yen, with or without ¥ and commas, full width too; None if it is none."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("¥").removesuffix("円")
    digits = plain.replace(",", "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > _MOST_DIGITS:
        return None
    return int(digits)


def read_day(text: str) -> date | None:
    """A day as ``2026-01-05`` or ``20260105``; None if there is no such day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
