"""The account that cards are charged with, if card payment can be offered now."""

from __future__ import annotations

from django.utils.translation import gettext as _

from escott.django.conf import escott_settings
from escott.django.models import MerchantAccount, Mode


class MethodUnavailable(Exception):
    """Card payment is switched off or not completely set up; ``reasons`` are for staff."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def account_for_cards() -> MerchantAccount:
    """The shop's account, ready to take cards.

    Raises:
        MethodUnavailable: it is not.
    """
    account = MerchantAccount.current_or_none()
    if account is None:
        raise MethodUnavailable([_("There is no merchant account yet.")])
    if missing := account.missing_for_cards():
        raise MethodUnavailable(missing)
    if account.mode == Mode.PRODUCTION and escott_settings().clock_file:
        raise MethodUnavailable([_("A clock that can be set does not belong into production.")])
    return account
