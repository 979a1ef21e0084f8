"""Card numbers in what a browser has posted: looked for everywhere, and refused.

Source: requirements.md part 3, row 5.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import Final

from django.http import QueryDict
from django.views.decorators.debug import sensitive_variables

from escott.rules.card_numbers import DIGITS, is_card_number

#: Random by design, so they may hold digits that look like a card number.
RANDOM_FIELDS: Final = frozenset({"csrfmiddlewaretoken", "token"})

_DIGITS_IN_GROUPS: Final = re.compile(r"[0-9]+(?:[\s\-‐-―−ー]+[0-9]+)*")


class CardDataPosted(Exception):
    """A card number came to the shop's server. The exception doesn't say where or which.

    The view answers 400 and keeps nothing of the request.
    """

    def __init__(self) -> None:
        super().__init__("a card number was posted to the shop; the request is refused")


@sensitive_variables()
def refuse_card_data(posted: QueryDict) -> None:
    """Look through everything that a payment page posted.

    Only for payment pages: elsewhere a long order number may pass for a card number.

    Raises:
        CardDataPosted: a field, or its name, holds 14 to 16 digits with a right check digit,
            full-width or with spaces and hyphens or not. A random field is refused only if
            the whole of it is such a number.
    """
    for name, values in posted.lists():
        if name in RANDOM_FIELDS:
            candidates = iter(values)
        else:
            candidates = chain.from_iterable(_digit_runs(text) for text in (name, *values))
        if any(is_card_number(candidate) for candidate in candidates):
            raise CardDataPosted


def _digit_runs(text: str) -> Iterator[str]:
    """Every run of neighbouring digit groups of ``text``, joined."""
    for match in _DIGITS_IN_GROUPS.finditer(unicodedata.normalize("NFKC", text)):
        groups = re.findall(r"[0-9]+", match.group())
        for first in range(len(groups)):
            run = ""
            for group in groups[first : first + DIGITS.stop]:
                run += group
                if len(run) >= DIGITS.stop:
                    break
                yield run
