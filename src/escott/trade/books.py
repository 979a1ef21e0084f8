"""The books compared: what the shop believes it was paid, and what the gateway charged.

Both sides are summed by transaction code (MerchantFree1), in yen. A payment with an operation
whose result is unknown is no difference: the shop says that it does not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from escott.django.models import Operation, Payment
from escott.django.models.operation import UNFINISHED
from escott.simulator.books import Transaction


@dataclass(frozen=True, slots=True)
class Difference:
    """One transaction code on which shop and gateway disagree. Amounts are yen."""

    transaction_code: str
    shop: int
    gateway: int

    def __str__(self) -> str:
        return f"{self.transaction_code}: shop ¥{self.shop:,}, gateway ¥{self.gateway:,}"


def differences(payments: Iterable[Payment], charges: Iterable[Transaction]) -> list[Difference]:
    """Every difference, by transaction code; empty when the books balance.

    Args:
        payments: the shop's rows.
        charges: the gateway's transactions on which money is held or taken.
    """
    shop: Counter[str] = Counter()
    undecided = set(
        Operation.objects.filter(state__in=UNFINISHED).values_list(
            "payment__transaction_code", flat=True
        )
    )
    for payment in payments:
        if payment.is_paid:
            shop[payment.transaction_code] += payment.amount
    gateway: Counter[str] = Counter()
    for charge in charges:
        gateway[charge.merchant_free1] += charge.amount
    return [
        Difference(code, shop[code], gateway[code])
        for code in sorted(shop.keys() | gateway.keys())
        if code not in undecided and shop[code] != gateway[code]
    ]
