"""Keep the reading of a name with the addresses that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from escott.oscar.models import KanaName

FIELDS: Final = ("last_name_kana", "first_name_kana")


def keep_for_order(shipping_address: Any, kana: Mapping[str, str]) -> None:
    """Write the reading down beside an order's shipping address, which is new."""
    KanaName._default_manager.create(shipping_address=shipping_address, **_fields(kana))


def keep_in_address_book(user_address: Any, kana: Mapping[str, str]) -> None:
    """Write the reading down beside an entry of the customer's address book."""
    KanaName._default_manager.update_or_create(user_address=user_address, defaults=_fields(kana))


def kana_of(user_address_id: int) -> dict[str, str]:
    """The reading beside an entry of the address book; empty where none was ever given."""
    name = KanaName._default_manager.filter(user_address_id=user_address_id).values(*FIELDS).first()
    return dict(name or {})


def _fields(kana: Mapping[str, str]) -> dict[str, str]:
    return {field: kana[field] for field in FIELDS}
