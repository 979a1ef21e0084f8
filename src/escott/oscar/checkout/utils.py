"""What checkout remembers of a shopper between two pages; nothing about money."""

from __future__ import annotations

from collections.abc import Mapping

from oscar.apps.checkout.utils import CheckoutSessionData as OscarCheckoutSessionData

from escott.oscar.order_kana import FIELDS, kana_of
from escott.oscar.payers import PayerDetails


class CheckoutSessionData(OscarCheckoutSessionData):
    """Oscar's, with the reading of the name on the shipping address, and a slip's payer."""

    def keep_kana(self, kana: Mapping[str, str]) -> None:
        """Remember the reading that belongs to the address entered in the form."""
        self._set("shipping", "kana", {field: kana[field] for field in FIELDS})

    def kana(self) -> dict[str, str]:
        """The reading of the address entered or chosen; empty if nobody gave one."""
        if (user_address_id := self.shipping_user_address_id()) is not None:
            return kana_of(user_address_id)
        kept: dict[str, str] = self._get("shipping", "kana", {})
        return kept

    def keep_payer(self, payer: PayerDetails) -> None:
        """Remember who pays by slip, as the shopper has typed it."""
        self._set("payment", "payer", payer.to_keep())

    def payer(self) -> PayerDetails:
        """Who pays by slip, as was typed; empty if nobody was asked."""
        kept: dict[str, str] = self._get("payment", "payer", {})
        return PayerDetails.kept(kept)
