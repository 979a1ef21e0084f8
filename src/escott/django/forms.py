"""What a shopper's browser may post to pay: a token, and never a card number."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from escott.django.card_terms import CardTerms
from escott.django.models import Member, MerchantAccount
from escott.django.services.instruction import CardInstruction
from escott.gateway.secret import Secret
from escott.rules.card_numbers import is_card_number
from escott.rules.instalments import LUMP_SUM

#: The two choices of ``card``.
NEW: Final = "new"
SAVED: Final = "saved"

_NO_TOKEN: Final = _(
    "Your card details did not arrive, and nothing was charged. Please wait until the page has "
    "loaded, and enter them again. If this goes on, check your internet connection, and switch "
    "off ad blockers and the like for this page."
)
_NOT_UNDERSTOOD: Final = _(
    "What was sent could not be understood, and nothing was charged. Please choose again."
)
_NO_SAVED_CARD: Final = _(
    "The saved card cannot be used at the moment. Nothing was charged. Please enter a card."
)
_NOT_SPLIT: Final = _(
    "This number of payments cannot be chosen. Nothing was charged. Please choose another."
)
_NOT_SAVED: Final = _(
    "The card cannot be saved here. Nothing was charged. Please pay without saving it."
)
_NO_CONSENT: Final = _(
    "Please tick “I agree to the handling of my personal data”. Nothing was charged."
)
_CONSENT_CHANGED: Final = _(
    "The text about your personal data has changed. Nothing was charged. Please read it again."
)
_NO_HOLDER: Final = _("Please enter the name on the card.")
_HOLDER_LETTERS: Final = _(
    "Please use only the letters A to Z and spaces. Put a space where the card has another sign."
)

_HOLDER_LENGTH: Final = 45


class CardPaymentForm(forms.Form):
    """One press of the button, checked against the terms that the shop gives this shopper.

    The cleaned ``token`` is a :class:`Secret`, or ``None``. ``amount`` is what the page of a
    placed order had shown, or ``None``: the charge is the order's own total, or nothing at all
    if the two differ.

    Args:
        member: the customer's own card of the account's mode, if there is one.
        signed_in: a card can be kept for this shopper.
        lump_sum_only: what is bought can't be split (requirements.md A053).
    """

    token = forms.CharField(
        error_messages={"required": _NO_TOKEN},
        validators=[RegexValidator(r"\A[A-Za-z0-9_-]{1,200}\Z", message=_NO_TOKEN)],
    )
    amount = forms.IntegerField(required=False)
    card = forms.ChoiceField(
        required=False,
        choices=[(NEW, NEW), (SAVED, SAVED)],
        error_messages={"invalid_choice": _NOT_UNDERSTOOD},
    )
    pay_type = forms.CharField(
        required=False,
        empty_value=LUMP_SUM,
        validators=[RegexValidator(r"\A[0-9]{2}\Z", message=_NOT_SPLIT)],
    )
    save_card = forms.BooleanField(required=False)
    consent = forms.BooleanField(required=False)
    holder_name = forms.CharField(required=False)
    press = forms.CharField(
        required=False,
        validators=[RegexValidator(r"\A[A-Za-z0-9_-]{1,64}\Z", message=_NOT_UNDERSTOOD)],
    )

    def __init__(
        self,
        *args: Any,
        account: MerchantAccount,
        member: Member | None = None,
        signed_in: bool = False,
        lump_sum_only: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.terms = CardTerms.of(
            account, member=member, signed_in=signed_in, lump_sum_only=lump_sum_only
        )
        self.fields["token"].required = not self.terms.hosted and not self._wants_saved_card
        self.fields["consent"].required = bool(self.terms.consent_text)
        self.fields["consent"].error_messages["required"] = _NO_CONSENT
        self.fields["holder_name"].required = self.terms.asks_holder
        self.fields["holder_name"].error_messages["required"] = _NO_HOLDER

    @property
    def _wants_saved_card(self) -> bool:
        return bool(self.data.get("card") == SAVED)

    def what_is_wrong(self) -> str:
        """The errors as one text for the shopper, each said once."""
        texts = (str(text) for errors in self.errors.values() for text in errors)
        return " ".join(dict.fromkeys(texts))

    @sensitive_variables()
    def clean_token(self) -> Secret | None:
        """The token, unless it is a card number that stands in the token's place."""
        token: str = self.cleaned_data["token"]
        if is_card_number(token.replace("-", "").replace("_", "")):
            raise forms.ValidationError(_NO_TOKEN, code="invalid")
        return Secret(token) if token else None

    def clean_card(self) -> str:
        """``new`` or ``saved``; only a usable card of the customer's own can be the saved one."""
        card: str = self.cleaned_data["card"] or NEW
        if card == SAVED and self.terms.saved_card is None:
            raise forms.ValidationError(_NO_SAVED_CARD, code="no_saved_card")
        return card

    def clean_pay_type(self) -> str:
        """支払区分. Which brand a new card is of, only the gateway tells."""
        pay_type: str = self.cleaned_data["pay_type"]
        if not self.terms.accepts(pay_type, saved=self._wants_saved_card):
            raise forms.ValidationError(_NOT_SPLIT, code="not_split")
        return pay_type

    def clean_save_card(self) -> bool:
        """Whether a new card is kept: never for a guest, always where the shop says so."""
        wanted: bool = self.cleaned_data["save_card"]
        if wanted and not self.terms.may_save:
            raise forms.ValidationError(_NOT_SAVED, code="not_saved")
        return wanted or self.terms.must_save

    def clean_consent(self) -> bool:
        """Agreed, and to the words that are in force; ``on`` is said by pages of a shop's own."""
        agreed: bool = self.cleaned_data["consent"]
        if agreed and self.data["consent"] not in {"on", self.terms.consent_digest}:
            raise forms.ValidationError(_CONSENT_CHANGED, code="consent_changed")
        return agreed

    def clean_holder_name(self) -> str:
        """The name in letters A to Z, or nothing where no 本人認証 asks for it."""
        if not self.terms.asks_holder:
            return ""
        name = tidied_holder_name(self.cleaned_data["holder_name"])
        if not re.fullmatch(rf"[A-Z ]{{1,{_HOLDER_LENGTH}}}", name):
            raise forms.ValidationError(_HOLDER_LETTERS, code="invalid")
        return name

    @sensitive_variables()
    def instruction(self) -> CardInstruction:
        """What the shopper asked for. Only after :meth:`is_valid`."""
        said = self.cleaned_data
        saved = said["card"] == SAVED
        return CardInstruction(
            token=None if saved or self.terms.hosted else said["token"],
            member=self.terms.saved_card if saved else None,
            pay_type=said["pay_type"],
            saves_card=said["save_card"] and not saved,
            consent_text=self.terms.consent_text,
            holder_name=said["holder_name"],
            press=said["press"],
        )


def tidied_holder_name(text: str) -> str:
    """A name as cards print it: capitals without accents, one space between words."""
    without_accents = re.sub(
        r"([A-Za-z])[\u0300-\u036f]+", r"\1", unicodedata.normalize("NFKD", text)
    )
    return " ".join(unicodedata.normalize("NFKC", without_accents).upper().split())
