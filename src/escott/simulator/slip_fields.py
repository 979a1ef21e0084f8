"""Field checks of the slips' telegrams, beside the common ones in ``fields``.

Source: protocol.md H. Which code a wrong Title brings is not known: K55, with the other
guidance texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from escott.clock import JST
from escott.gateway.operations import OperateId
from escott.simulator.full_width import is_full_width, is_katakana
from escott.simulator.options import Options

Check = Callable[[str, Options, datetime], bool]


@dataclass(frozen=True, slots=True)
class SlipField:
    """A field, the code of its check, and what must hold (value, options, now)."""

    name: str
    code: str
    holds: Check


def _full_width(longest: int) -> Check:
    return lambda value, _options, _now: len(value) <= longest and is_full_width(value)


def _matches(pattern: str) -> Check:
    expression = re.compile(pattern)
    return lambda value, _options, _now: expression.fullmatch(value) is not None


def _is_kana(value: str, options: Options, _now: datetime) -> bool:
    if options.half_width_name_kana and re.fullmatch(r"[\uff65-\uff9f ]{1,40}", value):
        return True
    return len(value) <= 20 and is_full_width(value) and is_katakana(value)


def _is_amount(value: str, options: Options, _now: datetime) -> bool:
    return (
        re.fullmatch(r"[0-9]{1,9}", value) is not None
        and 0 < int(value) <= options.slip_amount_maximum
    )


def _is_pay_limit(value: str, options: Options, now: datetime) -> bool:
    limit = read_pay_limit(value)
    if limit is None:
        return False
    latest = now + timedelta(days=options.slip_pay_limit_days)
    return limit + timedelta(minutes=1) > now and limit.date() <= latest.date()


def _is_telephone(value: str, _options: Options, _now: datetime) -> bool:
    digits = value.replace("-", "")
    return (
        len(value) <= 13
        and re.fullmatch(r"[0-9]+(-[0-9]+)*", value) is not None
        and 9 <= len(digits) <= 11
    )


def read_pay_limit(value: str) -> datetime | None:
    """``YYYYMMDDHHMM`` in Japan, or None if there is no such minute."""
    if re.fullmatch(r"[0-9]{12}", value) is None:
        return None
    try:
        return datetime.strptime(value, "%Y%m%d%H%M").replace(tzinfo=JST)
    except ValueError:
        return None


_SHORT_TEXT = _full_width(16)
_GUIDANCE = _full_width(30)

#: In the order in which their codes are joined.
SLIP_FIELDS: Final = (
    SlipField("Amount", "K23", _is_amount),
    SlipField("TelNo", "K28", _is_telephone),
    SlipField("PayLimit", "K50", _is_pay_limit),
    SlipField("NameKanji", "K51", _full_width(20)),
    SlipField("NameKana", "K52", _is_kana),
    SlipField("ShouhinName", "K53", _full_width(16)),
    *(SlipField(f"Free{number}", "K54", _SHORT_TEXT) for number in range(1, 8)),
    SlipField("Comment", "K55", _GUIDANCE),
    SlipField("Title", "K55", _full_width(20)),
    *(SlipField(f"Free{number}", "K56", _GUIDANCE) for number in range(8, 17)),
    SlipField("Free17", "K57", _full_width(21)),
    SlipField("Free18", "K58", _matches(r"[0-9][0-9-]{0,11}")),
    SlipField("Free19", "K59", _matches(r"[\x20-\x7e]{1,11}")),
    SlipField("ReturnURL", "K60", _matches(r"https?://[!-~]{1,120}")),
)

#: The texts that a slip carries beside its product.
TEXT_NAMES: Final = ("Title", "Comment", *(f"Free{number}" for number in range(1, 20)))

_ALL: Final = frozenset(field.name for field in SLIP_FIELDS)
_REQUIRED_OF_ALL: Final = frozenset(
    {"Amount", "PayLimit", "NameKanji", "NameKana", "TelNo", "ShouhinName"}
)
_OF_CHANGE: Final = frozenset({"Amount", "PayLimit"})

_BELONGING: Final[Mapping[OperateId, frozenset[str]]] = {
    OperateId.SLIP_ADD: _ALL,
    OperateId.SLIP_CHANGE: _OF_CHANGE,
}
_REQUIRED: Final[Mapping[OperateId, frozenset[str]]] = {
    OperateId.SLIP_ADD: _REQUIRED_OF_ALL,
    OperateId.SLIP_CHANGE: _OF_CHANGE,
}
_NONE: Final[frozenset[str]] = frozenset()


def slip_codes(
    operation: OperateId, fields: Mapping[str, str], options: Options, now: datetime
) -> tuple[str, ...]:
    """The codes of the fields of a slip that are missing or malformed; each code once."""
    belonging = _BELONGING.get(operation, _NONE)
    required = _REQUIRED.get(operation, _NONE)
    if options.default_pay_limit_days is not None:
        required -= {"PayLimit"}
    codes = []
    for field in SLIP_FIELDS:
        if field.name not in belonging:
            continue
        value = fields.get(field.name, "")
        if field.name in required if not value else not field.holds(value, options, now):
            codes.append(field.code)
    return tuple(dict.fromkeys(codes))
