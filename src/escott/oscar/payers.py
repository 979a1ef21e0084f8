"""支払人 of a slip: who it is, as the order's address tells, or as the shopper has typed it.

Goods without shipping have no address, and addresses that are older than this package have no
reading: the shopper is then asked, and only if a slip is to be paid (requirements.md A068).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from oscar.core.loading import get_model

from escott.django.models import Payment, Slip
from escott.oscar.models import KanaName
from escott.rules.payer import Payer, PayerNotTaken, payer_of
from escott.rules.payment_methods import PaymentMethod

ShippingAddress = get_model("order", "ShippingAddress")


@dataclass(frozen=True, slots=True)
class PayerDetails:
    """What is known of a payer, as people have typed it; any of it may be missing or wrong."""

    name: str = field(default="", repr=False)
    kana: str = field(default="", repr=False)
    telephone: str = field(default="", repr=False)

    @classmethod
    def of_address(cls, address: Any, kana: Mapping[str, str]) -> Self:
        """From one of Oscar's addresses and the reading beside it; empty without an address."""
        if address is None:
            return cls()
        return cls(
            name=f"{address.last_name} {address.first_name}".strip(),
            kana=" ".join(filter(None, map(kana.get, ("last_name_kana", "first_name_kana")))),
            telephone=_as_dialled(address.phone_number),
        )

    @classmethod
    def kept(cls, kept: Mapping[str, str]) -> Self:
        """What :meth:`to_keep` gave."""
        return cls(**{name: kept.get(name, "") for name in ("name", "kana", "telephone")})

    def to_keep(self) -> dict[str, str]:
        """For a session."""
        return {"name": self.name, "kana": self.kana, "telephone": self.telephone}

    def payer(self) -> Payer | None:
        """The payer as a slip carries it; ``None`` where something is missing or not taken."""
        try:
            return payer_of(name=self.name, kana=self.kana, telephone=self.telephone)
        except PayerNotTaken:
            return None


def _as_dialled(number: Any) -> str:
    """03-1234-5678, as people in Japan write it; a number abroad with its country."""
    if not number:
        return ""
    in_japan = getattr(number, "country_code", None) == _JAPAN
    return str(number.as_national if in_japan else number)


#: The country's code before telephone numbers.
_JAPAN: Final = 81


def details_of(order: Any) -> PayerDetails:
    """What a placed order's address tells of its payer."""
    address = order.shipping_address
    if address is None:
        return PayerDetails()
    reading = KanaName._default_manager.filter(shipping_address=address).values().first()
    return PayerDetails.of_address(address, reading or {})


def payer_on_slip_of(order: Any) -> Payer | None:
    """Who stands on the order's latest slip; ``None`` if there never was one."""
    slips = Slip._default_manager.filter(
        payment__order_reference=order.number,
        payment__purpose="order",
        payment__method=PaymentMethod.COLLECTION,
    )
    slip = slips.order_by("-payment_id").first()
    if slip is None:
        return None
    return Payer(name=slip.payer_name, kana=slip.payer_kana, telephone=slip.payer_telephone)


def newest_attempt_by_slip(order: Any) -> Payment | None:
    """The order's latest payment by slip."""
    slips = Payment.objects.filter(method=PaymentMethod.COLLECTION, purpose="order")
    return slips.filter(order_reference=order.number).order_by("-id").first()
