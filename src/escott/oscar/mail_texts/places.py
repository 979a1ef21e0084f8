"""Places: what may stand in braces in the text of a mail, and what it is filled with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

#: A place as it is written. Whatever else has a brace is a slip (:mod:`checking`).
WRITTEN: Final = re.compile(r"\{([^{}\n]*)\}")


class Form(Enum):
    """How a place is filled."""

    WORDS = "words"  #: a few words within a line; the only form that a subject takes
    LINK = "link"  #: the address of a page
    BLOCK = "block"  #: lines of their own, in HTML often a table


@dataclass(frozen=True, slots=True)
class Place:
    """One place.

    Attributes:
        name: as staff write it between braces.
        meaning: what it is filled with, in words for staff.
    """

    name: str
    form: Form
    meaning: Any

    @property
    def written(self) -> str:
        """With its braces."""
        return f"{{{self.name}}}"


_WORDS: Final[dict[str, Any]] = {
    "shop_name": _("The shop's name"),
    "shop_mail": _("The shop's address for mails"),
    "name": _("The customer's name"),
    "order_number": _("The order's number"),
    "amount": _("The amount to pay, as of the sending"),
    "advice": _("What the result of the payment means, and what the customer can do"),
    "before": _("The amount before the operation"),
    "after": _("The amount after the operation"),
    "pay_number": _("The number by which a slip is paid (konbini, Pay-easy, e-money)"),
    "due_date": _("The last day on which the slip can be paid, with its day of the week"),
    "days_left": _("How many days are left to pay"),
    "fee": _("The payment fee within the amount"),
    "paid_at": _("When the slip was paid"),
    "institution": _("Where the slip was paid: the convenience store, bank or e-money"),
    "case_count": _("How many matters need attention"),
    "payment_count": _("How many payments come near their last day"),
}

_LINKS: Final[dict[str, Any]] = {
    "order_url": _("The page with the order"),
    "payment_url": _("The page on which this order is paid"),
    "pay_link": _(
        "The page on which the shopper chooses how to pay the slip; its paragraph is left out "
        "while the slip cannot be paid"
    ),
    "cases_url": _("The dashboard's page of what needs attention"),
    "payments_url": _("The dashboard's list of payments"),
}

_BLOCKS: Final[dict[str, Any]] = {
    "order_lines": _("The goods with their prices, shipping and the total"),
    "delivery": _("The address of delivery; nothing where nothing is shipped"),
    "signature": _("The signature below"),
    "cases": _("Each matter: the order, the amount, what has happened and the next step"),
    "payments": _("Each payment: the order, the amount, the last day and the days left"),
}

PLACES: Final[Mapping[str, Place]] = {
    name: Place(name, form, meaning)
    for form, group in ((Form.WORDS, _WORDS), (Form.LINK, _LINKS), (Form.BLOCK, _BLOCKS))
    for name, meaning in group.items()
}


def pieces(text: str) -> Iterator[str | Place]:
    """A text that has been checked, taken apart into words and places.

    Raises:
        KeyError: a place that does not exist.
    """
    end = 0
    for found in WRITTEN.finditer(text):
        yield text[end : found.start()]
        yield PLACES[found[1]]
        end = found.end()
    yield text[end:]
