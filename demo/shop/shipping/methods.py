"""宅配便: one flat charge, waived for orders that are large enough. Prices include tax."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping.methods import *  # noqa: F403
from oscar.apps.shipping.methods import Base
from oscar.core.prices import Price

FLAT_CHARGE: Final = Decimal(550)
FREE_FROM: Final = Decimal(3000)


class Parcel(Base):
    """宅配便, ¥550; free from ¥3,000 of goods."""

    code = "parcel"
    name = _("Parcel delivery")
    description = _("Shipped within 3 business days after payment.")

    def calculate(self, basket: Any) -> Price:
        """The charge for this basket, tax included."""
        free = basket.total_incl_tax >= FREE_FROM
        return Price(
            currency=basket.currency,
            excl_tax=Decimal(0) if free else FLAT_CHARGE,
            tax=Decimal(0),
        )
