"""The rows whose settings are shown or changed: the account, and its part for online collection."""

from __future__ import annotations

from escott.django.models import CollectionAccount, MerchantAccount
from escott.django.models.merchant_account import THE_ONE


def account_to_show() -> MerchantAccount:
    """The shop's account; with every default, and not stored, while there is none."""
    return MerchantAccount.current_or_none() or MerchantAccount()


def account_to_change() -> MerchantAccount:
    """The shop's account, locked until the transaction ends; made where there is none."""
    account, _created = MerchantAccount.objects.select_for_update().get_or_create(name=THE_ONE)
    return account


def collection_to_show() -> CollectionAccount:
    """The account's part for online collection; with every default, and not stored, before."""
    return CollectionAccount.current_or_none() or CollectionAccount(account=account_to_show())


def collection_to_change() -> CollectionAccount:
    """The part, its account locked with it and before it; made where there is none."""
    account = account_to_change()
    parts = CollectionAccount.objects.select_for_update()
    part, _created = parts.get_or_create(account=account)
    part.account = account
    return part
