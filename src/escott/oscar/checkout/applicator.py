"""決済手数料 as a surcharge of the order that is about to be placed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oscar.apps.checkout.applicator import SurchargeApplicator as OscarSurchargeApplicator

from escott.oscar.checkout.utils import CheckoutSessionData
from escott.oscar.order_fee import CollectionFee
from escott.oscar.payment_methods import offered_collection
from escott.rules.payment_methods import PaymentMethod


class SurchargeApplicator(OscarSurchargeApplicator):
    """Oscar's, with the fee of online collection where the shopper has chosen that.

    The fee follows from the total without it, so it is the same however often it is asked for.
    A shop with surcharges of its own derives from this class and adds them to its parent's.
    """

    def get_surcharges(self, basket: Any, **kwargs: Any) -> tuple[Any, ...]:
        """The surcharges of the basket as it would be ordered now."""
        others = self.other_surcharges(basket, **kwargs)
        fee = self._fee(basket, others, kwargs.get("shipping_charge"))
        return (*others, CollectionFee(fee)) if fee else others

    def other_surcharges(self, basket: Any, **kwargs: Any) -> tuple[Any, ...]:
        """All but the fee, which is reckoned with them: for a shop to override."""
        return tuple(super().get_surcharges(basket=basket, **kwargs))

    def _fee(self, basket: Any, others: tuple[Any, ...], shipping_charge: Any) -> int:
        if not self._is_being_ordered() or shipping_charge is None:
            return 0
        if CheckoutSessionData(self.request).payment_method() != PaymentMethod.COLLECTION:
            return 0
        charged = (other.calculate(basket, shipping_charge=shipping_charge) for other in others)
        extra = sum((price.incl_tax for price in charged), Decimal(0))
        total = basket.total_incl_tax + shipping_charge.incl_tax + extra
        method = offered_collection(total) if total else None
        return method.fee if method is not None else 0

    def _is_being_ordered(self) -> bool:
        """On pages of checkout Oscar hands over the submission; the basket's page has no fee."""
        return self.context is not None and "payment_kwargs" in self.context
