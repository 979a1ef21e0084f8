"""The one search box: what a text may mean, from an order's number to a customer's name.

``1000`` may be an order, the last four digits of a card or an amount: the list shows what fits
any of them. Names and telephones stand with the host's orders, which the host looks up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from escott.django.models import Operation, Slip
from escott.django.payment_list.conditions import ordered_in
from escott.rules.yen import CARD_MAXIMUM


class NotADate(ValueError):
    """The text holds a date that the calendar does not."""


@dataclass(frozen=True, slots=True)
class FoundOrders:
    """The orders that a host found for a text.

    Attributes:
        references: of the newest ones.
        all_of_them: ``False`` if there are more, which are left out.
    """

    references: tuple[str, ...] = ()
    all_of_them: bool = True


#: Looks a name, a reading, a telephone number or an e-mail address up in the host's orders.
FindOrders = Callable[[str], FoundOrders]


def no_orders(_text: str) -> FoundOrders:
    """For a host that has none of its own to look in."""
    return FoundOrders()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text may mean.

    Attributes:
        branches: the conditions, one of which a payment has to meet.
        all_of_them: ``False`` if so many orders fit that the older ones were left out.
    """

    branches: tuple[Q, ...]
    all_of_them: bool = True


_AMOUNT: Final = re.compile(
    r"(?P<mark>[¥\\] ?)?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) ?(?P<yen>円)?"
)
_DATE: Final = re.compile(
    r"(?:(?P<year>[0-9]{4})[-/.年])?(?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?"
)
_LAST_FOUR: Final = re.compile(r"[0-9]{4}")
#: As slips and mails print it: **** **** **** 1000.
_MASKED: Final = re.compile(r"(?:[*•xX]+[- ]*)+[0-9]{4}")
_CODE: Final = re.compile(r"[0-9]{12}")
_ONE_WORD: Final = re.compile(r"[!-~]{1,64}")


def read(text: str, today: date, find_orders: FindOrders = no_orders) -> Reading:
    """What the text may mean; no branch where it can mean nothing.

    Args:
        text: as typed; full-width digits and signs are forgiven.
        today: the date in Japan, for dates without a year.
        find_orders: the host's part.

    Raises:
        NotADate: it holds something like 2月30日.
    """
    typed = " ".join(text.split())
    plain = unicodedata.normalize("NFKC", typed)
    dated = _read_dated(plain, today)
    if dated is not None:
        return Reading((dated,))
    if _MASKED.fullmatch(plain):
        return Reading((_of_last_four(plain[-4:]),))
    amount = _AMOUNT.fullmatch(plain)
    if amount and (amount["mark"] or amount["yen"] or "," in plain):
        return Reading(_of_amount(amount["digits"]))
    found = find_orders(typed)
    return Reading(tuple(_branches(plain, found.references)), found.all_of_them)


def _branches(plain: str, references: tuple[str, ...]) -> list[Q]:
    one_word = bool(_ONE_WORD.fullmatch(plain))
    orders = {plain, *references} if one_word else set(references)
    branches = [Q(order_reference__in=sorted(orders))] if orders else []
    if "@" in plain:
        branches.append(Q(Exact(Lower(F("email")), Value(plain.lower()))) & ~Q(email=""))
        return branches
    if one_word:
        branches.append(_numbered(plain))
    if _CODE.fullmatch(plain):
        branches.append(Q(transaction_code=plain))
    if _LAST_FOUR.fullmatch(plain):
        branches.append(_of_last_four(plain))
    if plain.isdecimal():
        branches += _of_amount(plain)
    return branches


def _numbered(plain: str) -> Q:
    """処理連番 of any operation; 払込番号, also the one from before a 変更, or 受付番号 of a slip,
    which people write with hyphens.

    One condition, so that it is asked once. What looks idle is the condition of the indexes.
    """
    numbers = {plain, plain.replace("-", "")}
    operations = Operation.objects.filter(transaction_id=plain).exclude(transaction_id="")
    slips = Slip.objects.filter(kessai_number__in=numbers).exclude(kessai_number="")
    former = Slip.objects.filter(former_number__in=numbers).exclude(former_number="")
    deposits = Slip.objects.filter(receipt_number__in=numbers).exclude(receipt_number="")
    found = [rows.order_by().values("payment") for rows in (operations, slips, former, deposits)]
    return Q(pk__in=found[0].union(*found[1:], all=True))


def _of_last_four(digits: str) -> Q:
    # What looks idle is the condition of the index; without it the index is not used.
    return Q(last_four=digits) & ~Q(last_four="")


def _of_amount(digits: str) -> tuple[Q, ...]:
    amount = int(digits.replace(",", ""))
    return (Q(amount=amount),) if 1 <= amount <= CARD_MAXIMUM else ()


def _read_dated(plain: str, today: date) -> Q | None:
    """A date, or a date and an amount in either order."""
    words = plain.split()
    if not 1 <= len(words) <= 2:
        return None
    days = [word for word in words if _DATE.fullmatch(word)]
    others = [word for word in words if not _DATE.fullmatch(word)]
    amounts = [found for word in others if (found := _AMOUNT.fullmatch(word))]
    if len(days) != 1 or len(amounts) != len(others):
        return None
    if not others and not _looks_like_a_date(days[0]):
        return None
    day = _day(days[0], today)
    on_the_day = ordered_in(day, day)
    if not amounts:
        return on_the_day
    of_amount = _of_amount(amounts[0]["digits"])
    return of_amount[0] & on_the_day if of_amount else Q(pk__in=[])


def _looks_like_a_date(word: str) -> bool:
    """By itself ``3-1`` may be an order's number; with a year or 月 it is a date."""
    return bool(re.match(r"[0-9]{4}[-/.年]", word)) or "月" in word or "/" in word


def _day(word: str, today: date) -> date:
    found = _DATE.fullmatch(word)
    assert found is not None, "the caller has matched it"  # noqa: S101
    month, day = int(found["month"]), int(found["day"])
    try:
        if found["year"]:
            return date(int(found["year"]), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        raise NotADate(word) from None
