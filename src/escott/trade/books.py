"""The books compared: what the shop believes it was paid, and what the gateway charged.

Both sides are summed by transaction code (MerchantFree1), in yen. A payment with an operation
whose result is unknown is no difference: the shop says that it does not know. Nor is a deposit
that stands in 要対応: the shop knows of it and waits for staff.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from escott.django.models import Case, CaseKind, Operation, Payment
from escott.django.models.operation import UNFINISHED
from escott.simulator.books import Transaction
from escott.simulator.slips import Slip


@dataclass(frozen=True, slots=True)
class Difference:
    """One transaction code on which shop and gateway disagree. Amounts are yen."""

    transaction_code: str
    shop: int
    gateway: int

    def __str__(self) -> str:
        return f"{self.transaction_code}: shop ¥{self.shop:,}, gateway ¥{self.gateway:,}"


#: A deposit is known, and staff have not decided yet what becomes of it.
_WAIT_FOR_STAFF: Final = (
    CaseKind.DEPOSIT_AMOUNT,
    CaseKind.DEPOSIT_AFTER_END,
    CaseKind.PAID_TWICE,
)


def differences(
    payments: Iterable[Payment], charges: Iterable[Transaction], slips: Iterable[Slip] = ()
) -> list[Difference]:
    """Every difference, by transaction code; empty when the books balance.

    Args:
        payments: the shop's rows.
        charges: the gateway's transactions on which money is held or taken.
        slips: the gateway's slips, paid or not.
    """
    shop: Counter[str] = Counter()
    undecided = _undecided()
    for payment in payments:
        if payment.is_paid:
            shop[payment.transaction_code] += payment.amount
    gateway: Counter[str] = Counter()
    for charge in charges:
        gateway[charge.merchant_free1] += charge.amount
    for slip in slips:
        gateway[slip.merchant_free1] += sum(deposit.amount for deposit in slip.deposits)
    return [
        Difference(code, shop[code], gateway[code])
        for code in sorted(shop.keys() | gateway.keys())
        if code not in undecided and shop[code] != gateway[code]
    ]


def _undecided() -> set[str]:
    """The transaction codes of which the shop says itself that it does not know, or waits."""
    unfinished = Operation.objects.filter(state__in=UNFINISHED)
    waiting = Case.objects.filter(kind__in=_WAIT_FOR_STAFF, closed_at=None, payment__isnull=False)
    return {
        *unfinished.values_list("payment__transaction_code", flat=True),
        *waiting.values_list("payment__transaction_code", flat=True),
    }
