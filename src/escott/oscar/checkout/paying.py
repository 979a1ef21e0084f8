"""How the order that is about to be placed is going to be paid: method, fee and payer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from escott.oscar.checkout.utils import CheckoutSessionData
from escott.oscar.order_fee import FEE_CODE
from escott.oscar.payers import PayerDetails
from escott.oscar.payment_methods import OfferedMethod, available_methods
from escott.rules.payer import Payer


@dataclass(frozen=True, slots=True)
class Paying:
    """What checkout knows of the payment.

    Attributes:
        methods: what this order can be paid by.
        method: what it is going to be paid by; ``None`` where nothing can be paid, or what was
            chosen is not offered any more.
        payer: who pays the slip; ``None`` without one, or while the shopper has to be asked.
    """

    methods: tuple[OfferedMethod, ...] = ()
    method: OfferedMethod | None = None
    payer: Payer | None = None

    @classmethod
    def of(cls, submission: Mapping[str, Any], session: CheckoutSessionData) -> Self:
        """How the order of Oscar's submission is paid, as the session stands."""
        total = total_before_fee(submission)
        if not total:
            return cls()
        methods = tuple(available_methods(total))
        chosen = session.payment_method()
        codes = {method.code: method for method in methods}
        method = codes.get(chosen) if chosen else next(iter(methods), None)
        payer = None
        if method is not None and method.is_collection:
            payer = payer_for(submission["shipping_address"], session)
        return cls(methods, method, payer)

    @property
    def must_choose(self) -> bool:
        """The page お支払い方法 has a question left."""
        if not self.methods:
            return False
        return self.method is None or (self.method.is_collection and self.payer is None)

    def fingerprint(self) -> list[str]:
        """What of it the shopper has agreed to on the confirmation page."""
        method, payer = self.method, self.payer
        shown = [method.code, str(method.fee), str(method.due_on or "")] if method else []
        return [*shown, *((payer.name, payer.kana, payer.telephone) if payer else ())]


def payer_for(address: Any, session: CheckoutSessionData) -> Payer | None:
    """The payer by the shipping address; else as the shopper has typed it."""
    by_address = PayerDetails.of_address(address, session.kana() if address else {})
    return by_address.payer() or session.payer().payer()


def total_before_fee(submission: Mapping[str, Any]) -> Decimal:
    """What the order costs, without the fee of the method that happens to be chosen."""
    total = submission["order_total"]
    if total is None:
        return Decimal(0)
    fees = (
        charge.price.incl_tax
        for charge in submission["surcharges"] or ()
        if charge.surcharge.code == FEE_CODE
    )
    without_fee: Decimal = total.incl_tax - sum(fees, Decimal(0))
    return without_fee
