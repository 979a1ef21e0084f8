"""決済手数料 in an order's total: one surcharge, there exactly while a slip of the order stands.

Whoever claims a slip puts it there, in the transaction of the claim; a claim by card, and a slip
that came to nothing, take it off again. The order's total is always goods, shipping and
surcharges, and the fee is a function of the total without it, so that it never adds up
(requirements.md A065 and part 3).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from oscar.core.loading import get_class, get_model

from escott.rules.yen import Yen, yen_from_decimal

Order = get_model("order", "Order")
Surcharge = get_model("order", "Surcharge")
FlatCharge: Any = get_class("checkout.surcharges", "FlatCharge")

#: What the surcharge is found by.
FEE_CODE: Final = "escott-collection-fee"


class CollectionFee(FlatCharge):
    """決済手数料 as one of Oscar's surcharges. Its tax is within it, and not split off."""

    code = FEE_CODE

    def __init__(self, fee: int) -> None:
        super().__init__(excl_tax=Decimal(fee), incl_tax=Decimal(fee))

    @property
    def name(self) -> str:
        """As it stands on pages, in mails and in the order."""
        return _("Payment fee")


def fee_in(order: Any) -> Yen:
    """How much of the order's total is the fee, in yen."""
    rows = Surcharge.objects.filter(order=order.pk, code=FEE_CODE).values_list(
        "incl_tax", flat=True
    )
    return yen_from_decimal(sum(rows, Decimal(0)))


def total_without_fee(order: Any) -> Decimal:
    """What the order costs by a method without a fee."""
    total: Decimal = order.total_incl_tax
    return total - fee_in(order)


def put_fee(order: Any, fee: int) -> bool:
    """Let the fee be the order's only one; 0 takes it off. Runs in the caller's transaction.

    Holds the order's row until that ends. ``order`` is brought up to date.

    Args:
        fee: in yen.

    Returns:
        Whether that changed anything.
    """
    with transaction.atomic(savepoint=False):
        held = Order.objects.select_for_update().get(pk=order.pk)
        rows = list(Surcharge.objects.filter(order=held, code=FEE_CODE))
        there = [int(row.incl_tax) for row in rows]
        changes = there != ([fee] if fee else [])
        if changes:
            _replace(held, rows, fee)
    order.refresh_from_db(fields=["total_incl_tax", "total_excl_tax"])
    return changes


def _replace(order: Any, rows: list[Any], fee: int) -> None:
    Surcharge.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if fee:
        charge = CollectionFee(fee)
        Surcharge.objects.create(
            order=order,
            name=charge.name,
            code=charge.code,
            incl_tax=charge.incl_tax,
            excl_tax=charge.excl_tax,
        )
    Order.objects.filter(pk=order.pk).update(
        total_incl_tax=F("total_incl_tax") + fee - sum(row.incl_tax for row in rows),
        total_excl_tax=F("total_excl_tax") + fee - sum(row.excl_tax for row in rows),
    )
