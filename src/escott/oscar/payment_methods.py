"""お支払い方法: the ways to pay that checkout offers. One row each; the card is the first."""

from __future__ import annotations

from dataclasses import dataclass

from escott.django.models import MerchantAccount, Mode
from escott.rules.yen import CARD_MAXIMUM


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


def available_methods(amount: int) -> list[PaymentMethod]:
    """The methods that can take ``amount`` yen now; empty while the shop is not set up.

    A method whose settings are incomplete is not offered (requirements.md A021).
    """
    account = MerchantAccount.objects.filter(name="default").first()
    if account is None or account.missing_for_cards() or not 1 <= amount <= CARD_MAXIMUM:
        return []
    return [
        PaymentMethod(CARD, account.card_title, account.card_description, account.mode == Mode.TEST)
    ]
