"""A card as it was presented: what may be kept of it, and what the issuer knows at once.

Only a magic card's number is kept. Of any other number the mask alone survives, so that a
real card typed here by mistake is stored nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from escott.simulator.brands import Brand
from escott.simulator.magic_cards import HOLDER, MAGIC_CARDS, MagicCard
from escott.simulator.options import Options

MATCH, MISMATCH, NOT_SET, NOT_INQUIRED = "0", "1", "8", "9"

#: Assist field of a request, field of the answer that tells the result, code of a mismatch.
ASSISTS: Final = (
    ("SecCd", "McSecCd", "K40"),
    ("KanaSei", "McKanaSei", "K43"),
    ("KanaMei", "McKanaMei", "K44"),
    ("BirthDay", "McBirthDay", "K41"),
    ("TelNo", "McTelNo", "K42"),
)


@dataclass(frozen=True, slots=True)
class PresentedCard:
    """What is kept of a card. ``expiry`` is YYMM; ``assists`` follows ``ASSISTS``.

    ``magic`` is the number of the magic card, or empty for any other card.
    """

    masked: str
    brand: Brand
    expiry: str
    assists: tuple[str, ...]
    magic: str

    @property
    def row(self) -> MagicCard | None:
        """The magic card that this is, if it is one."""
        return MAGIC_CARDS.get(self.magic)

    def mismatches(self) -> tuple[str, ...]:
        """The codes of the assist values that do not match, lowest first."""
        return tuple(
            sorted(
                code
                for (_, _, code), result in zip(ASSISTS, self.assists, strict=True)
                if result == MISMATCH
            )
        )

    def assist_fields(self) -> dict[str, str]:
        """The Mc fields of an answer."""
        return {
            answer: result for (_, answer, _), result in zip(ASSISTS, self.assists, strict=True)
        }


def present(fields: Mapping[str, str]) -> PresentedCard:
    """Read a card from ``CardNo``, ``CardExp`` and the assist fields, already checked."""
    number = fields["CardNo"]
    row = MAGIC_CARDS.get(number)
    return PresentedCard(
        masked=mask(number),
        brand=Brand.of(number),
        expiry=fields["CardExp"],
        assists=_compare_all(row, fields),
        magic=number if row else "",
    )


def present_again(card: PresentedCard, fields: Mapping[str, str]) -> PresentedCard:
    """A card that the gateway keeps, with the assist fields that come beside it this time.

    What was compared when it was kept counts no longer: nobody may keep a security code.
    """
    return replace(card, assists=_compare_all(card.row, fields))


def mask(number: str) -> str:
    """The number as it may be shown: first four and last four digits."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def shown(card: PresentedCard, options: Options) -> str:
    """The mask of a card as the references show it, each end with up to four digits."""
    length, last = len(card.masked), options.shown_last_digits
    shown_end = card.masked[length - last :]
    return card.masked[: options.shown_leading_digits].ljust(length - last, "*") + shown_end


def passes_luhn(number: str) -> bool:
    """Whether the check digit of ``number`` is right."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _compare_all(row: MagicCard | None, fields: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_compare(row, name, fields.get(name, "")) for name, _, _ in ASSISTS)


def _compare(row: MagicCard | None, name: str, given: str) -> str:
    if not given:
        return NOT_SET
    if row is None:
        return NOT_INQUIRED
    known = row.security_code if name == "SecCd" else HOLDER[name]
    return MATCH if given == known else MISMATCH
