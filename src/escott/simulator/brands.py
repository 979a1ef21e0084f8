"""Card brands as the gateway sees them: numbers, receiving company, ways to pay.

Source: protocol.md, section K. The pay types are the gateway's side of the contract;
the shop keeps a table of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

_COUNTS: Final = frozenset({"03", "05", "06", "10", "12", "15", "18", "20", "24"})
_BONUS: Final = "80"
_REVOLVING: Final = "88"


@dataclass(frozen=True, slots=True)
class BrandFacts:
    """What the gateway knows of a brand. ``company`` is the CompanyCd it answers with."""

    label: str
    prefixes: tuple[str, ...]
    company: str
    pay_types: frozenset[str]


class Brand(Enum):
    """A card brand, told by the first digits of the number."""

    VISA = BrandFacts("Visa", ("4",), "Y2", _COUNTS | {"01", "02", _BONUS, _REVOLVING})
    MASTERCARD = BrandFacts(
        "Mastercard",
        ("51", "52", "53", "54", "55", "22", "23", "24", "25", "26", "27"),
        "Y3",
        _COUNTS | {"01", "02", _BONUS, _REVOLVING},
    )
    JCB = BrandFacts("JCB", ("35",), "J1", _COUNTS | {"01", "02", _BONUS, _REVOLVING})
    AMEX = BrandFacts("American Express", ("34", "37"), "A1", _COUNTS | {"01", _BONUS})
    DINERS = BrandFacts(
        "Diners Club", ("36", "38", "39", "30"), "D1", frozenset({"01", _BONUS, _REVOLVING})
    )
    OTHER = BrandFacts("Other", ("",), "Z9", frozenset({"01"}))

    @classmethod
    def of(cls, number: str) -> Brand:
        """The brand of a card number given as digits."""
        return next(brand for brand in cls if number.startswith(brand.value.prefixes))

    def pay_type_code(self, pay_type: str) -> str | None:
        """The code that refuses ``pay_type`` for this brand, or None where it is taken.

        C10 refuses a way to pay (ボーナス一括, リボルビング), C12 a number of instalments.
        """
        if pay_type in self.value.pay_types:
            return None
        return "C10" if pay_type in {_BONUS, _REVOLVING} else "C12"
