"""支払人: name, reading and telephone number, as the gateway takes them on a slip.

A name or reading that is longer than the slip's field is cut, for it only has to be known again
at the till. A name with letters that a slip cannot carry is written in kana, whole, rather than
with a hole in it. Source: requirements.md A068; protocol.md H.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from escott.rules.full_width import to_full_width
from escott.rules.jis_x_0208 import stands_in_jis_x_0208
from escott.rules.kana import NotKana, katakana
from escott.rules.telephone import NotTelephone, NotTelephoneReason, telephone_digits

#: Characters of the name and of the reading.
LONGEST: Final = 20

_A_KANA: Final = re.compile("[ァ-ヶ]")
_READING: Final = re.compile(r"[ァ-ヶー・　]+")
_REPEATS: Final = "ヽヾ"
_VOICED: Final = dict(
    zip(
        "カキクケコサシスセソタチツテトハヒフヘホ",
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボ",
        strict=True,
    )
)
_VOICELESS: Final = {voiced: voiceless for voiceless, voiced in _VOICED.items()}


class PayerField(StrEnum):
    """What is asked of a payer."""

    NAME = "name"
    KANA = "kana"
    TELEPHONE = "telephone"


class PayerProblem(StrEnum):
    """Why what was typed cannot stand on a slip."""

    MISSING = "missing"
    NOT_KANA = "not_kana"  # the reading has kanji, Latin letters, figures or signs
    ABROAD = "abroad"  # another country's telephone number
    NOT_DIGITS = "not_digits"  # letters or signs in the telephone number
    WRONG_LENGTH = "wrong_length"  # not 9 to 11 digits
    NO_LEADING_ZERO = "no_leading_zero"  # the area code lacks its 0


_OF_TELEPHONE: Final[Mapping[NotTelephoneReason, PayerProblem]] = {
    NotTelephoneReason.EMPTY: PayerProblem.MISSING,
    NotTelephoneReason.ABROAD: PayerProblem.ABROAD,
    NotTelephoneReason.NOT_DIGITS: PayerProblem.NOT_DIGITS,
    NotTelephoneReason.WRONG_LENGTH: PayerProblem.WRONG_LENGTH,
    NotTelephoneReason.NO_LEADING_ZERO: PayerProblem.NO_LEADING_ZERO,
}


class PayerNotTaken(ValueError):
    """What was typed makes no payer. Never shows what it was.

    Attributes:
        problems: why not, by field.
    """

    def __init__(self, problems: Mapping[PayerField, PayerProblem]) -> None:
        told = ", ".join(f"{name.value}: {problem.value}" for name, problem in problems.items())
        super().__init__(f"not a payer ({told})")
        self.problems: Final = dict(problems)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays a slip. One that exists can be sent.

    Attributes:
        name: full-width text of JIS X 0208, 1 to 20 characters.
        kana: full-width katakana, 1 to 20 characters.
        telephone: 9 to 11 digits.

    Raises:
        ValueError: an attribute is not of its kind; see :func:`payer_of`.
    """

    name: str = field(repr=False)
    kana: str = field(repr=False)
    telephone: str = field(repr=False)

    def __post_init__(self) -> None:
        if not (_fits(self.name) and all(map(stands_in_jis_x_0208, self.name))):
            raise ValueError("a payer's name is 1 to 20 full-width characters of JIS X 0208")
        if not (_fits(self.kana) and _READING.fullmatch(self.kana)):
            raise ValueError("a payer's reading is 1 to 20 full-width katakana")
        if not re.fullmatch("[0-9]{9,11}", self.telephone):
            raise ValueError("a payer's telephone number is 9 to 11 digits")


def payer_of(*, name: str, kana: str, telephone: str) -> Payer:
    """The payer, from what people typed.

    Raises:
        PayerNotTaken: it cannot stand on a slip, and why, by field.
    """
    problems: dict[PayerField, PayerProblem] = {}
    reading, problem = _reading(kana)
    if problem is not None:
        problems[PayerField.KANA] = problem
    digits = ""
    try:
        digits = telephone_digits(telephone)
    except NotTelephone as error:
        problems[PayerField.TELEPHONE] = _OF_TELEPHONE[error.reason]
    if not name.strip():
        problems[PayerField.NAME] = PayerProblem.MISSING
    if problems:
        raise PayerNotTaken(problems)
    return Payer(name=_name(name, reading), kana=reading, telephone=digits)


def _name(typed: str, reading: str) -> str:
    prepared = to_full_width(typed)
    return reading if prepared.lost_letters or not prepared.text else _cut(prepared.text)


def _reading(typed: str) -> tuple[str, PayerProblem | None]:
    if not typed.strip():
        return "", PayerProblem.MISSING
    prepared = to_full_width(typed)
    try:
        reading = _written_out(katakana(prepared.text))
    except NotKana:
        return "", PayerProblem.NOT_KANA
    if prepared.lost_letters or not _READING.fullmatch(reading) or not _A_KANA.search(reading):
        return "", PayerProblem.NOT_KANA
    return _cut(reading), None


def _written_out(reading: str) -> str:
    """Without ヽ and ヾ, which repeat the kana before them: the gateway may not know them."""
    written: list[str] = []
    for kana in reading:
        if written and kana in _REPEATS:
            plain = _VOICELESS.get(written[-1], written[-1])
            written.append(plain if kana == "ヽ" else _VOICED.get(plain, plain))
        else:
            written.append(kana)
    return "".join(written)


def _cut(text: str) -> str:
    return text[:LONGEST].rstrip()


def _fits(text: str) -> bool:
    return 1 <= len(text) <= LONGEST and text == text.strip()
