"""お支払い方法: the ways to pay that checkout offers. One row each; the card is the first.

A method whose settings are incomplete is not offered (requirements.md A021), and none takes a
total with a fraction of a yen, or beyond its own limit (A065): the log then says why, and so
does the list of methods in the dashboard.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from escott.django.clock import the_clock
from escott.django.gateway_access import endpoints_of
from escott.django.models import CollectionAccount, MerchantAccount, Mode
from escott.django.models.merchant_account import Gap
from escott.rules.due_dates import due_date
from escott.rules.payment_methods import PaymentMethod
from escott.rules.yen import NotYen, card_amount, collection_amount, yen_from_decimal

log = logging.getLogger("escott.oscar")


@dataclass(frozen=True, slots=True)
class OfferedMethod:
    """One way to pay, as the shopper sees it.

    Attributes:
        title: its name, from the shop's settings.
        description: one sentence below it.
        test_mode: nothing is really charged.
        fee: 決済手数料 in yen; 0 where there is none.
        amount: what is paid by it in yen, its fee included.
        due_on: the last day (Japan) on which a slip registered now can be paid; ``None`` for a
            method that charges at once.
        goes_on_to: the page of the gateway to which the shop's form leads; empty where it leads
            to none.
    """

    method: PaymentMethod
    title: str
    description: str
    test_mode: bool
    fee: int
    amount: int
    due_on: date | None = None
    goes_on_to: str = ""

    @property
    def code(self) -> str:
        """What forms and checkout remember as the choice."""
        return self.method.value

    @property
    def is_collection(self) -> bool:
        """By slip: at a convenience store, by Pay-easy or with e-money."""
        return self.method is PaymentMethod.COLLECTION


def reasons_not_offered(account: MerchantAccount) -> list[Gap]:
    """What keeps the card from this shop's checkout; empty when it is offered."""
    return [*account.gaps_for_cards(), *_gap_of_currency(account)]


def reasons_collection_not_offered(part: CollectionAccount) -> list[Gap]:
    """What keeps online collection from this shop's checkout; empty when it is offered."""
    return [*part.gaps(), *_gap_of_currency(part.account)]


def _gap_of_currency(account: MerchantAccount) -> list[Gap]:
    if getattr(settings, "OSCAR_DEFAULT_CURRENCY", "") != account.currency == "JPY":
        return [Gap("currency", _("The shop sells in another currency than yen."))]
    return []


def available_methods(total: Decimal) -> list[OfferedMethod]:
    """The methods that can take ``total`` now; empty while the shop is not set up.

    Args:
        total: with shipping and tax and without a fee.
    """
    offered = [offer(total) for offer in _OFFERS]
    return [method for method in offered if method is not None]


def offered_collection(total: Decimal) -> OfferedMethod | None:
    """Online collection for ``total``, which is without the fee; ``None`` if it can't take it."""
    part = CollectionAccount.current_or_none()
    if part is None or reasons_collection_not_offered(part):
        return None
    try:
        base = yen_from_decimal(total)
        fee = part.fee_table().fee_for(base)
        amount = collection_amount(base + fee if base else 0)
    except NotYen as refusal:
        log.info("a checkout is not offered online collection: %s", refusal)
        return None
    return OfferedMethod(
        PaymentMethod.COLLECTION,
        part.title,
        part.description,
        part.account.mode == Mode.TEST,
        fee,
        amount,
        due_date(the_clock().now(), part.due_days),
        endpoints_of(part.account.mode).slip_page,
    )


def _offered_card(total: Decimal) -> OfferedMethod | None:
    account = MerchantAccount.current_or_none()
    if account is None or reasons_not_offered(account):
        return None
    try:
        amount = card_amount(yen_from_decimal(total))
    except NotYen as refusal:
        log.error("a checkout cannot be paid by card: %s", refusal)
        return None
    return OfferedMethod(
        PaymentMethod.CARD,
        account.card_title,
        account.card_description,
        account.mode == Mode.TEST,
        0,
        amount,
    )


#: In the order in which they are offered.
_OFFERS: Final[tuple[Callable[[Decimal], OfferedMethod | None], ...]] = (
    _offered_card,
    offered_collection,
)
