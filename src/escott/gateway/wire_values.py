"""How each kind of value must look before it may be sent, and how it is written.

Every function takes the field's name on the wire and returns the text to send; what breaks
its rule raises :class:`~escott.gateway.errors.InvalidTelegram`, which never shows the value.
Source: protocol.md B, C, H, K and L no. 15 and 16.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from escott.gateway.errors import InvalidTelegram
from escott.gateway.secret import Secret
from escott.rules.jis_x_0208 import stands_in_jis_x_0208
from escott.rules.yen import CARD_MAXIMUM, COLLECTION_MAXIMUM

#: What may stand in a value that the gateway echoes, perhaps without escaping it.
_HALF_WIDTH: Final = re.compile(r"(?! )[ -~]*(?<! )")
_BREAKS_AN_ECHO: Final = frozenset("&=+%")
_OPAQUE: Final = "half-width characters without a space", re.compile(r"[!-~]+")
_DIGITS: Final = "half-width digits", re.compile(r"[0-9]+")
_ALPHANUMERIC: Final = "half-width letters and digits", re.compile(r"[0-9A-Za-z]+")
_TELEPHONE: Final = "half-width digits and hyphens", re.compile(r"[0-9][0-9-]*")
_ADDRESS: Final = "an http or https address", re.compile(r"https?://[!-~]+")
#: Full-width katakana with its prolonged sound mark, middle dot and space.
_KANA: Final = re.compile(r"[ァ-ヶー・　]*")
_YEAR_AND_MONTH: Final = re.compile(r"[0-9]{2}(0[1-9]|1[0-2])")

FREE_LENGTH: Final = 20


def half_width(name: str, text: str) -> str:
    """A free field that the gateway echoes: half-width, up to 20 characters; may be empty."""
    echoed(name, text)
    if not _HALF_WIDTH.fullmatch(text):
        raise InvalidTelegram(name, "must be half-width text without spaces around it")
    return text


def echoed(name: str, text: str) -> str:
    """A free field in half or full width, up to 20 characters; may be empty."""
    _must_be_text(name, text)
    if len(text) > FREE_LENGTH:
        raise InvalidTelegram(name, f"must have at most {FREE_LENGTH} characters")
    if not text.isprintable() or _BREAKS_AN_ECHO & set(text) or text != text.strip():
        raise InvalidTelegram(name, "must not have & = + %, control characters or outer spaces")
    return text


def required(name: str, text: str) -> str:
    """``text``, which must not be empty."""
    if not text:
        raise InvalidTelegram(name, "must not be empty")
    return text


def digits(name: str, text: str, shortest: int, longest: int) -> str:
    """Half-width digits."""
    return _matching(name, text, _DIGITS, shortest, longest)


def alphanumeric(name: str, text: str, shortest: int, longest: int) -> str:
    """Half-width letters and digits."""
    return _matching(name, text, _ALPHANUMERIC, shortest, longest)


def opaque(name: str, text: str, longest: int) -> str:
    """A text of the gateway's own making, which is not ours to understand."""
    return _matching(name, text, _OPAQUE, 1, longest)


def expiry(name: str, text: str) -> str:
    """A card's expiry, ``YYMM``."""
    _must_be_text(name, text)
    if not _YEAR_AND_MONTH.fullmatch(text):
        raise InvalidTelegram(name, "must be YYMM")
    return text


def revealed(name: str, secret: Secret) -> str:
    """The text of a secret, which must be wrapped as one."""
    if not isinstance(secret, Secret):
        raise InvalidTelegram(name, "must be wrapped in a Secret")
    return secret.reveal()


def yen(name: str, amount: int) -> str:
    """An amount that can be charged to a card: an ``int``, 1 to 9,999,999 yen."""
    return _yen_up_to(name, amount, CARD_MAXIMUM)


def slip_yen(name: str, amount: int) -> str:
    """An amount that a slip can ask for: an ``int``, 1 to 299,999 yen."""
    return _yen_up_to(name, amount, COLLECTION_MAXIMUM)


def full_width(name: str, text: str, longest: int) -> str:
    """Full-width text of JIS X 0208; may be empty."""
    _must_be_text(name, text)
    if len(text) > longest:
        raise InvalidTelegram(name, f"must have at most {longest} characters")
    if not all(map(stands_in_jis_x_0208, text)) or text != text.strip():
        raise InvalidTelegram(name, "must be full-width text of JIS X 0208 without outer spaces")
    return text


def full_width_kana(name: str, text: str, longest: int) -> str:
    """Full-width katakana; may be empty."""
    full_width(name, text, longest)
    if not _KANA.fullmatch(text):
        raise InvalidTelegram(name, "must be full-width katakana")
    return text


def telephone(name: str, text: str, longest: int) -> str:
    """A telephone number as people read it, digits and hyphens; may be empty."""
    return _matching(name, text, _TELEPHONE, 1, longest) if text != "" else ""


def short_half_width(name: str, text: str, longest: int) -> str:
    """Half-width text without spaces around it; may be empty."""
    _must_be_text(name, text)
    if len(text) > longest or not _HALF_WIDTH.fullmatch(text):
        raise InvalidTelegram(name, f"must be at most {longest} half-width characters")
    return text


def address(name: str, text: str, longest: int) -> str:
    """A web address; may be empty."""
    return _matching(name, text, _ADDRESS, 1, longest) if text != "" else ""


def end_of_day(name: str, value: object) -> str:
    """The last minute of a date in Japan, written ``YYYYMMDDHHMM``."""
    return day(name, value) + "2359"


def day(name: str, value: object) -> str:
    """A date in Japan, written ``YYYYMMDD``. A ``datetime`` is refused: of which zone?"""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidTelegram(name, f"must be a date, not {type(value).__name__}")
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def _yen_up_to(name: str, amount: int, most: int) -> str:
    if type(amount) is not int:
        raise InvalidTelegram(name, f"must be an int of yen, not {type(amount).__name__}")
    if not 1 <= amount <= most:
        raise InvalidTelegram(name, f"must be 1 to {most:,} yen")
    return str(amount)


def _matching(
    name: str, text: str, kind: tuple[str, re.Pattern[str]], shortest: int, longest: int
) -> str:
    rule, pattern = kind
    _must_be_text(name, text)
    required(name, text)
    if not shortest <= len(text) <= longest or not pattern.fullmatch(text):
        size = f"{shortest}" if shortest == longest else f"{shortest} to {longest}"
        raise InvalidTelegram(name, f"must be {size} {rule}")
    return text


def _must_be_text(name: str, text: str) -> None:
    if not isinstance(text, str):
        raise InvalidTelegram(name, f"must be a str, not {type(text).__name__}")
