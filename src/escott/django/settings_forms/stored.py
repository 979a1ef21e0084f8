"""The account whose settings are shown or changed."""

from __future__ import annotations

from escott.django.models import MerchantAccount
from escott.django.models.merchant_account import THE_ONE


def account_to_show() -> MerchantAccount:
    """The shop's account; with every default, and not stored, while there is none."""
    return MerchantAccount.current_or_none() or MerchantAccount()


def account_to_change() -> MerchantAccount:
    """The shop's account, locked until the transaction ends; made where there is none."""
    account, _created = MerchantAccount.objects.select_for_update().get_or_create(name=THE_ONE)
    return account
