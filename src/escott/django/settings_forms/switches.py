"""有効化 and 無効化 in the list of methods, without opening the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change, shown
from escott.django.models import CollectionAccount, MerchantAccount
from escott.django.models.merchant_account import Gap
from escott.django.settings_forms.stored import account_to_change, collection_to_change

#: Where the seller is and what it sells for is no matter of settings still to be entered.
_FOR_GOOD: Final = {"seller_country", "currency"}

Switched = TypeVar("Switched", MerchantAccount, CollectionAccount)


class MethodNotAllowed(Exception):
    """The method cannot be switched on for this seller; the text says why."""


def switch_card(on: bool, actor: Any, *, clock: Clock | None = None) -> MerchantAccount:
    """Switch card payment on or off; the account as it then is.

    With settings missing it may be switched on: it is hidden at checkout until they are there.

    Raises:
        MethodNotAllowed: the seller's country is not Japan, or its currency not yen.
    """
    return _switch(
        account_to_change,
        "card_enabled",
        MerchantAccount.gaps_for_cards,
        on,
        (actor, _("Credit card"), clock),
    )


def switch_collection(on: bool, actor: Any, *, clock: Clock | None = None) -> CollectionAccount:
    """Switch online collection on or off; its part of the account as it then is.

    As :func:`switch_card`. Slips that were made stay payable.
    """
    return _switch(
        collection_to_change,
        "enabled",
        CollectionAccount.gaps,
        on,
        (actor, _("Online collection"), clock),
    )


def _switch(
    to_change: Callable[[], Switched],
    field: str,
    gaps: Callable[[Switched], Iterable[Gap]],
    on: bool,
    said: tuple[Any, str, Clock | None],
) -> Switched:
    actor, subject, clock = said
    with transaction.atomic():
        row = to_change()
        if getattr(row, field) == on:
            return row
        if on and (never := [gap.reason for gap in gaps(row) if gap.field in _FOR_GOOD]):
            raise MethodNotAllowed(" ".join(never))
        setattr(row, field, on)
        row.save(update_fields=[field])
        change = (shown(row, field, not on), shown(row, field, on))
        changes = {_("Enable/disable"): change}
        record_change(actor, _("Settings changed"), subject, changes, clock=clock)
    return row
