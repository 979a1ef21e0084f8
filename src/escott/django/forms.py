"""What a shopper's browser may post to pay: a token, and never a card number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import Final

from django import forms
from django.core.validators import MaxLengthValidator, RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from escott.gateway.secret import Secret

#: Digits of the card numbers that the gateway takes (protocol.md E).
CARD_NUMBER_DIGITS: Final = range(14, 17)

#: Random by design, so they may hold digits that look like a card number.
RANDOM_FIELDS: Final = frozenset({"csrfmiddlewaretoken", "token"})

_DIGITS_IN_GROUPS: Final = re.compile(r"[0-9]+(?:[\s\-‐-―−ー]+[0-9]+)*")

_NO_TOKEN: Final = _(
    "Your card details did not arrive, and nothing was charged. Please enter them again."
)


class CardDataPosted(Exception):
    """A card number came to the shop's server. The exception doesn't say where or which.

    The view answers 400 and keeps nothing of the request.
    """

    def __init__(self) -> None:
        super().__init__("a card number was posted to the shop; the request is refused")


class CardTokenForm(forms.Form):
    """What a card payment posts. The cleaned ``token`` is a :class:`Secret`."""

    token = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": _NO_TOKEN},
        validators=[
            MaxLengthValidator(200, message=_NO_TOKEN),
            RegexValidator(r"\A[A-Za-z0-9_-]+\Z", message=_NO_TOKEN),
        ],
    )

    def what_is_wrong(self) -> str:
        """The errors as one text for the shopper, each said once."""
        texts = (str(text) for errors in self.errors.values() for text in errors)
        return " ".join(dict.fromkeys(texts))

    @sensitive_variables()
    def clean_token(self) -> Secret:
        """The token, unless it is a card number that stands in the token's place."""
        token: str = self.cleaned_data["token"]
        if _is_card_number(token.replace("-", "").replace("_", "")):
            raise forms.ValidationError(_NO_TOKEN, code="invalid")
        return Secret(token)


class PaymentPageForm(CardTokenForm):
    """What the page of a placed order posts: the token, and the amount that it had shown.

    The charge is the order's own total, or nothing at all if the two differ.
    """

    amount = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": _NO_TOKEN})


@sensitive_variables()
def refuse_card_data(posted: QueryDict) -> None:
    """Look through everything that a payment page posted (requirements.md part 3, row 5).

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
        if any(_is_card_number(candidate) for candidate in candidates):
            raise CardDataPosted


def _digit_runs(text: str) -> Iterator[str]:
    """Every run of neighbouring digit groups of ``text``, joined."""
    for match in _DIGITS_IN_GROUPS.finditer(unicodedata.normalize("NFKC", text)):
        groups = re.findall(r"[0-9]+", match.group())
        for first in range(len(groups)):
            run = ""
            for group in groups[first : first + CARD_NUMBER_DIGITS.stop]:
                run += group
                if len(run) >= CARD_NUMBER_DIGITS.stop:
                    break
                yield run


def _is_card_number(text: str) -> bool:
    """Whether ``text`` is 14 to 16 digits that end in the right check digit (Luhn)."""
    if len(text) not in CARD_NUMBER_DIGITS or not (text.isascii() and text.isdigit()):
        return False
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in text[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in text[::-2])) % 10 == 0
