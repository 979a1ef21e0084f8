"""Find orders by who they go to: name and its reading, telephone, e-mail, for 決済一覧.

The words stand in Oscar's addresses and in the reading beside them. Their indexes are made by
:mod:`escott.oscar.address_indexes`, for Oscar has none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import F, Q
from oscar.core.loading import get_model

from escott.django.payment_list import FoundOrders
from escott.oscar.models import KanaName
from escott.rules.kana import NotKana, katakana

Order = get_model("order", "Order")
ShippingAddress = get_model("order", "ShippingAddress")

#: So many orders of one name are looked at, the newest; the page says if there are more.
MOST: Final = 500

_TELEPHONE: Final = re.compile(r"\+?[0-9][0-9() .-]{5,18}")
_LETTER: Final = re.compile(r"[^\W\d_]")
_FEWEST_DIGITS: Final = 7
#: A family name that is written together with the given one has fewer letters than this.
_LONGEST: Final = 9

#: Japan, as telephone numbers are kept: +81312345678.
_COUNTRY: Final = "+81"


def find_orders(text: str) -> FoundOrders:
    """The orders that go to whoever the text names.

    Args:
        text: a name with or without a space, or its beginning; its reading in any kana; a
            telephone number of at least seven digits. An e-mail address stands with the
            payment itself.
    """
    if "@" in text:
        return FoundOrders()
    addresses = _newest(_addresses(text))
    found = sorted(addresses, reverse=True)
    orders = Order.objects.filter(shipping_address__in=found[:MOST]).order_by()
    return FoundOrders(tuple(orders.values_list("number", flat=True)), len(found) <= MOST)


def _newest(searches: Iterable[Any]) -> set[int]:
    return {key for search in searches for key in search[: MOST + 1]}


def _addresses(text: str) -> Iterator[Any]:
    """The keys of the addresses, the newest first; each search goes along indexes."""
    plain = unicodedata.normalize("NFKC", text)
    if _TELEPHONE.fullmatch(plain):
        digits = re.sub(r"[^0-9+]", "", plain)
        if len(digits) >= _FEWEST_DIGITS:
            number = _COUNTRY + digits[1:] if digits.startswith("0") else digits
            yield _keys(ShippingAddress, Q(phone_number__begins=number), "pk")
        return
    if not _LETTER.search(plain):
        return
    yield _keys(ShippingAddress, _named(text, "last_name", "first_name"), "pk")
    try:
        reading = katakana(plain)
    except NotKana:
        return
    named = _named(reading, "last_name_kana", "first_name_kana")
    yield _keys(KanaName, named & Q(shipping_address__isnull=False), "shipping_address")


def _keys(model: Any, condition: Q, key: str) -> Any:
    # "+ 0" keeps databases from walking the whole table backwards in search of a rare name.
    newest_first = (F(key) + 0).desc()
    rows = model._default_manager.filter(condition).order_by(newest_first)
    return rows.values_list(key, flat=True)


def _named(text: str, last: str, first: str) -> Q:
    """Family name, given name, or both in either order, with a space between them or none."""
    found = Q()
    for name in {text, text.title()} if text.isascii() else {text}:
        words = name.split()
        found |= Q(**{f"{last}__begins": name}) | Q(**{f"{first}__begins": name})
        pairs = [(name[:cut], name[cut:]) for cut in range(1, min(len(name), _LONGEST))]
        if len(words) == 2:
            pairs = [(words[0], words[1]), (words[1], words[0])]
        for family, given in pairs:
            found |= Q(**{last: family, f"{first}__begins": given})
    return found
