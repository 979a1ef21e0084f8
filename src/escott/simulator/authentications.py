"""The results of 本人認証 (3-D Secure) that the gateway has given out, and their use.

The real gateway passes the values on to the card company, which knows what it has said. Here
the gateway knows it itself, so a shop that invents, alters or reuses a result is found out:

===  ==========================================================================
K32  the values stand in no result that this merchant was given
K35  they do, but of another card or amount, or they have served already
U..  they do, and the authentication had failed with this code
===  ==========================================================================

Source: protocol.md F; which code the real gateway chooses is not known.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from escott.simulator.books import Books, IssuedAuthentication
from escott.simulator.brands import Brand
from escott.simulator.card_sources import CardFound
from escott.simulator.fields import SECURE
from escott.simulator.merchants import Merchant
from escott.simulator.options import Options
from escott.simulator.secure_outcomes import (
    FRICTIONLESS,
    NOT_SUPPORTED_REFUSED,
    SecureOutcome,
)
from escott.simulator.telegrams import Refused, Telegram

_VERSION: Final = "2.2.0"

#: ECI3D by TransactionStatus3D: of Mastercard, and of every other brand.
_ECI: Final = {"Y": ("02", "05"), "A": ("01", "06"), "N": ("00", "07"), "U": ("00", "07")}
#: States in which the card company makes a CAVV.
_PROVEN: Final = frozenset({"Y", "A"})


class Authentications:
    """Issues results of 本人認証 and judges those that come back, in the gateway's books."""

    def __init__(self, options: Options, books: Books, new_id: Callable[[], str]) -> None:
        self._options = options
        self._books = books
        self._new_id = new_id

    def outcome_for(self, found: CardFound) -> SecureOutcome:
        """How the authentication of this card ends, unless somebody chooses otherwise."""
        if found.card.row:
            return found.card.row.secure
        approved = self._options.unlisted_card == "OK"
        return FRICTIONLESS if approved else NOT_SUPPORTED_REFUSED

    def issue(
        self,
        merchant: Merchant,
        found: CardFound,
        amount: int | None,
        outcome: SecureOutcome,
        now: datetime,
    ) -> IssuedAuthentication:
        """A new result. ``amount`` is in yen, or None where a card is only to be kept."""
        issued = IssuedAuthentication(
            number=self._new_id(),
            merchant_id=merchant.merchant_id,
            card_key=found.key,
            amount=amount,
            values=self._values(outcome, found.card.brand),
            response_code=outcome.response_code,
            made_at=now,
        )
        self._books.put(issued)
        return issued

    def judge(
        self, telegram: Telegram, merchant: Merchant, found: CardFound, amount: int | None
    ) -> IssuedAuthentication | None:
        """The result that ``telegram`` carries; None if it carries none.

        Raises:
            Refused: it is not one that may be used here; see the table above.
        """
        values = {name: text for name, text in telegram.fields.items() if name in SECURE}
        if not values:
            return None
        known = [
            issued
            for issued in self._books.authentications.values()
            if issued.merchant_id == merchant.merchant_id and issued.values == values
        ]
        if not known:
            raise Refused("K32")
        fitting = [issued for issued in known if self._fits(issued, found, amount)]
        if not fitting:
            raise Refused("K35")
        if fitting[0].response_code != "OK":
            raise Refused(fitting[0].response_code)
        return fitting[0]

    def use_up(self, issued: IssuedAuthentication | None, now: datetime) -> None:
        """Note that a result has served."""
        if issued:
            self._books.put(replace(issued, used_at=now))

    def _fits(self, issued: IssuedAuthentication, found: CardFound, amount: int | None) -> bool:
        bound = self._options.bind_amount_to_authentication
        return (
            issued.used_at is None
            and issued.card_key == found.key
            and (issued.amount == amount or not bound)
        )

    def _values(self, outcome: SecureOutcome, brand: Brand) -> dict[str, str]:
        values = {"SecureResultCode": outcome.result_code}
        if outcome.has_details:
            values |= {
                "EncodeXId3D": self._base64(),
                "MessageVersionNo3D": _VERSION,
                "TransactionStatus3D": outcome.status,
                "ECI3D": _ECI[outcome.status][brand is not Brand.MASTERCARD],
                "CAVV3D": self._base64() if outcome.status in _PROVEN else "",
                "DSTransactionId": self._uuid(),
                "ThreeDSServerTransactionId": self._uuid(),
            }
        return {name: text for name, text in values.items() if text}

    def _base64(self) -> str:
        """Twenty bytes as 28 characters, the form of an XID and of a CAVV."""
        return base64.b64encode(hashlib.sha256(self._new_id().encode()).digest()[:20]).decode()

    def _uuid(self) -> str:
        text = hashlib.sha256(self._new_id().encode()).hexdigest()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:32]))
