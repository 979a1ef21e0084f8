"""有効化 and 無効化 in the list of methods, without opening the settings."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change, shown
from escott.django.models import MerchantAccount
from escott.django.settings_forms.stored import account_to_change

#: Where the seller is and what it sells for is no matter of settings still to be entered.
_FOR_GOOD = {"seller_country", "currency"}


class MethodNotAllowed(Exception):
    """The method cannot be switched on for this seller; the text says why."""


def switch_card(on: bool, actor: Any, *, clock: Clock | None = None) -> MerchantAccount:
    """Switch card payment on or off; the account as it then is.

    With settings missing it may be switched on: it is hidden at checkout until they are there.

    Raises:
        MethodNotAllowed: the seller's country is not Japan, or its currency not yen.
    """
    with transaction.atomic():
        account = account_to_change()
        if account.card_enabled == on:
            return account
        gaps = account.gaps_for_cards()
        if on and (never := [gap.reason for gap in gaps if gap.field in _FOR_GOOD]):
            raise MethodNotAllowed(" ".join(never))
        account.card_enabled = on
        account.save(update_fields=["card_enabled"])
        change = (shown(account, "card_enabled", not on), shown(account, "card_enabled", on))
        record_change(
            actor,
            _("Settings changed"),
            _("Credit card"),
            {_("Enable/disable"): change},
            clock=clock,
        )
    return account
