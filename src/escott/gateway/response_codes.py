"""The gateway's response codes: what each means, and whether money can have moved.

The table is ``response_codes.tsv`` beside this file. ``ResponseCd`` is ``OK`` or one or more
codes joined by ``|``. Source: protocol.md I.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from escott.gateway.customer_actions import CustomerAction
from escott.gateway.errors import MalformedTelegram

_CODE: Final = re.compile(r"[0-9A-Z]{1,8}")


class Category(StrEnum):
    """What a response code is about."""

    STATE = "state"
    CONFIG = "config"
    INPUT_CARD = "input-card"
    INPUT_OTHER = "input-other"
    MEMBER = "member"
    THREE_DS = "3ds"
    DECLINED = "declined"
    COLLECTION = "collection"
    LINK_CANCEL = "link-cancel"
    SYSTEM = "system"


class Money(StrEnum):
    """Whether money can have moved when the gateway answers with a code."""

    NONE = "none"
    MAYBE = "maybe"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class ResponseCode:
    """One response code and its meaning."""

    code: str
    english: str
    japanese: str
    category: Category
    customer_action: CustomerAction
    money: Money

    def __str__(self) -> str:
        return self.code


def _read_table() -> Mapping[str, ResponseCode]:
    table = files(__package__).joinpath("response_codes.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    codes = [
        ResponseCode(
            code=row["code"],
            english=row["english"],
            japanese=row["japanese"],
            category=Category(row["category"]),
            customer_action=CustomerAction(row["customer_action"]),
            money=Money(row["money"]),
        )
        for row in rows
    ]
    return MappingProxyType({code.code: code for code in codes})


#: Every code that is known, in the order of the table.
CATALOGUE: Final[Mapping[str, ResponseCode]] = _read_table()


def lookup(code: str) -> ResponseCode:
    """The meaning of ``code``. Of a code that is not in the catalogue nobody knows whether
    money moved, so it is ``maybe`` (requirements.md, part 2 no. 11).
    """
    return CATALOGUE.get(code) or ResponseCode(
        code=code,
        english="Code that is not in the catalogue",
        japanese="一覧にないコード",
        category=Category.SYSTEM,
        customer_action=CustomerAction.CONTACT_MERCHANT,
        money=Money.MAYBE,
    )


def parse(response_cd: str) -> tuple[ResponseCode, ...]:
    """The codes of a ``ResponseCd`` such as ``K20|K21``; of an empty one, none.

    Raises:
        MalformedTelegram: a part of it does not look like a code.
    """
    parts = [part.strip() for part in response_cd.split("|")] if response_cd.strip() else []
    if not all(_CODE.fullmatch(part) for part in parts):
        raise MalformedTelegram("ResponseCd is not codes joined by |")
    return tuple(lookup(part) for part in parts)
