"""カード番号: what the number of a card looks like. Source: protocol.md E."""

from __future__ import annotations

from typing import Final

#: Digits of the card numbers that the gateway takes.
DIGITS: Final = range(14, 17)


def is_card_number(text: str) -> bool:
    """Whether ``text`` is 14 to 16 half-width digits that end in the right check digit (Luhn)."""
    if len(text) not in DIGITS or not (text.isascii() and text.isdigit()):
        return False
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in text[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in text[::-2])) % 10 == 0
