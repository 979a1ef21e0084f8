"""お支払い方法: the ways to pay that checkout offers. One row each; the card is the first."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from escott.django.models import MerchantAccount, Mode
from escott.django.models.merchant_account import Gap
from escott.rules.yen import NotYen, card_amount, yen_from_decimal

log = logging.getLogger("escott.oscar")


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """One way to pay, as the shopper sees it.

    Attributes:
        code: what checkout remembers as the choice.
        title: its name, from the shop's settings.
        description: one sentence below it.
        test_mode: nothing is really charged.
    """

    code: str
    title: str
    description: str
    test_mode: bool


CARD = "card"


def reasons_not_offered(account: MerchantAccount) -> list[Gap]:
    """What keeps the card from this shop's checkout; empty when it is offered."""
    gaps = account.gaps_for_cards()
    if getattr(settings, "OSCAR_DEFAULT_CURRENCY", "") != account.currency == "JPY":
        gaps.append(Gap("currency", _("The shop sells in another currency than yen.")))
    return gaps


def available_methods(total: Decimal) -> list[PaymentMethod]:
    """The methods that can take ``total`` now; empty while the shop is not set up.

    A method whose settings are incomplete is not offered (requirements.md A021), and none
    takes a total with a fraction of a yen: the log then says why.
    """
    account = MerchantAccount.current_or_none()
    if account is None or reasons_not_offered(account):
        return []
    try:
        card_amount(yen_from_decimal(total))
    except NotYen as refusal:
        log.error("a checkout cannot be paid by card: %s", refusal)
        return []
    return [
        PaymentMethod(CARD, account.card_title, account.card_description, account.mode == Mode.TEST)
    ]
