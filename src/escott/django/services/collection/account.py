"""The account that slips are registered with, if online collection can be offered now."""

from __future__ import annotations

from django.utils.translation import gettext as _

from escott.django.conf import escott_settings
from escott.django.models import CollectionAccount, Mode
from escott.django.services.card_account import MethodUnavailable


def account_for_slips() -> CollectionAccount:
    """The collection part of the shop's account, ready to register slips.

    Raises:
        MethodUnavailable: it is not.
    """
    part = CollectionAccount.current_or_none()
    if part is None:
        raise MethodUnavailable([_("Online collection has not been set up yet.")])
    if gaps := part.gaps():
        raise MethodUnavailable([gap.reason for gap in gaps])
    if part.account.mode == Mode.PRODUCTION and escott_settings().clock_file:
        raise MethodUnavailable([_("A clock that can be set does not belong into production.")])
    return part
