"""Field checks: what each field of a telegram must look like, and the code if it does not.

A field that does not belong to its operation is not looked at, an empty one is absent.
Source: protocol.md, sections B, C, D and F.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from escott.gateway.operations import COLLECTION, MASTER, MEMBER, PROCESS, OperateId
from escott.gateway.secure import FIELDS as SECURE_FIELDS
from escott.simulator.options import Options
from escott.simulator.presented_cards import passes_luhn

Check = Callable[[str, Options, date], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """A field, the code of its check, and what must hold (value, options, today)."""

    name: str
    code: str
    holds: Check


def _matches(pattern: str) -> Check:
    expression = re.compile(pattern)
    return lambda value, _options, _today: expression.fullmatch(value) is not None


def _is_free_text(pattern: str) -> Check:
    expression = re.compile(pattern)
    return lambda value, options, _today: (
        len(value) <= options.free_length and expression.fullmatch(value) is not None
    )


def _is_date(value: str, _options: Options, _today: date) -> bool:
    return read_date(value) is not None


def _is_date_not_to_come(value: str, _options: Options, today: date) -> bool:
    day = read_date(value)
    return day is not None and day <= today


def _is_month_and_day(value: str, _options: Options, _today: date) -> bool:
    return len(value) == 4 and read_date(f"2024{value}") is not None


def _is_amount(value: str, options: Options, _today: date) -> bool:
    return (
        re.fullmatch(r"[0-9]+", value) is not None
        and len(value) <= options.amount_digits
        and int(value) > 0
    )


def read_date(value: str) -> date | None:
    """``YYYYMMDD`` as a date, or None if there is no such day."""
    if re.fullmatch(r"[0-9]{8}", value) is None:
        return None
    try:
        return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        return None


_HALF_WIDTH = r"[\x20-\x7e\uff61-\uff9f]*"
_BASE64 = r"[0-9A-Za-z+/=_-]{1,64}"
_KANA = r"[\uff66-\uff9f]{1,20}"

#: In the order in which their codes are joined.
FIELDS: Final = (
    Field("TenantId", "K04", _matches(r"[0-9]{4}")),
    Field("TransactionDate", "K05", _is_date),
    Field("MerchantFree1", "K07", _is_free_text(_HALF_WIDTH)),
    Field("MerchantFree2", "K08", _is_free_text(_HALF_WIDTH)),
    Field("MerchantFree3", "K09", _is_free_text(r"[^\x00-\x1f\x7f]*")),
    Field("ProcessId", "K10", _matches(r"[0-9A-Za-z]{32}")),
    Field("ProcessPass", "K11", _matches(r"[0-9A-Za-z]{32}")),
    Field("CardNo", "K20", _matches(r"[0-9]{14,16}")),
    Field("CardExp", "K21", _matches(r"[0-9]{2}(0[1-9]|1[0-2])")),
    Field("PayType", "K22", _matches(r"[0-9]{2}")),
    Field("Amount", "K23", _is_amount),
    Field("SecCd", "K24", _matches(r"[0-9]{3,4}")),
    Field("KanaSei", "K25", _matches(_KANA)),
    Field("KanaMei", "K26", _matches(_KANA)),
    Field("BirthDay", "K27", _is_month_and_day),
    Field("TelNo", "K28", _matches(r"[0-9]{4}")),
    Field("MessageVersionNo3D", "K30", _matches(r"[0-9.]{1,8}")),
    Field("EncodeXId3D", "K32", _matches(_BASE64)),
    Field("TransactionStatus3D", "K33", _matches(r"[YANUCR]")),
    Field("CAVVAlgorithm3D", "K34", _matches(r"[0-9A-Za-z]{1,4}")),
    Field("CAVV3D", "K35", _matches(_BASE64)),
    Field("ECI3D", "K36", _matches(r"[0-9]{2}")),
    Field("SalesDate", "K39", _is_date_not_to_come),
    Field("KaiinId", "K45", _matches(r"[0-9A-Za-z]{4,20}")),
    Field("KaiinPass", "K46", _matches(r"[0-9A-Za-z]{4,12}")),
    Field("NewKaiinPass", "K47", _matches(r"[0-9A-Za-z]{4,12}")),
    Field("EnableCheckUseKbn", "K48", _matches(r"[01]")),
    Field("ProcNo", "K86", _matches(r"[0-9]{7}")),
    Field("PostUrl", "K87", _matches(r"https?://[!-~]+")),
)

_COMMON = frozenset(
    {"TenantId", "TransactionDate", "MerchantFree1", "MerchantFree2", "MerchantFree3"}
)
_MEMBER = frozenset({"KaiinId", "KaiinPass"})
_ASSISTS = frozenset({"SecCd", "KanaSei", "KanaMei", "BirthDay", "TelNo"})
CARD: Final = frozenset({"CardNo", "CardExp"}) | _ASSISTS
_CHARGE = frozenset({"PayType", "Amount"})
_PAIR = frozenset({"ProcessId", "ProcessPass"})
_TRIP = frozenset({"ProcNo", "PostUrl"})

#: What a telegram carries of a 本人認証.
SECURE: Final = frozenset(SECURE_FIELDS)

#: Fields that one operation takes beyond those of its class, and which of all are required.
_OWN: Final[Mapping[OperateId, frozenset[str]]] = {
    OperateId.AUTH: _CHARGE,
    OperateId.GATHERING: _CHARGE,
    OperateId.CAPTURE: frozenset({"SalesDate"}),
    OperateId.CHANGE: frozenset({"Amount"}),
    OperateId.REAUTH: frozenset({"Amount", "SalesDate"}),
    OperateId.MEMBER_ADD: CARD | _PAIR | SECURE | {"EnableCheckUseKbn"},
    OperateId.MEMBER_CHANGE: CARD | SECURE | {"NewKaiinPass", "EnableCheckUseKbn"},
    OperateId.SECURE: CARD | _CHARGE | _MEMBER,
    # The fields of the slip itself stand in ``slip_fields``.
    **dict.fromkeys(COLLECTION - {OperateId.SLIP_ADD}, _PAIR),
}
#: Required only sometimes: the state of the transaction decides, or the way of naming a card.
_OPTIONAL_OF: Final[Mapping[OperateId, frozenset[str]]] = {
    OperateId.REAUTH: frozenset({"SalesDate"}),
    OperateId.MEMBER_ADD: _OWN[OperateId.MEMBER_ADD],
    OperateId.MEMBER_CHANGE: _OWN[OperateId.MEMBER_CHANGE],
    OperateId.SECURE: _OWN[OperateId.SECURE],
}


def _belonging(operation: OperateId) -> frozenset[str]:
    fields = _COMMON | _OWN.get(operation, frozenset())
    if operation in MASTER:
        return fields | _MEMBER | CARD | SECURE
    if operation in MEMBER:
        return fields | _MEMBER
    return fields | _MEMBER | _PAIR if operation in PROCESS else fields


def _required(operation: OperateId) -> frozenset[str]:
    own = _OWN.get(operation, frozenset()) - _OPTIONAL_OF.get(operation, frozenset())
    named = _PAIR if operation in PROCESS else _MEMBER if operation in MEMBER else frozenset()
    return frozenset({"TransactionDate"}) | own | named


BELONGING: Final = {operation: _belonging(operation) for operation in OperateId}
REQUIRED: Final = {operation: _required(operation) for operation in OperateId}


def field_codes(
    operation: OperateId, fields: Mapping[str, str], options: Options, today: date
) -> tuple[str, ...]:
    """The codes of all fields of a telegram that are missing or malformed, to be joined."""
    codes = _form_codes(fields, BELONGING[operation], REQUIRED[operation], options, today)
    return (*codes, *_card_source_codes(operation, fields))


def trip_codes(
    operation: OperateId, fields: Mapping[str, str], options: Options, today: date
) -> tuple[str, ...]:
    """The same of what a browser brings to a page of the gateway, with ProcNo and PostUrl."""
    belonging, required = BELONGING[operation] | _TRIP, REQUIRED[operation] | {"ProcNo"}
    codes = _form_codes(fields, belonging, required, options, today)
    return (*codes, *_card_source_codes(operation, fields))


def card_codes(fields: Mapping[str, str], options: Options, today: date) -> tuple[str, ...]:
    """The codes of a card given to the token page."""
    codes = _form_codes(fields, CARD, frozenset({"CardNo", "CardExp"}), options, today)
    return tuple(codes) or _luhn_code(fields)


def _form_codes(
    fields: Mapping[str, str],
    belonging: frozenset[str],
    required: frozenset[str],
    options: Options,
    today: date,
) -> Iterator[str]:
    for field in FIELDS:
        if field.name not in belonging:
            continue
        value = fields.get(field.name, "")
        if field.name in required if not value else not field.holds(value, options, today):
            yield field.code


_DIRECT: Final = {"CardNo": "K20", "CardExp": "K21"}
_TOKEN: Final = {"Token": "KHZ"}
_BY_MEMBER: Final = {"KaiinId": "K45", "KaiinPass": "K46"}
_BY_TRANSACTION: Final = {"ProcessId": "K10", "ProcessPass": "K11"}

#: The ways to name a card (protocol.md C and D): their fields, and the codes if one is missing.
_WAYS: Final[Mapping[OperateId, tuple[Mapping[str, str], ...]]] = {
    **dict.fromkeys(MASTER | {OperateId.SECURE}, (_DIRECT, _TOKEN, _BY_MEMBER)),
    OperateId.MEMBER_ADD: (_DIRECT, _TOKEN, _BY_TRANSACTION),
    OperateId.MEMBER_CHANGE: (_DIRECT, _TOKEN),
}


def _card_source_codes(operation: OperateId, fields: Mapping[str, str]) -> tuple[str, ...]:
    """A card is named in one way only, and wholly. That none is named is found out later."""
    begun = [way for way in _WAYS.get(operation, ()) if way.keys() & fields.keys()]
    if len(begun) > 1:
        return ("KIJ",)
    missing = [code for way in begun for name, code in way.items() if name not in fields]
    return tuple(missing) or (_luhn_code(fields) if _DIRECT in begun else ())


def _luhn_code(fields: Mapping[str, str]) -> tuple[str, ...]:
    number = fields["CardNo"]
    well_formed = 14 <= len(number) <= 16 and number.isascii() and number.isdigit()
    return ("K82",) if well_formed and not passes_luhn(number) else ()
