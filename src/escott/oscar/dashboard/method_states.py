"""How each payment method stands: switched off, on, or on and hidden at checkout (A020, A021)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from escott.django.models import CollectionAccount, MerchantAccount
from escott.django.models.merchant_account import Gap
from escott.oscar.payment_methods import reasons_collection_not_offered, reasons_not_offered


class MethodState(models.TextChoices):
    """What the list says of a method."""

    ON = "on", gettext_lazy("Enabled")
    OFF = "off", gettext_lazy("Disabled")
    INCOMPLETE = "incomplete", gettext_lazy("Settings incomplete")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a method stands.

    Attributes:
        reasons: what is missing, whether or not it is switched on.
    """

    name: Any
    state: MethodState
    reasons: list[str]

    @property
    def is_hidden(self) -> bool:
        """Switched on, and yet checkout does not offer it."""
        return self.state is MethodState.INCOMPLETE


def card_standing(account: MerchantAccount) -> Standing:
    """Of the card."""
    name = gettext_lazy("Credit card")
    return _standing(name, account.card_enabled, reasons_not_offered(account), "card_enabled")


def collection_standing(part: CollectionAccount) -> Standing:
    """Of online collection."""
    name = gettext_lazy("Online collection")
    return _standing(name, part.enabled, reasons_collection_not_offered(part), "enabled")


def _standing(name: Any, is_on: bool, gaps: list[Gap], switch: str) -> Standing:
    reasons = [gap.reason for gap in gaps if gap.field != switch]
    if not is_on:
        return Standing(name, MethodState.OFF, reasons)
    return Standing(name, MethodState.INCOMPLETE if reasons else MethodState.ON, reasons)
