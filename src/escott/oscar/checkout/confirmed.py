"""What the shopper saw on the confirmation page, signed into the address of its form.

The basket's id finds the placed order again for a second press, a reload or another tab.
The fingerprint tells whether what is about to be ordered is still what was shown: another
tab may have changed the basket meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer

_signer = Signer(salt="escott.oscar.confirmed")

#: The parameter of the address that carries it; a GET of that address shows the result.
PARAMETER = "confirmed"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One basket as it was shown."""

    basket_id: int
    fingerprint: str

    @classmethod
    def of(cls, submission: Mapping[str, Any]) -> Self:
        """What the page with this submission shows."""
        return cls(submission["basket"].pk, _fingerprint(submission))

    @classmethod
    def asked_for(cls, parameters: Mapping[str, str]) -> Self | None:
        """What stands in the address; ``None`` if it is missing or not signed by us."""
        try:
            basket_id, fingerprint = _signer.unsign_object(parameters.get(PARAMETER, ""))
        except (BadSignature, ValueError):
            return None
        return cls(basket_id, fingerprint)

    def query(self) -> str:
        """The query of the form's address."""
        return urlencode({PARAMETER: _signer.sign_object((self.basket_id, self.fingerprint))})


def _fingerprint(submission: Mapping[str, Any]) -> str:
    """Of everything the shopper agrees to: goods, quantities, address, mail, shipping, total,
    and how it is paid.
    """
    address = submission["shipping_address"]
    method, total = submission["shipping_method"], submission["order_total"]
    shown = [
        sorted(
            (line.product_id, line.quantity, str(line.line_price_incl_tax_incl_discounts))
            for line in submission["basket"].all_lines()
        ),
        address.summary if address else "",
        str(getattr(address, "phone_number", "")),
        submission["order_kwargs"].get("guest_email", ""),
        method.code if method else "",
        str(total.incl_tax) if total else "",
        submission["payment_kwargs"]["paying"].fingerprint(),
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]
